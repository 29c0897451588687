//! A cursor over the page's numbered lines.

use super::error::{PageError, Parsed};

/// One line of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: usize,
    /// Without trailing white space.
    pub(crate) text: &'a str,
}

impl Line<'_> {
    /// The error for a line that is not what its place asks for.
    pub(crate) fn unexpected(&self, expected: &str) -> PageError {
        PageError::new(
            self.number,
            format!("expected {expected}, found {:?}", shortened(self.text)),
        )
    }
}

/// Page lines can be long: an error shows their beginning.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain("…".chars()).collect()
}

/// Reads lines one after another; blank lines carry nothing and are skipped.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
    last: usize,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let lines: Vec<_> = text
            .lines()
            .enumerate()
            .map(|(index, text)| Line {
                number: index + 1,
                text: text.trim_end(),
            })
            .filter(|line| !line.text.is_empty())
            .collect();
        let last = text.lines().count();
        Self { lines, at: 0, last }
    }

    /// The next line, left in place.
    pub(crate) fn peek(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).copied()
    }

    /// Takes the next line; the page ending here is an error.
    pub(crate) fn next(&mut self, expected: &str) -> Parsed<Line<'a>> {
        let line = self.peek().ok_or_else(|| self.unexpected(expected))?;
        self.at += 1;
        Ok(line)
    }

    /// The error for the next line, or for the page's end, not being what is expected.
    pub(crate) fn unexpected(&self, expected: &str) -> PageError {
        match self.peek() {
            Some(line) => line.unexpected(expected),
            None => PageError::new(self.last + 1, format!("the page ends, expected {expected}")),
        }
    }

    /// Takes the next line, which must be exactly `text`.
    pub(crate) fn exact(&mut self, text: &str) -> Parsed<Line<'a>> {
        let line = self.next(&format!("{text:?}"))?;
        if line.text != text {
            return Err(line.unexpected(&format!("{text:?}")));
        }
        Ok(line)
    }

    /// Takes the next line when it is exactly `text`.
    pub(crate) fn take_if(&mut self, text: &str) -> Option<Line<'a>> {
        let line = self.peek().filter(|line| line.text == text)?;
        self.at += 1;
        Some(line)
    }
}

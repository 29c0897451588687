//! Rust as text, written line by line in the layout of prettyplease.

use std::fmt::{Display, Write as _};

use super::layout;

/// The text of one generated item.
#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
    depth: usize,
}

impl Text {
    /// A line, or several if it is too long for one.
    pub(crate) fn line(&mut self, line: impl Display) {
        let start = self.text.len();
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{:1$}{line}", "", self.depth * layout::INDENT);
        let written = self.text.get(start..).unwrap_or_default();
        if layout::fits(written) {
            self.text.push('\n');
        } else {
            let long = self.text.split_off(start);
            layout::append(&mut self.text, self.depth, long.trim_start());
        }
    }

    /// A line after which everything is further to the right, up to [`Text::close`].
    pub(crate) fn open(&mut self, line: impl Display) {
        self.line(line);
        self.depth += 1;
    }

    pub(crate) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(line);
    }

    /// An arm of a `match`, in braces if it is too long.
    pub(crate) fn arm(&mut self, pattern: &str, value: &str) {
        let arm = format!("{pattern} => {value},");
        if layout::width(&arm, self.depth) <= layout::MARGIN {
            self.line(arm);
        } else {
            self.open(format_args!("{pattern} => {{"));
            self.line(value);
            self.close("}");
        }
    }

    /// Paragraphs of a doc comment; an empty one is left out.
    pub(crate) fn docs(&mut self, paragraphs: &[&str]) {
        let mut paragraphs = paragraphs.iter().filter(|p| !p.trim().is_empty());
        if let Some(first) = paragraphs.next() {
            self.doc(first);
        }
        for paragraph in paragraphs {
            self.doc("\n");
            self.doc(paragraph);
        }
    }

    fn doc(&mut self, paragraph: &str) {
        for line in paragraph.lines() {
            let indent = self.depth * layout::INDENT;
            let line = line.trim_end();
            let space = if line.is_empty() { "" } else { " " };
            let _ = write!(self.text, "{:indent$}///{space}", "");
            // A carriage return on its own is no part of a comment in Rust.
            self.text
                .extend(line.chars().map(|c| if c == '\r' { ' ' } else { c }));
            self.text.push('\n');
        }
    }

    pub(crate) fn deprecated(&mut self, deprecated: bool) {
        if deprecated {
            self.line("#[deprecated]");
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Names or expressions with commas between them.
pub(crate) fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut text = String::new();
    for item in items {
        let comma = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{comma}{item}");
    }
    text
}

//! Lines in JSON, without parsing it into values.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::trie::{Step, Trie};

/// The line of each wanted pointer.
pub(super) fn lines<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    let trie = Trie::of(wanted);
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        missing: wanted.len(),
        lines: vec![None; trie.len()],
        trie,
    };
    scanner.space();
    scanner.note(Trie::root());
    scanner.document();
    scanner.trie.assign(&scanner.lines)
}

struct Scanner<'t, 'w> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    trie: Trie<'w>,
    /// The number of wanted places that were not found yet.
    missing: usize,
    /// The line of each step that was passed.
    lines: Vec<Option<u32>>,
}

/// An open object or array on the way to a wanted place.
struct Open {
    step: Step,
    /// The index of the next entry of an array.
    next: Option<usize>,
}

impl<'t> Scanner<'t, '_> {
    fn note(&mut self, step: Step) {
        if let Some(line) = self.lines.get_mut(step)
            && line.replace(self.line).is_none()
        {
            self.missing -= usize::from(self.trie.wanted(step).is_some());
        }
    }

    /// Walks the values on the way to wanted places with an explicit stack, so that deep documents
    /// do not overflow; none at the end of the document or where nothing is missing.
    fn document(&mut self) -> Option<()> {
        let mut open: Vec<Open> = Vec::new();
        let mut step = Some(Trie::root());
        loop {
            self.space();
            let first = self.peek()?;
            match step.filter(|step| self.trie.leads_on(*step)) {
                Some(step) if matches!(first, b'{' | b'[') => {
                    self.at += 1;
                    let next = (first == b'[').then_some(0);
                    open.push(Open { step, next });
                }
                _ => self.skip_value(first)?,
            }
            if self.missing == 0 {
                return None;
            }
            step = self.next_value(&mut open)?;
        }
    }

    /// Goes to the next value, past brackets and commas; returns the place if it is on the way.
    fn next_value(&mut self, open: &mut Vec<Open>) -> Option<Option<Step>> {
        loop {
            self.space();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' | b']' => {
                    self.at += 1;
                    open.pop();
                }
                _ => break,
            }
        }
        let top = open.last_mut()?;
        let at = top.step;
        let step = match top.next {
            Some(index) => {
                top.next = Some(index + 1);
                let step = self.trie.step(at, &index.to_string());
                step.into_iter().for_each(|step| self.note(step));
                step
            }
            None => {
                let key = self.key()?;
                let step = self.trie.step(at, &key);
                step.into_iter().for_each(|step| self.note(step));
                self.space();
                self.at += usize::from(self.peek()? == b':');
                step
            }
        };
        Some(step)
    }

    fn key(&mut self) -> Option<Cow<'t, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let raw = self.string()?;
        if !raw.contains('\\') {
            return Some(raw.into());
        }
        let key: String = serde_json::from_str(&format!("\"{raw}\"")).ok()?;
        Some(key.into())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
    }

    /// The inside of a string, escapes as they are.
    fn string(&mut self) -> Option<&'t str> {
        self.at += 1;
        let start = self.at;
        loop {
            let rest = self.bytes.get(self.at..)?;
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            if self.peek()? == b'"' {
                break;
            }
            self.at += 2;
        }
        let inside = self.text.get(start..self.at)?;
        self.at += 1;
        Some(inside)
    }

    /// Passes over a value that begins here.
    fn skip_value(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => {
                self.string()?;
            }
            b'{' | b'[' => self.skip_nested()?,
            // Left to who closes it.
            b'}' | b']' => {}
            _ => {
                let rest = self.bytes.get(self.at..)?;
                let ends = |byte: &u8| b",}] \n\r\t".contains(byte);
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
        Some(())
    }

    /// Passes over an object or array.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'\n' => self.line += 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashSet;

    use super::lines;

    #[test]
    fn keys_and_entries_have_lines() {
        let text = "{\n  \"a\": [1, 2,\n    {\"x/y\": \"}\\\"\"}],\n  \"empty\": {},\n  \"none\": [],\n  \"q\\\"\": null,\n  \"last\":\n    {\"b\": true}\n}\n";
        let wanted: FxHashSet<&str> = [
            "",
            "/a",
            "/a/1",
            "/a/2",
            "/a/2/x~1y",
            "/empty",
            "/none",
            "/q\"",
            "/last",
            "/last/b",
            "/missing",
        ]
        .into_iter()
        .collect();
        let found = lines(text, &wanted);
        let of = |pointer: &str| found.get(pointer).copied();
        assert_eq!(of(""), Some(1));
        assert_eq!(of("/a"), Some(2));
        assert_eq!(of("/a/1"), Some(2));
        assert_eq!(of("/a/2"), Some(3));
        assert_eq!(of("/a/2/x~1y"), Some(3));
        assert_eq!(of("/empty"), Some(4));
        assert_eq!(of("/none"), Some(5));
        assert_eq!(of("/q\""), Some(6));
        assert_eq!(of("/last"), Some(7));
        assert_eq!(of("/last/b"), Some(8));
        assert_eq!(of("/missing"), None);
    }

    #[test]
    fn malformed_json_ends_the_scan_quietly() {
        for (text, line) in [
            ("", None),
            ("{", None),
            ("\n{\"a", None),
            ("\n{\"a\"", Some(2)),
            ("[1,,]", None),
            ("a: b", None),
            ("{\n\"a\": \"", Some(2)),
            ("]", None),
            ("{]", None),
        ] {
            let wanted: FxHashSet<&str> = ["/a"].into_iter().collect();
            assert_eq!(lines(text, &wanted).get("/a").copied(), line, "{text}");
        }
    }
}

//! Lines of JSON pointers in the text of a document, without parsing it into values.

use std::collections::{HashMap, HashSet};

use openapi_document::pointer::escape;

/// The line, counted from 1, of each wanted pointer: of its key in an object, of its value in an
/// array. Malformed JSON yields what was found before the error.
pub(crate) fn lines<'w>(text: &str, wanted: &HashSet<&'w str>) -> HashMap<&'w str, u32> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 1,
        pointer: String::new(),
        wanted,
        found: HashMap::with_capacity(wanted.len()),
    };
    scanner.space();
    scanner.note(scanner.line);
    scanner.document();
    scanner.found
}

struct Scanner<'t, 'w, 's> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    line: u32,
    pointer: String,
    wanted: &'s HashSet<&'w str>,
    found: HashMap<&'w str, u32>,
}

/// An open object or array: the length of its pointer, and the index of the next array entry.
struct Open {
    length: usize,
    next: Option<usize>,
}

impl<'t> Scanner<'t, '_, '_> {
    fn note(&mut self, line: u32) {
        if let Some(pointer) = self.wanted.get(self.pointer.as_str()) {
            self.found.insert(pointer, line);
        }
    }

    /// Walks all values with an explicit stack, so that deep documents do not overflow.
    fn document(&mut self) -> Option<()> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                b'{' => {
                    self.at += 1;
                    open.push(Open {
                        length: self.pointer.len(),
                        next: None,
                    });
                }
                b'[' => {
                    self.at += 1;
                    open.push(Open {
                        length: self.pointer.len(),
                        next: Some(0),
                    });
                }
                b'"' => {
                    self.string()?;
                    self.close(&mut open)?;
                }
                b'}' | b']' => self.close(&mut open)?,
                _ => {
                    self.scalar();
                    self.close(&mut open)?;
                }
            }
            self.enter(&mut open)?;
        }
    }

    /// Leaves finished values, past brackets and commas; none at the end of the document.
    fn close(&mut self, open: &mut Vec<Open>) -> Option<()> {
        loop {
            let top = open.last()?;
            self.pointer.truncate(top.length);
            self.space();
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    return Some(());
                }
                b'}' | b']' => {
                    self.at += 1;
                    open.pop();
                }
                _ => return None,
            }
        }
    }

    /// Goes to the next value of the innermost object or array.
    fn enter(&mut self, open: &mut [Open]) -> Option<()> {
        self.space();
        if matches!(self.peek()?, b'}' | b']') {
            return Some(());
        }
        let line = self.line;
        let top = open.last_mut()?;
        let token = match top.next {
            Some(index) => {
                top.next = Some(index + 1);
                index.to_string().into()
            }
            None => {
                let raw = self.string()?;
                self.space();
                self.at += usize::from(self.peek()? == b':');
                if raw.contains('\\') {
                    let key: String = serde_json::from_str(&format!("\"{raw}\"")).ok()?;
                    escape(&key).into_owned().into()
                } else {
                    escape(raw)
                }
            }
        };
        self.pointer.push('/');
        self.pointer.push_str(&token);
        self.note(line);
        Some(())
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
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        let inside = self.text.get(start..self.at)?;
        self.at += 1;
        Some(inside)
    }

    fn scalar(&mut self) {
        while let Some(byte) = self.peek() {
            if matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                break;
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::lines;

    #[test]
    fn keys_and_entries_have_lines() {
        let text = "{\n  \"a\": [1, 2,\n    {\"x/y\": \"}\\\"\"}],\n  \"empty\": {},\n  \"none\": [],\n  \"q\\\"\": null,\n  \"last\":\n    {\"b\": true}\n}\n";
        let wanted: HashSet<&str> = [
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
        .into();
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
        for text in ["", "{", "{\"a\"", "[1,,]", "a: b", "{\"a\": \"", "]", "{]"] {
            let wanted: HashSet<&str> = ["/a"].into();
            let _ = lines(text, &wanted);
        }
    }
}

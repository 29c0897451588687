//! Lines in YAML: one pass over the parser's events, without building values.

use granit_parser::{Event, Options, Parser};
use openapi_document::pointer::push;
use rustc_hash::{FxHashMap, FxHashSet};

/// The key that copies the entries of other mappings.
const MERGE: &str = "/<<";

/// Most aliases on the way to a place; ends cycles.
const MAX_ALIASES: usize = 16;

/// The line of each wanted pointer. Inside of an alias it is the line in the anchored value.
pub(super) fn lines<'w>(text: &str, wanted: &FxHashSet<&'w str>) -> FxHashMap<&'w str, u32> {
    let mut scanner = Scanner {
        wanted,
        found: FxHashMap::default(),
        pointer: String::new(),
        open: Vec::new(),
        anchors: FxHashMap::default(),
        inside: FxHashMap::default(),
        copied: 0,
        aliases: FxHashMap::default(),
    };
    let mut options = Options::default();
    // The limits of the reader are lower.
    options.flow_nesting_limit = usize::MAX;
    options.block_nesting_limit = usize::MAX;
    for event in Parser::new_from_str_with_options(text, options) {
        let Ok((event, span)) = event else { break };
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        scanner.event(&event, line);
        if scanner.found.len() == wanted.len() {
            break;
        }
    }
    scanner.resolve_aliases();
    scanner.found
}

/// An open mapping or sequence.
struct Open {
    /// The length of its pointer.
    length: usize,
    next: Next,
    /// Other places may copy what is inside.
    is_copied: bool,
}

#[derive(Clone, Copy)]
enum Next {
    Key,
    Value,
    Entry(usize),
}

struct Scanner<'w, 's> {
    wanted: &'s FxHashSet<&'w str>,
    found: FxHashMap<&'w str, u32>,
    pointer: String,
    open: Vec<Open>,
    /// Pointers of anchored values.
    anchors: FxHashMap<usize, String>,
    /// Lines of every place inside of an anchored value or a merge.
    inside: FxHashMap<String, u32>,
    /// The number of open values that other places may copy.
    copied: usize,
    /// Pointers of the values that a place copies, the one that wins first.
    aliases: FxHashMap<String, Vec<String>>,
}

impl<'w> Scanner<'w, '_> {
    fn event(&mut self, event: &Event<'_>, line: u32) {
        match event {
            Event::Scalar(text, _, anchor, _) => {
                if let Some(top) = self.open.last_mut()
                    && matches!(top.next, Next::Key)
                {
                    top.next = Next::Value;
                    self.key(text, line);
                } else {
                    self.begin(*anchor, line);
                    self.end();
                }
            }
            Event::Alias(anchor) => {
                self.begin(0, line);
                if let Some(target) = self.anchors.get(anchor) {
                    let targets = self.aliases.entry(self.pointer.clone()).or_default();
                    targets.push(target.clone());
                }
                self.end();
            }
            Event::MappingStart(_, anchor, _) => self.enter(*anchor, line, Next::Key),
            Event::SequenceStart(_, anchor, _) => self.enter(*anchor, line, Next::Entry(0)),
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(closed) = self.open.pop() {
                    self.copied -= usize::from(closed.is_copied);
                    self.end();
                }
            }
            _ => {}
        }
    }

    fn key(&mut self, key: &str, line: u32) {
        let length = push(&mut self.pointer, key);
        self.note(line);
        if self.pointer.get(length..) == Some(MERGE) {
            let mapping = self.pointer.get(..length).unwrap_or_default().to_owned();
            let targets = self.aliases.entry(mapping).or_default();
            targets.push(self.pointer.clone());
        }
    }

    /// Goes to the next value.
    fn begin(&mut self, anchor: usize, line: u32) {
        if let Some(top) = self.open.last_mut()
            && let Next::Entry(index) = top.next
        {
            top.next = Next::Entry(index + 1);
            if self.pointer.ends_with(MERGE) {
                let targets = self.aliases.entry(self.pointer.clone()).or_default();
                targets.push(format!("{}/{index}", self.pointer));
            }
            push(&mut self.pointer, &index.to_string());
            self.note(line);
        } else if self.open.is_empty() {
            self.note(line);
        }
        if anchor != 0 {
            self.anchors.insert(anchor, self.pointer.clone());
        }
    }

    /// Goes into a mapping or sequence.
    fn enter(&mut self, anchor: usize, line: u32, next: Next) {
        self.begin(anchor, line);
        let is_copied = anchor != 0 || self.pointer.ends_with(MERGE);
        self.copied += usize::from(is_copied);
        self.open.push(Open {
            length: self.pointer.len(),
            next,
            is_copied,
        });
    }

    /// Leaves a value.
    fn end(&mut self) {
        if let Some(top) = self.open.last_mut() {
            self.pointer.truncate(top.length);
            if let Next::Value = top.next {
                top.next = Next::Key;
            }
        }
    }

    fn note(&mut self, line: u32) {
        if let Some(pointer) = self.wanted.get(self.pointer.as_str()) {
            self.found.insert(pointer, line);
        }
        if self.copied > 0 {
            self.inside.insert(self.pointer.clone(), line);
        }
    }

    /// Finds the places that are copies.
    fn resolve_aliases(&mut self) {
        if self.aliases.is_empty() {
            return;
        }
        for pointer in self.wanted {
            if !self.found.contains_key(pointer)
                && let Some(line) = self.copied_line(pointer, MAX_ALIASES)
            {
                self.found.insert(pointer, line);
            }
        }
    }

    /// The line of a place inside of a copy: the longest part of its way that is a copy decides.
    fn copied_line(&self, pointer: &str, depth: usize) -> Option<u32> {
        let depth = depth.checked_sub(1)?;
        let ends = pointer.match_indices('/').map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.collect();
        ends.reverse();
        ends.into_iter().find_map(|end| {
            let (way, rest) = pointer.split_at_checked(end)?;
            let mut targets = self.aliases.get(way)?.iter();
            targets.find_map(|target| {
                let original = format!("{target}{rest}");
                let known = self.inside.get(&original).copied();
                known.or_else(|| self.copied_line(&original, depth))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    /// The lines of some pointers.
    fn found(text: &str, pointers: &[&str]) -> Vec<Option<u32>> {
        let found = lines(text, &pointers.iter().copied().collect());
        let line = |pointer: &&str| found.get(pointer).copied();
        pointers.iter().map(line).collect()
    }

    #[test]
    fn block_style_has_lines() {
        let text = "# a comment\na:\n  b: 1\n  list:\n    - x: 1\n      y/z: 2\n    -\n      - deep\nc: >\n  folded\n\nd: |-\n  a: no key\n'200': last\n";
        let pointers = [
            "",
            "/a",
            "/a/b",
            "/a/list/0",
            "/a/list/0/y~1z",
            "/a/list/1/0",
            "/c",
            "/d",
            "/200",
            "/missing",
        ];
        let expected = [2, 2, 3, 5, 6, 8, 9, 12, 14].map(Some);
        assert_eq!(found(text, &pointers), [&expected[..], &[None]].concat());
        let windows = text.replace('\n', "\r\n");
        assert_eq!(
            found(&windows, &pointers),
            [&expected[..], &[None]].concat()
        );
    }

    #[test]
    fn flow_style_has_lines() {
        let text = "{a: {b: 1,\n  c: [1, 2,\n    {d: x}]},\n \"e\":\n  {}}\n";
        let text = format!("--- {text}");
        let pointers = ["/a", "/a/b", "/a/c", "/a/c/1", "/a/c/2", "/a/c/2/d", "/e"];
        let expected = [1, 1, 2, 2, 3, 3, 4].map(Some);
        assert_eq!(found(&text, &pointers), expected);
    }

    #[test]
    fn a_place_inside_of_an_alias_is_in_the_anchored_value() {
        let text = "base: &base\n  x: 1\n  list:\n    - y\nuse: *base\nnest: &nest\n  inner: *base\nmore:\n  - *nest\n";
        let pointers = [
            "/use",
            "/use/x",
            "/use/list/0",
            "/nest/inner/x",
            "/more/0",
            "/more/0/inner/list",
        ];
        let expected = [5, 2, 4, 2, 9, 3].map(Some);
        assert_eq!(found(text, &pointers), expected);
    }

    #[test]
    fn merged_entries_are_where_they_are_written() {
        let text = "a: &a\n  x: 1\n  y: 2\nb: &b\n  y: 3\n  z: 4\none:\n  <<: *a\n  y: 9\nmany:\n  <<: [*b, *a]\nplace:\n  <<:\n    w: 5\n";
        let pointers = [
            "/one/x", "/one/y", "/many/x", "/many/y", "/many/z", "/place/w",
        ];
        let expected = [2, 9, 2, 5, 6, 14].map(Some);
        assert_eq!(found(text, &pointers), expected);
    }

    #[test]
    fn malformed_text_ends_the_scan_quietly() {
        for text in ["", "a: [", "a: b: c", "*x", "a: *a", "a: &a\n  b: *a\n"] {
            let _ = found(text, &["/a", "/a/b/b/b", "/b"]);
        }
    }
}

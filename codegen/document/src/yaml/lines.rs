//! Lines of the values of a YAML text.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::pointer;

/// The line of every value of a YAML text.
#[derive(Debug, Clone, Default)]
pub struct Lines(Vec<Place>);

/// One value; the values inside of it come directly after it, up to `end`.
#[derive(Debug, Clone)]
struct Place {
    /// Hash of its key, in a mapping.
    key: u64,
    is_merge: bool,
    line: u32,
    /// The number of the first place that is not in it.
    end: usize,
    /// The anchored place that an alias repeats.
    target: Option<usize>,
}

impl Lines {
    /// The line, counted from 1, of the value at a JSON pointer: of its key in a mapping.
    /// A value repeated by an alias or merge has the line of the original.
    pub fn find(&self, pointer: &str) -> Option<u32> {
        let mut at = 0;
        for token in pointer::tokens(pointer) {
            at = self.inside(at, &token)?;
        }
        Some(self.0.get(at)?.line)
    }

    /// The place of an entry or item of a value.
    fn inside(&self, at: usize, token: &str) -> Option<usize> {
        let key = hash(token);
        let item = token.parse::<usize>().ok();
        let own = self.children(at).enumerate().find(|(index, child)| {
            let place = self.0.get(*child);
            place.is_some_and(|place| match place.key {
                0 => Some(*index) == item,
                own => own == key && !place.is_merge,
            })
        });
        own.map(|(_, child)| child).or_else(|| {
            let is_merge = |child: &usize| self.0.get(*child).is_some_and(|place| place.is_merge);
            let mut merges = self.children(at).filter(is_merge);
            merges.find_map(|merge| self.merged(merge, token))
        })
    }

    /// The place of an entry in what a merge key names: a mapping or several.
    fn merged(&self, merge: usize, token: &str) -> Option<usize> {
        let mut items = self.children(merge);
        let is_list = |child: &usize| self.0.get(*child).is_some_and(|place| place.key == 0);
        match self.children(merge).next().filter(is_list) {
            Some(_) => items.find_map(|item| self.inside(item, token)),
            None => self.inside(merge, token),
        }
    }

    /// The places in a value, or in the one that it repeats.
    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let target = self.0.get(at).and_then(|place| place.target);
        let at = target.unwrap_or(at);
        let end = self.0.get(at).map_or(0, |place| place.end);
        let first = Some(at + 1).filter(|child| *child < end);
        std::iter::successors(first, move |child| {
            let next = self.0.get(*child)?.end;
            (next < end).then_some(next)
        })
    }
}

/// Records places while a text is read.
#[derive(Default)]
pub(super) struct Recorder(Vec<Place>);

impl Recorder {
    /// The value of a key begins.
    pub(super) fn entry(&mut self, key: &str, is_merge: bool, line: u32) -> usize {
        self.push(hash(key), is_merge, line)
    }

    /// A value without a key begins.
    pub(super) fn item(&mut self, line: u32) -> usize {
        self.push(0, false, line)
    }

    fn push(&mut self, key: u64, is_merge: bool, line: u32) -> usize {
        self.0.push(Place {
            key,
            is_merge,
            line,
            end: 0,
            target: None,
        });
        self.0.len() - 1
    }

    /// A value repeats another one.
    pub(super) fn repeat(&mut self, place: usize, target: usize) {
        if let Some(place) = self.0.get_mut(place) {
            place.target = Some(target);
        }
    }

    /// A value has ended.
    pub(super) fn end(&mut self, place: usize) {
        let end = self.0.len();
        if let Some(place) = self.0.get_mut(place) {
            place.end = end;
        }
    }

    pub(super) fn finish(self) -> Lines {
        Lines(self.0)
    }
}

/// Hashes a key; the result is never 0, which stands for a missing key.
fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish() | 1
}

#[cfg(test)]
mod tests {
    use crate::yaml::Limits;

    const LIMITS: Limits = Limits {
        depth: 256,
        nodes: 1_000,
        copied_bytes: 1_000,
    };

    /// The lines of some pointers.
    fn found(text: &str, pointers: &[&str]) -> Vec<Option<u32>> {
        let (_, lines) = super::super::compose(text, LIMITS).unwrap();
        pointers.iter().map(|pointer| lines.find(pointer)).collect()
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
        let expected = [&expected[..], &[None]].concat();
        assert_eq!(found(text, &pointers), expected);
        assert_eq!(found(&text.replace('\n', "\r\n"), &pointers), expected);
    }

    #[test]
    fn flow_style_has_lines() {
        let text = "--- {a: {b: 1,\n  c: [1, 2,\n    {d: x}]},\n \"e\":\n  {}}\n";
        let pointers = ["/a", "/a/b", "/a/c", "/a/c/1", "/a/c/2", "/a/c/2/d", "/e"];
        let expected = [1, 1, 2, 2, 3, 3, 4].map(Some);
        assert_eq!(found(text, &pointers), expected);
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
}

//! Wanted JSON pointers, token by token, so that everything else is passed over.

use std::borrow::Cow;

use openapi_document::pointer::tokens;
use rustc_hash::{FxHashMap, FxHashSet};

/// A place on the way to a wanted one.
pub(super) type Step = usize;

#[derive(Default)]
struct Node<'w> {
    next: FxHashMap<Cow<'w, str>, Step>,
    wanted: Option<&'w str>,
}

pub(super) struct Trie<'w>(Vec<Node<'w>>);

impl<'w> Trie<'w> {
    pub(super) fn of(wanted: &FxHashSet<&'w str>) -> Self {
        let mut trie = Self(vec![Node::default()]);
        for pointer in wanted {
            let mut at = 0;
            for token in tokens(pointer) {
                at = trie.step_or_new(at, token);
            }
            if let Some(node) = trie.0.get_mut(at) {
                node.wanted = Some(pointer);
            }
        }
        trie
    }

    fn step_or_new(&mut self, at: Step, token: Cow<'w, str>) -> Step {
        let new = self.0.len();
        let Some(node) = self.0.get_mut(at) else {
            return at;
        };
        let next = *node.next.entry(token).or_insert(new);
        if next == new {
            self.0.push(Node::default());
        }
        next
    }

    /// The place of the document as a whole.
    pub(super) fn root() -> Step {
        0
    }

    /// The place inside of another one; none when nothing wanted is there.
    pub(super) fn step(&self, at: Step, token: &str) -> Option<Step> {
        self.0.get(at)?.next.get(token).copied()
    }

    /// The number of places.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The line of each wanted place, by the lines of all places.
    pub(super) fn assign(&self, lines: &[Option<u32>]) -> FxHashMap<&'w str, u32> {
        let all = self.0.iter().zip(lines);
        let found = all.filter_map(|(node, line)| Some((node.wanted?, (*line)?)));
        found.collect()
    }

    /// True when a wanted place is inside of this one.
    pub(super) fn leads_on(&self, at: Step) -> bool {
        self.0.get(at).is_some_and(|node| !node.next.is_empty())
    }

    /// The pointer of a wanted place.
    pub(super) fn wanted(&self, at: Step) -> Option<&'w str> {
        self.0.get(at)?.wanted
    }
}

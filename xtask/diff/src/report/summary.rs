//! The outcome of a comparison as a whole.

use openapi_document::Source;
use rustc_hash::FxHashSet;
use serde::Serialize;

use super::change::Change;
use super::config::Stale;
use super::position;
use crate::level::{Level, Verdict};

/// The outcome of a comparison.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The changes, worst first.
    pub changes: Vec<Change>,
    /// The version step that the changes ask for, approved or not.
    pub verdict: Verdict,
    /// The worst level for callers.
    pub wire: Level,
    /// The worst level for Rust code.
    pub rust: Level,
    /// Approvals that have expired or fit no change.
    pub stale_suppressions: Vec<Stale>,
    /// Remarks on how the documents were read and compared.
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(changes: Vec<Change>) -> Self {
        let worst = |level: fn(&Change) -> Level| {
            let levels = changes.iter().map(level);
            levels.max().unwrap_or(Level::None)
        };
        let (wire, rust) = (worst(|change| change.wire), worst(|change| change.rust));
        Self {
            verdict: Verdict::from(wire.max(rust)),
            wire,
            rust,
            changes,
            stale_suppressions: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Says of every change that the generated code was not looked at; its level for Rust code is
    /// then what the rule expects, and at least cosmetic.
    pub fn not_generated(&mut self, reason: &str) {
        for change in &mut self.changes {
            change.set_not_generated(reason);
        }
        self.rank();
    }

    /// Fills in the lines of both texts, JSON or YAML.
    pub fn locate(&mut self, old: &Source, new: &Source) {
        let all = |pointer: fn(&Change) -> Option<&String>| -> FxHashSet<&str> {
            let pointers = self.changes.iter().filter_map(pointer);
            pointers.map(String::as_str).collect()
        };
        let find = |text: &Source, pointer: fn(&Change) -> Option<&String>| -> Vec<Option<u32>> {
            let found = position::lines(text, &all(pointer));
            let of = |change: &Change| found.get(pointer(change)?.as_str()).copied();
            self.changes.iter().map(of).collect()
        };
        let (before, after) = std::thread::scope(|scope| {
            let before = scope.spawn(|| find(old, |change| change.old_pointer.as_ref()));
            let after = find(new, |change| change.new_pointer.as_ref());
            (before.join().unwrap_or_default(), after)
        });
        let lines = before.into_iter().zip(after);
        for (change, (before, after)) in self.changes.iter_mut().zip(lines) {
            change.old_line = before;
            change.new_line = after;
        }
    }

    /// Sorts the changes, worst first, and finds the worst levels again.
    pub(super) fn rank(&mut self) {
        self.changes
            .sort_by_key(|change| std::cmp::Reverse(change.level()));
        let ranked = Self::new(std::mem::take(&mut self.changes));
        self.verdict = ranked.verdict;
        self.wire = ranked.wire;
        self.rust = ranked.rust;
        self.changes = ranked.changes;
    }

    /// The changes that are not approved and at least this bad for someone.
    pub fn at_least(&self, level: Level) -> impl Iterator<Item = &Change> {
        let open = self.changes.iter();
        open.filter(move |change| change.suppressed.is_none() && change.level() >= level)
    }

    /// Counts the changes whose worse level this is.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.level() == level).count()
    }
}

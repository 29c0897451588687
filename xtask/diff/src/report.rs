//! All changes together: verdict, lines, approvals.

use std::collections::HashSet;

use serde::Serialize;

use crate::change::Change;
use crate::level::{Level, Verdict};
use crate::position;
use crate::suppress::{Suppression, Suppressions};

/// The outcome of a comparison.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What is different, worst first.
    pub changes: Vec<Change>,
    /// The version step that the changes ask for, approved or not.
    pub verdict: Verdict,
    /// The worst level for callers.
    pub wire: Level,
    /// The worst level for Rust code.
    pub rust: Level,
    /// Approvals that have expired or fit no change.
    pub stale_suppressions: Vec<Stale>,
    /// What the reader should know about how the report came to be.
    pub notes: Vec<String>,
}

/// An approval that has no effect.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Stale {
    /// `expired`, or `unused` when no change has its fingerprint.
    pub why: &'static str,
    /// The approval.
    #[serde(flatten)]
    pub suppression: Suppression,
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

    /// Fills in the lines, for the sides that are JSON.
    pub fn locate(&mut self, old: &str, new: &str) {
        let all = |pointer: fn(&Change) -> Option<&String>| -> HashSet<&str> {
            let pointers = self.changes.iter().filter_map(pointer);
            pointers.map(String::as_str).collect()
        };
        let is_json = |text: &str| text.trim_start().starts_with('{');
        let find = |text: &str, pointer: fn(&Change) -> Option<&String>| -> Vec<Option<u32>> {
            if !is_json(text) || self.changes.is_empty() {
                return vec![None; self.changes.len()];
            }
            let found = position::lines(text, &all(pointer));
            let of = |change: &Change| found.get(pointer(change)?.as_str()).copied();
            self.changes.iter().map(of).collect()
        };
        let before = find(old, |change| change.old_pointer.as_ref());
        let after = find(new, |change| change.new_pointer.as_ref());
        let lines = before.into_iter().zip(after);
        for (change, (before, after)) in self.changes.iter_mut().zip(lines) {
            change.old_line = before;
            change.new_line = after;
        }
    }

    /// Marks approved changes and notes approvals without effect.
    pub fn suppress(&mut self, all: &Suppressions, today: &str) {
        for entry in &all.suppressions {
            let mut fits = self
                .changes
                .iter_mut()
                .filter(|change| change.fingerprint == entry.fingerprint)
                .peekable();
            let why = if fits.peek().is_none() {
                "unused"
            } else if entry.expires.as_str() < today {
                "expired"
            } else {
                for change in fits {
                    change.suppressed = Some(entry.reason.clone());
                }
                continue;
            };
            self.stale_suppressions.push(Stale {
                why,
                suppression: entry.clone(),
            });
        }
    }

    /// The changes that are not approved and at least this bad for someone.
    pub fn at_least(&self, level: Level) -> impl Iterator<Item = &Change> {
        let open = self.changes.iter();
        open.filter(move |change| change.suppressed.is_none() && change.level() >= level)
    }

    /// How many changes have their worse level here.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.level() == level).count()
    }
}

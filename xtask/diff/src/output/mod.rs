//! Reports as text for people and for machines.

mod github;
mod junit;
mod markdown;
mod rules;
mod sarif;
mod text;

pub use github::github;
pub use junit::junit;
pub use markdown::markdown;
pub use rules::{explain, listing};
pub use sarif::sarif;
pub use text::text;

use crate::change::Change;
use crate::level::Level;
use crate::report::Report;

/// What both sides are called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The old document.
    pub old: &'a str,
    /// The new document, as a path if it is a file.
    pub new: &'a str,
}

/// JSON in the form that `report.schema.json` describes.
#[must_use]
pub fn json(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report);
    text.unwrap_or_else(|error| format!("{{\"error\": {:?}}}", error.to_string())) + "\n"
}

/// `12 → 14`, as far as the lines are known.
fn lines(change: &Change) -> Option<String> {
    match (change.old_line, change.new_line) {
        (Some(old), Some(new)) if old == new => Some(format!("line {old}")),
        (Some(old), Some(new)) => Some(format!("line {old} → {new}")),
        (Some(old), None) => Some(format!("old line {old}")),
        (None, Some(new)) => Some(format!("line {new}")),
        (None, None) => None,
    }
}

/// `a`, `b` and 3 more.
fn operations(change: &Change, most: usize) -> Option<String> {
    let (shown, rest) = change
        .operations
        .split_at_checked(most)
        .unwrap_or((&change.operations, &[]));
    let shown = shown.join(", ");
    match (shown.is_empty(), rest.len()) {
        (true, _) => None,
        (false, 0) => Some(shown),
        (false, rest) => Some(format!("{shown} and {rest} more")),
    }
}

/// `string → integer`, when both values are short enough to read.
fn values(change: &Change) -> Option<String> {
    let short = |value: &serde_json::Value| match value {
        serde_json::Value::Null => Some("—".to_owned()),
        serde_json::Value::Object(_) | serde_json::Value::Array(_) => None,
        value => Some(crate::fact::brief(value)),
    };
    if change.old.is_null() && change.new.is_null() {
        return None;
    }
    Some(format!("{} → {}", short(&change.old)?, short(&change.new)?))
}

/// `2 breaking, 1 additive`.
fn counts(report: &Report) -> String {
    let levels = Level::ALL.into_iter();
    let counted = levels.map(|level| (report.count(level), level));
    let counted = counted.filter(|(count, _)| *count > 0);
    let parts: Vec<String> = counted
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    if parts.is_empty() {
        "no changes".to_owned()
    } else {
        parts.join(", ")
    }
}

/// Where readers look for a change: operations first, then types, then the rest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Operations,
    Types,
    Document,
}

impl Group {
    const ALL: [Self; 3] = [Self::Operations, Self::Types, Self::Document];

    fn of(change: &Change) -> Self {
        if change.schema.is_some() {
            return Self::Types;
        }
        let of_operations = [
            "/paths/",
            "/components/parameters/",
            "/components/requestBodies/",
            "/components/responses/",
            "/components/headers/",
            "/x-webhook-events/",
        ];
        let is = |start: &&str| change.pointer.starts_with(*start);
        if of_operations.iter().any(is) {
            Self::Operations
        } else {
            Self::Document
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Operations => "Operations",
            Self::Types => "Types",
            Self::Document => "Document",
        }
    }
}

/// The changes of a group, worst first.
fn group(report: &Report, group: Group) -> Vec<&Change> {
    let changes = report.changes.iter();
    changes
        .filter(|change| Group::of(change) == group)
        .collect()
}

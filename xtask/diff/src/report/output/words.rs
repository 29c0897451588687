//! Words and groups that several formats share.

use serde_json::Value;

use crate::compare::brief;
use crate::level::Level;
use crate::report::change::Change;
use crate::report::summary::Report;

/// The names of both sides.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The old document.
    pub old: &'a str,
    /// The new document, as a path if it is a file.
    pub new: &'a str,
}

/// `12 → 14`, as far as the lines are known.
pub(super) fn lines(change: &Change) -> Option<String> {
    match (change.old_line, change.new_line) {
        (Some(old), Some(new)) if old == new => Some(format!("line {old}")),
        (Some(old), Some(new)) => Some(format!("line {old} → {new}")),
        (Some(old), None) => Some(format!("old line {old}")),
        (None, Some(new)) => Some(format!("line {new}")),
        (None, None) => None,
    }
}

/// The operations of a change, shortened; none when it reaches none.
pub(super) fn operations(change: &Change, most: usize) -> Option<String> {
    (!change.operations.is_empty()).then(|| few(&change.operations, most))
}

/// `a, b and 3 more`.
pub(super) fn few(all: &[String], most: usize) -> String {
    let (shown, rest) = all.split_at_checked(most).unwrap_or((all, &[]));
    let shown = shown.join(", ");
    match rest.len() {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

/// `string → integer`, when both values are short enough to read.
pub(super) fn values(change: &Change) -> Option<String> {
    let short = |value: &Value| match value {
        Value::Null => Some("—".to_owned()),
        Value::Object(_) | Value::Array(_) => None,
        value => Some(brief(value)),
    };
    if change.old.is_null() && change.new.is_null() {
        return None;
    }
    Some(format!("{} → {}", short(&change.old)?, short(&change.new)?))
}

/// `2 breaking, 1 additive`.
pub(super) fn counts(report: &Report) -> String {
    let levels = Level::ALL.into_iter();
    let counted = levels.map(|level| (report.count(level), level));
    let counted = counted.filter(|(count, _)| *count > 0);
    let parts: Vec<String> = counted
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    if parts.is_empty() && report.notes.is_empty() {
        "no changes".to_owned()
    } else if parts.is_empty() {
        "no changes in what was compared; see the notes".to_owned()
    } else {
        let is_approved = |change: &&Change| change.suppressed.is_some();
        match report.changes.iter().filter(is_approved).count() {
            0 => parts.join(", "),
            approved => format!("{}, {approved} of them approved", parts.join(", ")),
        }
    }
}

/// The level for Rust code, or that the generated code was not looked at.
pub(super) fn rust_level(change: &Change, name: fn(Level) -> String) -> String {
    match change.not_generated {
        Some(_) => "not generated".to_owned(),
        None => name(change.rust),
    }
}

/// Sections of a report: operations first, then types, then the rest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Operations,
    Types,
    Document,
}

impl Group {
    pub(super) const ALL: [Self; 3] = [Self::Operations, Self::Types, Self::Document];

    pub(super) fn of(change: &Change) -> Self {
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
            "/x-webhooks/",
        ];
        let is = |start: &&str| change.pointer.starts_with(*start);
        if of_operations.iter().any(is) {
            Self::Operations
        } else {
            Self::Document
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Operations => "Operations",
            Self::Types => "Types",
            Self::Document => "Document",
        }
    }
}

/// The changes of a group, worst first.
pub(super) fn group(report: &Report, group: Group) -> Vec<&Change> {
    let changes = report.changes.iter();
    changes
        .filter(|change| Group::of(change) == group)
        .collect()
}

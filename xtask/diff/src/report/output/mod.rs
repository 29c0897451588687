//! Reports as text for people and for machines.

mod github;
mod html;
mod junit;
mod log;
mod markdown;
mod rules;
mod sarif;
mod text;

pub use github::github;
pub use html::html;
pub use junit::junit;
pub use log::{Version, log_html, log_markdown};
pub use markdown::markdown;
pub use rules::{explain, listing};
pub use sarif::sarif;
pub use text::text;

use crate::level::Level;
use crate::report::{Change, Report};

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

/// The operations of a change, shortened; none when it reaches none.
fn operations(change: &Change, most: usize) -> Option<String> {
    (!change.operations.is_empty()).then(|| few(&change.operations, most))
}

/// `a, b and 3 more`.
fn few(all: &[String], most: usize) -> String {
    let (shown, rest) = all.split_at_checked(most).unwrap_or((all, &[]));
    let shown = shown.join(", ");
    match rest.len() {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

/// `string → integer`, when both values are short enough to read.
fn values(change: &Change) -> Option<String> {
    let short = |value: &serde_json::Value| match value {
        serde_json::Value::Null => Some("—".to_owned()),
        serde_json::Value::Object(_) | serde_json::Value::Array(_) => None,
        value => Some(crate::compare::brief(value)),
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
    if parts.is_empty() && report.notes.is_empty() {
        "no changes".to_owned()
    } else if parts.is_empty() {
        "no changes in what was compared; see the notes".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The level for Rust code, or that the generated code was not looked at.
fn rust_level(change: &Change, name: fn(Level) -> String) -> String {
    match change.not_generated {
        Some(_) => "not generated".to_owned(),
        None => name(change.rust),
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

//! Annotations for GitHub Actions.

use std::fmt::Write as _;

use super::words::{Names, operations, rust_level};
use crate::level::Level;
use crate::report::change::Change;
use crate::report::summary::Report;

/// One workflow command per change that is at least additive and not approved.
#[must_use]
pub fn github(report: &Report, names: Names<'_>) -> String {
    let mut out = String::new();
    for change in report.at_least(Level::Additive) {
        let command = match change.level() {
            Level::Breaking => "error",
            Level::Risky => "warning",
            _ => "notice",
        };
        let _ = writeln!(
            out,
            "::{command} file={},line={},title={}::{}",
            property(names.new),
            change.new_line.unwrap_or(1),
            property(change.id),
            data(&message(change))
        );
    }
    for stale in &report.stale_suppressions {
        let text = format!(
            "the suppression of {} is {}",
            stale.suppression.name(),
            stale.why
        );
        let _ = writeln!(out, "::warning title=stale suppression::{}", data(&text));
    }
    out
}

fn message(change: &Change) -> String {
    let mut text = format!(
        "{} (wire: {}, Rust: {})",
        change.message,
        change.wire,
        rust_level(change, |level| level.to_string())
    );
    if let Some(operations) = operations(change, 5) {
        let _ = write!(text, "\n{operations}");
    }
    let _ = write!(text, "\n{}", change.fingerprint);
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

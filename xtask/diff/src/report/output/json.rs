//! JSON for programs.

use crate::report::summary::Report;

/// JSON in the form that `report.schema.json` describes.
#[must_use]
pub fn json(report: &Report) -> String {
    /// About the size of a change with few operations.
    const CHANGE: usize = 2_000;
    let mut text = Vec::with_capacity(CHANGE * (1 + report.changes.len()));
    let written = serde_json::to_writer_pretty(&mut text, report);
    let text = written
        .map_err(|error| error.to_string())
        .and_then(|()| String::from_utf8(text).map_err(|error| error.to_string()));
    text.unwrap_or_else(|error| format!("{{\"error\": {error:?}}}")) + "\n"
}

//! JSON for programs.

use crate::report::summary::Report;

/// JSON in the form that `report.schema.json` describes.
#[must_use]
pub fn json(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report);
    text.unwrap_or_else(|error| format!("{{\"error\": {:?}}}", error.to_string())) + "\n"
}

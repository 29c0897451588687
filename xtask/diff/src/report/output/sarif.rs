//! SARIF 2.1.0, for code scanning.

use serde_json::{Value, json};

use super::words::Names;
use crate::level::Level;
use crate::report::change::Change;
use crate::report::summary::Report;
use crate::rules;

/// The report as SARIF.
#[must_use]
pub fn sarif(report: &Report, names: Names<'_>) -> String {
    let rules: Vec<Value> = rules::all()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": {"text": rule.explanation},
                "help": {"text": format!("For example: {}", rule.example)},
                "defaultConfiguration": {"level": level(
                    rule.wire.request.max(rule.wire.response)
                        .max(rule.rust.request)
                        .max(rule.rust.response),
                )},
            })
        })
        .collect();
    let results: Vec<Value> = report
        .changes
        .iter()
        .map(|change| result(change, names))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "spec-diff",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(change: &Change, names: Names<'_>) -> Value {
    let index = rules::all().position(|rule| rule.id == change.id);
    let mut result = json!({
        "ruleId": change.id,
        "level": level(change.level()),
        "message": {"text": change.message},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(names.new)},
                "region": {"startLine": change.new_line.unwrap_or(1)},
            },
            "logicalLocations": [{"fullyQualifiedName": change.pointer}],
        }],
        "partialFingerprints": {"specDiff/v1": change.fingerprint},
        "properties": {
            "wire": change.wire,
            "rust": change.rust,
            "operations": change.operations,
        },
    });
    if let (Some(index), Some(map)) = (index, result.as_object_mut()) {
        map.insert("ruleIndex".to_owned(), index.into());
    }
    if let (Some(reason), Some(map)) = (&change.suppressed, result.as_object_mut()) {
        let entry = json!([{"kind": "external", "justification": reason}]);
        map.insert("suppressions".to_owned(), entry);
    }
    result
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Breaking => "error",
        Level::Risky => "warning",
        Level::Additive | Level::Cosmetic => "note",
        Level::None => "none",
    }
}

/// A path as a relative reference.
fn uri(path: &str) -> String {
    path.replace('%', "%25")
        .replace(' ', "%20")
        .replace('#', "%23")
}

//! Texts that compose asks for, where the vendor's document has none.

use std::collections::BTreeSet;

use openapi_document::{Kind, METHODS};
use serde_json::{Map, Value, json};

use super::state::{each, text};

/// Gives operations, types, fields and parameters the texts that compose asks for, where the
/// document has none: names, no prose.
pub(super) fn everything(document: &mut Value) {
    let mut tags = BTreeSet::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                tags.insert(describe_operation(operation));
            }
        }
    }
    let tags = tags
        .iter()
        .map(|tag| json!({"name": tag, "description": format!("`{tag}`.")}));
    let tags: Value = tags.collect();
    if let Value::Object(root) = document {
        root.insert("tags".to_owned(), tags);
    }
    each(document, &mut |kind, map| {
        if kind == Kind::Schema
            && let Some(Value::Object(properties)) = map.get_mut("properties")
        {
            for (name, property) in properties {
                typed(property);
                described(property, || format!("`{name}`."));
            }
        }
    });
    for (section, words) in [
        ("schemas", "of the API"),
        ("parameters", "of the operation"),
    ] {
        let entries = document.pointer_mut(&format!("/components/{section}"));
        for (name, entry) in entries.and_then(Value::as_object_mut).into_iter().flatten() {
            if section == "schemas" {
                typed(entry);
            }
            let shown = entry
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or(name)
                .to_owned();
            described(entry, || format!("`{shown}` {words}."));
        }
    }
}

fn described(value: &mut Value, fallback: impl FnOnce() -> String) {
    let has_text = !text(value, "description").trim().is_empty();
    if let (false, Value::Object(map)) = (has_text, value) {
        map.insert("description".to_owned(), Value::String(fallback()));
    }
}

/// Wraps schemas without a type, for the check of compose that every schema has one.
fn typed(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if ["type", "allOf", "$ref"]
        .iter()
        .any(|key| map.contains_key(*key))
    {
        return;
    }
    let mut inner = std::mem::take(map);
    for key in ["description", "nullable", "deprecated", "default"] {
        if let Some(value) = inner.remove(key) {
            map.insert(key.to_owned(), value);
        }
    }
    map.insert("allOf".to_owned(), json!([inner]));
}

/// Returns the operation's tag.
fn describe_operation(operation: &mut Map<String, Value>) -> String {
    let first = operation
        .get("tags")
        .and_then(|tags| tags.get(0))
        .and_then(Value::as_str);
    let tag = first.unwrap_or("Other").to_owned();
    operation.insert("tags".to_owned(), json!([tag]));
    let id = operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let summary = operation
        .get("summary")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if summary.trim().is_empty() {
        operation.insert("summary".to_owned(), format!("Performs {id}.").into());
    }
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        let fails = |status: &String| status == "default" || status.starts_with(['4', '5']);
        if !responses.keys().any(fails) {
            responses.insert(
                "default".to_owned(),
                json!({"description": "The operation failed."}),
            );
        }
    }
    tag
}

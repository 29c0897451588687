//! Damage to a JSON document that fits its schema: removed fields, and one value of a wrong type.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::arbitrary::resolve;
use crate::rng::Rng;

/// Removes some documented fields at any depth. Returns the paths of the required ones among them,
/// as `Response::corrected` names them.
pub(crate) fn remove_fields(
    spec: &Value,
    schema: &Value,
    value: &mut Value,
    rng: &mut Rng,
    keep: &[&str],
) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    remove(spec, schema, value, rng, keep, "", &mut missing);
    missing
}

fn remove(
    spec: &Value,
    schema: &Value,
    value: &mut Value,
    rng: &mut Rng,
    keep: &[&str],
    at: &str,
    missing: &mut BTreeSet<String>,
) {
    let schema = resolve(spec, schema);
    match value {
        Value::Object(map) if schema.get("properties").is_some() => {
            let rate = *rng.pick(&[0, 10, 50, 100]);
            let required = schema["required"].as_array();
            for (name, property) in schema["properties"].as_object().unwrap() {
                let path = if at.is_empty() {
                    name.clone()
                } else {
                    format!("{at}.{name}")
                };
                let is_required = required.is_some_and(|names| names.iter().any(|n| n == name));
                if at.is_empty() && keep.contains(&name.as_str()) {
                    continue;
                }
                if rng.chance(rate) {
                    if map.remove(name).is_some() && is_required {
                        missing.insert(path);
                    }
                } else if let Some(value) = map.get_mut(name) {
                    remove(spec, property, value, rng, &[], &path, missing);
                }
            }
        }
        Value::Object(map) => {
            let entries = &schema["additionalProperties"];
            if entries
                .as_object()
                .is_some_and(|entries| !entries.is_empty())
            {
                for value in map.values_mut() {
                    remove(spec, entries, value, rng, &[], &format!("{at}.*"), missing);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                let at = format!("{at}[]");
                remove(spec, &schema["items"], item, rng, &[], &at, missing);
            }
        }
        _ => {}
    }
}

/// The paths and JSON pointers of all values that can have a wrong type, and such a value for each.
pub(crate) fn wrong_values(spec: &Value, schema: &Value, value: &Value) -> Vec<Wrong> {
    let mut all = Vec::new();
    collect(spec, schema, value, Wrong::default(), &mut all);
    all
}

/// A value of a wrong type and its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wrong {
    /// As an error names it.
    pub(crate) path: String,
    pub(crate) pointer: String,
    pub(crate) value: Value,
}

impl Wrong {
    fn below(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            path: format!("{}{dot}{name}", self.path),
            pointer: format!(
                "{}/{}",
                self.pointer,
                name.replace('~', "~0").replace('/', "~1")
            ),
            value: Value::Null,
        }
    }
}

fn collect(spec: &Value, schema: &Value, value: &Value, at: Wrong, all: &mut Vec<Wrong>) {
    let schema = resolve(spec, schema);
    if value.is_null() {
        return;
    }
    let is_free_form = schema["additionalProperties"]
        .as_object()
        .is_none_or(serde_json::Map::is_empty);
    let wrong = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("number"), Some("date-time")) => json!(true),
        (Some("string"), _) => json!({"not": ["a", "string"]}),
        (Some("integer" | "number"), _) => json!("seven"),
        (Some("boolean"), _) => json!("yes"),
        (Some("array"), _) => json!({"not": "a list"}),
        (Some("object"), _) => json!(["not an object"]),
        _ if schema.get("properties").is_some() => json!(["not an object"]),
        _ => return,
    };
    all.push(Wrong {
        value: wrong,
        ..at.clone()
    });
    match value {
        Value::Object(map) if schema.get("properties").is_some() => {
            for (name, property) in schema["properties"].as_object().unwrap() {
                if let Some(value) = map.get(name) {
                    collect(spec, property, value, at.below(name), all);
                }
            }
        }
        Value::Object(map) if !is_free_form => {
            for (name, value) in map {
                // Errors show such a key on one line, which is not the subject here.
                if name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty() {
                    let entries = &schema["additionalProperties"];
                    collect(spec, entries, value, at.below(name), all);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = Wrong {
                    path: format!("{}[{index}]", at.path),
                    pointer: format!("{}/{index}", at.pointer),
                    value: Value::Null,
                };
                collect(spec, &schema["items"], item, at, all);
            }
        }
        _ => {}
    }
}

//! The keywords of one schema, each group converted in its module.

use serde_json::{Map, Value, json};

use super::{booleans, lists, types, values};
use crate::pointer;

/// Keywords that only identify or comment on a schema.
const DROPPED: [&str; 5] = ["$anchor", "$comment", "$id", "$schema", "$vocabulary"];

/// Keywords of validation without a counterpart.
const UNSUPPORTED: [&str; 15] = [
    "$dynamicAnchor",
    "$dynamicRef",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "patternProperties",
];

/// Converts a schema whose nested schemas are converted already; [`reference_siblings`] is the last
/// step.
pub(super) fn convert(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
    // `additionalProperties` may be a boolean in OpenAPI 3.0 too.
    for key in ["items", "not"] {
        booleans::child(map, key);
    }
    for key in ["properties", "patternProperties", "$defs", "definitions"] {
        booleans::entries(map.get_mut(key));
    }
    for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        booleans::items(map.get_mut(key));
    }
    for key in DROPPED {
        map.remove(key);
    }
    types::constant(map);
    types::types(map);
    types::null_branches(map);
    values::bounds(map);
    values::examples(map);
    values::content(map, at, note);
    lists::tuple(map, at, note);
    lists::patterns(map, at, note);
    if map.get("unevaluatedProperties") == Some(&Value::Bool(false)) && !is_composed(map) {
        map.remove("unevaluatedProperties");
        map.entry("additionalProperties")
            .or_insert(Value::Bool(false));
    }
    for key in UNSUPPORTED {
        if map.remove(key).is_some() {
            note(
                &pointer::join(at, &[key]),
                "has no counterpart in OpenAPI 3.0 and is not checked".to_owned(),
            );
        }
    }
    if map.get("type") == Some(&json!("array")) {
        map.entry("items").or_insert_with(|| json!({}));
    }
}

fn is_composed(map: &Map<String, Value>) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| map.contains_key(*key))
}

/// OpenAPI 3.0 ignores what stands beside a `$ref`.
pub(super) fn reference_siblings(map: &mut Map<String, Value>) {
    if map.len() < 2 || !map.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let Some(target) = map.remove("$ref") else {
        return;
    };
    let entries = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(entries) = entries {
        entries.insert(0, json!({ "$ref": target }));
    }
}

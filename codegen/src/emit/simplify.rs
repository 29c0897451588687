//! The document as progenitor gets it: without what it would turn into types of its own, refuse,
//! or trip over. Texts, limits, defaults, parameters, bodies and names of operations are ours.

use serde_json::{Map, Value, json};

use crate::model::Api;
use crate::pointer;

/// Every component, reduced to its structure.
pub(super) fn schemas(document: &Value) -> Map<String, Value> {
    let all = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    let mut schemas = all.cloned().unwrap_or_default();
    schemas.values_mut().for_each(simplify);
    schemas
}

/// One path per operation, numbered, with nothing but what it answers.
pub(super) fn paths(api: &Api) -> Map<String, Value> {
    let numbered = api.operations.iter().enumerate();
    numbered
        .map(|(index, operation)| {
            let answer = match operation.response.clone() {
                Some(mut schema) => {
                    simplify(&mut schema);
                    json!({"description": "", "content": {"application/json": {"schema": schema}}})
                }
                None => json!({"description": ""}),
            };
            let item = json!({"get": {
                "operationId": operation_name(index),
                "responses": {"2XX": answer},
            }});
            (format!("/{index}"), item)
        })
        .collect()
}

/// The name under which progenitor sees the operation with this index.
pub(super) fn operation_name(index: usize) -> String {
    format!("operation_{index}")
}

fn simplify(schema: &mut Value) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(simplify);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            simplify(inner);
        }
    }
    let Value::Object(map) = schema else { return };
    if let Some(reference) = map.remove("$ref") {
        *map = Map::from_iter([("$ref".to_owned(), reference)]);
        return;
    }
    if map.contains_key(pointer::UNION) || map.contains_key("enum") {
        // These are types that we write: it only needs to know that there is one.
        *schema = json!({"type": "object"});
        return;
    }
    let word = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
    let sized = match (word("type"), word("format")) {
        ("string" | "number" | "integer", "date-time") => {
            *schema = json!({"type": "string", "format": "date-time"});
            return;
        }
        ("integer", "int32" | "int64") | ("number", "float" | "double") => true,
        _ => false,
    };
    let is_list = word("type") == "array";
    let has_properties = map.contains_key("properties");
    map.retain(|key, value| match key.as_str() {
        "type" | "properties" | "required" | "items" => true,
        "additionalProperties" => !has_properties && value.is_object(),
        "format" => sized,
        _ => false,
    });
    if is_list {
        map.entry("items").or_insert_with(|| json!({}));
    }
}

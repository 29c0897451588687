//! The document as progenitor gets it: without what it would turn into types of its own, refuse,
//! or trip over. Texts, limits, defaults, parameters, bodies and names of operations are ours.

use serde_json::{Map, Value, json};

use crate::model::Api;
use crate::pointer;

/// Every component, reduced to its structure.
pub(super) fn schemas(api: &Api) -> Map<String, Value> {
    let all = api.schemas.iter();
    all.map(|(name, schema)| (name.clone(), simplified(&schema.json)))
        .collect()
}

/// A component with a field per operation: what it answers.
pub(super) fn answers(api: &Api) -> Value {
    let mut properties = Map::new();
    for (index, operation) in api.operations.iter().enumerate() {
        if let Some(schema) = &operation.response {
            properties.insert(field_name(index), simplified(schema));
        }
    }
    let required: Vec<&String> = properties.keys().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// The name under which progenitor sees the field with this index: its own rules for names of
/// fields take time and are of no use here.
pub(super) fn field_name(index: usize) -> String {
    format!("f{index}")
}

/// The index in such a name.
pub(super) fn field_index(name: &str) -> Option<usize> {
    name.strip_prefix('f')?.parse().ok()
}

fn simplified(schema: &Value) -> Value {
    let Value::Object(map) = schema else {
        return schema.clone();
    };
    if let Some(reference) = map.get("$ref") {
        return json!({"$ref": reference});
    }
    if map.contains_key(pointer::UNION) || map.contains_key("enum") {
        // These are types that we write: it only needs to know that there is one.
        return json!({"type": "object"});
    }
    let word = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
    let sized = match (word("type"), word("format")) {
        ("string" | "number" | "integer", "date-time") => {
            return json!({"type": "string", "format": "date-time"});
        }
        ("integer", "int32" | "int64") | ("number", "float" | "double") => true,
        _ => false,
    };
    let properties = map.get("properties").and_then(Value::as_object);
    let mut reduced = Map::new();
    for (key, value) in map {
        let value = match key.as_str() {
            "type" => value.clone(),
            "format" if sized => value.clone(),
            "items" => simplified(value),
            "additionalProperties" if properties.is_none() && value.is_object() => {
                simplified(value)
            }
            _ => continue,
        };
        reduced.insert(key.clone(), value);
    }
    if word("type") == "array" {
        reduced.entry("items").or_insert_with(|| json!({}));
    }
    if let Some(properties) = properties {
        let required = map.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            let mut names = required.into_iter().flatten();
            names.any(|required| required.as_str() == Some(name))
        };
        let mut fields = Map::new();
        let mut needed = Vec::new();
        for (index, (name, property)) in properties.iter().enumerate() {
            fields.insert(field_name(index), simplified(property));
            if is_required(name) {
                needed.push(field_name(index));
            }
        }
        reduced.insert("properties".to_owned(), Value::Object(fields));
        reduced.insert("required".to_owned(), json!(needed));
    }
    Value::Object(reduced)
}

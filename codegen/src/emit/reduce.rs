//! The document as progenitor gets it: without what it would turn into types of its own, refuse,
//! or trip over. Texts, limits, defaults, parameters, bodies and operations are ours.

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use crate::model::Api;
use crate::pointer;
use crate::schema::flag;
use crate::shape::integer;

/// Every component, reduced to its structure.
pub(super) fn schemas(api: &Api) -> Map<String, Value> {
    let all = api.schemas.iter();
    all.map(|(name, schema)| (name.clone(), reduced(&schema.json)))
        .collect()
}

/// Schemas that become types of the runtime crate.
pub(super) fn conversions() -> [(Value, &'static str); 2] {
    [
        (
            json!({"type": "string", "format": "date-time"}),
            "Timestamp",
        ),
        (json!({"type": "object"}), "JsonObject"),
    ]
}

/// A type name as progenitor spells it.
pub(super) fn spelled(name: &str) -> String {
    name.to_pascal_case()
}

/// An item of a list or map, which may be null.
fn item(schema: &Value) -> Value {
    let mut item = reduced(schema);
    if flag(schema, "nullable") && item != json!({}) {
        if item.get("$ref").is_some() {
            item = json!({"allOf": [item]});
        }
        if let Some(item) = item.as_object_mut() {
            item.insert("nullable".to_owned(), Value::Bool(true));
        }
    }
    item
}

fn reduced(schema: &Value) -> Value {
    let Value::Object(map) = schema else {
        return schema.clone();
    };
    if let Some(reference) = map.get("$ref") {
        return json!({"$ref": reference});
    }
    if map.contains_key(pointer::UNION) || map.contains_key("enum") {
        // Replaced by what this crate writes: progenitor only needs to know that there is a type.
        return json!({"type": "string"});
    }
    let word = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
    let sized = match (word("type"), word("format")) {
        ("string" | "number" | "integer", "date-time") => {
            return json!({"type": "string", "format": "date-time"});
        }
        ("integer", format) => format == "int64" || integer(Some(format)) != "i64",
        ("number", "float" | "double") => true,
        _ => false,
    };
    let properties = map.get("properties").and_then(Value::as_object);
    let mut out = Map::new();
    for (key, value) in map {
        let value = match key.as_str() {
            "type" => value.clone(),
            "format" if sized => value.clone(),
            "items" => item(value),
            "additionalProperties" if properties.is_none() && value.is_object() => {
                let values = item(value);
                // A map to anything is a free-form object.
                if values == json!({}) {
                    continue;
                }
                values
            }
            _ => continue,
        };
        out.insert(key.clone(), value);
    }
    if word("type") == "array" {
        out.entry("items").or_insert_with(|| json!({}));
    }
    if let Some(properties) = properties {
        // What may be null is an option, required or not.
        let listed = map.get("required").and_then(Value::as_array);
        let is_certain = |name: &&Value| {
            let property = name.as_str().and_then(|name| properties.get(name));
            property.is_some_and(|property| !flag(property, "nullable"))
        };
        let listed = listed.into_iter().flatten().filter(is_certain);
        let required: Value = listed.cloned().collect();
        let is_required = |name: &str| {
            let mut names = required.as_array().into_iter().flatten();
            names.any(|required| required.as_str() == Some(name))
        };
        let fields = properties.iter().map(|(name, property)| {
            let mut field = reduced(property);
            // An optional list or map is an option too: absent and empty differ on this wire.
            if let (false, Some(field)) = (is_required(name), field.as_object_mut())
                && matches!(
                    field.get("type").and_then(Value::as_str),
                    Some("array" | "object")
                )
                && *field != *json!({"type": "object"}).as_object().unwrap_or(&Map::new())
            {
                field.insert("nullable".to_owned(), Value::Bool(true));
            }
            (name.clone(), field)
        });
        let fields: Map<String, Value> = fields.collect();
        if fields.is_empty() {
            // Without it, an object without fields is a map.
            out.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        out.insert("properties".to_owned(), Value::Object(fields));
        out.insert("required".to_owned(), required);
    }
    Value::Object(out)
}

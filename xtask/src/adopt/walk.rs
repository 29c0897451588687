//! Walking over the schemas of a document.

use serde_json::{Map, Value};

/// Calls `change` with every schema of the components, the innermost first.
pub(super) fn schemas(document: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Some(Value::Object(components)) = document.get_mut("components") else {
        return;
    };
    for (section, entries) in components {
        for entry in entries
            .as_object_mut()
            .into_iter()
            .flat_map(Map::values_mut)
        {
            match section.as_str() {
                "schemas" => inside(entry, change),
                _ => carrier(entry, change),
            }
        }
    }
}

/// The schemas of an operation, a parameter, a body or a response.
pub(super) fn carrier(entry: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    if let Some(schema) = entry.get_mut("schema") {
        inside(schema, change);
    }
    for media in entry
        .get_mut("content")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        if let Some(schema) = media.get_mut("schema") {
            inside(schema, change);
        }
    }
}

/// One schema with all that is nested in it.
pub(super) fn inside(schema: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Value::Object(map) = schema else { return };
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(|p| inside(p, change));
            }
            ("items" | "additionalProperties" | "not", value) => inside(value, change),
            ("allOf" | "anyOf" | "oneOf", Value::Array(entries)) => {
                entries.iter_mut().for_each(|entry| inside(entry, change));
            }
            _ => {}
        }
    }
    change(map);
}

/// A string member, empty when absent.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What a value is once its references are followed.
pub(super) fn followed<'a>(mut value: &'a Value, document: &'a Value) -> &'a Value {
    // More hops than any sensible document has; ends circles.
    for _ in 0..32 {
        let target = value.get("$ref").and_then(Value::as_str);
        let found = target
            .and_then(|target| target.strip_prefix('#'))
            .and_then(|pointer| document.pointer(pointer));
        match found {
            Some(found) => value = found,
            None => break,
        }
    }
    value
}

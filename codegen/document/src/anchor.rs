//! `$anchor` and `$dynamicAnchor` of JSON Schema 2020-12: names by which references find a schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::pointer;
use crate::reference::reference;
use crate::walk::{Kind, for_each_mut, visit};

/// JSON pointer of the first object in a file with this anchor.
pub(crate) fn find(content: &Value, name: &str) -> Option<String> {
    let step = |key: &str, value: &Value| {
        let inner = find(value, name)?;
        Some(pointer::join("", &[key]) + &inner)
    };
    match content {
        Value::Object(map) if map.get("$anchor").and_then(Value::as_str) == Some(name) => {
            Some(String::new())
        }
        Value::Object(map) => map.iter().find_map(|(key, value)| step(key, value)),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, value)| step(&index.to_string(), value))
        }
        _ => None,
    }
}

/// Turns the references of a document to its anchors into references to their places.
pub(crate) fn resolve_references(document: &mut Value) {
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    visit(document, &mut |kind, value, at| {
        if kind == Kind::Schema
            && let Some(map) = value.as_object()
        {
            // Without references that are dynamic too, one of these is like the other.
            for key in ["$dynamicAnchor", "$anchor"] {
                if let Some(name) = map.get(key).and_then(Value::as_str) {
                    places.insert(format!("#{name}"), format!("#{at}"));
                }
            }
        }
    });
    if places.is_empty() {
        return;
    }
    for_each_mut(document, &mut |_, value| {
        if let Some(place) = reference(value).and_then(|text| places.get(text))
            && let Value::Object(map) = value
        {
            map.insert("$ref".to_owned(), place.as_str().into());
        }
    });
}

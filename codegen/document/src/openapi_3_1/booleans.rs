//! Boolean schemas: `true` allows anything, `false` nothing.

use serde_json::{Map, Value, json};

/// Replaces a boolean schema by an object that says the same in OpenAPI 3.0.
pub(super) fn convert(schema: &mut Value) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        _ => {}
    }
}

/// Converts the schema under a key.
pub(super) fn child(map: &mut Map<String, Value>, key: &str) {
    if let Some(schema) = map.get_mut(key) {
        convert(schema);
    }
}

/// Converts the schemas of a map.
pub(super) fn entries(schemas: Option<&mut Value>) {
    let schemas = schemas.and_then(Value::as_object_mut);
    schemas
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(convert);
}

/// Converts the schemas of a list.
pub(super) fn items(schemas: Option<&mut Value>) {
    let schemas = schemas.and_then(Value::as_array_mut);
    schemas.into_iter().flatten().for_each(convert);
}

//! Reading the members and references of one schema.

use serde_json::Value;

use crate::pointer;

/// A string member, empty when absent.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A boolean member, false when absent.
pub(crate) fn flag(value: &Value, key: &str) -> bool {
    value.get(key) == Some(&Value::Bool(true))
}

/// A copy without descriptions and summaries.
pub(crate) fn without_prose(node: &Value) -> Value {
    match node {
        Value::Object(map) => {
            let told = map.iter().filter(|(key, value)| !is_prose(key, value));
            let copied = told.map(|(key, value)| match key.as_str() {
                // Its keys are values of the API.
                "mapping" => (key.clone(), value.clone()),
                _ => (key.clone(), without_prose(value)),
            });
            Value::Object(copied.collect())
        }
        Value::Array(items) => items.iter().map(without_prose).collect(),
        other => other.clone(),
    }
}

/// Returns true for a text about the schema; a property of such a name has a schema as its value.
fn is_prose(key: &str, value: &Value) -> bool {
    value.is_string() && matches!(key, "description" | "summary")
}

/// Returns true for schemas that differ in nothing but prose.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    one == other || without_prose(one) == without_prose(other)
}

/// Names of the components that anything inside the node refers to, with repetitions.
pub(crate) fn collect_references<'a>(node: &'a Value, found: &mut Vec<&'a str>) {
    match node {
        Value::Object(map) => {
            found.extend(pointer::referenced(node));
            map.values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

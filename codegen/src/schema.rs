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

/// Names of the components that anything inside the node refers to, with repetitions.
pub(crate) fn collect_references(node: &Value, found: &mut Vec<String>) {
    match node {
        Value::Object(map) => {
            if let Some(name) = pointer::referenced(node) {
                found.push(name.to_owned());
            }
            map.values()
                .for_each(|value| collect_references(value, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

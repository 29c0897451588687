//! Tuples, and maps whose keys follow patterns.

use serde_json::{Map, Value, json};

use crate::pointer;

/// A tuple becomes a list whose items are any of the tuple's.
pub(super) fn tuple(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
    let Some(Value::Array(prefix)) = map.remove("prefixItems") else {
        return;
    };
    note(
        &pointer::join(at, &["prefixItems"]),
        "is read as a list, the order of its types is not checked".to_owned(),
    );
    let rest = map.remove("items");
    let is_closed = rest == Some(json!({"not": {}}));
    let mut branches: Vec<Value> = Vec::new();
    if is_closed {
        map.entry("maxItems").or_insert_with(|| prefix.len().into());
    }
    let rest = rest.filter(|_| !is_closed);
    for branch in prefix.into_iter().chain(rest) {
        if !branches.contains(&branch) {
            branches.push(branch);
        }
    }
    let items = match branches.as_slice() {
        [only] => only.clone(),
        _ => json!({ "anyOf": branches }),
    };
    map.insert("items".to_owned(), items);
    map.entry("type").or_insert_with(|| "array".into());
}

pub(super) fn patterns(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
    if matches!(
        map.get("additionalProperties"),
        Some(Value::Object(_) | Value::Bool(true))
    ) {
        return;
    }
    let Some(Value::Object(patterns)) = map.remove("patternProperties") else {
        return;
    };
    note(
        &pointer::join(at, &["patternProperties"]),
        "is read as additionalProperties, names are not checked".to_owned(),
    );
    let mut branches: Vec<Value> = patterns.into_iter().map(|(_, value)| value).collect();
    branches.dedup();
    let values = match branches.as_slice() {
        [] => return,
        [only] => only.clone(),
        _ => json!({ "anyOf": branches }),
    };
    map.insert("additionalProperties".to_owned(), values);
}

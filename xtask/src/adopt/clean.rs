//! Repairs of a vendor's document that the local server and the checks of compose need too; those
//! that only codegen needs are made there.

use std::collections::BTreeSet;

use openapi_document::{Kind, follow, reference, resolved, visit};
use serde_json::{Map, Value, json};

use super::carriers;
use super::state::each;

/// Members of schemas that say nothing about values.
const DROPPED: [&str; 5] = ["title", "example", "examples", "externalDocs", "xml"];

/// Repairs all schemas; operations must be laid out already for those of parameters and bodies.
pub(super) fn schemas(document: &mut Value) -> Vec<(&'static str, usize)> {
    let mut counts = Counts::default();
    let whole = document.clone();
    each(document, &mut |kind, map| match kind {
        Kind::Schema => schema(map, &whole, &mut counts),
        // Examples may refer to components that nothing else needs.
        _ => counts.dropped += remove(map, &["example", "examples", "links"]),
    });
    vec![
        ("members without a meaning for values", counts.dropped),
        ("types that are only implied", counts.implied),
        ("enumerations that contradict their type", counts.enums),
        ("limits that are impossible or do not apply", counts.limits),
        ("required names without a property", counts.required),
        (
            "nullable bodies, responses and their kind",
            carriers::nullable(document),
        ),
        (
            "bodies that have no field yet",
            carriers::empty_bodies(document),
        ),
    ]
}

fn remove(map: &mut Map<String, Value>, keys: &[&str]) -> usize {
    keys.iter()
        .filter(|key| map.remove(**key).is_some())
        .count()
}

/// Schemas whose reference leads nowhere become any JSON; returns a line for each.
pub(super) fn broken_references(document: &mut Value) -> Vec<String> {
    let mut broken = Vec::new();
    visit(document, &mut |kind, value, at| {
        if kind == Kind::Schema
            && reference(value).is_some()
            && let Err(error) = follow(document, value)
        {
            broken.push((at.to_owned(), error));
        }
    });
    let mut notes = Vec::new();
    for (at, error) in broken {
        if let Some(Value::Object(schema)) = document.pointer_mut(&at) {
            schema.remove("$ref");
        }
        notes.push(format!("{at} is any JSON: {error}"));
    }
    notes
}

#[derive(Default)]
struct Counts {
    dropped: usize,
    implied: usize,
    enums: usize,
    limits: usize,
    required: usize,
}

fn schema(map: &mut Map<String, Value>, whole: &Value, counts: &mut Counts) {
    let before = map.len();
    map.retain(|key, _| !DROPPED.contains(&key.as_str()) && !key.starts_with("x-stream"));
    counts.dropped += before - map.len();
    counts.implied += usize::from(imply(map));
    counts.enums += usize::from(enumeration(map));
    counts.limits += limits(map);
    counts.required += required(map, whole);
}

fn imply(map: &mut Map<String, Value>) -> bool {
    let combined = ["type", "$ref", "allOf", "anyOf", "oneOf"];
    if combined.iter().any(|key| map.contains_key(*key)) {
        return map.get("type") == Some(&json!("array")) && add_items(map);
    }
    let texts = |value: &Value| {
        let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
        !values.is_empty() && values.iter().all(Value::is_string)
    };
    let kind = if map.contains_key("properties") {
        "object"
    } else if map.contains_key("items") {
        "array"
    } else if map.contains_key("additionalProperties") {
        "object"
    } else if map.get("enum").is_some_and(texts) {
        "string"
    } else {
        return false;
    };
    map.insert("type".to_owned(), Value::from(kind));
    true
}

fn add_items(map: &mut Map<String, Value>) -> bool {
    let is_missing = !map.contains_key("items");
    if is_missing {
        map.insert("items".to_owned(), json!({}));
    }
    is_missing
}

/// An enum of strings on a number only names its values; an enum of strings lists each once and
/// no `null`.
fn enumeration(map: &mut Map<String, Value>) -> bool {
    let is_text = map.get("type").and_then(Value::as_str) == Some("string");
    let Some(Value::Array(values)) = map.get_mut("enum") else {
        return false;
    };
    if !is_text {
        let contradicts = values.iter().any(Value::is_string) && map.contains_key("type");
        if contradicts {
            map.remove("enum");
        }
        return contradicts;
    }
    let before = values.len();
    let mut seen = BTreeSet::new();
    values.retain(|value| {
        value
            .as_str()
            .is_some_and(|text| seen.insert(text.to_owned()))
    });
    let changed = values.len() != before;
    if values.is_empty() {
        map.remove("enum");
    }
    changed
}

fn limits(map: &mut Map<String, Value>) -> usize {
    let before = map.len();
    let kind = map.get("type").and_then(Value::as_str).map(str::to_owned);
    let applies = |key: &str| match kind.as_deref() {
        None => true,
        Some(kind) => match key {
            "minimum" | "maximum" | "multipleOf" | "exclusiveMinimum" | "exclusiveMaximum" => {
                matches!(kind, "integer" | "number")
            }
            "minLength" | "maxLength" | "pattern" => kind == "string",
            "minItems" | "maxItems" | "uniqueItems" => kind == "array",
            "minProperties" | "maxProperties" => kind == "object",
            _ => true,
        },
    };
    map.retain(|key, _| applies(key));
    let number = |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_f64);
    for key in ["minimum", "maximum"] {
        // Beyond what 64 bits hold: an overflow on the vendor's side.
        if number(map, key).is_some_and(|limit| limit.abs() >= 9_223_372_036_854_775_808.0) {
            map.remove(key);
        }
    }
    for (low, high) in [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
    ] {
        if map.contains_key(high) && number(map, low) > number(map, high) {
            map.remove(low);
            map.remove(high);
        }
    }
    before - map.len()
}

/// A composition that requires fields of its parts becomes one object; any other name without a
/// property is dropped.
fn required(map: &mut Map<String, Value>, whole: &Value) -> usize {
    let Some(Value::Array(names)) = map.get("required").cloned() else {
        return 0;
    };
    let has = |map: &Map<String, Value>, name: &Value| {
        let properties = map.get("properties");
        let name = name.as_str().unwrap_or_default();
        properties.is_some_and(|properties| properties.get(name).is_some())
    };
    if map.contains_key("allOf") && !names.iter().all(|name| has(map, name)) {
        let mut merged = Map::new();
        merge(&mut merged, &Value::Object(std::mem::take(map)), whole, 0);
        *map = merged;
    }
    let Some(Value::Array(mut names)) = map.remove("required") else {
        return 0;
    };
    let before = names.len();
    names.retain(|name| has(map, name));
    let dropped = before - names.len();
    if !names.is_empty() {
        map.insert("required".to_owned(), Value::Array(names));
    }
    dropped
}

fn merge(merged: &mut Map<String, Value>, part: &Value, whole: &Value, depth: usize) {
    // A composition that contains itself is refused by codegen, with its place.
    if depth > 16 {
        return;
    }
    let part = resolved(whole, part);
    for entry in part
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        merge(merged, entry, whole, depth + 1);
    }
    for (key, value) in part.as_object().into_iter().flatten() {
        match (key.as_str(), value, merged.get_mut(key)) {
            ("allOf" | "title" | "nullable", _, _) => {}
            ("properties", Value::Object(new), Some(Value::Object(known))) => {
                known.extend(new.clone());
            }
            ("required", Value::Array(new), Some(Value::Array(known))) => {
                known.extend(new.iter().cloned());
                known.sort_by_key(Value::to_string);
                known.dedup();
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
}

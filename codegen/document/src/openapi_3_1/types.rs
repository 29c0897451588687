//! Types and values that may be null: `type` lists, `const`, branches of `null`.

use serde_json::{Map, Value, json};

fn nullable(map: &mut Map<String, Value>) {
    map.insert("nullable".to_owned(), Value::Bool(true));
}

pub(super) fn constant(map: &mut Map<String, Value>) {
    if let Some(value) = map.remove("const") {
        if value.is_null() {
            nullable(map);
        }
        map.insert("enum".to_owned(), json!([value]));
    }
    let has_null = |values: &Value| {
        values
            .as_array()
            .is_some_and(|all| all.contains(&Value::Null))
    };
    if map.get("enum").is_some_and(has_null) {
        nullable(map);
    }
}

/// Keywords that say something about values of one type only.
fn belongs_to(key: &str) -> &'static [&'static str] {
    match key {
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties" => &["object"],
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "pattern" | "minLength" | "maxLength" | "contentEncoding" | "contentMediaType" => {
            &["string"]
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        _ => &[],
    }
}

pub(super) fn types(map: &mut Map<String, Value>) {
    match map.get("type") {
        Some(Value::String(kind)) if kind == "null" => {
            map.remove("type");
            nullable(map);
            map.insert("enum".to_owned(), json!([null]));
        }
        Some(Value::Array(kinds)) => {
            let kinds: Vec<String> = kinds
                .iter()
                .filter_map(|kind| kind.as_str().map(str::to_owned))
                .collect();
            let rest: Vec<&String> = kinds.iter().filter(|kind| *kind != "null").collect();
            map.remove("type");
            if rest.len() < kinds.len() {
                nullable(map);
            }
            match rest.as_slice() {
                [] if kinds.is_empty() => {}
                [] => {
                    map.insert("enum".to_owned(), json!([null]));
                }
                [only] => {
                    map.insert("type".to_owned(), Value::String((*only).clone()));
                }
                // All of them are any value; beside another union a second one has no place.
                several if several.len() < 6 && !map.contains_key("anyOf") => split(map, several),
                _ => {}
            }
        }
        _ => {}
    }
}

/// `type: [a, b]` becomes `anyOf`, each with the keywords that apply to it.
fn split(map: &mut Map<String, Value>, kinds: &[&String]) {
    let mut branches = Vec::new();
    for kind in kinds {
        let mut branch = Map::new();
        branch.insert("type".to_owned(), Value::String((*kind).clone()));
        for (key, value) in map.iter() {
            if belongs_to(key).contains(&kind.as_str()) {
                branch.insert(key.clone(), value.clone());
            }
        }
        branches.push(Value::Object(branch));
    }
    map.retain(|key, _| belongs_to(key).is_empty());
    map.insert("anyOf".to_owned(), Value::Array(branches));
}

/// A branch that only allows `null` makes the schema nullable.
pub(super) fn null_branches(map: &mut Map<String, Value>) {
    for key in ["anyOf", "oneOf"] {
        let has_all_of = map.contains_key("allOf");
        let Some(Value::Array(branches)) = map.get_mut(key) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| branch.get("enum") != Some(&json!([null])));
        if branches.len() == before {
            continue;
        }
        if branches.is_empty() {
            map.remove(key);
            map.insert("enum".to_owned(), json!([null]));
        } else if let ([only], false) = (branches.as_slice(), has_all_of) {
            let only = only.clone();
            map.remove(key);
            map.insert("allOf".to_owned(), json!([only]));
        }
        nullable(map);
    }
}

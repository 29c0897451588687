//! Schemas for a comparison: keywords without a counterpart stay, so that their changes show.

use serde_json::{Map, Value};

use super::schema;

/// Converts a schema and leaves in it what cannot be converted.
pub(super) fn convert(map: &mut Map<String, Value>, at: &str) {
    let original = map.clone();
    let mut unread = Vec::new();
    schema::convert(map, at, &mut |pointer, _| {
        unread.extend(pointer.rsplit('/').next().map(str::to_owned));
    });
    for key in unread {
        if let Some(value) = original.get(&key)
            && !says_nothing(&key, value, &original)
        {
            let bare = bare(&key, value);
            map.entry(key).or_insert(bare);
        }
    }
    // Patterns have taken the place of what forbids other names.
    let is_closed = original.get("additionalProperties") == Some(&Value::Bool(false));
    if is_closed && original.contains_key("patternProperties") {
        map.entry("unevaluatedProperties")
            .or_insert(Value::Bool(false));
    }
    schema::reference_siblings(map);
}

/// True for a keyword that allows whatever is allowed without it.
fn says_nothing(key: &str, value: &Value, schema: &Map<String, Value>) -> bool {
    let has = |key: &str| schema.contains_key(key);
    match key {
        "if" => !has("then") && !has("else"),
        "then" | "else" => !has("if"),
        "minContains" | "maxContains" => !has("contains"),
        "contains" | "prefixItems" => false,
        _ => *value == Value::Bool(true) || value.as_object().is_some_and(Map::is_empty),
    }
}

/// A value of a keyword without what is only said to people.
fn bare(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let has_names = matches!(
                key,
                "properties"
                    | "patternProperties"
                    | "dependentRequired"
                    | "dependentSchemas"
                    | "$defs"
                    | "definitions"
            );
            let kept = map.iter().filter(|(key, _)| has_names || !is_prose(key));
            let bare = kept.map(|(key, value)| {
                let inner = if has_names { "" } else { key };
                (key.clone(), bare(inner, value))
            });
            Value::Object(bare.collect())
        }
        Value::Array(items) if !matches!(key, "enum" | "const" | "required" | "default") => {
            items.iter().map(|item| bare("", item)).collect()
        }
        _ => value.clone(),
    }
}

fn is_prose(key: &str) -> bool {
    let prose = ["title", "description", "example", "examples", "$comment"];
    prose.contains(&key) || key.starts_with("x-")
}

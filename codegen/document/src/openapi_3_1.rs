//! OpenAPI 3.1 as 3.0. Schemas of 3.1 are JSON Schema 2020-12, those of 3.0 a dialect of their own.

use std::convert::Infallible;

use serde_json::{Map, Value, json};

use crate::error::Note;
use crate::pointer;
use crate::walk::{Kind, visit_mut};

/// Turns an OpenAPI 3.1 document into the same API as 3.0, and notes what 3.0 cannot express.
///
/// - `type` lists: `null` becomes `nullable`, several types an `anyOf`.
/// - `const` becomes an `enum` of one value, numeric exclusive bounds become flags.
/// - `examples` of a schema become its `example`; siblings of `$ref` an `allOf`.
/// - `contentEncoding` and `contentMediaType` become the formats `byte` and `binary`.
/// - Tuples become lists of any of their items, `patternProperties` become
///   `additionalProperties`, boolean schemas `{}` and `{"not": {}}`.
/// - `webhooks` move to `x-webhooks`; `$defs` stay for the references that lead into them.
pub fn to_openapi_3_0(document: &mut Value) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |pointer: &str, message: String| {
        notes.push(Note {
            pointer: pointer.to_owned(),
            message,
        });
    };
    let done = visit_mut::<Infallible>(document, &mut |kind, value, at| {
        let Value::Object(map) = value else {
            return Ok(());
        };
        match kind {
            Kind::Schema => schema(map, at, &mut note),
            Kind::Parameter | Kind::Header | Kind::MediaType => boolean_children(map, &["schema"]),
            Kind::Components => boolean_entries(map.get_mut("schemas")),
            Kind::Operation => {
                map.entry("responses").or_insert_with(|| json!({}));
            }
            _ => {}
        }
        Ok(())
    });
    let Ok(()) = done;
    if let Value::Object(root) = document {
        root.insert("openapi".to_owned(), "3.0.3".into());
        root.remove("jsonSchemaDialect");
        root.entry("paths").or_insert_with(|| json!({}));
        if let Some(webhooks) = root.remove("webhooks") {
            note(
                "/webhooks",
                "has no counterpart in OpenAPI 3.0; kept as x-webhooks".to_owned(),
            );
            root.insert("x-webhooks".to_owned(), webhooks);
        }
        if let Some(Value::Object(info)) = root.get_mut("info") {
            info.remove("summary");
            if let Some(Value::Object(license)) = info.get_mut("license") {
                license.remove("identifier");
            }
        }
    }
    notes.sort();
    notes
}

/// Keywords that only identify or comment on a schema.
const DROPPED: [&str; 5] = ["$anchor", "$comment", "$id", "$schema", "$vocabulary"];

/// Keywords of validation without a counterpart.
const UNSUPPORTED: [&str; 15] = [
    "$dynamicAnchor",
    "$dynamicRef",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "patternProperties",
];

fn schema(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
    boolean_children(map, &["items", "additionalProperties", "not"]);
    for key in ["properties", "patternProperties", "$defs", "definitions"] {
        boolean_entries(map.get_mut(key));
    }
    for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
        for entry in map
            .get_mut(key)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            boolean(entry);
        }
    }
    for key in DROPPED {
        map.remove(key);
    }
    constant(map);
    types(map);
    null_branches(map);
    bounds(map);
    examples(map);
    content(map);
    tuple(map, at, note);
    patterns(map, at, note);
    if map.get("unevaluatedProperties") == Some(&Value::Bool(false)) && !is_composed(map) {
        map.remove("unevaluatedProperties");
        map.entry("additionalProperties")
            .or_insert(Value::Bool(false));
    }
    for key in UNSUPPORTED {
        if map.remove(key).is_some() {
            note(
                &pointer::join(at, &[key]),
                "has no counterpart in OpenAPI 3.0 and is not checked".to_owned(),
            );
        }
    }
    if map.get("type") == Some(&json!("array")) {
        map.entry("items").or_insert_with(|| json!({}));
    }
    reference_siblings(map);
}

fn is_composed(map: &Map<String, Value>) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| map.contains_key(*key))
}

fn boolean(value: &mut Value) {
    match value {
        Value::Bool(true) => *value = json!({}),
        Value::Bool(false) => *value = json!({"not": {}}),
        _ => {}
    }
}

fn boolean_children(map: &mut Map<String, Value>, keys: &[&str]) {
    for key in keys {
        // `additionalProperties` may be a boolean in OpenAPI 3.0 too.
        if let Some(value) = map.get_mut(*key).filter(|_| *key != "additionalProperties") {
            boolean(value);
        }
    }
}

fn boolean_entries(entries: Option<&mut Value>) {
    let entries = entries.and_then(Value::as_object_mut);
    entries
        .into_iter()
        .flat_map(Map::values_mut)
        .for_each(boolean);
}

fn nullable(map: &mut Map<String, Value>) {
    map.insert("nullable".to_owned(), Value::Bool(true));
}

fn constant(map: &mut Map<String, Value>) {
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

fn types(map: &mut Map<String, Value>) {
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
fn null_branches(map: &mut Map<String, Value>) {
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

fn bounds(map: &mut Map<String, Value>) {
    for (exclusive, inclusive, is_lower) in [
        ("exclusiveMinimum", "minimum", true),
        ("exclusiveMaximum", "maximum", false),
    ] {
        let Some(bound) = map.get(exclusive).and_then(Value::as_f64) else {
            continue;
        };
        let value = map.remove(exclusive).unwrap_or_default();
        let other = map.get(inclusive).and_then(Value::as_f64);
        let is_tighter = other.is_none_or(|other| {
            if is_lower {
                bound >= other
            } else {
                bound <= other
            }
        });
        if is_tighter {
            map.insert(inclusive.to_owned(), value);
            map.insert(exclusive.to_owned(), Value::Bool(true));
        }
    }
}

fn examples(map: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = map.get_mut("examples") {
        let first = (!examples.is_empty()).then(|| examples.remove(0));
        map.remove("examples");
        if let Some(first) = first {
            map.entry("example").or_insert(first);
        }
    }
}

fn content(map: &mut Map<String, Value>) {
    let encoding = map.remove("contentEncoding");
    let media = map.remove("contentMediaType");
    let format = match (encoding.as_ref().and_then(Value::as_str), &media) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some(Value::String(media)))
            if !media.starts_with("text/") && !media.ends_with("json") =>
        {
            "binary"
        }
        _ => return,
    };
    map.entry("type").or_insert_with(|| "string".into());
    map.entry("format").or_insert_with(|| format.into());
}

/// A tuple becomes a list whose items are any of the tuple's.
fn tuple(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
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

fn patterns(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
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

/// OpenAPI 3.0 ignores what stands beside a `$ref`.
fn reference_siblings(map: &mut Map<String, Value>) {
    if map.len() < 2 || !map.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let Some(target) = map.remove("$ref") else {
        return;
    };
    let entries = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(entries) = entries {
        entries.insert(0, json!({ "$ref": target }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(schema: Value) -> (Value, Vec<String>) {
        let mut document = json!({
            "openapi": "3.1.0", "info": {}, "components": {"schemas": {"A": schema}}
        });
        let notes = to_openapi_3_0(&mut document);
        let notes = notes
            .into_iter()
            .map(|note| note.pointer.rsplit('/').next().unwrap().to_owned());
        (
            document["components"]["schemas"]["A"].take(),
            notes.collect(),
        )
    }

    #[track_caller]
    fn becomes(schema: Value, expected: Value) {
        assert_eq!(converted(schema), (expected, vec![]));
    }

    #[test]
    fn type_lists_become_nullable_or_a_union() {
        becomes(
            json!({"type": ["string", "null"]}),
            json!({"type": "string", "nullable": true}),
        );
        becomes(json!({"type": ["string"]}), json!({"type": "string"}));
        becomes(
            json!({"type": "null"}),
            json!({"nullable": true, "enum": [null]}),
        );
        becomes(
            json!({"type": ["string", "array"], "maxLength": 5, "items": {"type": "string"}, "title": "T"}),
            json!({"title": "T", "anyOf": [
                {"type": "string", "maxLength": 5},
                {"type": "array", "items": {"type": "string"}}
            ]}),
        );
        becomes(
            json!({"type": ["string", "number", "integer", "boolean", "object", "array", "null"]}),
            json!({"nullable": true}),
        );
    }

    #[test]
    fn null_branches_become_nullable() {
        let reference = json!({"$ref": "#/components/schemas/B"});
        becomes(
            json!({"anyOf": [reference, {"type": "null"}], "title": "T"}),
            json!({"allOf": [reference], "nullable": true, "title": "T"}),
        );
        becomes(
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"const": null}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
        );
        becomes(
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            json!({"type": "string", "nullable": true, "enum": ["a", null]}),
        );
    }

    #[test]
    fn constants_become_enums_of_one() {
        becomes(json!({"const": "cat"}), json!({"enum": ["cat"]}));
        becomes(
            json!({"type": "integer", "const": 3}),
            json!({"type": "integer", "enum": [3]}),
        );
    }

    #[test]
    fn exclusive_bounds_become_flags() {
        becomes(
            json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9, "maximum": 5}),
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 5}),
        );
    }

    #[test]
    fn the_first_example_stays() {
        becomes(json!({"examples": ["a", "b"]}), json!({"example": "a"}));
        becomes(json!({"examples": []}), json!({}));
    }

    #[test]
    fn siblings_of_a_reference_stay_beside_it() {
        becomes(
            json!({"$ref": "#/components/schemas/B", "description": "d", "default": 1}),
            json!({"allOf": [{"$ref": "#/components/schemas/B"}], "description": "d", "default": 1}),
        );
        becomes(json!({"$ref": "#/x"}), json!({"$ref": "#/x"}));
    }

    #[test]
    fn content_encodings_become_formats() {
        becomes(
            json!({"type": "string", "contentEncoding": "base64", "contentMediaType": "image/png"}),
            json!({"type": "string", "format": "byte"}),
        );
        becomes(
            json!({"contentMediaType": "application/octet-stream"}),
            json!({"type": "string", "format": "binary"}),
        );
        becomes(
            json!({"type": "string", "contentMediaType": "application/json"}),
            json!({"type": "string"}),
        );
    }

    #[test]
    fn boolean_schemas_become_objects() {
        becomes(
            json!({"properties": {"a": true, "b": false}, "additionalProperties": false}),
            json!({"properties": {"a": {}, "b": {"not": {}}}, "additionalProperties": false}),
        );
        becomes(
            json!({"type": "array"}),
            json!({"type": "array", "items": {}}),
        );
        becomes(
            json!({"type": "object", "unevaluatedProperties": false}),
            json!({"type": "object", "additionalProperties": false}),
        );
    }

    #[test]
    fn tuples_and_patterns_go_as_far_as_they_can() {
        assert_eq!(
            converted(json!({
                "prefixItems": [{"type": "string"}, {"type": "number"}, {"type": "string"}],
                "items": false
            })),
            (
                json!({"type": "array", "maxItems": 3,
                    "items": {"anyOf": [{"type": "string"}, {"type": "number"}]}}),
                vec!["prefixItems".to_owned()]
            )
        );
        assert_eq!(
            converted(json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}})),
            (
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                vec!["patternProperties".to_owned()]
            )
        );
    }

    #[test]
    fn keywords_without_a_counterpart_are_noted() {
        let (schema, notes) = converted(json!({
            "type": "object", "if": {}, "then": {}, "$comment": "c", "$id": "x",
            "dependentRequired": {"a": ["b"]}, "propertyNames": {"pattern": "^a"}
        }));
        assert_eq!(schema, json!({"type": "object"}));
        assert_eq!(notes, ["dependentRequired", "if", "propertyNames", "then"]);
    }

    #[test]
    fn definitions_are_converted_and_still_resolve() {
        let (schema, _) = converted(json!({
            "$defs": {"B": {"type": ["integer", "null"]}},
            "properties": {"b": {"$ref": "#/components/schemas/A/$defs/B"}}
        }));
        assert_eq!(
            schema["$defs"]["B"],
            json!({"type": "integer", "nullable": true})
        );
    }

    #[test]
    fn the_document_becomes_3_0() {
        let mut document = json!({
            "openapi": "3.1.1",
            "jsonSchemaDialect": "https://example.com",
            "info": {"title": "T", "summary": "S", "license": {"name": "MIT", "identifier": "MIT"}},
            "webhooks": {"new": {"post": {"requestBody": {"content": {"application/json": {
                "schema": {"type": ["string", "null"]}
            }}}}}}
        });
        let notes = to_openapi_3_0(&mut document);
        assert_eq!(notes.len(), 1, "{notes:?}");
        let webhook = json!({"requestBody": {"content": {"application/json": {
            "schema": {"type": "string", "nullable": true}
        }}}, "responses": {}});
        assert_eq!(
            document,
            json!({
                "openapi": "3.0.3",
                "info": {"title": "T", "license": {"name": "MIT"}},
                "paths": {},
                "x-webhooks": {"new": {"post": webhook}}
            })
        );
    }
}

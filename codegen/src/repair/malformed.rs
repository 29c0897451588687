//! Schemas that are not schemas of OpenAPI: one of them does not sink the document.

use std::collections::BTreeMap;

use openapi_document::Kind;
use serde_json::{Map, Value, json};

use super::context::Context;
use crate::error::Error;
use crate::pointer;

/// Makes schemas that cannot be read any JSON.
pub(crate) fn malformed_schemas(context: &mut Context) -> Result<usize, Error> {
    let mut places = BTreeMap::new();
    openapi_document::visit_mut::<Error>(&mut context.document, &mut |kind, value, at| {
        let Value::Object(map) = value else {
            return Ok(());
        };
        match kind {
            Kind::Schema if is_well_formed(map) => {}
            Kind::Schema => {
                children(map, at, &mut places);
                if let Some(problem) = problem(map) {
                    places.insert(at.to_owned(), problem);
                }
            }
            Kind::Components => entries(map.get_mut("schemas"), at, "schemas", &mut places),
            Kind::Parameter | Kind::MediaType => one(map, at, "schema", &mut places),
            _ => {}
        }
        Ok(())
    })?;
    let count = places.len();
    if count > 0 {
        context.any_json(places);
    }
    Ok(count)
}

type Places = BTreeMap<String, String>;

/// Returns true for a schema in which everything has its usual form, which is nearly all of them.
fn is_well_formed(map: &Map<String, Value>) -> bool {
    map.iter().all(|(key, value)| match key.as_str() {
        "properties" | "patternProperties" | "$defs" | "definitions" => value
            .as_object()
            .is_some_and(|all| all.values().all(Value::is_object)),
        "allOf" | "anyOf" | "oneOf" => value
            .as_array()
            .is_some_and(|all| all.iter().all(Value::is_object)),
        "items" => value.is_object(),
        "additionalProperties" => value.is_object() || value.is_boolean(),
        "required" => value.is_array(),
        "$ref" => value.is_string(),
        "enum" => value.is_array() && map.contains_key("type"),
        "type" => value.as_str().is_some_and(|kind| TYPES.contains(&kind)),
        _ => true,
    })
}

/// Replaces what is not a schema among those nested in a schema.
fn children(map: &mut Map<String, Value>, at: &str, places: &mut Places) {
    for key in ["properties", "patternProperties", "$defs", "definitions"] {
        if map.get(key).is_some_and(|all| !all.is_object()) {
            map.remove(key);
        }
        entries(map.get_mut(key), at, key, places);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        match map.get_mut(key) {
            Some(Value::Array(all)) => {
                for (index, entry) in all.iter_mut().enumerate() {
                    replace(
                        entry,
                        || pointer::join(at, &[key, &index.to_string()]),
                        places,
                    );
                }
            }
            Some(_) => {
                map.remove(key);
            }
            None => {}
        }
    }
    one(map, at, "items", places);
    if map
        .get("additionalProperties")
        .is_some_and(|values| !values.is_boolean())
    {
        one(map, at, "additionalProperties", places);
    }
    for key in ["required", "enum"] {
        if map.get(key).is_some_and(|list| !list.is_array()) {
            map.remove(key);
        }
    }
}

fn entries(all: Option<&mut Value>, at: &str, key: &str, places: &mut Places) {
    for (name, entry) in all.and_then(Value::as_object_mut).into_iter().flatten() {
        replace(entry, || pointer::join(at, &[key, name]), places);
    }
}

fn one(map: &mut Map<String, Value>, at: &str, key: &str, places: &mut Places) {
    if let Some(entry) = map.get_mut(key) {
        replace(entry, || pointer::join(at, &[key]), places);
    }
}

fn replace(entry: &mut Value, at: impl FnOnce() -> String, places: &mut Places) {
    let problem = match entry {
        Value::Object(_) => return,
        // OpenAPI 3.1 allows anything by it.
        Value::Bool(true) => None,
        Value::Array(_) => Some("a list of schemas stands in the place of one"),
        _ => Some("it is not a schema"),
    };
    *entry = json!({});
    if let Some(problem) = problem {
        places.insert(at(), problem.to_owned());
    }
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Normalises the type of a schema; returns what cannot be read of it.
fn problem(map: &mut Map<String, Value>) -> Option<String> {
    if map.get("$ref").is_some_and(|target| !target.is_string()) {
        return Some("its $ref is not a text".to_owned());
    }
    // A document that calls itself 3.0 may list types as 3.1 does.
    if let Some(Value::Array(kinds)) = map.get("type") {
        let is_null = |kind: &&Value| kind.as_str() == Some("null");
        let (nulls, rest): (Vec<&Value>, Vec<&Value>) = kinds.iter().partition(is_null);
        let nullable = !nulls.is_empty();
        let [only] = rest.as_slice() else {
            return Some("its types cannot be told apart".to_owned());
        };
        let only = (*only).clone();
        map.insert("type".to_owned(), only);
        if nullable {
            map.insert("nullable".to_owned(), Value::Bool(true));
        }
    }
    if map.get("type").and_then(Value::as_str) == Some("null") {
        map.remove("type");
        map.insert("nullable".to_owned(), Value::Bool(true));
        return None;
    }
    match map.get("type") {
        None => {
            let values = map.get("enum").and_then(Value::as_array)?;
            let mut kinds: Vec<_> = values.iter().filter(|it| !it.is_null()).map(kind).collect();
            kinds.dedup();
            (kinds.len() > 1).then(|| "its enum lists values of several types".to_owned())
        }
        Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => None,
        Some(kind) => Some(format!("its type {kind} is unknown")),
    }
}

/// The kind of a value: values of one kind have one type in Rust.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

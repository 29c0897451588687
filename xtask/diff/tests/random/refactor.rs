//! Other ways to write the same.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Applies one refactoring; returns its name, none when it finds nothing to do.
pub(crate) fn any(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    match rng.usize(0..8) {
        0 => alias(rng, document),
        1 => inline(rng, document),
        2 => hoist(rng, document),
        3 => wrap(rng, document),
        4 => split(rng, document),
        5 => hoist_parameters(rng, document),
        6 => extract_base(rng, document),
        _ => {
            reverse(document, "");
            Some("reorder")
        }
    }
}

/// JSON pointers of every schema below the components and bodies.
pub(crate) fn schemas(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    openapi_document::visit(document, &mut |kind, _, pointer| {
        if kind == openapi_document::Kind::Schema {
            found.push(pointer.to_owned());
        }
    });
    found
}

fn choose(rng: &mut Rng, document: &Value, fits: impl Fn(&Value, &str) -> bool) -> Option<String> {
    let all = schemas(document).into_iter();
    let all: Vec<String> = all
        .filter(|pointer| {
            document
                .pointer(pointer)
                .is_some_and(|schema| fits(schema, pointer))
        })
        .collect();
    let index = rng.usize(0..all.len().max(1));
    all.get(index).cloned()
}

fn is_reference(schema: &Value) -> bool {
    schema.get("$ref").is_some()
}

fn is_component(pointer: &str) -> bool {
    pointer.starts_with("/components/schemas/") && pointer.matches('/').count() == 3
}

fn add(rng: &mut Rng, document: &mut Value, stem: &str, schema: Value) -> Value {
    let name = format!("{stem}{}", rng.u32(..));
    document["components"]["schemas"][&name] = schema;
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn alias(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |schema, _| is_reference(schema))?;
    let schema = document.pointer(&pointer)?.clone();
    let reference = add(rng, document, "Alias", schema);
    *document.pointer_mut(&pointer)? = reference;
    Some("alias")
}

fn inline(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |schema, _| is_reference(schema))?;
    let text = document.pointer(&pointer)?["$ref"].as_str()?.to_owned();
    let target = openapi_document::resolve(document, &text).ok()?.clone();
    *document.pointer_mut(&pointer)? = target;
    Some("inline")
}

fn hoist(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |schema, pointer| {
        !is_reference(schema) && !is_component(pointer)
    })?;
    let schema = document.pointer(&pointer)?.clone();
    let reference = add(rng, document, "Hoisted", schema);
    *document.pointer_mut(&pointer)? = reference;
    Some("hoist")
}

fn wrap(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |_, _| true)?;
    let schema = document.pointer_mut(&pointer)?;
    *schema = json!({"allOf": [schema.take()]});
    Some("one-entry allOf")
}

/// Splits the properties of an object into two maps.
fn halves(rng: &mut Rng, schema: &Value) -> Option<[Value; 2]> {
    let properties = schema.get("properties")?.as_object()?;
    let mut parts = [Map::new(), Map::new()];
    for (name, property) in properties {
        parts[usize::from(rng.bool())].insert(name.clone(), property.clone());
    }
    let required = schema.get("required").cloned();
    let [first, second] = parts;
    let mut parts = [
        json!({"type": "object", "properties": first}),
        json!({"type": "object", "properties": second}),
    ];
    if let Some(required) = required {
        parts[usize::from(rng.bool())]["required"] = required;
    }
    Some(parts)
}

fn is_plain_object(schema: &Value) -> bool {
    let keys = schema.as_object();
    keys.is_some_and(|map| {
        map.contains_key("properties")
            && map
                .keys()
                .all(|key| matches!(key.as_str(), "type" | "properties" | "required"))
    })
}

fn split(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |schema, _| is_plain_object(schema))?;
    let [first, second] = halves(rng, document.pointer(&pointer)?)?;
    *document.pointer_mut(&pointer)? = json!({"allOf": [first, second]});
    Some("split into allOf")
}

fn extract_base(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let pointer = choose(rng, document, |schema, _| is_plain_object(schema))?;
    let [first, second] = halves(rng, document.pointer(&pointer)?)?;
    let base = add(rng, document, "Base", first);
    *document.pointer_mut(&pointer)? = json!({"allOf": [base, second]});
    Some("extract a base")
}

fn hoist_parameters(rng: &mut Rng, document: &mut Value) -> Option<&'static str> {
    let paths = document["paths"].as_object_mut()?;
    let index = rng.usize(0..paths.len());
    let item = paths.values_mut().nth(index)?;
    let parameters = item["post"].as_object_mut()?.remove("parameters")?;
    item["parameters"] = parameters;
    Some("path-level parameters")
}

/// Reverses lists whose order means nothing.
fn reverse(value: &mut Value, key: &str) {
    const SETS: [&str; 6] = ["required", "enum", "parameters", "allOf", "oneOf", "anyOf"];
    match value {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| reverse(value, key)),
        Value::Array(entries) => {
            entries.iter_mut().for_each(|entry| reverse(entry, ""));
            if SETS.contains(&key) {
                entries.reverse();
            }
        }
        _ => {}
    }
}

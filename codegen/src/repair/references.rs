//! Shared parts and references.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Context;
use crate::error::Error;
use crate::pointer;

/// Copies shared parameters, bodies and responses, and path-level parameters, into operations,
/// so that everything later looks at one place.
pub(crate) fn inline_shared_parts(context: &mut Context) -> Result<usize, Error> {
    let shared = context.document.get("components").cloned();
    let whole = serde_json::json!({ "components": shared });
    let mut count = 0;
    let Some(Value::Object(paths)) = context.document.get_mut("paths") else {
        return Ok(0);
    };
    for (path, item) in paths {
        let Value::Object(item) = item else { continue };
        let common = match item.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        for method in pointer::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let at = pointer::join("/paths", &[path, method]);
            count += inline_operation(operation, &common, &whole, &at)?;
        }
    }
    if let Some(Value::Object(components)) = context.document.get_mut("components") {
        for section in [
            "parameters",
            "requestBodies",
            "responses",
            "headers",
            "examples",
        ] {
            components.remove(section);
        }
    }
    Ok(count)
}

fn inline_operation(
    operation: &mut Map<String, Value>,
    common: &[Value],
    whole: &Value,
    at: &str,
) -> Result<usize, Error> {
    let mut count = 0;
    let mut parameters: Vec<Value> = Vec::new();
    let own = match operation.remove("parameters") {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    for parameter in common.iter().cloned().chain(own) {
        let resolved = resolve(parameter, whole, at, &mut count)?;
        let key = |p: &Value| (p.get("in").cloned(), p.get("name").cloned());
        // An operation's own parameter replaces the path's of the same name and place.
        parameters.retain(|known| key(known) != key(&resolved));
        parameters.push(resolved);
    }
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    if let Some(body) = operation.remove("requestBody") {
        operation.insert(
            "requestBody".to_owned(),
            resolve(body, whole, at, &mut count)?,
        );
    }
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        for response in responses.values_mut() {
            let taken = std::mem::take(response);
            *response = resolve(taken, whole, at, &mut count)?;
        }
    }
    Ok(count)
}

fn resolve(mut part: Value, whole: &Value, at: &str, count: &mut usize) -> Result<Value, Error> {
    // References to references are legal; a chain longer than this is a loop.
    for _ in 0..32 {
        let Some(target) = part.get("$ref").and_then(Value::as_str) else {
            return Ok(part);
        };
        let found = target.strip_prefix('#').and_then(|p| whole.pointer(p));
        part = found
            .cloned()
            .ok_or_else(|| Error::new(at, format!("$ref {target:?} points to nothing")))?;
        *count += 1;
    }
    Err(Error::new(at, "its $ref leads in a circle"))
}

/// Components that are no type of their own (a string, a list, a map) move to where they are used.
pub(crate) fn inline_aliases(context: &mut Context) -> Result<usize, Error> {
    let mut aliases: BTreeMap<String, Value> = BTreeMap::new();
    if let Some(Value::Object(schemas)) = context.document.pointer("/components/schemas") {
        for (name, schema) in schemas {
            if is_alias(schema) {
                aliases.insert(name.clone(), schema.clone());
            }
        }
    }
    resolve_alias_chains(&mut aliases)?;
    pointer::visit_schemas(&mut context.document, &mut |schema, _| {
        replace_alias(schema, &aliases);
        Ok(())
    })?;
    if let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| !aliases.contains_key(name));
    }
    Ok(aliases.len())
}

fn replace_alias(schema: &mut Value, aliases: &BTreeMap<String, Value>) {
    let Some(target) = pointer::referenced(schema).and_then(|name| aliases.get(name)) else {
        return;
    };
    let own = std::mem::replace(schema, target.clone());
    if let (Value::Object(new), Value::Object(old)) = (schema, own) {
        for (key, value) in old {
            if key != "$ref" {
                new.insert(key, value);
            }
        }
    }
}

fn resolve_alias_chains(aliases: &mut BTreeMap<String, Value>) -> Result<(), Error> {
    for _ in 0..=aliases.len() {
        let known = aliases.clone();
        let mut pending = None;
        for (name, schema) in aliases.iter_mut() {
            pointer::visit(schema, &mut String::new(), &mut |inner, _| {
                if pointer::referenced(inner).is_some_and(|target| known.contains_key(target)) {
                    pending = Some(name.clone());
                }
                replace_alias(inner, &known);
                Ok(())
            })?;
        }
        match pending {
            None => return Ok(()),
            Some(_) => continue,
        }
    }
    let name = aliases.keys().next().cloned().unwrap_or_default();
    Err(Error::new(
        pointer::join("/components/schemas", &[&name]),
        "is defined by itself and never becomes a type",
    )
    .about(name))
}

fn is_alias(schema: &Value) -> bool {
    let Some(map) = schema.as_object() else {
        return true;
    };
    let combined = ["allOf", "anyOf", "oneOf", "enum", "properties"];
    !combined.iter().any(|key| map.contains_key(*key))
}

/// Types that no operation and no event reaches are not generated.
pub(crate) fn drop_unreachable_types(context: &mut Context) -> Result<usize, Error> {
    let mut seen = BTreeSet::new();
    let mut pending = Vec::new();
    for (key, part) in context.document.as_object().into_iter().flatten() {
        if key != "components" {
            collect_references(part, &mut pending);
        }
    }
    while let Some(name) = pending.pop() {
        if seen.contains(&name) {
            continue;
        }
        let at = pointer::join("/components/schemas", &[&name]);
        if let Some(schema) = context.document.pointer(&at) {
            collect_references(schema, &mut pending);
        }
        seen.insert(name);
    }
    let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") else {
        return Ok(0);
    };
    let before = schemas.len();
    schemas.retain(|name, _| seen.contains(name));
    Ok(before - schemas.len())
}

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

//! Names: every type that users see is a component, every component has a Rust name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Context;
use crate::error::Error;
use crate::{naming, pointer};

/// Operation ids that are missing, or that become the same Rust name.
pub(crate) fn operation_ids(context: &mut Context) -> Result<usize, Error> {
    let mut taken = BTreeSet::new();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let given = operation.get("operationId").and_then(Value::as_str);
        let wanted = match given {
            Some(id) if !naming::value_name(id).is_empty() => id.to_owned(),
            // `get /video/calls/{id}` reads GetVideoCallsId.
            _ => at
                .replace("~1", " ")
                .replace(['/', '{', '}'], " ")
                .replace("paths", ""),
        };
        let mut id = wanted.clone();
        let mut number = 2;
        while !taken.insert(naming::value_name(&id)) {
            id = format!("{wanted}{number}");
            number += 1;
        }
        if given != Some(id.as_str()) {
            count += 1;
            let method_name = naming::type_name(&id);
            operation.insert("operationId".to_owned(), Value::String(method_name));
        }
        Ok(())
    })?;
    Ok(count)
}

/// Objects and enums written inside another schema become components of their own.
pub(crate) fn name_nested_types(context: &mut Context) -> Result<usize, Error> {
    let mut taken: BTreeSet<String> = context
        .document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|schemas| {
            schemas
                .keys()
                .map(|name| naming::type_name(name).to_lowercase())
        })
        .collect();
    let mut lifted: Vec<(String, Value)> = Vec::new();
    if let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            lift_inside(schema, name, &mut taken, &mut lifted);
        }
    }
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let id = super::operation_name(operation, "", "");
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let word = parameter.get("name").and_then(Value::as_str).unwrap_or("");
            let name = format!("{id} {word}");
            if let Some(schema) = parameter.get_mut("schema") {
                lift(schema, &name, &mut taken, &mut lifted);
            }
        }
        let content = operation
            .get_mut("responses")
            .and_then(|responses| responses.get_mut("2XX"))
            .and_then(|response| response.get_mut("content"))
            .and_then(Value::as_object_mut);
        for entry in content.into_iter().flat_map(|content| content.values_mut()) {
            if let Some(schema) = entry.get_mut("schema") {
                lift(schema, &format!("{id} Response"), &mut taken, &mut lifted);
            }
        }
        Ok(())
    })?;
    let count = lifted.len();
    add_components(context, lifted)?;
    Ok(count)
}

/// Lifts what is nested in a schema, not the schema itself.
fn lift_inside(
    schema: &mut Value,
    name: &str,
    taken: &mut BTreeSet<String>,
    lifted: &mut Vec<(String, Value)>,
) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (word, property) in properties {
            lift(property, &format!("{name} {word}"), taken, lifted);
        }
    }
    if let Some(items) = map.get_mut("items") {
        lift(items, &format!("{name} item"), taken, lifted);
    }
    if let Some(values) = map.get_mut("additionalProperties") {
        lift(values, &format!("{name} value"), taken, lifted);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(Value::Array(entries)) = map.get_mut(key) {
            for (index, entry) in entries.iter_mut().enumerate() {
                lift(entry, &format!("{name} variant {index}"), taken, lifted);
            }
        }
    }
}

fn lift(
    schema: &mut Value,
    name: &str,
    taken: &mut BTreeSet<String>,
    lifted: &mut Vec<(String, Value)>,
) {
    let is_list = schema.get("items").is_some();
    // The items of `regions` are a `…Regions`, not a `…RegionsItem`.
    if is_list {
        if let Some(items) = schema.get_mut("items") {
            lift(items, name, taken, lifted);
        }
        return;
    }
    lift_inside(schema, name, taken, lifted);
    let is_type = schema.get("properties").is_some() || schema.get("enum").is_some();
    if !is_type {
        return;
    }
    let name = naming::unique(naming::type_name(name), taken);
    let mut outer = pointer::reference_to(&name);
    if let (Some(outer), Some(inner)) = (outer.as_object_mut(), schema.as_object_mut()) {
        for key in ["nullable", "default"] {
            if let Some(value) = inner.remove(key) {
                outer.insert(key.to_owned(), value);
            }
        }
        if let Some(description) = inner.get("description") {
            outer.insert("description".to_owned(), description.clone());
        }
    }
    lifted.push((name, std::mem::replace(schema, outer)));
}

/// Adds schemas to `components`.
pub(crate) fn add_components(
    context: &mut Context,
    schemas: Vec<(String, Value)>,
) -> Result<(), Error> {
    let Some(root) = context.document.as_object_mut() else {
        return Err(Error::new("", "is not an object"));
    };
    let components = root
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Error::new("/components", "is not an object"))?
        .entry("schemas")
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
        .ok_or_else(|| Error::new("/components/schemas", "is not an object"))?;
    components.extend(schemas);
    Ok(())
}

/// Gives every component its Rust name, so that names are decided here and nowhere else.
pub(crate) fn rust_type_names(context: &mut Context) -> Result<usize, Error> {
    let mut renamed: BTreeMap<String, String> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    if let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") {
        let old = std::mem::take(schemas);
        let mut entries: Vec<(String, Value)> = old.into_iter().collect();
        // Names that are already right keep theirs; the others make room.
        entries.sort_by_key(|(name, _)| (naming::type_name(name) != *name, name.clone()));
        for (name, schema) in entries {
            let rust = naming::unique(naming::type_name(&name), &mut taken);
            if let Value::Object(mut map) = schema {
                map.insert("x-wire-name".to_owned(), Value::String(name.clone()));
                map.remove("title");
                schemas.insert(rust.clone(), Value::Object(map));
            }
            renamed.insert(name, rust);
        }
    }
    rewrite_references(&mut context.document, &renamed);
    Ok(renamed.iter().filter(|(old, new)| old != new).count())
}

fn rewrite_references(node: &mut Value, renamed: &BTreeMap<String, String>) {
    let new = pointer::referenced(node).and_then(|name| renamed.get(name).cloned());
    match node {
        Value::Object(map) => {
            if let Some(new) = new {
                map.insert(
                    "$ref".to_owned(),
                    Value::String(format!("#/components/schemas/{new}")),
                );
            }
            map.values_mut()
                .for_each(|value| rewrite_references(value, renamed));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| rewrite_references(item, renamed)),
        _ => {}
    }
}

//! `oneOf` and `anyOf`.
//!
//! A union whose discriminator tells its choices apart becomes a type of its own, noted as
//! `x-union: {property, tags, variants}`. Everything else has no Rust counterpart and stays JSON.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::resolved;
use serde_json::{Map, Value, json};

use super::Context;
use super::values::count_schemas;
use crate::error::Error;
use crate::pointer;

/// Unions with a discriminator.
pub(crate) fn tagged_unions(context: &mut Context) -> Result<usize, Error> {
    if !pointer::mentions(&context.document, &["anyOf", "oneOf"]) {
        return Ok(0);
    }
    let whole = context.document.clone();
    count_schemas(context, |map| {
        let union = tagged(map, &whole);
        let Some(union) = union else { return false };
        map.retain(|key, _| {
            matches!(
                key.as_str(),
                "description" | "nullable" | "default" | "deprecated" | "title"
            )
        });
        map.insert(pointer::UNION.to_owned(), union);
        true
    })
}

fn tagged(map: &Map<String, Value>, document: &Value) -> Option<Value> {
    let discriminator = map.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    // Fields of its own would be lost in an enum.
    if map.contains_key("properties") {
        return None;
    }
    let entries = map.get("oneOf").or_else(|| map.get("anyOf"))?.as_array()?;
    let mapping: Vec<(&String, &str)> = discriminator
        .get("mapping")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(tag, target)| {
            let target = target.as_str()?;
            Some((tag, pointer::schema_name(target).unwrap_or(target)))
        })
        .collect();
    // A text among the choices could not be read any more.
    if !entries
        .iter()
        .all(|entry| is_object(resolved(document, entry)))
    {
        return None;
    }
    let mut tags = BTreeSet::new();
    let mut choices: Vec<(String, Value)> = Vec::new();
    let mut add = |tag: &str, choice: &Value| {
        let has_fields = resolved(document, choice).get("properties").is_some();
        if has_fields && tags.insert(tag.to_owned()) {
            choices.push((tag.to_owned(), choice.clone()));
        }
    };
    for (tag, name) in &mapping {
        add(tag, &pointer::reference_to(name));
    }
    for entry in entries {
        let name = pointer::referenced(entry);
        if name.is_some_and(|name| mapping.iter().any(|(_, mapped)| *mapped == name)) {
            continue;
        }
        // Without a mapping the tag is what the choice itself says, or the name of its schema.
        if let Some(tag) = own_tag(resolved(document, entry), property).or(name) {
            add(tag, entry);
        }
    }
    let (tags, variants): (Vec<String>, Vec<Value>) = choices.into_iter().unzip();
    (!tags.is_empty()).then(|| json!({"property": property, "tags": tags, "variants": variants}))
}

fn is_object(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    kind.is_none_or(|kind| kind == "object") && schema.get("enum").is_none()
}

/// The only value that a schema allows for the property.
fn own_tag<'a>(schema: &'a Value, property: &str) -> Option<&'a str> {
    let values = schema.get("properties")?.get(property)?.get("enum")?;
    match values.as_array()?.as_slice() {
        [Value::String(only)] => Some(only),
        _ => None,
    }
}

/// A union of things that cannot be told apart is any JSON; one with a single choice is that
/// choice; beside fields, a union adds its fields as optional ones.
pub(crate) fn free_form_unions(context: &mut Context) -> Result<usize, Error> {
    if !pointer::mentions(&context.document, &["anyOf", "oneOf", "not"]) {
        return Ok(0);
    }
    let whole = context.document.clone();
    let mut count = 0;
    let mut free_form = BTreeMap::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        let Value::Object(map) = schema else {
            return Ok(());
        };
        let mut changed = map.remove("not").is_some();
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(entries)) = map.remove(key) {
                if !loosen(map, entries, &whole) {
                    let reason = format!("the alternatives of its {key} cannot be told apart");
                    free_form.insert(at.to_owned(), reason);
                }
                changed = true;
            }
        }
        count += usize::from(changed);
        Ok(())
    })?;
    if !free_form.is_empty() {
        context.any_json(free_form);
    }
    Ok(count)
}

/// Returns false if the schema has no type of its own without the alternatives.
fn loosen(map: &mut Map<String, Value>, entries: Vec<Value>, document: &Value) -> bool {
    let (nothing, choices): (Vec<Value>, Vec<Value>) = entries.into_iter().partition(is_null);
    if !nothing.is_empty() {
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
    // Choices that only say which fields must be there change no type.
    if choices.iter().all(|choice| !says_a_type(choice)) {
        return true;
    }
    if let Some(Value::Object(own)) = map.get_mut("properties") {
        for choice in &choices {
            let fields = resolved(document, choice).get("properties");
            for (name, field) in fields.and_then(Value::as_object).into_iter().flatten() {
                own.entry(name.clone()).or_insert_with(|| field.clone());
            }
        }
    } else if let [Value::Object(only)] = choices.as_slice() {
        for (key, value) in only {
            map.insert(key.clone(), value.clone());
        }
    } else {
        return false;
    }
    true
}

/// `{nullable: true}` and nothing else, or a list of `null`.
fn is_null(schema: &Value) -> bool {
    let only_null = |values: &Vec<Value>| values.iter().all(Value::is_null);
    let listed = schema.get("enum").and_then(Value::as_array);
    listed.is_some_and(only_null) || (schema.get("nullable").is_some() && !says_a_type(schema))
}

fn says_a_type(schema: &Value) -> bool {
    [
        "$ref",
        "type",
        "properties",
        "items",
        "enum",
        "allOf",
        "oneOf",
        "anyOf",
        pointer::UNION,
    ]
    .iter()
    .any(|key| schema.get(key).is_some())
}

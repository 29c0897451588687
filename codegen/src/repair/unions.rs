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
    // Fields of its own would be lost in an enum.
    if map.contains_key("properties") {
        return None;
    }
    let entries = map.get("oneOf").or_else(|| map.get("anyOf"))?.as_array()?;
    // A text among the choices could not be read any more.
    if !entries
        .iter()
        .all(|entry| is_object(resolved(document, entry)))
    {
        return None;
    }
    let discriminator = map.get("discriminator");
    let named = discriminator.and_then(|d| d.get("propertyName")?.as_str());
    let property = match named {
        Some(property) => property,
        None => implicit_tag(entries, document)?,
    };
    let mapping: Vec<(&String, &str)> = discriminator
        .and_then(|d| d.get("mapping")?.as_object())
        .into_iter()
        .flatten()
        .filter_map(|(tag, target)| {
            let target = target.as_str()?;
            Some((tag, pointer::schema_name(target).unwrap_or(target)))
        })
        .collect();
    let mut seen = BTreeSet::new();
    let mut choices: Vec<(Value, Value)> = Vec::new();
    let mut add = |tag: Value, choice: &Value| {
        let schema = resolved(document, choice);
        let tag = typed(tag, schema, property);
        if schema.get("properties").is_some() && seen.insert(tag.to_string()) {
            choices.push((tag, choice.clone()));
        }
    };
    for (tag, name) in &mapping {
        add(Value::from(tag.as_str()), &pointer::reference_to(name));
    }
    for entry in entries {
        let name = pointer::referenced(entry);
        if name.is_some_and(|name| mapping.iter().any(|(_, mapped)| *mapped == name)) {
            continue;
        }
        // Without a mapping the tag is what the choice itself says, or the name of its schema.
        let own = own_tag(resolved(document, entry), property).cloned();
        if let Some(tag) = own.or_else(|| name.map(Value::from)) {
            add(tag, entry);
        }
    }
    let (tags, variants): (Vec<Value>, Vec<Value>) = choices.into_iter().unzip();
    (!tags.is_empty()).then(|| json!({"property": property, "tags": tags, "variants": variants}))
}

/// A tag as the property writes it: a mapping spells integers and booleans as text.
fn typed(tag: Value, schema: &Value, property: &str) -> Value {
    let kind = schema
        .get("properties")
        .and_then(|all| all.get(property)?.get("type")?.as_str());
    let text = tag.as_str().unwrap_or_default();
    match kind {
        Some("integer") => text.parse::<i64>().map_or(tag, Value::from),
        Some("boolean") => text.parse::<bool>().map_or(tag, Value::from),
        _ => tag,
    }
}

/// The property by which all choices differ: each requires it and allows one value of its own.
fn implicit_tag<'a>(entries: &'a [Value], document: &'a Value) -> Option<&'a str> {
    let schemas: Vec<&Value> = entries.iter().map(|e| resolved(document, e)).collect();
    let (first, _) = schemas.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let properties = first.get("properties")?.as_object()?;
    let tells_apart = |property: &&String| {
        let mut seen = BTreeSet::new();
        schemas.iter().all(|schema| {
            let required = schema.get("required").and_then(Value::as_array);
            let mut required = required.into_iter().flatten();
            required.any(|name| name.as_str() == Some(property))
                && own_tag(schema, property).is_some_and(|tag| seen.insert(tag.to_string()))
        })
    };
    properties.keys().find(tells_apart).map(String::as_str)
}

fn is_object(schema: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    kind.is_none_or(|kind| kind == "object") && schema.get("enum").is_none()
}

/// The only value that a schema allows for the property.
fn own_tag<'a>(schema: &'a Value, property: &str) -> Option<&'a Value> {
    let property = schema.get("properties")?.get(property)?;
    // Integers and booleans lost their list of values in an earlier repair.
    if let Some(only) = property.get(super::values::ONLY) {
        return Some(only);
    }
    match property.get("enum")?.as_array()?.as_slice() {
        [only @ Value::String(_)] => Some(only),
        _ => None,
    }
}

/// `oneOf` lists of texts, each with its own description, are one list.
pub(crate) fn listed_values(context: &mut Context) -> Result<usize, Error> {
    if !pointer::mentions(&context.document, &["anyOf", "oneOf"]) {
        return Ok(0);
    }
    let whole = context.document.clone();
    count_schemas(context, |map| {
        for key in ["oneOf", "anyOf"] {
            let Some(Value::Array(entries)) = map.get(key) else {
                continue;
            };
            let mut values = Vec::new();
            let mut meanings = Map::new();
            for entry in entries {
                let entry = resolved(&whole, entry);
                let listed = entry.get("enum").and_then(Value::as_array);
                let texts = listed.filter(|all| all.iter().all(Value::is_string));
                let Some(texts) = texts.filter(|_| !entry.is_null()) else {
                    values.clear();
                    break;
                };
                for text in texts.iter().filter_map(Value::as_str) {
                    if let Some(meaning) = entry.get("description") {
                        meanings.insert(text.to_owned(), meaning.clone());
                    }
                    values.push(Value::from(text));
                }
            }
            if !values.is_empty() {
                map.remove(key);
                map.insert("type".to_owned(), Value::from("string"));
                map.insert("enum".to_owned(), Value::Array(values));
                if !meanings.is_empty() {
                    map.insert("x-enum-descriptions".to_owned(), Value::Object(meanings));
                }
                return true;
            }
        }
        false
    })
}

/// A component with a discriminator that others extend by `allOf` is a union of those: its own
/// fields move to a component that they extend instead.
pub(crate) fn inherited_unions(context: &mut Context) -> Result<usize, Error> {
    let mut bases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some(schemas) = context
        .document
        .pointer(pointer::SCHEMAS)
        .and_then(Value::as_object)
    else {
        return Ok(0);
    };
    for (name, schema) in schemas {
        for base in parents(schema) {
            let target = schemas.get(base);
            let is_base = target.is_some_and(|base| {
                base.get("discriminator").is_some() && base.get("properties").is_some()
            });
            if is_base {
                bases.entry(base.to_owned()).or_default().push(name.clone());
            }
        }
    }
    let mut taken: BTreeSet<String> = schemas.keys().cloned().collect();
    let count = bases.len();
    for (base, children) in bases {
        let mut fields = format!("{base}Base");
        while !taken.insert(fields.clone()) {
            fields.push_str("Fields");
        }
        let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) else {
            break;
        };
        let Some(Value::Object(mut own)) = schemas.remove(&base) else {
            continue;
        };
        let mut union = Map::new();
        for key in ["description", "nullable", "deprecated"] {
            if let Some(value) = own.get(key) {
                union.insert(key.to_owned(), value.clone());
            }
        }
        let mut discriminator = own.remove("discriminator").unwrap_or_default();
        // What is mapped to the base itself has its fields and no others.
        let mapping = discriminator
            .get_mut("mapping")
            .and_then(Value::as_object_mut);
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            let named = target
                .as_str()
                .map(|t| pointer::schema_name(t).unwrap_or(t));
            if named == Some(base.as_str()) {
                *target = Value::from(format!("#{}/{fields}", pointer::SCHEMAS));
            }
        }
        union.insert("discriminator".to_owned(), discriminator);
        let listed = own.remove("oneOf").or_else(|| own.remove("anyOf"));
        let choices = listed.unwrap_or_else(|| {
            children
                .iter()
                .map(|child| pointer::reference_to(child))
                .collect()
        });
        union.insert("oneOf".to_owned(), choices);
        for child in &children {
            let entries = schemas
                .get_mut(child)
                .and_then(|c| c.get_mut("allOf")?.as_array_mut());
            for entry in entries.into_iter().flatten() {
                if pointer::referenced(entry) == Some(base.as_str()) {
                    *entry = pointer::reference_to(&fields);
                }
            }
        }
        schemas.insert(base, Value::Object(union));
        schemas.insert(fields, Value::Object(own));
    }
    Ok(count)
}

/// Components that a schema extends.
fn parents(schema: &Value) -> impl Iterator<Item = &str> {
    let entries = schema.get("allOf").and_then(Value::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(pointer::referenced)
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

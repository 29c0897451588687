//! Components that extend a base with a discriminator.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::context::Context;
use crate::error::Error;
use crate::pointer;

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
    for name in schemas.keys() {
        for base in ancestors(name, schemas) {
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

/// Components that a component extends, directly or through others.
fn ancestors<'a>(name: &'a str, schemas: &'a Map<String, Value>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending = vec![name];
    while let Some(next) = pending.pop() {
        let schema = schemas.get(next);
        let entries = schema.and_then(|schema| schema.get("allOf")?.as_array());
        let parents = entries
            .into_iter()
            .flatten()
            .filter_map(pointer::referenced);
        for parent in parents.filter(|parent| *parent != name) {
            if found.insert(parent) {
                pending.push(parent);
            }
        }
    }
    found
}

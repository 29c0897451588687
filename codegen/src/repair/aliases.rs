//! Components without a Rust type of their own: strings, lists and maps.

use std::collections::BTreeMap;

use openapi_document::{for_each_schema_mut, replace_reference};
use serde_json::{Value, json};

use super::context::Context;
use crate::error::Error;
use crate::pointer;

/// Moves aliases to where they are used; one that contains itself is free-form at that point.
pub(crate) fn inline_aliases(context: &mut Context) -> Result<usize, Error> {
    let mut aliases = BTreeMap::new();
    if let Some(Value::Object(schemas)) = context.document.pointer(pointer::SCHEMAS) {
        for (name, schema) in schemas.iter().filter(|(_, schema)| is_alias(schema)) {
            aliases.insert(name.clone(), schema.clone());
        }
    }
    let mut done = BTreeMap::new();
    let mut circular = Vec::new();
    for name in aliases.keys() {
        expand(name, &aliases, &mut done, &mut Vec::new(), &mut circular)?;
    }
    let reason = "is any JSON where it contains itself, since it has no fields to be a type by";
    let details = circular.into_iter().map(|at| (at, reason.to_owned()));
    context.leave_out_details(details.collect());
    if done.is_empty() {
        return Ok(0);
    }
    for_each_schema_mut(&mut context.document, &mut |schema| {
        if let Some(target) = pointer::referenced(schema).and_then(|name| done.get(name)) {
            replace_reference(schema, target);
        }
    });
    if let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) {
        schemas.retain(|name, _| !aliases.contains_key(name));
    }
    Ok(aliases.len())
}

/// Returns true for a schema that needs no Rust type of its own.
pub(crate) fn is_alias(schema: &Value) -> bool {
    let is_type = |key| schema.get(key).is_some();
    ![
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "properties",
        pointer::UNION,
    ]
    .into_iter()
    .any(is_type)
}

fn expand(
    name: &str,
    aliases: &BTreeMap<String, Value>,
    done: &mut BTreeMap<String, Value>,
    stack: &mut Vec<String>,
    circular: &mut Vec<String>,
) -> Result<(), Error> {
    if done.contains_key(name) {
        return Ok(());
    }
    let mut schema = aliases.get(name).cloned().unwrap_or_default();
    let root = pointer::join(pointer::SCHEMAS, &[name]);
    stack.push(name.to_owned());
    pointer::visit(&mut schema, &root, &mut |inner, at| {
        let Some(target) = pointer::referenced(inner).filter(|name| aliases.contains_key(*name))
        else {
            return Ok(());
        };
        let target = target.to_owned();
        if !stack.contains(&target) {
            expand(&target, aliases, done, stack, circular)?;
            if let Some(found) = done.get(&target) {
                replace_reference(inner, found);
            }
        } else {
            circular.push(at.to_owned());
            *inner = json!({});
        }
        Ok(())
    })?;
    stack.pop();
    done.insert(name.to_owned(), schema);
    Ok(())
}

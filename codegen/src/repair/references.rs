//! References: to shared parts, into the middle of things, and to what is reached at all.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Context;
use crate::error::Error;
use crate::pointer;
use crate::schema::collect_references;

/// More hops or passes than any sensible document needs; a longer chain is a loop.
const LIMIT: usize = 32;

/// A schema that refers into the middle of another, or of a response, gets a copy of that place.
pub(crate) fn inline_inner_references(context: &mut Context) -> Result<usize, Error> {
    let schemas = context.document.pointer(pointer::SCHEMAS);
    let schemas = schemas.and_then(Value::as_object).into_iter();
    let components: BTreeSet<String> = schemas.flat_map(Map::keys).cloned().collect();
    let is_component =
        |target: &str| pointer::schema_name(target).is_some_and(|name| components.contains(name));
    let mut found = false;
    pointer::visit_schemas(&mut context.document, &mut |schema, _| {
        let target = schema.get("$ref").and_then(Value::as_str);
        found |= target.is_some_and(|target| !is_component(target));
        Ok(())
    })?;
    if !found {
        return Ok(0);
    }
    let whole = context.document.clone();
    let mut count = 0;
    for _ in 0..LIMIT {
        let before = count;
        let mut last = String::new();
        pointer::visit_schemas(&mut context.document, &mut |schema, at| {
            let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
                return Ok(());
            };
            if is_component(target) {
                return Ok(());
            }
            let found = target.strip_prefix('#').and_then(|p| whole.pointer(p));
            let found = found.ok_or_else(|| Error::new(at, format!("{target} does not exist")))?;
            replace_reference(schema, found);
            at.clone_into(&mut last);
            count += 1;
            Ok(())
        })?;
        if count == before {
            return Ok(count);
        }
        if count > before + 100_000 {
            break;
        }
    }
    Err(Error::new(
        "/components",
        "a reference into the middle of a schema leads into itself",
    ))
}

/// Puts `target` in the place of a reference; what stands beside the reference stays.
pub(crate) fn replace_reference(schema: &mut Value, target: &Value) {
    let own = std::mem::replace(schema, target.clone());
    if let (Value::Object(new), Value::Object(old)) = (schema, own) {
        for (key, value) in old {
            if key != "$ref" {
                new.insert(key, value);
            }
        }
    }
}

/// Copies shared parameters, bodies and responses, and path-level parameters, into operations,
/// so that everything later looks at one place.
pub(crate) fn inline_shared_parts(context: &mut Context) -> Result<usize, Error> {
    let whole = &context.document;
    let mut count = 0;
    let Some(Value::Object(paths)) = whole.get("paths") else {
        return Ok(0);
    };
    let mut paths = paths.clone();
    for (path, item) in &mut paths {
        let at = pointer::join("/paths", &[path]);
        *item = resolve(std::mem::take(item), whole, &at, &mut count)?;
        let Value::Object(item) = item else { continue };
        let common = match item.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        for method in pointer::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let at = pointer::join(&at, &[method]);
            count += inline_operation(operation, &common, whole, &at)?;
        }
    }
    if let Some(place) = context.document.get_mut("paths") {
        *place = Value::Object(paths);
    }
    if let Some(Value::Object(components)) = context.document.get_mut("components") {
        components.retain(|section, _| section == "schemas");
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
        let body = resolve(body, whole, at, &mut count)?;
        operation.insert("requestBody".to_owned(), body);
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
    for _ in 0..LIMIT {
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

/// What a schema is once its references are followed, as far as they lead somewhere.
pub(crate) fn followed<'a>(mut schema: &'a Value, document: &'a Value) -> &'a Value {
    for _ in 0..LIMIT {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            break;
        };
        match target.strip_prefix('#').and_then(|p| document.pointer(p)) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
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
        let at = pointer::join(pointer::SCHEMAS, &[&name]);
        if let Some(schema) = context.document.pointer(&at) {
            collect_references(schema, &mut pending);
        }
        seen.insert(name);
    }
    let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) else {
        return Ok(0);
    };
    let before = schemas.len();
    schemas.retain(|name, _| seen.contains(name));
    Ok(before - schemas.len())
}

//! Request bodies.

use std::collections::BTreeSet;

use openapi_document::resolved;
use serde_json::{Map, Value};

use super::{Context, aliases};
use crate::error::Error;
use crate::schema::collect_references;
use crate::{naming, pointer};

/// Returns true for JSON media types. A range that includes it, such as `*/*`, is read as JSON.
pub(crate) fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or(media).trim();
    matches!(essence, "application/json" | "application/*" | "*/*") || essence.ends_with("+json")
}

/// Operations that only take forms or files are left out.
pub(crate) fn unsupported_bodies(context: &mut Context) -> Result<usize, Error> {
    Ok(context.leave_out_operations(|operation| {
        let content = operation.get("requestBody")?.get("content")?.as_object()?;
        if content.keys().any(|media| is_json(media)) {
            return None;
        }
        let media: Vec<&str> = content.keys().map(String::as_str).collect();
        Some(format!("takes a body only as {}", media.join(", ")))
    }))
}

/// A body described only as an object is an empty type that may get fields later, not free-form
/// data. A component that is also used elsewhere may be free-form and stays.
pub(crate) fn empty_bodies(context: &mut Context) -> Result<usize, Error> {
    let whole = context.set_apart();
    let mut elsewhere = Vec::new();
    if let Some(schemas) = whole.pointer(pointer::SCHEMAS) {
        collect_references(schemas, &mut elsewhere);
    }
    let mut names = BTreeSet::new();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        for key in ["parameters", "responses"] {
            if let Some(part) = operation.get(key) {
                collect_references(part, &mut elsewhere);
            }
        }
        let Some(schema) = body_schema(operation) else {
            return Ok(());
        };
        if !says_nothing(resolved(&whole, schema)) {
            return Ok(());
        }
        if let Some(name) = pointer::referenced(schema) {
            names.insert(name.to_owned());
        } else if let Value::Object(map) = schema {
            map.insert("properties".to_owned(), Value::Object(Map::new()));
            count += 1;
        }
        Ok(())
    })?;
    context.put_back(whole);
    for name in names.iter().filter(|name| !elsewhere.contains(name)) {
        let at = pointer::join(pointer::SCHEMAS, &[name]);
        if let Some(Value::Object(map)) = context.document.pointer_mut(&at) {
            map.insert("properties".to_owned(), Value::Object(Map::new()));
            count += 1;
        }
    }
    Ok(count)
}

fn says_nothing(schema: &Value) -> bool {
    let is_object = schema.get("type").and_then(Value::as_str) == Some("object");
    is_object && aliases::is_alias(schema) && schema.get("additionalProperties").is_none()
}

/// A body written in place becomes a component, named by its title or after its operation.
pub(crate) fn name_request_bodies(context: &mut Context) -> Result<usize, Error> {
    let mut named = Vec::new();
    let mut taken: BTreeSet<String> = context
        .document
        .pointer(pointer::SCHEMAS)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|schemas| schemas.keys().map(|name| name.to_lowercase()))
        .collect();
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let id = super::operation_name(operation, "", "");
        let Some(schema) = body_schema(operation) else {
            return Ok(());
        };
        // A list, a map or free-form JSON stays what it is, as does a reference.
        if aliases::is_alias(schema) {
            return Ok(());
        }
        let title = schema.get("title").and_then(Value::as_str);
        let wanted = match title {
            Some(title) => naming::type_name(title),
            None => format!("{}Request", naming::type_name(&id)),
        };
        let name = naming::unique(wanted, &mut taken);
        let replaced = std::mem::replace(schema, pointer::reference_to(&name));
        named.push((name, replaced));
        Ok(())
    })?;
    let count = named.len();
    super::components::add(context, named)?;
    Ok(count)
}

/// The JSON body's schema; other media types are dropped.
pub(crate) fn body_schema(operation: &mut Map<String, Value>) -> Option<&mut Value> {
    let content = operation
        .get_mut("requestBody")?
        .get_mut("content")?
        .as_object_mut()?;
    content.retain(|media, _| is_json(media));
    let entry = content.values_mut().next()?.as_object_mut()?;
    Some(
        entry
            .entry("schema")
            .or_insert_with(|| Value::Object(Map::new())),
    )
}

//! Parts that operations share.

use openapi_document::{follow, reference, replace_reference, resolve, resolved};
use serde_json::{Map, Value};

use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::pointer;

/// Copies shared parameters, bodies and responses, and path-level parameters, into operations,
/// so that everything later looks at one place.
pub(crate) fn inline_shared_parts(context: &mut Context) -> Result<usize, Error> {
    let Some(Value::Object(mut paths)) = context.document.get_mut("paths").map(Value::take) else {
        return Ok(0);
    };
    let leads_into_paths = paths.values().any(refers_outside_components)
        || refers_outside_components(&context.document);
    if let (true, Some(place)) = (leads_into_paths, context.document.get_mut("paths")) {
        *place = Value::Object(paths.clone());
    }
    paths.retain(|path, _| !path.starts_with("x-"));
    let mut count = 0;
    let mut removed = Vec::new();
    for (path, item) in &mut paths {
        let whole = &context.document;
        let found = resolved(whole, item);
        if !std::ptr::eq(found, item) {
            let found = found.clone();
            replace_reference(item, &found);
            count += 1;
        }
        let Value::Object(item) = item else { continue };
        if let Some(Value::String(target)) = item.get("$ref") {
            let reason = match resolve(whole, target) {
                Err(error) => error.to_string(),
                Ok(_) => format!("$ref {target:?} leads in a circle"),
            };
            removed.push((pointer::join("/paths", &[path]), path.clone(), reason));
            item.clear();
            continue;
        }
        let common = match item.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        for method in pointer::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            match inline_operation(operation, &common, whole) {
                Ok(inlined) => count += inlined,
                Err(reason) => {
                    let subject = operation_name(operation, method, path);
                    removed.push((pointer::join("/paths", &[path, method]), subject, reason));
                    item.remove(method);
                }
            }
        }
    }
    if let Some(place) = context.document.get_mut("paths") {
        *place = Value::Object(paths);
    }
    if let Some(Value::Object(components)) = context.document.get_mut("components") {
        components.retain(|section, _| section == "schemas");
    }
    for (at, subject, reason) in removed {
        context.leave_out(&at, &subject, Part::Whole, reason);
    }
    Ok(count)
}

/// Returns true if a reference leads anywhere in the document but to a component.
fn refers_outside_components(node: &Value) -> bool {
    match node {
        Value::Object(map) => map.iter().any(|(key, value)| match value {
            Value::String(target) if key == "$ref" => {
                target.starts_with('#') && !target.starts_with("#/components/")
            }
            value => refers_outside_components(value),
        }),
        Value::Array(items) => items.iter().any(refers_outside_components),
        _ => false,
    }
}

fn inline_operation(
    operation: &mut Map<String, Value>,
    common: &[Value],
    whole: &Value,
) -> Result<usize, String> {
    let mut count = 0;
    let mut inlined = |part: Value| -> Result<Value, String> {
        if reference(&part).is_none() {
            return Ok(part);
        }
        count += 1;
        let found = follow(whole, &part).map_err(|error| error.to_string())?;
        Ok(found.clone())
    };
    let mut parameters: Vec<Value> = Vec::new();
    let own = match operation.remove("parameters") {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    for parameter in common.iter().cloned().chain(own) {
        let parameter = inlined(parameter)?;
        let key = |p: &Value| (p.get("in").cloned(), p.get("name").cloned());
        // An operation's own parameter replaces the path's of the same name and place.
        parameters.retain(|known| key(known) != key(&parameter));
        parameters.push(parameter);
    }
    operation.insert("parameters".to_owned(), Value::Array(parameters));
    if let Some(body) = operation.remove("requestBody") {
        operation.insert("requestBody".to_owned(), inlined(body)?);
    }
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        for (status, response) in std::mem::take(responses) {
            match inlined(response) {
                Ok(response) => {
                    responses.insert(status, response);
                }
                Err(reason) if status.starts_with('2') => return Err(reason),
                // The body of an error is read without its schema.
                Err(_) => {}
            }
        }
    }
    Ok(count)
}

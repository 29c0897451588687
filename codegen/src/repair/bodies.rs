//! Request bodies, and the media types that bodies and responses share.

use std::collections::BTreeSet;

use openapi_document::resolved;
use serde_json::{Map, Value, json};

use super::aliases;
use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::format::{Format, essence};
use crate::schema::{collect_references, flag, is_same};
use crate::{naming, pointer};

/// Returns true for JSON media types. A range that includes it, such as `*/*`, is read as JSON.
pub(crate) fn is_json(media: &str) -> bool {
    Format::of(media) == Format::Json
}

/// Makes a body of any media type bytes if its schema is binary; all others are JSON.
pub(crate) fn any_binary(context: &mut Context) -> Result<usize, Error> {
    let whole = context.set_apart();
    let mut count = 0;
    let mut rename = |part: &mut Value| {
        let Some(Value::Object(content)) = part.get_mut("content") else {
            return;
        };
        let is_binary = |entry: &Value| {
            let schema = entry.get("schema").map(|it| resolved(&whole, it));
            let word = |key: &str| schema.and_then(|it| it.get(key)?.as_str());
            word("type") == Some("string") && word("format") == Some("binary")
        };
        for (any, bytes) in [
            ("*/*", "application/octet-stream, */*"),
            ("application/*", "application/octet-stream"),
        ] {
            if content.get(any).is_some_and(is_binary)
                && let Some(entry) = content.remove(any)
            {
                content.insert(bytes.to_owned(), entry);
                count += 1;
            }
        }
    };
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        if let Some(body) = operation.get_mut("requestBody") {
            rename(body);
        }
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        responses
            .into_iter()
            .flat_map(Map::values_mut)
            .for_each(&mut rename);
        Ok(())
    })?;
    context.put_back(whole);
    Ok(count)
}

/// Operations whose body cannot be sent are left out. Of several media types one stays.
pub(crate) fn unsupported_bodies(context: &mut Context) -> Result<usize, Error> {
    let mut count = context.leave_out_operations(|operation| {
        let content = operation.get("requestBody")?.get("content")?.as_object()?;
        if content.is_empty() || chosen(content).is_some() {
            return None;
        }
        let media: Vec<&str> = content.keys().map(String::as_str).collect();
        Some(format!("takes a body only as {}", media.join(", ")))
    });
    let mut alternatives = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = operation_name(operation, "", at);
        let Some(body) = operation.get_mut("requestBody") else {
            return Ok(());
        };
        let required = flag(body, "required");
        let Some(Value::Object(content)) = body.get_mut("content") else {
            return Ok(());
        };
        let Some((media, format)) = chosen(content) else {
            return Ok(());
        };
        let is_raw = matches!(format, Format::Text | Format::Bytes);
        let is_alike = |other: &str| is_raw && raw_format(other) == Some(format);
        let kept = content.get(&media).cloned().unwrap_or_default();
        let mut is_any = media.contains('*');
        for (other, entry) in content.iter().filter(|(other, _)| **other != media) {
            if is_alike(other) {
                is_any = true;
            } else if !(is_json(other) && format == Format::Json && is_same(entry, &kept)) {
                let at = pointer::join(&format!("{at}/requestBody/content"), &[other]);
                let reason = format!("its body as {other} is not generated, only as {media}");
                alternatives.push((at, subject.clone(), reason));
            }
        }
        if is_raw {
            count += 1;
        }
        let entry = if is_raw { json!({}) } else { kept };
        let sent = match media.contains('*') {
            true if format == Format::Text => "text/plain".to_owned(),
            true if format == Format::Bytes => "application/octet-stream".to_owned(),
            _ => media,
        };
        *content = Map::from_iter([(sent, entry)]);
        if is_raw && is_any {
            let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
            if let Value::Array(parameters) = parameters {
                parameters.push(json!({
                    "name": "Content-Type", "in": "header", "required": required,
                    "schema": {"type": "string"},
                    "description": "The media type of the body, such as `image/png`.",
                }));
            }
        }
        Ok(())
    })?;
    for (at, subject, reason) in alternatives {
        context.leave_out(&at, &subject, Part::Media, reason);
    }
    Ok(count)
}

/// The media type that is sent, the best first: JSON, fields with files, fields, text, bytes.
fn chosen(content: &Map<String, Value>) -> Option<(String, Format)> {
    let all = content.keys().filter_map(|media| {
        let format = match Format::of(media) {
            Format::Text | Format::Bytes => raw_format(media)?,
            format => format,
        };
        Some((media.clone(), format))
    });
    all.min_by_key(|(_, format)| match format {
        Format::Json => 0,
        Format::Multipart => 1,
        Format::Form => 2,
        Format::Text => 3,
        Format::Bytes => 4,
    })
}

/// Returns the format of a body of text or bytes, which are sent and read as they are. Parts other
/// than form fields, and events without end, are not.
pub(crate) fn raw_format(media: &str) -> Option<Format> {
    let essence = essence(media);
    let format = Format::of(media);
    let is_raw = matches!(format, Format::Text | Format::Bytes);
    let is_other = essence.starts_with("multipart/") || essence == "text/event-stream";
    (is_raw && !is_other).then_some(format)
}

/// A body described only as an object is an empty type that may get fields later, not free-form
/// data. A component that is also used elsewhere may be free-form and stays.
pub(crate) fn empty_bodies(context: &mut Context) -> Result<usize, Error> {
    let whole = context.set_apart();
    let mut names = BTreeSet::new();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
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
    if names.is_empty() {
        return Ok(count);
    }
    for name in names_in(context) {
        names.remove(&name);
    }
    for name in &names {
        let at = pointer::join(pointer::SCHEMAS, &[name]);
        if let Some(Value::Object(map)) = context.document.pointer_mut(&at) {
            map.insert("properties".to_owned(), Value::Object(Map::new()));
            count += 1;
        }
    }
    Ok(count)
}

/// Components that others, or parameters and responses, refer to.
fn names_in(context: &Context) -> BTreeSet<String> {
    let mut found = Vec::new();
    if let Some(schemas) = context.document.pointer(pointer::SCHEMAS) {
        collect_references(schemas, &mut found);
    }
    for operation in openapi_document::operations(&context.document) {
        let parts = ["parameters", "responses"];
        for part in parts.iter().filter_map(|key| operation.operation.get(*key)) {
            collect_references(part, &mut found);
        }
    }
    found.into_iter().map(str::to_owned).collect()
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
        let id = operation_name(operation, "", "");
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

/// The JSON body's schema.
pub(crate) fn body_schema(operation: &mut Map<String, Value>) -> Option<&mut Value> {
    let content = operation
        .get_mut("requestBody")?
        .get_mut("content")?
        .as_object_mut()?;
    let (_, entry) = content.iter_mut().find(|(media, _)| is_json(media))?;
    Some(
        entry
            .as_object_mut()?
            .entry("schema")
            .or_insert_with(|| Value::Object(Map::new())),
    )
}

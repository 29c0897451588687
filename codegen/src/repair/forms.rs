//! Forms: their fields become parameters that are sent in the body.

use openapi_document::resolved;
use serde_json::{Map, Value, json};

use super::bodies::is_json;
use super::composition::is_note;
use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::extensions::{FILE, FORM};
use crate::format::essence;
use crate::pointer;
use crate::schema::{flag, text};

const MULTIPART: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

/// Turns the fields of a form into parameters (`in: form`), which are arguments and setters.
pub(crate) fn form_fields(context: &mut Context) -> Result<usize, Error> {
    let whole = context.set_apart();
    let mut count = context.leave_out_operations(|operation| {
        let (media, entry) = form(operation)?;
        let schema = resolved(&whole, entry.get("schema")?);
        let has_fields = schema.get("properties").is_some_and(Value::is_object);
        (!has_fields).then(|| format!("takes its body as {media} without listed fields"))
    });
    let mut notes = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let Some((media, entry)) = form(operation) else {
            return Ok(());
        };
        let (media, entry) = (media.to_owned(), entry.clone());
        let required = flag(
            operation.get("requestBody").unwrap_or(&Value::Null),
            "required",
        );
        let empty = json!({});
        let schema = resolved(&whole, entry.get("schema").unwrap_or(&empty));
        let subject = operation_name(operation, "", at);
        let place = pointer::join(&format!("{at}/requestBody/content"), &[&media]);
        let mut note = |reason: String| notes.push((place.clone(), subject.clone(), reason));
        let mut fields = Vec::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if flag(resolved(&whole, property), "readOnly") {
                continue;
            }
            let encoding = entry.get("encoding").and_then(|all| all.get(name));
            let encoding = encoding.unwrap_or(&empty);
            let media_of_field = text(encoding, "contentType");
            if !media_of_field.is_empty() && is_json(&media_of_field) && is_text(property, &whole) {
                note(format!(
                    "the field {name} is text: it is sent as it is set, not as JSON text"
                ));
            }
            if encoding.get("headers").is_some() {
                note(format!(
                    "the field {name} is sent without headers of its own"
                ));
            }
            fields.push(field(
                name,
                property,
                encoding,
                &media,
                required && is_certain(schema, name, &whole),
                &whole,
            ));
        }
        for key in ["allOf", "anyOf", "oneOf", "not"] {
            if schema.get(key).is_some() {
                note(format!(
                    "its {key} is not supported beside the fields of a form"
                ));
            }
        }
        let more = schema.get("additionalProperties");
        if more.is_some_and(|more| *more != Value::Bool(false)) {
            note("fields that are not listed have no setter; `extra` sends them".to_owned());
        }
        count += 1;
        operation.remove("requestBody");
        operation.insert(
            FORM.to_owned(),
            json!({"media": media, "required": required}),
        );
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Value::Array(parameters) = parameters {
            parameters.extend(fields);
        }
        Ok(())
    })?;
    context.put_back(whole);
    for (at, subject, reason) in notes {
        context.leave_out(&at, &subject, Part::Detail, reason);
    }
    Ok(count)
}

/// Media type and description of the form that an operation takes.
fn form(operation: &Map<String, Value>) -> Option<(&str, &Value)> {
    let content = operation.get("requestBody")?.get("content")?.as_object()?;
    let (media, entry) = content.iter().next()?;
    let essence = essence(media);
    let known = [MULTIPART, URLENCODED]
        .into_iter()
        .find(|known| *known == essence);
    known.map(|media| (media, entry))
}

/// Returns true for a field that is listed as required and may not be null.
fn is_certain(schema: &Value, name: &str, document: &Value) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    let is_listed = required.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(name)));
    let property = schema.get("properties").and_then(|all| all.get(name));
    is_listed
        && !property
            .is_some_and(|it| flag(it, "nullable") || flag(resolved(document, it), "nullable"))
}

fn field(
    name: &str,
    property: &Value,
    encoding: &Value,
    media: &str,
    required: bool,
    document: &Value,
) -> Value {
    let mut schema = property.clone();
    let one = text(encoding, "contentType");
    if media == MULTIPART {
        let is_anything = one.is_empty() || !is_json(&one);
        mark_file(&mut schema, is_anything, document);
        if let Some(items) = schema.get_mut("items") {
            mark_file(items, is_anything, document);
        }
    }
    let mut field = Map::new();
    let mut set = |key: &str, value: Value| drop(field.insert(key.to_owned(), value));
    set("name", name.into());
    set("in", "form".into());
    set("required", required.into());
    set("description", text(property, "description").into());
    set("schema", schema);
    set("deprecated", flag(property, "deprecated").into());
    // A style is for fields as in the URL, and says that their media types do not count.
    let is_styled = ["style", "explode", "allowReserved"]
        .iter()
        .any(|key| encoding.get(key).is_some());
    if is_styled && media == URLENCODED {
        set(
            "style",
            encoding
                .get("style")
                .cloned()
                .unwrap_or_else(|| "form".into()),
        );
        if let Some(explode) = encoding.get("explode") {
            set("explode", explode.clone());
        }
    } else if !one.is_empty() && !one.contains([',', '*']) {
        set("x-media", one.into());
    }
    Value::Object(field)
}

/// Returns true for text that is not a file, and for a list of such.
fn is_text(property: &Value, document: &Value) -> bool {
    let schema = resolved(document, property);
    let schema = schema
        .get("items")
        .map_or(schema, |items| resolved(document, items));
    text(schema, "type") == "string" && text(schema, "format") != "binary"
}

/// Binary content is a file, of which only the generator's shapes know. Without any type a part is
/// bytes (`application/octet-stream`) unless its media type is JSON.
fn mark_file(schema: &mut Value, is_anything: bool, document: &Value) {
    let target = resolved(document, schema);
    let has_no_type = || {
        target
            .as_object()
            .is_some_and(|map| map.keys().all(|key| is_note(key)))
    };
    let is_file = (text(target, "type") == "string" && text(target, "format") == "binary")
        || (is_anything && has_no_type());
    if is_file {
        let description = schema.get("description").cloned();
        *schema = json!({"type": "string", "format": FILE});
        if let (Some(description), Some(map)) = (description, schema.as_object_mut()) {
            map.insert("description".to_owned(), description);
        }
    }
}

/// The place of a form's field in the document itself.
pub(super) fn documented_field(at: &str, repaired: &Value) -> String {
    let found = || {
        let (operation, rest) = at.split_once("/parameters/")?;
        let (index, rest) = rest.split_once("/schema").unwrap_or((rest, ""));
        let parameter = repaired.pointer(&format!("{operation}/parameters/{index}"))?;
        if text(parameter, "in") != "form" {
            return None;
        }
        let media = text(repaired.pointer(&format!("{operation}/{FORM}"))?, "media");
        let name = text(parameter, "name");
        let place = pointer::join(operation, &["requestBody", "content", &media]);
        Some(format!(
            "{}{rest}",
            pointer::join(&place, &["schema", "properties", &name])
        ))
    };
    found().unwrap_or_else(|| at.to_owned())
}

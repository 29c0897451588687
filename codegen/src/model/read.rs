//! From the repaired document to the model.

use std::collections::BTreeMap;

use openapi_document::placeholders;
use serde_json::{Map, Value};

use super::{Events, In, Operation, Parameter, Response};
use crate::error::Error;
use crate::extensions::FORM;
use crate::format::Format;
use crate::pointer;
use crate::schema::{self, flag, text};

pub(super) fn operation(operation: &Map<String, Value>, at: &str) -> Result<Operation, Error> {
    let text = |key: &str| -> String {
        let word = operation.get(key).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    let mut tokens = at.trim_start_matches("/paths/").split('/');
    let path = tokens
        .next()
        .unwrap_or("")
        .replace("~1", "/")
        .replace("~0", "~");
    let method = tokens.next().unwrap_or("").to_owned();
    let id = text("operationId");
    let mut parameters: Vec<Parameter> = operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(parameter)
        .collect();
    let position = |p: &Parameter| path.find(&format!("{{{}}}", p.name));
    for name in placeholders(&path) {
        if !parameters
            .iter()
            .any(|p| p.place == In::Path && p.name == name)
        {
            return Err(Error::new(at, format!("its path needs a parameter {name}")).about(id));
        }
    }
    if let Some(stray) = parameters
        .iter()
        .find(|p| p.place == In::Path && position(p).is_none())
    {
        let message = format!("parameter {} is not in its path", stray.name);
        return Err(Error::new(at, message).about(id));
    }
    parameters.sort_by_key(|p| (p.place != In::Path, position(p)));
    let content = |carrier: Option<&Value>| -> Option<(String, Value)> {
        let content = carrier?.get("content")?.as_object()?;
        let (media, entry) = content.iter().next()?;
        let schema = entry.get("schema").cloned().unwrap_or_default();
        Some((media.clone(), schema))
    };
    let responses = responses(operation, &content);
    let mut accepted: Vec<&str> = Vec::new();
    for (media, _) in responses.iter().filter_map(|(_, body)| body.as_ref()) {
        if !accepted.contains(&media.as_str()) {
            accepted.push(media);
        }
    }
    let accept = accepted.join(", ");
    let responses = responses.into_iter().map(|(status, body)| Response {
        status,
        body: body.map(|(media, schema)| (Format::of(&media), schema)),
    });
    let body = operation.get("requestBody");
    let body_required = match operation.get(FORM) {
        Some(form) => flag(form, "required"),
        None => body.is_some_and(|body| flag(body, "required")),
    };
    let (content_type, body) = content(body).unzip();
    let form = operation.get(FORM).map(|form| schema::text(form, "media"));
    Ok(Operation {
        method,
        tag: operation
            .get("tags")
            .and_then(|tags| tags.get(0))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        summary: text("summary"),
        description: text("description"),
        deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
        success: operation
            .get("x-success")
            .and_then(Value::as_u64)
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200),
        parameters,
        body,
        body_required,
        content_type: match content_type.or(form).unwrap_or_default() {
            media if media.contains('*') && Format::of(&media) == Format::Json => {
                "application/json".to_owned()
            }
            media => media,
        },
        responses: responses.collect(),
        response_optional: operation.contains_key("x-response-optional"),
        only_reads: operation.get("x-only-reads") == Some(&Value::Bool(true)),
        accept,
        id,
        path,
        pointer: at.to_owned(),
    })
}

/// Reads media type and schema of a `content`.
type Content<'a> = dyn Fn(Option<&Value>) -> Option<(String, Value)> + 'a;

/// The successes by their statuses.
fn responses(
    operation: &Map<String, Value>,
    content: &Content<'_>,
) -> Vec<(String, Option<(String, Value)>)> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let responses = responses.into_iter().flatten();
    responses
        .map(|(status, response)| (status.clone(), content(Some(response))))
        .collect()
}

fn parameter(parameter: &Value) -> Parameter {
    let place = match text(parameter, "in").as_str() {
        "path" => In::Path,
        "header" => In::Header,
        "form" => In::Form,
        _ => In::Query,
    };
    let style = match (text(parameter, "style"), place) {
        // By its media type.
        (style, In::Form) => style,
        (style, In::Query) if style.is_empty() => "form".to_owned(),
        (style, _) if style.is_empty() => "simple".to_owned(),
        (style, _) => style,
    };
    Parameter {
        name: text(parameter, "name"),
        place,
        required: parameter.get("required") == Some(&Value::Bool(true)),
        json_text: parameter.get("x-json-text").is_some(),
        deprecated: flag(parameter, "deprecated"),
        explode: match parameter.get("explode") {
            Some(explode) => *explode == Value::Bool(true),
            None => style == "form",
        },
        style,
        media: text(parameter, "x-media"),
        non_idempotent: flag(parameter, "x-non-idempotent"),
        schema: parameter.get("schema").cloned().unwrap_or_default(),
        description: text(parameter, "description"),
    }
}

/// Paths that `x-call-handle` lists.
pub(super) fn call_paths(document: &Value) -> Vec<String> {
    let listed = document.get("x-call-handle").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(Value::as_str);
    listed.map(str::to_owned).collect()
}

pub(super) fn events(document: &Value) -> Result<Events, Error> {
    let at = "/x-webhook-events";
    let Some(section) = document.get("x-webhook-events") else {
        return Ok(Events {
            discriminator: "type".to_owned(),
            types: BTreeMap::new(),
        });
    };
    let discriminator = text(section, "discriminator");
    let events = section.get("events").and_then(Value::as_object);
    let (false, Some(events)) = (discriminator.is_empty(), events) else {
        return Err(Error::new(at, "needs a discriminator and events"));
    };
    let mut types = BTreeMap::new();
    for (event, schema) in events {
        let known = pointer::referenced(schema).filter(|name| {
            let at = pointer::join("/components/schemas", &[name, "properties"]);
            document.pointer(&at).is_some()
        });
        let Some(name) = known else {
            let at = pointer::join(at, &["events", event]);
            return Err(Error::new(at, "does not refer to a type with fields").about(event));
        };
        types.insert(event.clone(), name.to_owned());
    }
    Ok(Events {
        discriminator,
        types,
    })
}

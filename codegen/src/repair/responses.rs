//! Responses: successes, no errors.

use serde_json::{Map, Value, json};

use super::bodies::{is_json, raw_format};
use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::format::{Format, essence};
use crate::pointer;
use crate::schema::is_same;

/// The status under which the body stands that all successes have.
pub(crate) const ONLY_SUCCESS: &str = "2XX";

/// A documented success.
struct Success {
    status: String,
    /// None where nothing is answered.
    body: Option<Body>,
}

struct Body {
    format: Format,
    media: String,
    schema: Value,
}

/// Successes with the same body become one, as `2XX`; where only some have a body, it is optional.
/// Several bodies stay, by their statuses.
///
/// Generated code accepts any 2xx: a server that responds 200 instead of 201 is not an error.
pub(crate) fn single_success_response(context: &mut Context) -> Result<usize, Error> {
    let mut count = context.leave_out_operations(unreadable);
    let mut notes = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = operation_name(operation, "", at);
        let responses = operation.entry("responses").or_insert_with(|| json!({}));
        let Value::Object(responses) = responses else {
            return Ok(());
        };
        if responses.is_empty() {
            responses.insert(ONLY_SUCCESS.to_owned(), json!({"description": ""}));
        }
        let mut all = Vec::new();
        for status in successes(responses).cloned().collect::<Vec<_>>() {
            let response = responses.remove(&status).unwrap_or_default();
            match body(&response) {
                Ok(body) => {
                    let body = body.inspect(|body| {
                        for media in alternatives(&response, body) {
                            let at = [at, "responses", &status, "content"].join("/");
                            let reason = format!(
                                "its response {status} as {media} is not generated, only as {}",
                                body.media
                            );
                            let at = pointer::join(&at, &[media]);
                            notes.push((at, subject.clone(), Part::Media, reason));
                        }
                    });
                    all.push(Success { status, body });
                }
                Err(reason) => {
                    let reason = format!("response {status} cannot be read: {reason}");
                    let part = Part::Response(status);
                    notes.push((at.to_owned(), subject.clone(), part, reason));
                }
            }
        }
        count += all.len().saturating_sub(1);
        let mut bodies: Vec<(Format, &Value)> = Vec::new();
        for body in all.iter().filter_map(|it| it.body.as_ref()) {
            let body = (body.format, &body.schema);
            let is_known = |known: &(Format, &Value)| known.0 == body.0 && is_same(known.1, body.1);
            if !bodies.iter().any(is_known) {
                bodies.push(body);
            }
        }
        let first = all.iter().find(|it| it.body.is_some()).or(all.first());
        let documented = first.map(|it| it.status.clone()).unwrap_or_default();
        let some_are_empty = all.iter().any(|it| it.body.is_none());
        let is_one = bodies.len() <= 1;
        let is_optional = bodies.len() == 1 && some_are_empty;
        for success in all {
            match (is_one, success.status == documented) {
                (true, false) => {}
                (true, true) => drop(responses.insert(ONLY_SUCCESS.to_owned(), success.into())),
                (false, _) => drop(responses.insert(success.status.clone(), success.into())),
            }
        }
        let documented = documented.parse::<u16>().unwrap_or(200);
        operation.insert("x-success".to_owned(), documented.into());
        if is_optional {
            operation.insert("x-response-optional".to_owned(), Value::Bool(true));
        }
        Ok(())
    })?;
    for (at, subject, part, reason) in notes {
        context.leave_out(&at, &subject, part, reason);
    }
    Ok(count)
}

/// Explains why no response of an operation can be read; none if one can.
fn unreadable(operation: &Map<String, Value>) -> Option<String> {
    let responses = operation.get("responses")?.as_object();
    // OpenAPI 3.1 allows an operation to say nothing of its responses.
    if responses.is_some_and(Map::is_empty) {
        return None;
    }
    let mut reason = None;
    for response in responses
        .into_iter()
        .flat_map(|all| successes(all).filter_map(|status| all.get(status)))
    {
        match body(response) {
            Ok(_) => return None,
            Err(found) => reason = Some(format!("its response cannot be read: {found}")),
        }
    }
    Some(reason.unwrap_or_else(|| "documents no success response".to_owned()))
}

/// Success responses; `default` is one where nothing but errors is documented beside it.
pub(super) fn successes(responses: &Map<String, Value>) -> impl Iterator<Item = &String> {
    let has_other = responses
        .keys()
        .any(|status| status.starts_with(['1', '2', '3']));
    let is_success = move |status: &&String| {
        status.starts_with('2') || (!has_other && status.as_str() == "default")
    };
    responses.keys().filter(is_success)
}

/// The body that is read: JSON, text or bytes, in this order.
fn body(response: &Value) -> Result<Option<Body>, String> {
    let content = response.get("content").and_then(Value::as_object);
    let Some(content) = content.filter(|content| !content.is_empty()) else {
        return Ok(None);
    };
    let of = |wanted: Format| {
        let mut media = content.keys().filter(|media| match wanted {
            Format::Json => is_json(media),
            wanted => raw_format(media) == Some(wanted),
        });
        // Plain JSON before the forms of it that have rules of their own.
        let plain = media
            .clone()
            .find(|media| essence(media) == "application/json");
        plain.or_else(|| media.next())
    };
    let found = [Format::Json, Format::Text, Format::Bytes]
        .into_iter()
        .find_map(|format| Some((format, of(format)?)));
    let Some((format, media)) = found else {
        let media: Vec<&str> = content.keys().map(String::as_str).collect();
        return Err(format!("it is {}", media.join(", ")));
    };
    let schema = content.get(media).and_then(|entry| entry.get("schema"));
    let is_range = format == Format::Json && media.contains('*');
    Ok(Some(Body {
        format,
        schema: match format {
            Format::Json => schema.cloned().unwrap_or_else(|| json!({})),
            _ => json!({}),
        },
        media: match is_range {
            true => "application/json".to_owned(),
            false => media.clone(),
        },
    }))
}

/// The media types of a response that are something else than its body.
fn alternatives<'r>(response: &'r Value, body: &Body) -> Vec<&'r str> {
    let content = response.get("content").and_then(Value::as_object);
    let others = content.into_iter().flatten().filter(|(media, entry)| {
        let is_same = match body.format {
            Format::Json => {
                is_json(media) && is_same(entry.get("schema").unwrap_or(&json!({})), &body.schema)
            }
            format => raw_format(media) == Some(format),
        };
        !is_same
    });
    others.map(|(media, _)| media.as_str()).collect()
}

impl From<Success> for Value {
    fn from(success: Success) -> Self {
        match success.body {
            None => json!({"description": ""}),
            Some(Body { media, schema, .. }) => {
                json!({"description": "", "content": {media: {"schema": schema}}})
            }
        }
    }
}

/// The schema of a response's body.
pub(crate) fn schema_mut(response: &mut Value) -> Option<&mut Value> {
    let content = response.get_mut("content")?.as_object_mut()?;
    content.values_mut().next()?.get_mut("schema")
}

/// Error responses are read by the client's own error type, not by generated code.
pub(crate) fn drop_error_responses(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            let before = responses.len();
            responses.retain(|status, _| status.starts_with('2'));
            count += before - responses.len();
        }
        Ok(())
    })?;
    Ok(count)
}

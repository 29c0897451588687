//! Responses: one success, no errors.

use serde_json::{Map, Value, json};

use super::bodies::is_json;
use super::{Context, Part};
use crate::error::Error;
use crate::pointer;

/// Keeps one success response, as `2XX`, and remembers its documented status.
///
/// Generated code accepts any 2xx: a server that responds 200 instead of 201 is not an error.
pub(crate) fn single_success_response(context: &mut Context) -> Result<usize, Error> {
    let mut count = context.leave_out_operations(no_json_success);
    let mut notes = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = super::operation_name(operation, "", at);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return Ok(());
        };
        let Some(best) = best(responses) else {
            return Ok(());
        };
        let chosen = responses.remove(&best).unwrap_or_default();
        let others = responses.keys().filter(|status| status.starts_with('2'));
        let others: Vec<String> = others.cloned().collect();
        for other in others {
            let removed = responses.remove(&other);
            if json_schema(removed.as_ref()) != json_schema(Some(&chosen)) {
                let note = format!("answer {other}: only the body of {best} is generated");
                notes.push((at.to_owned(), subject.clone(), other, note));
            }
            count += 1;
        }
        responses.insert("2XX".to_owned(), only_json(&chosen));
        let documented = best.parse::<u16>().unwrap_or(200);
        operation.insert("x-success".to_owned(), documented.into());
        Ok(())
    })?;
    for (at, subject, status, note) in notes {
        context.leave_out(&at, &subject, Part::Response(status), note);
    }
    Ok(count)
}

fn no_json_success(operation: &Map<String, Value>) -> Option<String> {
    let responses = operation.get("responses").and_then(Value::as_object);
    let Some((responses, best)) = responses.and_then(|all| Some((all, best(all)?))) else {
        return Some("documents no success response".to_owned());
    };
    let content = responses.get(&best)?.get("content")?.as_object()?;
    let media = content.keys().next()?;
    let has_json = content.keys().any(|media| is_json(media));
    (!has_json).then(|| format!("answers with {media}, not JSON"))
}

/// Success responses; `default` is one where it is the only response there is.
fn successes(responses: &Map<String, Value>) -> impl Iterator<Item = &String> {
    let only = responses.len() == 1;
    let is_success =
        move |status: &&String| status.starts_with('2') || (only && status.as_str() == "default");
    responses.keys().filter(is_success)
}

/// The first success with a JSON body, or else the first.
fn best(responses: &Map<String, Value>) -> Option<String> {
    successes(responses)
        .find(|status| json_schema(responses.get(*status)).is_some())
        .or_else(|| successes(responses).next())
        .cloned()
}

fn json_schema(response: Option<&Value>) -> Option<&Value> {
    let content = response?.get("content")?.as_object()?;
    let (_, entry) = content.iter().find(|(media, _)| is_json(media))?;
    entry.get("schema")
}

/// The documented media type where it is a JSON one of its own.
fn json_media(content: Option<&Map<String, Value>>) -> Option<&str> {
    let media = content?.keys().find(|media| is_json(media))?;
    (!media.contains('*')).then_some(media.as_str())
}

fn only_json(response: &Value) -> Value {
    let content = response.get("content").and_then(Value::as_object);
    let is_empty = content.is_none_or(Map::is_empty);
    if is_empty {
        return json!({"description": ""});
    }
    let schema = json_schema(Some(response)).cloned();
    let schema = schema.unwrap_or_else(|| json!({}));
    let media = json_media(content).unwrap_or("application/json");
    json!({"description": "", "content": {media: {"schema": schema}}})
}

/// Error answers are read by the client's own error type, not by generated code.
pub(crate) fn drop_error_responses(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            let before = responses.len();
            responses.retain(|status, _| status == "2XX");
            count += before - responses.len();
        }
        Ok(())
    })?;
    Ok(count)
}

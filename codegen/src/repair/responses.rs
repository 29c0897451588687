//! Responses: one success, no errors.

use serde_json::{Map, Value};

use super::Context;
use crate::error::Error;
use crate::pointer;

/// Keeps one success response, as `2XX`, and remembers its documented status.
///
/// Generated code accepts any 2xx: a server that answers 200 instead of 201 breaks nobody.
pub(crate) fn single_success_response(context: &mut Context) -> Result<usize, Error> {
    let mut notes = Vec::new();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = super::operation_name(operation, "", at);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else {
            return Err(Error::new(at, "has no responses").about(subject));
        };
        let successes: Vec<String> = responses
            .keys()
            .filter(|status| status.starts_with('2'))
            .cloned()
            .collect();
        let best = successes
            .iter()
            .find(|status| json_schema(responses.get(*status)).is_some())
            .or(successes.first())
            .cloned();
        let Some(best) = best else {
            notes.push((at.to_owned(), subject, "documents no success".to_owned()));
            return Ok(());
        };
        for other in successes.iter().filter(|status| **status != best) {
            let same = json_schema(responses.get(other)) == json_schema(responses.get(&best));
            if !same {
                let note = format!("answer {other}: only the body of {best} is generated");
                notes.push((at.to_owned(), subject.clone(), note));
            }
            responses.remove(other);
            count += 1;
        }
        let chosen = responses.remove(&best).unwrap_or_default();
        responses.insert("2XX".to_owned(), only_json(chosen));
        let documented = best.parse::<u16>().unwrap_or(200);
        operation.insert("x-success".to_owned(), documented.into());
        Ok(())
    })?;
    for (at, subject, note) in notes {
        context.leave_out(&at, &subject, note);
    }
    count += context.leave_out_operations(|operation| {
        let responses = operation.get("responses")?.as_object()?;
        let success = responses.get("2XX");
        if success.is_none() {
            return Some("documents no success response".to_owned());
        }
        let content = success?.get("content")?.as_object()?;
        let media = content.keys().next()?;
        (!super::bodies::is_json(media)).then(|| format!("answers with {media}, not JSON"))
    });
    Ok(count)
}

fn json_schema(response: Option<&Value>) -> Option<&Value> {
    response?
        .get("content")?
        .as_object()?
        .iter()
        .find(|(media, _)| super::bodies::is_json(media))?
        .1
        .get("schema")
}

fn only_json(mut response: Value) -> Value {
    if let Some(Value::Object(content)) = response.get_mut("content") {
        if content.keys().any(|media| super::bodies::is_json(media)) {
            content.retain(|media, _| super::bodies::is_json(media));
        }
        let first: Option<(String, Value)> = content
            .iter()
            .next()
            .map(|(media, entry)| (media.clone(), entry.clone()));
        *content = Map::new();
        if let Some((media, entry)) = first {
            let media = if super::bodies::is_json(&media) {
                "application/json".to_owned()
            } else {
                media
            };
            content.insert(media, entry);
        }
    }
    if let Some(map) = response.as_object_mut() {
        map.remove("headers");
    }
    response
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

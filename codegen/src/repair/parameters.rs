//! Operations and parameters in forms that cannot be sent.

use std::collections::HashMap;

use openapi_document::resolved;
use serde_json::{Map, Value};

use super::bodies::is_json;
use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::format::essence;
use crate::{pointer, schema};

/// Leaves out operations with methods that the client does not know.
pub(crate) fn unsupported_methods(context: &mut Context) -> Result<usize, Error> {
    let mut removed = Vec::new();
    if let Some(Value::Object(paths)) = context.document.get_mut("paths") {
        for (path, item) in paths {
            let Value::Object(item) = item else { continue };
            for method in ["options", "head", "trace"] {
                if let Some(Value::Object(operation)) = item.remove(method) {
                    let subject = operation_name(&operation, method, path);
                    removed.push((pointer::join("/paths", &[path, method]), subject, method));
                }
            }
        }
    }
    let count = removed.len();
    for (at, subject, method) in removed {
        let reason = format!("the method {} is not supported", method.to_uppercase());
        context.leave_out(&at, &subject, Part::Whole, reason);
    }
    Ok(count)
}

/// Drops header parameters that OpenAPI says to ignore: media types and security describe them.
pub(crate) fn ignored_headers(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            let before = parameters.len();
            parameters.retain(|parameter| {
                let word = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or("");
                word("in") != "header" || !openapi_document::is_ignored_header(word("name"))
            });
            count += before - parameters.len();
        }
        Ok(())
    })?;
    Ok(count)
}

/// `content: {application/json: {schema}}` becomes a plain schema that is sent as JSON text, and
/// `text/plain` of a single value one that is sent as it is.
pub(crate) fn content_parameters(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let list = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in list.into_iter().flatten().filter_map(Value::as_object_mut) {
            let Some(Value::Object(content)) = parameter.get("content") else {
                continue;
            };
            let json = content.iter().find(|(media, _)| is_json(media));
            let text = || {
                content
                    .iter()
                    .find(|(media, entry)| is_plain_text(media, entry))
            };
            // Other media types stay, and are left out with their reason.
            let Some((media, entry)) = json.or_else(text) else {
                continue;
            };
            let schema = entry.get("schema").cloned().unwrap_or_default();
            let is_json = is_json(media);
            parameter.remove("content");
            parameter.insert("schema".to_owned(), schema);
            if is_json {
                parameter.insert("x-json-text".to_owned(), Value::Bool(true));
            }
            count += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

fn is_plain_text(media: &str, entry: &Value) -> bool {
    let kind = entry.get("schema").and_then(|it| it.get("type")?.as_str());
    let is_single = matches!(kind, Some("string" | "integer" | "number" | "boolean"));
    is_single && essence(media) == "text/plain"
}

/// Drops optional parameters that cannot be sent, and operations that require one.
pub(crate) fn unsupported_parameters(context: &mut Context) -> Result<usize, Error> {
    let whole = context.set_apart();
    let mut count = context.leave_out_operations(|operation| {
        let list = operation.get("parameters")?.as_array()?;
        let needed = list.iter().filter(|p| is_required(p) && !is_own_header(p));
        needed.into_iter().find_map(|p| {
            let problem = problem(p, &whole)?;
            Some(format!("needs the {problem}"))
        })
    });
    let mut dropped = Vec::new();
    let mut details = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = operation_name(operation, "", at);
        if let Some(Value::Array(list)) = operation.get_mut("parameters") {
            for (name, known) in merge_headers(list) {
                let problem = format!("header parameter {name}, which is the header {known}");
                let place = "header".to_owned();
                let part = Part::Parameter { name, place };
                dropped.push((at.to_owned(), subject.clone(), part, problem));
            }
            list.retain(|parameter| match problem(parameter, &whole) {
                Some(problem) => {
                    let word = |key| schema::text(parameter, key);
                    let part = Part::Parameter {
                        name: word("name"),
                        place: word("in"),
                    };
                    dropped.push((at.to_owned(), subject.clone(), part, problem));
                    false
                }
                None => true,
            });
            for parameter in list {
                let found = unread(parameter, &whole).into_iter();
                details.extend(found.map(|reason| (at.to_owned(), subject.clone(), reason)));
            }
        }
        Ok(())
    })?;
    context.put_back(whole);
    for (at, subject, reason) in details {
        context.leave_out(&at, &subject, Part::Detail, reason);
    }
    count += dropped.len();
    for (at, subject, part, problem) in dropped {
        let reason = format!("is generated without the {problem}");
        context.leave_out(&at, &subject, part, reason);
    }
    Ok(count)
}

/// Removes headers that are there already, since HTTP does not tell capitals apart; returns their
/// names with those that stay.
fn merge_headers(parameters: &mut Vec<Value>) -> Vec<(String, String)> {
    let mut kept: Vec<Value> = Vec::with_capacity(parameters.len());
    let mut places = HashMap::new();
    let mut removed = Vec::new();
    for parameter in std::mem::take(parameters) {
        let name = schema::text(&parameter, "name");
        let is_header = schema::text(&parameter, "in") == "header";
        let place = is_header.then(|| {
            *places
                .entry(name.to_ascii_lowercase())
                .or_insert(kept.len())
        });
        let Some(Value::Object(known)) = place.and_then(|place| kept.get_mut(place)) else {
            kept.push(parameter);
            continue;
        };
        if is_required(&parameter) {
            known.insert("required".to_owned(), Value::Bool(true));
        }
        let known = known
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        removed.push((name, known.to_owned()));
    }
    *parameters = kept;
    removed
}

/// Details of a query parameter that the client does not follow.
fn unread(parameter: &Value, document: &Value) -> Vec<String> {
    let word = |key: &str| schema::text(parameter, key);
    if word("in") != "query" || parameter.get("x-json-text").is_some() {
        return Vec::new();
    }
    let name = word("name");
    let mut reasons = Vec::new();
    if schema::flag(parameter, "allowReserved") {
        reasons.push(format!(
            "the parameter {name} is percent-encoded, whatever its allowReserved says"
        ));
    }
    if schema::flag(parameter, "allowEmptyValue") {
        reasons.push(format!(
            "the parameter {name} is sent with a value or not at all"
        ));
    }
    let of =
        |schema: Option<&Value>| schema.map_or(Value::Null, |it| resolved(document, it).clone());
    let schema = of(parameter.get("schema"));
    let is_nested = |schema: &Value| {
        let kind = schema.get("type").and_then(Value::as_str);
        matches!(kind, Some("array" | "object")) || schema.get("properties").is_some()
    };
    let is_list = schema.get("type").and_then(Value::as_str) == Some("array");
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut inner = properties.into_iter().flat_map(Map::values);
    let has_nested =
        inner.any(|it| is_nested(&of(Some(it)))) || is_nested(&of(schema.get("items")));
    let is_deep = word("style") == "deepObject";
    let undefined = match (is_deep, is_list, has_nested) {
        (true, true, false) => {
            Some("a list is not defined for its style deepObject, and is sent as name=a&name=b")
        }
        (true, false, true) => Some(
            "OpenAPI does not define how its nested values are written; they are sent as name[a][b]=1",
        ),
        (_, _, true) => {
            Some("OpenAPI does not define how its nested values are written; they are sent as JSON")
        }
        _ => None,
    };
    reasons.extend(undefined.map(|reason| format!("the parameter {name}: {reason}")));
    reasons
}

/// Describes a parameter that cannot be sent; none if it can.
fn problem(parameter: &Value, document: &Value) -> Option<String> {
    let word = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or("?");
    let (place, name) = (word("in"), word("name"));
    if parameter.get("name").and_then(Value::as_str).is_none() {
        return Some(format!("{place} parameter without a name"));
    }
    if !matches!(place, "path" | "query" | "header") {
        return Some(format!("{place} parameter {name}"));
    }
    if is_own_header(parameter) {
        return Some(format!(
            "header parameter {name}, which the client sets itself"
        ));
    }
    if place == "header" && !is_header_name(name) {
        return Some(format!(
            "header parameter {name}, which is not a name that HTTP allows"
        ));
    }
    if let Some(media) = parameter.get("content").and_then(Value::as_object) {
        let media: Vec<&str> = media.keys().map(String::as_str).collect();
        return Some(format!("parameter {name} as {}", media.join(", ")));
    }
    if matches!(word("style"), "matrix" | "label") {
        return Some(format!("parameter {name} in the style {}", word("style")));
    }
    let structured = |schema: &Map<String, Value>| {
        let kind = schema.get("type").and_then(Value::as_str);
        matches!(kind, Some("array" | "object")) || schema.contains_key("properties")
    };
    let schema = parameter
        .get("schema")
        .map(|schema| resolved(document, schema));
    let schema = schema.and_then(Value::as_object);
    if place == "path" && (schema.is_some_and(structured) || parameter.get("x-json-text").is_some())
    {
        return Some(format!("path parameter {name}, which is not a scalar"));
    }
    None
}

/// Headers of the client, of its HTTP library and of the connection.
const OWN_HEADERS: [&str; 16] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "stream-auth-type",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-client-request-id",
    "x-stream-client",
];

fn is_own_header(parameter: &Value) -> bool {
    let word = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or("");
    word("in") == "header" && OWN_HEADERS.contains(&word("name").to_ascii_lowercase().as_str())
}

/// A token of RFC 9110.
fn is_header_name(name: &str) -> bool {
    let is_mark = |letter| "!#$%&'*+-.^_`|~".contains(letter);
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || is_mark(c))
}

fn is_required(parameter: &Value) -> bool {
    let in_path = parameter.get("in").and_then(Value::as_str) == Some("path");
    in_path || parameter.get("required") == Some(&Value::Bool(true))
}

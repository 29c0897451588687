//! Parameters in forms the generator does not know.

use serde_json::Value;

use super::Context;
use crate::error::Error;
use crate::pointer;

/// `content: {application/json: {schema}}` becomes a plain schema that is sent as JSON text.
pub(crate) fn content_parameters(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        for parameter in parameters(operation) {
            let Some(Value::Object(content)) = parameter.get_mut("content").map(Value::take) else {
                continue;
            };
            let schema = content
                .into_iter()
                .find(|(media, _)| super::bodies::is_json(media))
                .and_then(|(_, mut entry)| entry.get_mut("schema").map(Value::take));
            let (Some(schema), Some(map)) = (schema, parameter.as_object_mut()) else {
                return Err(Error::new(at, "has a parameter whose content is not JSON"));
            };
            map.remove("content");
            map.insert("schema".to_owned(), schema);
            map.insert("x-json-text".to_owned(), Value::Bool(true));
            count += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

/// Header and cookie parameters are dropped where optional; where required, the operation is.
pub(crate) fn unsupported_parameters(context: &mut Context) -> Result<usize, Error> {
    let mut count = context.leave_out_operations(|operation| {
        let list = operation.get("parameters")?.as_array()?;
        let blocking = list
            .iter()
            .find(|p| !in_url(p) && p.get("required") == Some(&Value::Bool(true)))?;
        Some(format!(
            "needs the {} parameter {}",
            blocking.get("in").and_then(Value::as_str).unwrap_or("?"),
            blocking.get("name").and_then(Value::as_str).unwrap_or("?"),
        ))
    });
    let mut dropped = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let subject = super::operation_name(operation, "", at);
        if let Some(Value::Array(list)) = operation.get_mut("parameters") {
            list.retain(|parameter| {
                let keep = in_url(parameter);
                if !keep {
                    let name = parameter.get("name").and_then(Value::as_str).unwrap_or("?");
                    dropped.push((at.to_owned(), subject.clone(), name.to_owned()));
                }
                keep
            });
        }
        Ok(())
    })?;
    count += dropped.len();
    for (at, subject, name) in dropped {
        let reason = format!("parameter {name}: only path and query parameters are generated");
        context.leave_out(&at, &subject, reason);
    }
    Ok(count)
}

fn in_url(parameter: &Value) -> bool {
    matches!(
        parameter.get("in").and_then(Value::as_str),
        Some("path" | "query")
    )
}

fn parameters(operation: &mut serde_json::Map<String, Value>) -> impl Iterator<Item = &mut Value> {
    operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

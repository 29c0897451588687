//! Paths and their parameters.

use std::collections::BTreeSet;

use openapi_document::placeholders;
use openapi_document::pointer::tokens;
use serde_json::{Value, json};

use super::context::{Context, Part, operation_name};
use crate::error::Error;
use crate::pointer;
use crate::schema::text;

/// Paths start with a slash: without one, the first would be part of the host.
pub(crate) fn rooted_paths(context: &mut Context) -> Result<usize, Error> {
    let mut taken = Vec::new();
    let Some(Value::Object(paths)) = context.document.get_mut("paths") else {
        return Ok(0);
    };
    let is_loose = |path: &&String| !path.starts_with('/') && !path.starts_with("x-");
    let loose: Vec<String> = paths.keys().filter(is_loose).cloned().collect();
    for path in &loose {
        let rooted = format!("/{path}");
        match paths.remove(path) {
            Some(item) if !paths.contains_key(&rooted) => {
                paths.insert(rooted, item);
            }
            _ => taken.push(path.clone()),
        }
    }
    for path in taken {
        let at = pointer::join("/paths", &[&path]);
        let reason = format!("is the path /{path} a second time, without its slash");
        context.leave_out(&at, &path, Part::Whole, reason);
    }
    Ok(loose.len())
}

/// Path parameters that no parameter declares are text; declared ones that the path does not hold
/// are dropped.
pub(crate) fn path_parameters(context: &mut Context) -> Result<usize, Error> {
    let mut stray = Vec::new();
    let mut count = 0;
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        let path = tokens(at).nth(1).unwrap_or_default().into_owned();
        let subject = operation_name(operation, "", at);
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
            return Ok(());
        };
        let name_in_path = |parameter: &Value| -> Option<String> {
            let in_path = parameter.get("in").and_then(Value::as_str) == Some("path");
            in_path.then(|| text(parameter, "name"))
        };
        parameters.retain(|parameter| match name_in_path(parameter) {
            Some(name) if !placeholders(&path).any(|known| known == name) => {
                stray.push((at.to_owned(), subject.clone(), name));
                false
            }
            _ => true,
        });
        let declared: BTreeSet<String> = parameters.iter().filter_map(name_in_path).collect();
        let missing: BTreeSet<&str> = placeholders(&path)
            .filter(|name| !declared.contains(*name))
            .collect();
        count += missing.len();
        parameters.extend(missing.into_iter().map(|name| {
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
        }));
        Ok(())
    })?;
    count += stray.len();
    for (at, subject, name) in stray {
        let reason =
            format!("is generated without the path parameter {name}, which is not in its path");
        let place = "path".to_owned();
        context.leave_out(&at, &subject, Part::Parameter { name, place }, reason);
    }
    Ok(count)
}

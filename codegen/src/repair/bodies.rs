//! Request bodies.

use serde_json::Value;

use super::Context;
use crate::error::Error;
use crate::{naming, pointer};

pub(crate) fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or(media).trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// Operations that only take forms or files are left out.
pub(crate) fn unsupported_bodies(context: &mut Context) -> Result<usize, Error> {
    Ok(context.leave_out_operations(|operation| {
        let content = operation.get("requestBody")?.get("content")?.as_object()?;
        if content.keys().any(|media| is_json(media)) {
            return None;
        }
        let media: Vec<&str> = content.keys().map(String::as_str).collect();
        Some(format!("takes a body only as {}", media.join(", ")))
    }))
}

/// A body written in place becomes a component, named by its title or after its operation.
pub(crate) fn name_request_bodies(context: &mut Context) -> Result<usize, Error> {
    let mut named = Vec::new();
    let mut taken: std::collections::BTreeSet<String> = context
        .document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|schemas| schemas.keys().map(|name| name.to_lowercase()))
        .collect();
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let id = super::operation_name(operation, "", "");
        let Some(body) = operation.get_mut("requestBody") else {
            return Ok(());
        };
        let Some(Value::Object(content)) = body.get_mut("content") else {
            return Ok(());
        };
        content.retain(|media, _| is_json(media));
        for entry in content.values_mut() {
            let Some(schema) = entry.get_mut("schema") else {
                continue;
            };
            if pointer::referenced(schema).is_some() {
                continue;
            }
            let title = schema.get("title").and_then(Value::as_str);
            let wanted = match title {
                Some(title) => naming::type_name(title),
                None => format!("{}Request", naming::type_name(&id)),
            };
            let name = naming::unique(wanted, &mut taken);
            let replaced = std::mem::replace(schema, pointer::reference_to(&name));
            named.push((name, replaced));
        }
        Ok(())
    })?;
    let count = named.len();
    super::names::add_components(context, named)?;
    Ok(count)
}

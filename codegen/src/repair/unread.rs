//! Parts that are not generated, and compositions that nothing has dealt with.

use std::collections::BTreeMap;

use openapi_document::{Kind, for_each_mut};
use serde_json::Value;

use super::context::{Context, Part, operation_name};
use super::responses::successes;
use crate::error::Error;
use crate::{pointer, snapshot};

/// Removes examples, callbacks and shared headers, which the generator does not read.
pub(super) fn drop_unread_parts(context: &mut Context) -> Result<usize, Error> {
    let mut callbacks = Vec::new();
    pointer::each_operation(&mut context.document, &mut |operation, at| {
        if operation.remove("callbacks").is_some() {
            callbacks.push((at.to_owned(), operation_name(operation, "", at)));
        }
        Ok(())
    })?;
    for (at, subject) in callbacks {
        let reason = "its callbacks are not generated";
        context.leave_out(&at, &subject, Part::Callbacks, reason);
    }
    let mut count = 0;
    for_each_mut(&mut context.document, &mut |kind, value| {
        if let Value::Object(map) = value {
            let before = map.len();
            if kind == Kind::Response || kind == Kind::Components {
                map.remove("headers");
            }
            map.remove("example");
            map.remove("examples");
            count += before - map.len();
        }
    });
    let root = context.document.as_object_mut();
    let webhooks = root.and_then(|root| root.remove("x-webhooks"));
    if webhooks.is_some_and(|all| all.as_object().is_some_and(|all| !all.is_empty())) {
        let reason = "are not generated; cargo xtask diff compares them";
        context.leave_out("/webhooks", "webhooks", Part::Callbacks, reason);
    }
    Ok(count)
}

/// Says which operations have links, and which have servers of their own.
pub(super) fn links_and_servers(context: &mut Context) -> Result<usize, Error> {
    let common = context.document.get("servers").cloned();
    let is_own = |servers: &Value| {
        let is_empty = servers.as_array().is_none_or(Vec::is_empty);
        !is_empty && Some(servers) != common.as_ref()
    };
    let mut found = Vec::new();
    let paths = context
        .document
        .get_mut("paths")
        .and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let shared = item.as_object_mut().and_then(|item| item.remove("servers"));
        for method in pointer::METHODS {
            let Some(Value::Object(operation)) = item.get_mut(method) else {
                continue;
            };
            let servers = operation.remove("servers").or_else(|| shared.clone());
            let responses = operation.get("responses").and_then(Value::as_object);
            let mut responses = responses
                .into_iter()
                .flat_map(|all| successes(all).filter_map(|status| all.get(status)));
            let mut reasons = Vec::new();
            if responses.any(|response| response.get("links").is_some()) {
                reasons.push("its links are not generated");
            }
            if servers.is_some_and(|servers| is_own(&servers)) {
                reasons.push("is sent to the base URL of the client and not to servers of its own");
            }
            let at = pointer::join("/paths", &[path, method]);
            let subject = operation_name(operation, method, path);
            found.extend(
                reasons
                    .into_iter()
                    .map(|reason| (at.clone(), subject.clone(), reason)),
            );
        }
    }
    let count = found.len();
    for (at, subject, reason) in found {
        context.leave_out(&at, &subject, Part::Detail, reason);
    }
    Ok(count)
}

/// Compositions that no repair has dealt with are any JSON.
pub(super) fn composed_leftovers(context: &mut Context) {
    let keys = ["allOf", "anyOf", "oneOf", "not"];
    if snapshot::components(&context.document, &keys).is_none() {
        return;
    }
    let mut left = BTreeMap::new();
    openapi_document::visit(&context.document, &mut |kind, schema, at| {
        let key = keys.into_iter().find(|key| schema.get(key).is_some());
        if let (Kind::Schema, Some(key)) = (kind, key) {
            left.insert(at.to_owned(), format!("its {key} is not supported"));
        }
    });
    if !left.is_empty() {
        context.any_json(left);
    }
}

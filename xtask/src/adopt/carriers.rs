//! Repairs of parameters, bodies and responses, which carry schemas.

use std::collections::BTreeSet;

use openapi_document::{Kind, reference, resolved, visit};
use serde_json::{Map, Value, json};

use super::state::{each, text};

/// Makes a `default` response the success where all others are errors. An operation that documents
/// no response has an empty success, which OpenAPI 3.1 allows it to leave out.
pub(super) fn default_successes(document: &mut Value) {
    each(document, &mut |kind, map| {
        if kind != Kind::Operation {
            return;
        }
        let responses = map.entry("responses").or_insert_with(|| json!({}));
        let Value::Object(responses) = responses else {
            return;
        };
        if responses.is_empty() {
            responses.insert("200".to_owned(), json!({"description": ""}));
        }
        let is_known = |status: &String| status.starts_with(['1', '2', '3']);
        if !responses.keys().any(is_known)
            && let Some(response) = responses.remove("default")
        {
            responses.insert("200".to_owned(), response);
        }
    });
}

/// Drops `nullable` from components that are bodies or responses: those cannot be null.
pub(super) fn nullable(document: &mut Value) -> usize {
    let is_nullable = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
    let accident = ["requestBodies", "responses"].iter().any(|section| {
        let carriers = document.pointer(&format!("/components/{section}"));
        carriers.and_then(Value::as_object).is_some_and(|all| {
            all.values().any(|carrier| {
                let schema = carrier.pointer("/content/application~1json/schema");
                schema.is_some_and(|schema| is_nullable(resolved(document, schema)))
            })
        })
    });
    if !accident {
        return 0;
    }
    let mut count = 0;
    let schemas = document.pointer_mut("/components/schemas");
    for schema in schemas
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        count += usize::from(
            schema
                .as_object_mut()
                .is_some_and(|map| map.remove("nullable").is_some()),
        );
    }
    let bodies = document.pointer_mut("/components/requestBodies");
    for body in bodies
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let schema = body.pointer_mut("/content/application~1json/schema");
        let map = schema.and_then(Value::as_object_mut);
        count += usize::from(map.is_some_and(|map| map.remove("nullable").is_some()));
    }
    count
}

/// Makes bodies empty objects where their members are not described; elsewhere such objects are free-form.
pub(super) fn empty_bodies(document: &mut Value) -> usize {
    let whole = document.clone();
    // A component that is also used elsewhere may be free-form.
    let mut elsewhere = BTreeSet::new();
    visit(&whole, &mut |kind, value, at| {
        if kind == Kind::Schema && !at.starts_with("/components/requestBodies/") {
            elsewhere.extend(reference(value));
        }
    });
    let mut count = 0;
    let bodies = document.pointer_mut("/components/requestBodies");
    for body in bodies
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let schema = body.pointer_mut("/content/application~1json/schema");
        let is_elsewhere = |schema: &&mut Value| {
            reference(schema).is_some_and(|target| elsewhere.contains(target))
        };
        let Some(schema) = schema.filter(|schema| !is_elsewhere(schema)) else {
            continue;
        };
        let says = [
            "properties",
            "additionalProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "enum",
        ];
        let found = resolved(&whole, schema);
        let is_empty =
            text(found, "type") == "object" && says.iter().all(|key| found.get(key).is_none());
        if is_empty {
            let mut inline = found.clone();
            if let Value::Object(map) = &mut inline {
                map.insert("properties".to_owned(), json!({}));
            }
            *schema = inline;
            count += 1;
        }
    }
    count
}

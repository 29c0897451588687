//! Responses, media types and the fields of bodies.

use std::collections::BTreeSet;

use codegen::Part;
use codegen::surface::{Line, Place, Wire};
use openapi_document::resolved;
use serde_json::Value;

use super::{cases, collect_fields, is_plain_object, kind, properties};

#[test]
fn every_success_and_every_callback_is_generated_or_left_out() {
    let mut several = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let at = operation.pointer();
            let responses = operation
                .operation
                .get("responses")
                .and_then(Value::as_object);
            let successes = responses.into_iter().flatten().filter(|(status, _)| {
                status.starts_with('2')
                    && !case.left_out(&at, |part| *part == Part::Response((*status).clone()))
            });
            let successes: Vec<(&String, &Value)> = successes.collect();
            let content = |response: &Value| {
                let content = resolved(&case.document, response).get("content");
                content.cloned().unwrap_or_default().to_string()
            };
            let bodies = successes.iter().map(|(_, response)| content(response));
            let mut bodies: BTreeSet<String> = bodies.collect();
            // One body has one type, which some statuses may lack.
            bodies.remove("null");
            if bodies.len() > 1 {
                let (_, request) = function.signature.rsplit_once("-> ").unwrap();
                let mut lines = case.lines().iter();
                let send =
                    lines.find(|it| it.owner == request && it.member.as_deref() == Some("send"));
                let response = &send.unwrap().signature;
                for (status, _) in &successes {
                    let wire = Wire::Literal((*status).clone());
                    let is_variant =
                        |line: &&Line| line.wire == wire && response.contains(&line.owner);
                    let found = case.lines().iter().find(is_variant);
                    assert!(
                        found.is_some(),
                        "{}: {at}: {status} in {response}",
                        case.name
                    );
                }
                several += 1;
            }
            let has_callbacks = operation.operation.get("callbacks").is_some();
            let said = case.left_out(&at, |part| *part == Part::Callbacks);
            assert_eq!(has_callbacks, said, "{}: {at}", case.name);
        }
    }
    assert!(several > 1, "{several} operations prove nothing");
}

#[test]
fn every_media_type_of_a_body_is_generated_or_left_out() {
    let mut count = 0;
    for case in cases() {
        for (operation, _) in case.generated() {
            let at = operation.pointer();
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| (format!("{at}/requestBody"), body));
            let responses = operation.operation.get("responses");
            let responses = responses.and_then(Value::as_object).into_iter().flatten();
            let responses = responses.filter(|(status, _)| {
                let is_gone = |part: &Part| *part == Part::Response((*status).clone());
                status.starts_with('2') && !case.left_out(&at, is_gone)
            });
            let responses =
                responses.map(|(status, response)| (format!("{at}/responses/{status}"), response));
            for (at, part) in body.into_iter().chain(responses) {
                let content = resolved(&case.document, part).get("content");
                let content = content.and_then(Value::as_object).into_iter().flatten();
                let at = format!("{at}/content");
                let kept = content.filter(|(media, _)| {
                    let at = openapi_document::pointer::join(&at, &[media]);
                    !case.left_out(&at, |part| *part == Part::Media)
                });
                // JSON is one type; text and bytes are what they are.
                let kinds = kept.map(|(media, entry)| match kind(media) {
                    "json" => format!("json {}", entry.get("schema").unwrap_or(&Value::Null)),
                    other => other.to_owned(),
                });
                let kinds: BTreeSet<String> = kinds.collect();
                assert!(kinds.len() <= 1, "{}: {at}: {kinds:?}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} bodies prove nothing");
}

#[test]
fn every_field_of_a_form_is_an_argument_or_a_setter() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| resolved(&case.document, body));
            let content = body.and_then(|body| body.get("content")?.as_object());
            let form = ["multipart/form-data", "application/x-www-form-urlencoded"]
                .into_iter()
                .find_map(|media| content?.get(media));
            let has_json = content.is_some_and(|all| all.keys().any(|media| kind(media) == "json"));
            let Some(schema) = form
                .and_then(|form| form.get("schema"))
                .filter(|_| !has_json)
            else {
                continue;
            };
            let mut fields = Vec::new();
            collect_fields(&case.document, schema, &mut fields);
            for (name, property) in fields {
                if resolved(&case.document, property).get("readOnly") == Some(&Value::Bool(true)) {
                    continue;
                }
                let at = operation.pointer();
                let is_taken = case.takes(function, Place::Body, name);
                assert!(is_taken, "{}: {at}: {name}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 10, "{count} fields prove nothing");
}

#[test]
fn every_field_of_a_body_is_an_argument_or_a_setter() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            let body = operation.operation.get("requestBody");
            let body = body.map(|body| resolved(&case.document, body));
            let schema = body.and_then(|body| body.pointer("/content/application~1json/schema"));
            let schema = schema.map(|schema| resolved(&case.document, schema));
            let Some(schema) = schema.filter(|schema| is_plain_object(schema)) else {
                continue;
            };
            // A body that may be left out is set as a whole; its type is held by the next test.
            if body.and_then(|body| body.get("required")) != Some(&Value::Bool(true)) {
                continue;
            }
            let sent = |name: &&String| schema["properties"][*name]["readOnly"] != true;
            for name in properties(schema).filter(sent) {
                let at = operation.pointer();
                let is_taken = case.takes(function, Place::Body, name);
                assert!(is_taken, "{}: {at}: {name}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} fields prove nothing");
}

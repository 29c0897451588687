//! Every operation of the composed spec, with the smallest and the fullest request.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{Reply, send};
use serde_json::{Value, json};
use video_api_server::{BodyMode, Direction, Operation, Parameter, SampleMode, Server, sample};

/// Percent-encodes everything but the unreserved characters.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte.into());
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(plain).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    }
}

fn value_of(server: &Server, parameter: &Parameter, mode: SampleMode) -> String {
    let spec = server.api().document();
    let value = sample(spec, parameter.schema(), mode, Direction::Request);
    encode(&plain(&value))
}

fn target(server: &Server, operation: &Operation, mode: SampleMode) -> String {
    let mut target = operation.path().to_owned();
    for parameter in operation.path_parameters() {
        let place = format!("{{{}}}", parameter.name());
        target = target.replace(&place, &value_of(server, parameter, mode));
    }
    assert!(
        !target.contains('{'),
        "{target} has an undescribed parameter"
    );
    let mut separator = '?';
    for parameter in operation.query_parameters() {
        if parameter.required() || mode == SampleMode::Maximal {
            let value = value_of(server, parameter, mode);
            target += &format!("{separator}{}={value}", parameter.name());
            separator = '&';
        }
    }
    target
}

async fn request(server: &Server, operation: &Operation, mode: SampleMode) -> Reply {
    let spec = server.api().document();
    let body = operation
        .body_schema()
        .map(|schema| sample(spec, schema, mode, Direction::Request));
    let target = target(server, operation, mode);
    send(server, operation.method(), &target, body.as_ref()).await
}

#[tokio::test]
async fn every_operation_accepts_and_returns_minimal_and_maximal() {
    let mut rows = Vec::new();
    for bodies in [BodyMode::Minimal, BodyMode::Maximal] {
        let server = Server::builder()
            .strict(true)
            .create_users(true)
            .body_mode(bodies)
            .start()
            .await
            .unwrap();
        for operation in server.api().operations() {
            for mode in [SampleMode::Minimal, SampleMode::Maximal] {
                let reply = request(&server, operation, mode).await;
                let text = String::from_utf8_lossy(&reply.body);
                let id = operation.id();
                assert_eq!(reply.status, operation.success(), "{id} {mode:?}: {text}");
                let problems = server.api().response_problems(id, &reply.json());
                assert!(problems.is_empty(), "{id} {mode:?}: {problems:#?}");
                rows.push(format!(
                    "{id}: {mode:?} request, {bodies:?} body of {} bytes",
                    text.len()
                ));
            }
        }
    }
    println!("{}", rows.join("\n"));
    let api = video_api_server::Api::new(video_api_server::embedded_spec()).unwrap();
    assert_eq!(rows.len(), api.operations().len() * 4);
}

#[tokio::test]
async fn every_operation_refuses_what_the_spec_does_not_have() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for operation in server.api().operations() {
        let target = target(&server, operation, SampleMode::Minimal);
        let method = operation.method();
        let spec = server.api().document();
        let body = operation
            .body_schema()
            .map(|schema| sample(spec, schema, SampleMode::Minimal, Direction::Request));

        let separator = if target.contains('?') { '&' } else { '?' };
        let with_query = format!("{target}{separator}not_in_the_spec=1");
        let reply = send(&server, method, &with_query, body.as_ref()).await;
        reply.refused(400, 4, "query not_in_the_spec");

        let mut odd = body.unwrap_or_else(|| json!({}));
        odd["not_in_the_spec"] = 1.into();
        let reply = send(&server, method, &target, Some(&odd)).await;
        assert_eq!(reply.status, 400, "{}", operation.id());
        if operation.body_schema().is_some() {
            reply.refused(400, 4, "not_in_the_spec");
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_a_request_without_key_and_token() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for operation in server.api().operations() {
        let target = target(&server, operation, SampleMode::Minimal);
        let reply = common::bare(&server, operation.method(), &target, &[], b"").await;
        reply.refused(401, 2, "api_key is missing");
    }
    let recorded = server.recorded();
    for (operation, request) in server.api().operations().iter().zip(&recorded) {
        assert_eq!(request.operation_id.as_deref(), Some(operation.id()));
        assert_eq!(request.problems, ["the query parameter api_key is missing"]);
    }
}

/// Field names straight from the spec, not through the server's own checker.
#[test]
fn maximal_samples_have_every_field() {
    let api = video_api_server::Api::new(video_api_server::embedded_spec()).unwrap();
    let spec = api.document();
    let schema = json!({ "$ref": "#/components/schemas/CallResponse" });
    let value = sample(spec, &schema, SampleMode::Maximal, Direction::Response);
    let properties = spec["components"]["schemas"]["CallResponse"]["properties"].as_object();
    for name in properties.unwrap().keys() {
        assert!(value.get(name).is_some(), "{name} is missing");
    }
    let minimal = sample(spec, &schema, SampleMode::Minimal, Direction::Response);
    let required = spec["components"]["schemas"]["CallResponse"]["required"].as_array();
    let names: Vec<&String> = minimal.as_object().unwrap().keys().collect();
    let required: Vec<&str> = required.unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(names, required);
}

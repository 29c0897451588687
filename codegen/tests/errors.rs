//! Errors name the place, the operation or schema concerned, and the problem.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Helpers of tests.

use codegen::{Error, Spec};
use serde_json::{Value, json};

/// A document with these operations and schemas.
fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas}
    })
}

/// One operation that answers with the schema `A`.
fn responding_with(schemas: Value) -> Value {
    let response = json!({"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}});
    let get = json!({"operationId": "GetA", "responses": {"200": response}});
    document(json!({"/a": {"get": get}}), schemas)
}

fn failure(document: Value) -> Error {
    match Spec::from_value(document).and_then(|spec| codegen::generate(&spec)) {
        Ok(_) => panic!("it generates"),
        Err(error) => error,
    }
}

fn assert_failure(document: Value, pointer: &str, subject: Option<&str>, message: &str) {
    let error = failure(document);
    assert_eq!(error.pointer(), pointer, "{error}");
    assert_eq!(error.subject(), subject, "{error}");
    assert!(error.message().contains(message), "{error}");
    // All three are in the text that people see.
    let text = error.to_string();
    for part in [pointer, subject.unwrap_or_default(), message] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn text_that_is_not_openapi() {
    let error = Spec::from_slice(b"{\"openapi\": ").unwrap_err();
    assert!(error.to_string().contains("is not JSON"), "{error}");
    for (document, pointer, message) in [
        (
            json!({"openapi": "3.2.0"}),
            "/openapi",
            "is 3.2.0; only OpenAPI 3.0 and 3.1",
        ),
        (json!({"swagger": "2.0"}), "/swagger", "is Swagger 2"),
        (json!({"info": {}}), "/openapi", "is missing"),
        (json!([]), "", "is not an object"),
        (
            json!({"openapi": "3.0.0", "info": {}}),
            "/paths",
            "is missing",
        ),
        (
            json!({"openapi": "3.0.0", "paths": {}}),
            "/info",
            "is missing",
        ),
    ] {
        assert_failure(document, pointer, None, message);
    }
}

#[test]
fn webhook_events_that_are_no_types() {
    let with = |events: Value| {
        let mut document = responding_with(json!({"A": {"type": "string"}}));
        document["x-webhook-events"] = events;
        document
    };
    let at = "/x-webhook-events";
    assert_failure(
        with(json!({"events": {}})),
        at,
        None,
        "needs a discriminator",
    );
    let event =
        json!({"discriminator": "type", "events": {"a.b": {"$ref": "#/components/schemas/A"}}});
    let at = "/x-webhook-events/events/a.b";
    assert_failure(
        with(event),
        at,
        Some("a.b"),
        "does not refer to a type with fields",
    );
}

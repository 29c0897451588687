//! What cannot be generated says where it is, whom it concerns and what is wrong.
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
fn answering(schemas: Value) -> Value {
    let answer = json!({"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}});
    let get = json!({"operationId": "GetA", "responses": {"200": answer}});
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
fn what_is_no_openapi_3_0() {
    let error = Spec::from_slice(b"openapi: 3.0.3").unwrap_err();
    assert!(
        error.to_string().contains("the document: is not JSON"),
        "{error}"
    );
    for (document, pointer, message) in [
        (
            json!({"openapi": "3.1.0"}),
            "/openapi",
            "is 3.1.0; only OpenAPI 3.0",
        ),
        (
            json!({"swagger": "2.0"}),
            "/swagger",
            "is Swagger 2; only OpenAPI 3.0",
        ),
        (json!({"info": {}}), "/openapi", "is missing"),
        (json!([]), "/openapi", "is missing"),
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
fn references_that_lead_nowhere() {
    let dangling = |target: &str| {
        answering(json!({"A": {"type": "object", "properties": {"b/c": {"$ref": target}}}}))
    };
    let at = "/components/schemas/A/properties/b~1c";
    for target in ["#/components/schemas/B", "other.json#/B", "#/paths/~1a/put"] {
        assert_failure(dangling(target), at, Some("A"), target);
    }
    // In data, and as the name of a field, the word means nothing.
    let harmless = answering(json!({"A": {
        "type": "object",
        "properties": {"$ref": {"type": "string"}, "default": {"type": "string"}},
        "example": {"$ref": "nowhere"}
    }}));
    let generated = codegen::generate(&Spec::from_value(harmless).unwrap()).unwrap();
    assert!(generated.code.contains("pub r#ref: Option<String>"));
    let broken = answering(json!({"A": {
        "type": "object", "properties": {"default": {"$ref": "nowhere"}}
    }}));
    assert_failure(
        broken,
        "/components/schemas/A/properties/default",
        Some("A"),
        "nowhere",
    );
}

#[test]
fn references_that_lead_in_a_circle() {
    assert_failure(
        answering(json!({
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"$ref": "#/components/schemas/A"}
        })),
        "/components/schemas/B",
        Some("B"),
        "is nothing but a reference to itself",
    );
    assert_failure(
        answering(json!({
            "A": {"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object"}]},
            "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}
        })),
        "/components/schemas/A",
        Some("A"),
        "its allOf leads in a circle at #/components/schemas/B",
    );
    assert_failure(
        answering(json!({
            "A": {"type": "object", "properties": {"b": {
                "type": "object", "properties": {"c": {"$ref": "#/components/schemas/A/properties/b"}}
            }}}
        })),
        "/components",
        None,
        "leads into itself",
    );
    let mut document = answering(json!({"A": {"type": "object"}}));
    document["components"]["responses"] = json!({
        "X": {"$ref": "#/components/responses/Y"},
        "Y": {"$ref": "#/components/responses/X"}
    });
    document["paths"]["/a"]["get"]["responses"]["200"] =
        json!({"$ref": "#/components/responses/X"});
    assert_failure(
        document,
        "/paths/~1a/get",
        Some("GET /a"),
        "leads in a circle",
    );
}

#[test]
fn path_parameters_that_do_not_fit_the_path() {
    let with = |parameters: Value| {
        let get = json!({"operationId": "GetB", "parameters": parameters, "responses": {"200": {"description": ""}}});
        document(json!({"/a/{id}": {"get": get}}), json!({}))
    };
    let at = "/paths/~1a~1{id}/get";
    assert_failure(
        with(json!([])),
        at,
        Some("GetB"),
        "its path needs a parameter id",
    );
    let parameter = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
    let stray = with(json!([parameter("id"), parameter("other")]));
    assert_failure(
        stray,
        at,
        Some("GetB"),
        "parameter other is not in its path",
    );
}

#[test]
fn webhook_events_that_are_no_types() {
    let with = |events: Value| {
        let mut document = answering(json!({"A": {"type": "string"}}));
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
        "is no reference to a type with fields",
    );
}

#[test]
fn what_the_generator_refuses_is_traced_to_its_schema() {
    let error = failure(answering(json!({
        "A": {"type": "object", "properties": {"fine": {"$ref": "#/components/schemas/Fine"}, "b": {"$ref": "#/components/schemas/B"}}},
        "B": {"type": "object", "properties": {"x": {"type": "decimal"}}},
        "Fine": {"type": "object", "properties": {"n": {"type": "integer"}}}
    })));
    assert!(["A", "B"].contains(&error.subject().unwrap()), "{error}");
    assert!(
        error.pointer().starts_with("/components/schemas/"),
        "{error}"
    );
}

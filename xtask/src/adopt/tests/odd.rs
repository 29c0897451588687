//! Constructs that other tools stumble over, each added to the spec of this workspace.

use serde_json::{Value, json};

use super::super::{Adopted, Current, adopt};
use super::{VIDEO, current, surface};

const PATH: &str = "/api/v2/video/odd/{x}";

/// The spec with one more operation, changed by a merge patch.
fn with(patch: &Value) -> Value {
    let mut document = current().composed;
    document.as_object_mut().unwrap().remove("x-webhook-events");
    let content = json!({"application/json": {"schema": {
        "type": "object", "properties": {"a": {"type": "string"}}
    }}});
    let operation = json!({"paths": {PATH: {"post": {
        "operationId": "Odd",
        "tags": ["misc"],
        "summary": "Does something odd.",
        "parameters": [{"name": "x", "in": "path", "required": true, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": content}}
    }}}});
    json_patch::merge(&mut document, &operation);
    json_patch::merge(&mut document, patch);
    document
}

fn operation(patch: &Value) -> Value {
    with(&json!({"paths": {PATH: {"post": patch}}}))
}

fn adopted(document: Value) -> Adopted {
    adopt(document, &current(), &[VIDEO.to_owned()], &[]).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn assert_surface(adopted: &Adopted, lines: &[&str]) {
    let text = surface(&adopted.composed);
    for line in lines {
        let starts = |known: &str| known == *line || known.starts_with(&format!("{line} = "));
        assert!(text.lines().any(starts), "{line} is missing");
    }
}

const ODD: &str = "fn Client::odd(&self, x: impl Into<String>) -> requests::Odd";
const A: &str = "struct types::OddResponse.a: Option<String>";

#[test]
fn an_error_body_written_in_place_is_described() {
    let schema = json!({"type": "object", "properties": {"reason": {"type": "string"}}});
    let error = json!({"description": "n", "content": {"application/json": {"schema": schema}}});
    let adopted = adopted(operation(&json!({"responses": {"415": error}})));
    assert_surface(&adopted, &[ODD, A]);
    let body = "/paths/~1api~1v2~1video~1odd~1{x}/post/responses/415/content/application~1json";
    let reason = format!("{body}/schema/properties/reason/description");
    assert_eq!(adopted.composed.pointer(&reason), Some(&json!("`reason`.")));
}

#[test]
fn examples_by_reference_are_dropped() {
    let schema = json!({"type": "object", "properties": {"b": {"type": "string"}}});
    let examples = json!({"one": {"$ref": "#/components/examples/one"}});
    let body = json!({"content": {"application/json": {"schema": schema, "examples": examples}}});
    let mut document = operation(&json!({"requestBody": body}));
    document["components"]["examples"] = json!({"one": {"value": {"b": "x"}}});
    let adopted = adopted(document);
    assert_surface(
        &adopted,
        &[
            ODD,
            "fn requests::Odd::b(mut self, b: impl Into<String>) -> Self",
        ],
    );
    assert!(!adopted.composed.to_string().contains("examples"));
}

#[test]
fn extensions_may_hold_any_keyword() {
    let extension = json!({"required": ["project"], "$ref": "#/nowhere", "properties": {"a": 1}});
    let adopted = adopted(operation(&json!({"x-pagination": extension})));
    assert_surface(&adopted, &[ODD, A]);
}

#[test]
fn properties_may_be_called_like_keywords() {
    let text = json!({"type": "string"});
    let inner = json!({"type": text, "required": {"type": "boolean"}, "items": {
        "type": "array", "items": text
    }});
    let properties = json!({
        "properties": {"type": "object", "properties": inner},
        "$ref": text, "enum": text, "default": text, "allOf": text, "example": text
    });
    let schema = json!({"type": "object", "properties": properties});
    let content = json!({"application/json": {"schema": schema}});
    let adopted = adopted(operation(
        &json!({"responses": {"200": {"content": content}}}),
    ));
    assert_surface(
        &adopted,
        &[
            "struct types::OddResponse.properties: Option<OddResponseProperties>",
            "struct types::OddResponse.enum: Option<String>",
            "struct types::OddResponse.example: Option<String>",
            "struct types::OddResponseProperties.required: Option<bool>",
        ],
    );
}

#[test]
fn references_into_nothing_and_into_files_are_any_json_with_a_note() {
    let properties =
        json!({"b": {"$ref": "other.yaml#/B"}, "c": {"$ref": "#/components/schemas/C"}});
    let schema = json!({"type": "object", "properties": properties});
    let content = json!({"application/json": {"schema": schema}});
    let adopted = adopted(operation(
        &json!({"responses": {"200": {"content": content}}}),
    ));
    assert_surface(
        &adopted,
        &[
            "struct types::OddResponse.b: Option<Value>",
            "struct types::OddResponse.c: Option<Value>",
        ],
    );
    assert_eq!(adopted.notes.len(), 2, "{:?}", adopted.notes);
    assert!(
        adopted.notes[0].contains("bundle the document"),
        "{:?}",
        adopted.notes
    );
}

#[test]
fn references_into_parameters_are_followed() {
    let content = json!({"application/json": {"schema": {"type": "object", "properties": {
        "x": {"$ref": "#/paths/~1api~1v2~1video~1odd~1{x}/post/parameters/0/schema"}
    }}}});
    let adopted = adopted(operation(
        &json!({"responses": {"200": {"content": content}}}),
    ));
    assert_surface(&adopted, &["struct types::OddResponse.x: Option<String>"]);
}

#[test]
fn a_document_of_another_api_is_refused_in_one_sentence() {
    let get = json!({"operationId": "GetThing", "responses": {"200": {"description": ""}}});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Foreign", "version": "1"},
        "paths": {"/api/v2/video/things": {"get": get}}
    });
    let refused = adopt(document, &current(), &[VIDEO.to_owned()], &[]);
    let error = refused.err().unwrap().to_string();
    assert!(error.starts_with("is a document of another API"), "{error}");
    assert!(!error.contains('\n'), "{error}");
}

#[test]
fn events_that_cannot_be_read_any_more_are_dropped_with_a_note() {
    // Only two operations are left, and with them hardly a type that events need.
    let mut document = current().composed;
    document.as_object_mut().unwrap().remove("x-webhook-events");
    let paths = document["paths"].as_object_mut().unwrap();
    paths.retain(|path, _| path.starts_with("/api/v2/video/edges"));
    assert!(!paths.is_empty());
    document["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| {
            !name.ends_with("Event") && name != "UserResponse" && name != "CallResponse"
        });
    let Current { composed, .. } = current();
    assert!(composed.get("x-webhook-events").is_some());
    let adopted = adopted(document);
    let text = adopted.composed.to_string();
    assert!(
        !text.contains("#/components/schemas/UserResponse"),
        "{:?}",
        adopted.notes
    );
}

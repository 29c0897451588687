//! One odd corner does not sink the document: it is left out with its place and a reason, and the
//! rest is generated.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Helpers of tests.

use codegen::{Generated, Spec};
use serde_json::{Value, json};

fn generate(document: Value) -> Generated {
    let spec = Spec::from_value(document).unwrap_or_else(|error| panic!("{error}"));
    codegen::generate(&spec).unwrap_or_else(|error| panic!("{error}"))
}

/// A document whose one operation `GetA` answers with the schema `A`.
fn responding_with(schemas: Value) -> Value {
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"application/json": {"schema": schema}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {
            "operationId": "GetA",
            "responses": {"200": {"description": "", "content": content}}
        }}},
        "components": {"schemas": schemas}
    })
}

/// Pointer and reason of what was left out, and that the surface has the lines.
#[track_caller]
fn assert_left_out(document: Value, left_out: &[(&str, &str)], surface: &[&str]) {
    let generated = generate(document);
    let found: Vec<(&str, &str)> = generated
        .left_out
        .iter()
        .map(|part| (part.pointer.as_str(), part.reason.as_str()))
        .collect();
    assert_eq!(found, left_out);
    let text = generated.surface.to_string();
    for line in surface {
        assert!(
            text.lines()
                .any(|known| known == *line || known.starts_with(&format!("{line} = "))),
            "{line} is missing:\n{text}"
        );
    }
}

#[test]
fn schemas_that_refer_to_nothing_are_any_json() {
    for (target, reason) in [
        (
            "#/components/schemas/B",
            "points to nothing in this document",
        ),
        ("#/paths/~1a/put", "points to nothing in this document"),
        (
            "other.json#/B",
            "leads into another file; bundle the document into one file first, for example with \
             `npx @redocly/cli bundle`",
        ),
    ] {
        let reason = format!("is any JSON: $ref {target:?} {reason}");
        assert_left_out(
            responding_with(json!({"A": {"type": "object", "properties": {
                "b/c": {"$ref": target}, "default": {"type": "string"}
            }}})),
            &[("/components/schemas/A/properties/b~1c", &reason)],
            &[
                "struct types::A.b_c: Option<Value>",
                "struct types::A.default: Option<String>",
            ],
        );
    }
}

#[test]
fn references_in_data_and_extensions_mean_nothing() {
    let mut document = responding_with(json!({"A": {
        "type": "object",
        "properties": {"$ref": {"type": "string"}, "example": {"type": "string"}},
        "example": {"$ref": "nowhere"},
        "x-rules": {"$ref": "#/nowhere"}
    }}));
    document["paths"]["x-shared"] = json!({"$ref": "nowhere"});
    assert_left_out(document, &[], &["struct types::A.example: Option<String>"]);
}

#[test]
fn broken_components_that_nothing_reaches_are_not_reported() {
    assert_left_out(
        responding_with(json!({
            "A": {"type": "object", "properties": {"b": {"type": "string"}}},
            "Unused": {"$ref": "#/components/schemas/Gone"},
            "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}, {"type": "object"}]}
        })),
        &[],
        &["struct types::A.b: Option<String>"],
    );
}

#[test]
fn circles_of_references_are_any_json() {
    let circle =
        |name: &str| format!("is any JSON: $ref \"#/components/schemas/{name}\" leads in a circle");
    assert_left_out(
        responding_with(json!({
            "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {"$ref": "#/components/schemas/C"},
            "C": {"$ref": "#/components/schemas/B"}
        })),
        &[
            ("/components/schemas/A/properties/b", &circle("B")),
            ("/components/schemas/B", &circle("C")),
            ("/components/schemas/C", &circle("B")),
        ],
        &["struct types::A.b: Option<Value>"],
    );
}

#[test]
fn circles_of_all_of_are_any_json() {
    assert_left_out(
        responding_with(json!({
            "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}, "c": {"type": "string"}}},
            "B": {"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object"}]}
        })),
        &[(
            "/components/schemas/B",
            "is any JSON: its allOf leads in a circle at #/components/schemas/B",
        )],
        &[
            "struct types::A.b: Option<Value>",
            "struct types::A.c: Option<String>",
        ],
    );
}

#[test]
fn a_schema_that_refers_to_a_place_around_it_is_a_recursive_type() {
    assert_left_out(
        responding_with(json!({"A": {"type": "object", "properties": {"b": {
            "type": "object",
            "properties": {"c": {"$ref": "#/components/schemas/A/properties/b"}}
        }}}})),
        &[],
        &[
            "struct types::A.b: Option<Ab>",
            "struct types::Ab.c: Option<Box<Ab>>",
        ],
    );
}

#[test]
fn references_may_be_percent_encoded_and_escaped() {
    assert_left_out(
        responding_with(json!({
            "A": {"type": "object", "properties": {
                "list": {"$ref": "#/components/schemas/List%5BItem%5D"},
                "slash": {"$ref": "#/components/schemas/dir~1entry"},
                "space": {"$ref": "#/components/schemas/With%20Space"}
            }},
            "List[Item]": {"type": "object", "properties": {"x": {"type": "string"}}},
            "dir/entry": {"type": "object", "properties": {"x": {"type": "string"}}},
            "With Space": {"type": "object", "properties": {"x": {"type": "string"}}}
        })),
        &[],
        &[
            "struct types::A.list: Option<ListItem>",
            "struct types::A.slash: Option<DirEntry>",
            "struct types::A.space: Option<WithSpace>",
        ],
    );
}

#[test]
fn a_string_with_properties_is_a_string() {
    assert_left_out(
        responding_with(json!({"A": {"type": "object", "properties": {
            "status": {"type": "string", "properties": {"open": {"type": "string"}, "closed": {}}}
        }}})),
        &[],
        &["struct types::A.status: Option<String>"],
    );
}

#[test]
fn operations_with_broken_parts_are_left_out() {
    let mut document = responding_with(json!({"A": {"type": "object", "properties": {}}}));
    let response = document["paths"]["/a"]["get"]["responses"]["200"].clone();
    document["paths"]["/b"] = json!({
        "get": {"operationId": "GetB", "responses": {"200": {"$ref": "#/components/responses/X"}}},
        "put": {"operationId": "PutB", "parameters": [{"$ref": "params.yaml#/P"}], "responses": {"200": response}},
        "post": {"operationId": "PostB", "responses": {"200": response, "400": {"$ref": "#/nowhere"}}}
    });
    document["paths"]["/c"] = json!({"$ref": "paths/c.yaml"});
    document["components"]["responses"] = json!({
        "X": {"$ref": "#/components/responses/Y"},
        "Y": {"$ref": "#/components/responses/X"}
    });
    let external = |target: &str| {
        format!(
            "$ref {target:?} leads into another file; bundle the document into one file first, \
             for example with `npx @redocly/cli bundle`"
        )
    };
    assert_left_out(
        document,
        &[
            (
                "/paths/~1b/get",
                "$ref \"#/components/responses/X\" leads in a circle",
            ),
            ("/paths/~1b/put", &external("params.yaml#/P")),
            ("/paths/~1c", &external("paths/c.yaml")),
        ],
        &[
            "fn Client::get_a(&self) -> requests::GetA",
            "fn Client::post_b(&self) -> requests::PostB",
        ],
    );
}

#[test]
fn path_parameters_fit_the_path() {
    let mut document = responding_with(json!({"A": {"type": "object", "properties": {}}}));
    let mut operation = document["paths"]["/a"]["get"].clone();
    operation["operationId"] = json!("GetB");
    operation["parameters"] = json!([
        {"name": "other", "in": "path", "required": true, "schema": {"type": "string"}}
    ]);
    document["paths"]["/b/{id}"] = json!({ "get": operation });
    assert_left_out(
        document,
        &[(
            "/paths/~1b~1{id}/get",
            "is generated without the path parameter other, which is not in its path",
        )],
        &["fn Client::get_b(&self, id: impl Into<String>) -> requests::GetB"],
    );
}

#[test]
fn an_openapi_3_1_document_is_generated_and_what_it_loses_is_said() {
    let mut document = responding_with(json!({
        "A": {"type": "object", "required": ["kind"], "properties": {
            "kind": {"const": "a"},
            "name": {"type": ["string", "null"]},
            "pair": {"prefixItems": [{"type": "string"}, {"type": "string"}]}
        }},
        "Unused": {"if": {}}
    }));
    document["openapi"] = json!("3.1.0");
    document["webhooks"] = json!({"event": {"post": {}}});
    assert_left_out(
        document,
        &[
            (
                "/components/schemas/A/properties/pair/prefixItems",
                "is read as a list, the order of its types is not checked",
            ),
            (
                "/webhooks",
                "are not generated; cargo xtask diff compares them",
            ),
        ],
        &[
            "struct types::A.name: Option<String>",
            "struct types::A.pair: Option<Vec<String>>",
        ],
    );
}

#[test]
fn callbacks_are_left_out() {
    let mut document = responding_with(json!({"A": {"type": "object", "properties": {}}}));
    document["paths"]["/a"]["get"]["callbacks"] = json!({"done": {"{$url}": {"post": {}}}});
    assert_left_out(
        document,
        &[("/paths/~1a/get", "its callbacks are not generated")],
        &["fn Client::get_a(&self) -> requests::GetA"],
    );
}

#[test]
fn headers_of_the_client_itself_are_no_parameters() {
    let mut document = responding_with(json!({"A": {"type": "object", "properties": {}}}));
    let header = |name: &str| json!({"name": name, "in": "header", "required": true, "schema": {}});
    document["paths"]["/a"]["get"]["parameters"] = json!([
        header("Stream-Auth-Type"),
        header("X-Stream-Client"),
        header("Host"),
        header("a b"),
    ]);
    let reason = |name: &str| {
        format!("is generated without the header parameter {name}, which the client sets itself")
    };
    // The name that HTTP does not allow cannot be sent by anybody.
    assert_left_out(
        document.clone(),
        &[(
            "/paths/~1a/get",
            "needs the header parameter a b, which is not a name that HTTP allows",
        )],
        &[],
    );
    let parameters = document["paths"]["/a"]["get"]["parameters"].as_array_mut();
    parameters.unwrap().pop();
    assert_left_out(
        document,
        &[
            ("/paths/~1a/get", &reason("Stream-Auth-Type")),
            ("/paths/~1a/get", &reason("X-Stream-Client")),
            ("/paths/~1a/get", &reason("Host")),
        ],
        &["fn Client::get_a(&self) -> requests::GetA"],
    );
}

#[test]
fn what_a_form_cannot_express_is_said() {
    let mut document = responding_with(json!({"A": {"type": "object", "properties": {}}}));
    let form = |schema: Value| {
        json!({"content": {"multipart/form-data": {
            "schema": schema,
            "encoding": {"a": {"headers": {"X-A": {"schema": {}}}}}
        }}})
    };
    let response = document["paths"]["/a"]["get"]["responses"].clone();
    document["paths"]["/a"]["post"] = json!({"operationId": "PostA", "responses": response, "requestBody": form(json!({
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "additionalProperties": {"type": "string"},
        "anyOf": [{"required": ["a"]}]
    }))});
    document["paths"]["/a"]["put"] = json!({"operationId": "PutA", "responses": response, "requestBody": form(json!({
        "oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}}]
    }))});
    let place = "/paths/~1a/post/requestBody/content/multipart~1form-data";
    assert_left_out(
        document,
        &[
            (
                "/paths/~1a/put",
                "takes its body as multipart/form-data without listed fields",
            ),
            (place, "the field a is sent without headers of its own"),
            (
                place,
                "its anyOf is not supported beside the fields of a form",
            ),
            (
                place,
                "fields that are not listed have no setter; `extra` sends them",
            ),
        ],
        &["fn Client::post_a(&self) -> requests::PostA"],
    );
}

//! Constructs of real specs of this family that the vendor's style alone does not show, each once.

use serde_json::{Value, json};

/// Lines that the traps must lead to.
pub(crate) const SURFACE: &[&str] = &[
    "fn Client::get_trap(&self, call_type: impl Into<String>) -> requests::GetTrap",
    "fn Client::put_api_v2_video_traps_type(&self, call_type: impl Into<String>, body: impl Into<types::Shape>) -> requests::PutApiV2VideoTrapsType",
    "fn Client::move_trap(&self, id: impl Into<String>) -> requests::MoveTrap",
    "fn Client::get_api_v2_video_bare(&self) -> requests::GetApiV2VideoBare",
    "fn requests::GetTrap::async(mut self, r#async: bool) -> Self",
    "fn requests::GetTrap::payload(mut self, payload: impl Into<types::TrapPayload>) -> Self",
    "fn requests::GetTrap::ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self",
    "fn requests::GetTrap::x_tenant(mut self, x_tenant: impl Into<String>) -> Self",
    "enum types::GetTrapResponse::Created(ApiError) = \"201\"",
    "enum types::GetTrapResponse::NoContent = \"204\"",
    "enum types::Shape (by \"type\")",
    "enum types::Shape::Circle(Circle) = \"circle\"",
    "struct types::TrapPayload.level: i64",
    "struct types::TrapPayload.self_: Option<String>",
    "struct types::TrapResponse.lat: f32",
    "struct types::TrapResponse.shape: Shape",
    "struct types::TrapResponse.mixed: Option<Value>",
    "struct types::TrapResponse.any: Option<Value>",
    "struct types::TrapResponse.at: Option<Timestamp>",
    "struct types::TrapResponse.merged: Option<Merged>",
    "struct types::TrapResponse.string: Option<StringModel>",
    "struct types::Merged.a: String",
    "struct types::Merged.b: String",
    "struct types::Foo.a: Option<String>",
    "struct types::FooLower.a: Option<String>",
    "enum types::TrapResponseWord::A = \"a\"",
];

/// Adds the traps to a document.
pub(crate) fn add(document: &mut Value) {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let response = |name: &str| json!({"description": "", "content": {"application/json": {"schema": reference(name)}}});
    let kind =
        json!({"in": "path", "name": "type", "required": true, "schema": {"type": "string"}});
    let paths = &mut document["paths"];
    paths["/api/v2/video/files"] = json!({"post": {
        "operationId": "UploadFile",
        "requestBody": {"content": {"multipart/mixed": {"schema": {
            "type": "object", "properties": {"file": {"type": "string", "format": "binary"}}
        }}}},
        "responses": {"200": response("TrapResponse")}
    }});
    paths["/api/v2/video/traps/{type}"] = json!({
        "parameters": [kind],
        "get": {
            "operationId": "GetTrap",
            "parameters": [
                {"in": "query", "name": "payload", "content": {"application/json": {"schema": reference("TrapPayload")}}},
                {"in": "query", "name": "async", "schema": {"type": "boolean"}},
                {"in": "cookie", "name": "x-trace", "schema": {"type": "string"}},
                {"in": "header", "name": "x-tenant", "schema": {"type": "string"}},
                {"in": "query", "name": "ids", "schema": {"type": "array", "items": {"type": "string"}, "maximum": 50, "minimum": 1}}
            ],
            "responses": {
                "200": response("TrapResponse"), "201": response("APIError"), "204": {"description": ""},
                "206": {"description": "", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
            }
        },
        "put": {
            "operationId": "gettrap", "tags": ["a", "b"],
            "requestBody": {"content": {"application/json": {"schema": reference("Shape")}}, "required": true},
            "responses": {"200": response("TrapResponse")}
        }
    });
    paths["/api/v2/video/traps/{id}/move"] = json!({"post": {
        "operationId": "MoveTrap", "responses": {"200": response("TrapResponse")}
    }});
    paths["/api/v2/video/bare"] = json!({"get": {"responses": {"200": response("TrapResponse")}}});
    let schemas = [
        (
            "TrapPayload",
            json!({
                "type": "object", "nullable": true, "required": ["level", "ghost"],
                "properties": {"level": {"type": "integer", "enum": ["1", "2"]}, "self": {"type": "string"}}
            }),
        ),
        (
            "TrapResponse",
            json!({
                "type": "object", "title": "String", "nullable": true,
                "required": ["duration", "lat", "shape", "ghost"],
                "properties": {
                    "duration": {"type": "string"},
                    "lat": {"type": "number", "format": "float", "minimum": 18_446_744_073_709_552_000_f64, "maximum": 90},
                    "shape": reference("Shape"),
                    "mixed": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                    "any": {},
                    "at": {"type": "number", "format": "date-time", "x-stream-index": "9"},
                    "merged": reference("Merged"),
                    "String": reference("String"),
                    "foo": reference("foo"),
                    "Foo": reference("Foo"),
                    "word": {"type": "string", "enum": ["a", "a", null], "nullable": true}
                }
            }),
        ),
        (
            "Shape",
            json!({
                "oneOf": [reference("Circle"), reference("Square")],
                "discriminator": {"propertyName": "type", "mapping": {
                    "circle": "#/components/schemas/Circle", "square": "Square"
                }}
            }),
        ),
        (
            "Circle",
            json!({
                "type": "object", "required": ["type"],
                "properties": {"type": {"type": "string", "enum": ["circle"]}, "r": {"type": "number"}}
            }),
        ),
        (
            "Square",
            json!({
                "type": "object", "required": ["type"],
                "properties": {"type": {"type": "string", "enum": ["square"]}, "inside": reference("Shape")}
            }),
        ),
        (
            "Merged",
            json!({
                "allOf": [reference("foo"), {"type": "object", "properties": {"b": {"type": "string"}}}],
                "required": ["a", "b"]
            }),
        ),
        (
            "foo",
            json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        ),
        ("Foo", json!({"properties": {"A": {"type": "string"}}})),
        (
            "String",
            json!({"type": "object", "properties": {"type": {"type": "string", "title": "Type"}}}),
        ),
    ];
    for (name, schema) in schemas {
        document["components"]["schemas"][name] = schema;
    }
}

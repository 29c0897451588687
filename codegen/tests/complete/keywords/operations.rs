//! Keywords of paths, operations, parameters and the root.

use serde_json::{Value, json};

use super::Does::{Code, Docs, LeftOut, Nothing};
use super::{EXAMPLES, Row, WORDS};

pub(super) fn rows_of_operations() -> Vec<Row> {
    let response = || json!({"200": {"description": ""}});
    let operation = |keyword: &str, value: Value| {
        let mut operation = json!({"operationId": "postB", "responses": response()});
        operation[keyword] = value;
        operation
    };
    let row = |keyword, value, does| ("Operation", keyword, operation(keyword, value), does);
    let item = |keyword: &'static str, value: Value, does| {
        let mut item = json!({"post": operation("deprecated", json!(false))});
        item[keyword] = value;
        ("PathItem", keyword, item, does)
    };
    let body =
        json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}});
    let server = json!([{"url": "https://other.example"}]);
    let query = json!([{"name": "q", "in": "query", "schema": {"type": "string"}}]);
    let own_server = LeftOut("is sent to the base URL of the client");
    vec![
        row("tags", json!(["Topic"]), Code),
        row("summary", json!("Does it."), Docs("Does it.")),
        row("description", json!("It is done."), Docs("It is done.")),
        row(
            "externalDocs",
            json!({"url": "https://a.b"}),
            Nothing(WORDS),
        ),
        row("operationId", json!("doIt"), Code),
        row("parameters", query.clone(), Code),
        row("requestBody", body, Code),
        row(
            "responses",
            json!({"302": {"description": ""}}),
            LeftOut("documents no success response"),
        ),
        row(
            "callbacks",
            json!({"done": {"{$url}": {"post": {}}}}),
            LeftOut("its callbacks are not generated"),
        ),
        row("deprecated", json!(true), Code),
        row(
            "security",
            json!([{"token": []}]),
            Nothing("the client always sends its token"),
        ),
        row("servers", server.clone(), own_server),
        item("servers", server, own_server),
        item("parameters", query, Code),
        item("summary", json!("S"), Nothing(WORDS)),
        item("description", json!("S"), Nothing(WORDS)),
        item("$ref", json!("#/x-items/other"), Code),
        item("get", operation("operationId", json!("getB")), Code),
        item("put", operation("operationId", json!("putB")), Code),
        item("post", operation("operationId", json!("otherB")), Code),
        item("delete", operation("operationId", json!("deleteB")), Code),
        item("patch", operation("operationId", json!("patchB")), Code),
        item(
            "head",
            operation("operationId", json!("headB")),
            LeftOut("the method HEAD"),
        ),
        item(
            "options",
            operation("operationId", json!("optionsB")),
            LeftOut("the method OPTIONS"),
        ),
        item(
            "trace",
            operation("operationId", json!("traceB")),
            LeftOut("the method TRACE"),
        ),
    ]
}

pub(super) fn rows_of_parameters() -> Vec<Row> {
    let parameter = |keyword: &str, value: Value| {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let mut parameter = json!({"name": "q", "in": "query", "schema": list});
        parameter[keyword] = value;
        parameter
    };
    let row = |keyword, value, does| ("Parameter", keyword, parameter(keyword, value), does);
    let whole = |keyword, parameter, does| ("Parameter", keyword, parameter, does);
    let deep = |schema: Value| json!({"name": "q", "in": "query", "style": "deepObject", "explode": true, "schema": schema});
    let text = json!({"type": "string"});
    vec![
        row("name", json!("other"), Code),
        row("in", json!("header"), Code),
        row("in", json!("cookie"), LeftOut("cookie parameter q")),
        row("description", json!("The thing."), Docs("The thing.")),
        row("required", json!(true), Code),
        row("deprecated", json!(true), Code),
        row(
            "allowEmptyValue",
            json!(true),
            LeftOut("with a value or not at all"),
        ),
        row("allowReserved", json!(true), LeftOut("is percent-encoded")),
        row("style", json!("pipeDelimited"), Code),
        row(
            "style",
            json!("deepObject"),
            LeftOut("not defined for its style deepObject"),
        ),
        row("explode", json!(false), Code),
        row("schema", json!({"type": "integer"}), Code),
        row("example", json!("e"), Nothing(EXAMPLES)),
        row("examples", json!({"e": {"value": "e"}}), Nothing(EXAMPLES)),
        whole(
            "content",
            json!({"name": "q", "in": "query", "content": {"application/json": {"schema": text}}}),
            Code,
        ),
        whole(
            "content",
            json!({"name": "q", "in": "query", "content": {"text/csv": {"schema": text}}}),
            LeftOut("as text/csv"),
        ),
        whole(
            "schema",
            deep(
                json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": text}}}}),
            ),
            LeftOut("sent as name[a][b]=1"),
        ),
        whole(
            "schema",
            json!({"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "object", "properties": {"b": text}}}}),
            LeftOut("sent as JSON"),
        ),
    ]
}

pub(super) fn rows_of_the_rest() -> Vec<Row> {
    let discriminator = |keyword: &str, value: Value| {
        let mut discriminator = json!({"propertyName": "kind"});
        discriminator[keyword] = value;
        let target = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        json!({"oneOf": [target("B"), target("C")], "discriminator": discriminator})
    };
    let mapping = json!({"b": "#/components/schemas/B", "c": "C"});
    let root =
        |keyword: &'static str, value: Value, does| ("", keyword, json!({keyword: value}), does);
    vec![
        (
            "Discriminator",
            "propertyName",
            discriminator("propertyName", json!("other")),
            Code,
        ),
        (
            "Discriminator",
            "mapping",
            discriminator("mapping", mapping),
            Code,
        ),
        root(
            "externalDocs",
            json!({"url": "https://a.b"}),
            Nothing(WORDS),
        ),
        root(
            "servers",
            json!([{"url": "https://a.b"}]),
            Nothing("the client has a base URL"),
        ),
        root(
            "security",
            json!([]),
            Nothing("the client always sends its token"),
        ),
        root(
            "tags",
            json!([{"name": "Topic"}]),
            Nothing("operations name their tags"),
        ),
        root(
            "webhooks",
            json!({"w": {"post": {}}}),
            LeftOut("cargo xtask diff compares them"),
        ),
        root(
            "jsonSchemaDialect",
            json!("https://a.b"),
            Nothing("only a name"),
        ),
    ]
}

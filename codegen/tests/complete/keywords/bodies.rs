//! Keywords of bodies, forms and responses.

use serde_json::{Value, json};

use super::Does::{Code, LeftOut, Nothing};
use super::{EXAMPLES, Row, WORDS};

pub(super) fn rows_of_bodies() -> Vec<Row> {
    let text = json!({"type": "string"});
    let form = json!({"type": "object", "properties": {"f": {"type": "array", "items": text}}});
    let media = |media: &str, entry: Value| json!({"content": {media: entry}, "required": true});
    let encoded =
        |keyword: &str, value: Value| json!({"schema": form, "encoding": {"f": {keyword: value}}});
    let urlencoded = "application/x-www-form-urlencoded";
    let entry = |keyword, value: Value, does| {
        let mut entry = json!({"schema": {"$ref": "#/components/schemas/B"}});
        entry[keyword] = value;
        ("MediaType", keyword, entry, does)
    };
    let of_form = |keyword: &'static str, value: Value, does| {
        (
            "Encoding",
            keyword,
            json!({"schema": form, "encoding": {"f": {keyword: value}}}),
            does,
        )
    };
    let of_url = |keyword: &'static str, value: Value, does| {
        ("Form", keyword, encoded(keyword, value), does)
    };
    let response = |keyword, value: Value, does| {
        let mut response = json!({"description": ""});
        response[keyword] = value;
        ("Response", keyword, response, does)
    };
    let json_of = |schema: &Value| json!({"application/json": {"schema": schema}});
    vec![
        (
            "RequestBody",
            "description",
            json!({"description": "D", "content": json_of(&text)}),
            Nothing(WORDS),
        ),
        (
            "RequestBody",
            "content",
            json!({"content": json_of(&text)}),
            Code,
        ),
        (
            "RequestBody",
            "content",
            media("application/xml", json!({})),
            Code,
        ),
        (
            "RequestBody",
            "content",
            media(urlencoded, json!({"schema": form})),
            Code,
        ),
        (
            "RequestBody",
            "content",
            media("multipart/form-data", json!({"schema": form})),
            Code,
        ),
        (
            "RequestBody",
            "content",
            media("multipart/mixed", json!({"schema": form})),
            LeftOut("takes a body only as multipart/mixed"),
        ),
        (
            "RequestBody",
            "content",
            media("text/event-stream", json!({})),
            LeftOut("takes a body only as text/event-stream"),
        ),
        (
            "RequestBody",
            "required",
            json!({"content": json_of(&text), "required": true}),
            Code,
        ),
        entry("schema", text.clone(), Code),
        entry("example", json!("e"), Nothing(EXAMPLES)),
        entry("examples", json!({"e": {"value": "e"}}), Nothing(EXAMPLES)),
        entry(
            "encoding",
            json!({"a": {"contentType": "text/plain"}}),
            Nothing("only for forms, as OpenAPI says"),
        ),
        of_form("contentType", json!("text/csv"), Code),
        of_form(
            "headers",
            json!({"X-A": {"schema": text}}),
            LeftOut("without headers of its own"),
        ),
        of_form(
            "style",
            json!("pipeDelimited"),
            Nothing("only for URL-encoded forms, as OpenAPI says"),
        ),
        of_form(
            "explode",
            json!(false),
            Nothing("only for URL-encoded forms, as OpenAPI says"),
        ),
        of_form(
            "allowReserved",
            json!(true),
            Nothing("only for URL-encoded forms, as OpenAPI says"),
        ),
        of_url("style", json!("pipeDelimited"), Code),
        of_url("explode", json!(false), Code),
        response("description", json!("D"), Nothing(WORDS)),
        response(
            "headers",
            json!({"X-A": {"schema": text}}),
            Nothing("`Response::headers` has them all"),
        ),
        response("content", json_of(&text), Code),
        response(
            "content",
            json!({"text/event-stream": {}}),
            LeftOut("it is text/event-stream"),
        ),
        response(
            "content",
            json!({"multipart/mixed": {}}),
            LeftOut("it is multipart/mixed"),
        ),
        response(
            "links",
            json!({"next": {"operationId": "postB"}}),
            LeftOut("its links are not generated"),
        ),
    ]
}

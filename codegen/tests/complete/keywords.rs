//! Every keyword of OpenAPI 3.0, and those that 3.1 adds as far as they are listed here, and what
//! becomes of it. Each row is tried: the document with the keyword is generated beside the one
//! without it, and they have to differ as the row says.

mod bodies;
mod operations;
mod schemas;

use std::collections::BTreeSet;
use std::path::Path;

use codegen::{Generated, Spec};
use serde_json::{Value, json};

use bodies::rows_of_bodies;
use operations::{rows_of_operations, rows_of_parameters, rows_of_the_rest};
use schemas::{rows_of_schemas, rows_of_schemas_3_1};

/// The effect of a keyword.
#[derive(Clone, Copy)]
enum Does {
    /// Changes the generated code.
    Code,
    /// Is said in the documentation, in these words.
    Docs(&'static str),
    /// Is left out, for this reason.
    LeftOut(&'static str),
    /// Changes nothing, because it does not concern the API's users in Rust.
    Nothing(&'static str),
}

use Does::{Code, Docs, LeftOut, Nothing};

/// Its object, the keyword, the object with it, and what it does.
type Row = (&'static str, &'static str, Value, Does);

const WORDS: &str = "words for readers of the document";
const EXAMPLES: &str = "examples are made from the types";

/// The document in which an object of a kind stands.
fn document(openapi: &str, kind: &str, object: &Value) -> Value {
    let field = json!({"type": "string"});
    let variant = |field: &str| {
        json!({"type": "object", "properties": {
            "kind": {"type": "string"}, "other": {"type": "string"}, field: {"type": "string"}
        }})
    };
    let mut document = json!({
        "openapi": openapi,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "operationId": "postA",
            "requestBody": {"required": true, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/A"}
            }}},
            "responses": {"200": {"description": "", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/A"}
            }}}}
        }}, "/b": {"post": {"operationId": "postB", "responses": {"200": {"description": ""}}}}},
        "components": {"schemas": {
            "A": {"type": "object", "properties": {"x": field, "b": {"$ref": "#/components/schemas/B"}}},
            "B": variant("b"), "C": variant("c")
        }},
        "x-items": {"other": {"get": {"operationId": "other", "responses": {"200": {"description": ""}}}}}
    });
    let place = match kind {
        "" => "",
        "Schema" | "Discriminator" => "/components/schemas/A/properties/x",
        "PathItem" => "/paths/~1b",
        "Operation" => "/paths/~1b/post",
        "Parameter" => "/paths/~1b/post/parameters",
        "RequestBody" => "/paths/~1b/post/requestBody",
        "MediaType" => "/paths/~1a/post/requestBody/content/application~1json",
        "Encoding" => "/paths/~1b/post/requestBody/content/multipart~1form-data",
        "Form" => "/paths/~1b/post/requestBody/content/application~1x-www-form-urlencoded",
        "Response" => "/paths/~1b/post/responses/200",
        other => panic!("{other}"),
    };
    let object = match kind {
        "Parameter" => json!([object]),
        _ => object.clone(),
    };
    match kind {
        "" => document
            .as_object_mut()
            .unwrap()
            .extend(object.as_object().unwrap().clone()),
        _ => insert(&mut document, place, object),
    }
    document
}

/// Puts a value at a JSON pointer, with the objects on the way to it.
fn insert(document: &mut Value, place: &str, value: Value) {
    let mut node = document;
    for token in openapi_document::pointer::tokens(place) {
        node = node
            .as_object_mut()
            .unwrap()
            .entry(token.into_owned())
            .or_insert_with(|| json!({}));
    }
    *node = value;
}

/// The object without the keyword, with a replacement where OpenAPI requires one.
fn without(kind: &str, keyword: &str, object: &Value) -> Option<Value> {
    let mut object = object.clone();
    let map = match kind {
        "Encoding" | "Form" => object.pointer_mut("/encoding/f")?,
        "Discriminator" => object.pointer_mut("/discriminator")?,
        _ => &mut object,
    };
    map.as_object_mut()?.remove(keyword);
    // What OpenAPI requires is replaced.
    let required = match (kind, keyword) {
        ("Operation", "responses") => json!({"200": {"description": ""}}),
        ("Operation", "operationId") | ("PathItem", "post") => return Some(json!(null)),
        ("PathItem", "$ref") => return Some(json!(null)),
        ("Parameter", "name") => json!("q"),
        ("Parameter", "in") => json!("query"),
        ("Parameter", "content") | ("RequestBody", "content") => return Some(json!(null)),
        ("Discriminator", "propertyName") => json!("kind"),
        ("Response", "description") => json!(""),
        _ => return Some(object),
    };
    match kind {
        "Discriminator" => object["discriminator"][keyword] = required,
        _ => object[keyword] = required,
    }
    Some(object)
}

fn generate(openapi: &str, kind: &str, object: &Value) -> Generated {
    let document = document(openapi, kind, object);
    let spec = Spec::from_value(document).unwrap_or_else(|error| panic!("{object}: {error}"));
    codegen::generate(&spec).unwrap_or_else(|error| panic!("{object}: {error}"))
}

/// The lines of the code that are documentation, or all others.
fn lines(generated: &Generated, docs: bool) -> String {
    let lines = generated.code.lines();
    let chosen = lines.filter(|line| line.trim_start().starts_with("///") == docs);
    chosen.map(|line| format!("{line}\n")).collect()
}

fn check(openapi: &str, (kind, keyword, object, does): Row) {
    let base = without(kind, keyword, &object).unwrap_or_else(|| panic!("{kind} {keyword}"));
    let before = match base {
        Value::Null => generate(openapi, "", &json!({})),
        base => generate(openapi, kind, &base),
    };
    let after = generate(openapi, kind, &object);
    let shown = format!("{openapi} {kind}.{keyword}: {object}");
    let reasons = |generated: &Generated| -> Vec<String> {
        generated
            .left_out
            .iter()
            .map(|it| it.reason.clone())
            .collect()
    };
    let said =
        |generated: &Generated, text: &str| reasons(generated).iter().any(|it| it.contains(text));
    match does {
        Code => assert_ne!(lines(&before, false), lines(&after, false), "{shown}"),
        Docs(text) => {
            assert!(
                lines(&after, true).contains(text),
                "{shown}: {}",
                lines(&after, true)
            );
            assert!(!lines(&before, true).contains(text), "{shown}");
        }
        LeftOut(text) => {
            assert!(said(&after, text), "{shown}: {:?}", reasons(&after));
            assert!(!said(&before, text), "{shown}");
        }
        Nothing(reason) => {
            assert!(!reason.is_empty());
            assert_eq!(before.code, after.code, "{shown}");
            assert_eq!(reasons(&before), reasons(&after), "{shown}");
        }
    }
}

fn rows_of_3_0() -> Vec<Row> {
    let mut rows = rows_of_schemas();
    rows.extend(rows_of_operations());
    rows.extend(rows_of_parameters());
    rows.extend(rows_of_bodies());
    rows.extend(rows_of_the_rest());
    rows
}

#[test]
fn every_keyword_of_openapi_3_0_is_generated_documented_or_left_out() {
    for row in rows_of_3_0() {
        if !matches!(row.1, "webhooks" | "jsonSchemaDialect") {
            check("3.0.3", row);
        }
    }
}

#[test]
fn every_keyword_of_openapi_3_1_is_generated_documented_or_left_out() {
    for row in rows_of_3_0().into_iter().chain(rows_of_schemas_3_1()) {
        // These are other keywords in 3.1, with rows of their own.
        if !matches!(row.1, "nullable" | "exclusiveMinimum" | "exclusiveMaximum")
            || rows_of_schemas_3_1().iter().any(|other| other.2 == row.2)
        {
            check("3.1.0", row);
        }
    }
}

/// The rows are complete: the official schema of OpenAPI 3.0 has no keyword that is not in them.
#[test]
fn every_keyword_of_the_official_schema_has_a_row() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask/src/compose/openapi-3.0.schema.json");
    let official: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows: BTreeSet<(&str, &str)> = rows_of_3_0().iter().map(|row| (row.0, row.1)).collect();
    let mut count = 0;
    for kind in [
        "",
        "Schema",
        "Discriminator",
        "PathItem",
        "Operation",
        "Parameter",
        "RequestBody",
        "MediaType",
        "Encoding",
        "Response",
    ] {
        let definition = match kind {
            "" => &official,
            kind => &official["definitions"][kind],
        };
        for keyword in definition["properties"].as_object().unwrap().keys() {
            // The parts that every document here has.
            let is_given = kind.is_empty()
                && ["openapi", "info", "paths", "components"].contains(&keyword.as_str());
            assert!(
                is_given || rows.contains(&(kind, keyword)),
                "{kind}.{keyword} has no row"
            );
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}

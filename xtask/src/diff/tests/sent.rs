//! Headers, forms, files and several responses: what a change of them means on the wire and in Rust.

use codegen::Spec;
use serde_json::{Value, json};
use spec_diff::GeneratedApi;

fn document() -> Value {
    let text = || json!({"type": "string"});
    let content = |schema: Value| json!({"description": "", "content": {"application/json": {"schema": schema}}});
    let form = json!({"multipart/form-data": {
        "schema": {"type": "object", "required": ["file"], "properties": {
            "file": {"type": "string", "format": "binary"}, "note": text(),
        }},
        "encoding": {"note": {"contentType": "text/plain"}},
    }});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/files": {"post": {
            "operationId": "AddFile",
            "parameters": [
                {"name": "X-Tenant", "in": "header", "schema": text()},
                {"name": "session", "in": "cookie", "schema": text()},
            ],
            "requestBody": {"required": true, "content": form},
            "responses": {"200": content(json!({"type": "object", "properties": {"id": text()}}))},
        }, "get": {
            "operationId": "GetFile",
            "responses": {"200": {"description": "", "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
        }}},
    })
}

fn api(document: &Value) -> GeneratedApi {
    GeneratedApi::of(&Spec::from_value(document.clone()).unwrap()).unwrap()
}

type Row = (
    &'static [&'static str],
    &'static [&'static str],
    fn(&mut Value),
);

/// Per change: the entries, and the entries in the other direction; `rule wire Rust`.
const ROWS: &[Row] = &[
    (
        &["parameter-became-required breaking breaking"],
        &["parameter-became-optional additive breaking"],
        |post| post["parameters"][0]["required"] = json!(true),
    ),
    (
        &["parameter-added-required breaking breaking"],
        &["parameter-removed risky breaking"],
        |post| {
            let header = json!({"name": "If-Match", "in": "header", "required": true, "schema": {"type": "string"}});
            post["parameters"].as_array_mut().unwrap().push(header);
        },
    ),
    (
        &["parameter-added-optional additive additive"],
        &["parameter-removed risky breaking"],
        |post| {
            let header = json!({"name": "X-Trace", "in": "header", "schema": {"type": "string"}});
            post["parameters"].as_array_mut().unwrap().push(header);
        },
    ),
    // What the client sets itself is not generated, which the entry says; the rule has the level.
    (
        &["parameter-added-required breaking breaking"],
        &["parameter-removed risky breaking"],
        |post| {
            let header = json!({"name": "X-Client-Request-Id", "in": "header", "required": true, "schema": {"type": "string"}});
            post["parameters"].as_array_mut().unwrap().push(header);
        },
    ),
    (
        &["success-status-added risky breaking"],
        &["success-status-removed breaking breaking"],
        |post| {
            post["responses"]["202"] = json!({"description": "", "content": {"application/json": {
                "schema": {"type": "object", "properties": {"job": {"type": "string"}}}
            }}});
        },
    ),
    (
        &["success-status-added risky breaking"],
        &["success-status-removed breaking breaking"],
        |post| post["responses"]["204"] = json!({"description": ""}),
    ),
    // The same body again is the same type.
    (
        &["success-status-added risky risky"],
        &["success-status-removed breaking breaking"],
        |post| post["responses"]["201"] = post["responses"]["200"].clone(),
    ),
    (
        &["encoding-changed breaking cosmetic"],
        &["encoding-changed breaking cosmetic"],
        |post| {
            let form = &mut post["requestBody"]["content"]["multipart/form-data"];
            form["encoding"]["note"]["contentType"] = json!("text/markdown");
        },
    ),
    (
        &["property-added-optional additive additive"],
        &["property-removed-optional risky breaking"],
        |post| {
            let form = &mut post["requestBody"]["content"]["multipart/form-data"];
            form["schema"]["properties"]["title"] = json!({"type": "string"});
        },
    ),
    (
        &["property-became-required breaking breaking"],
        &["property-became-optional additive breaking"],
        |post| {
            let form = &mut post["requestBody"]["content"]["multipart/form-data"];
            form["schema"]["required"] = json!(["file", "note"]);
        },
    ),
    (
        &["format-removed additive breaking"],
        &["format-added breaking breaking"],
        |post| {
            let form = &mut post["requestBody"]["content"]["multipart/form-data"];
            form["schema"]["properties"]["file"] = json!({"type": "string"});
        },
    ),
    (
        &[
            "media-type-added additive cosmetic",
            "media-type-removed breaking breaking",
        ],
        &[
            "media-type-added additive cosmetic",
            "media-type-removed breaking breaking",
        ],
        |post| {
            let content = post["requestBody"]["content"].as_object_mut().unwrap();
            let mut form = content.remove("multipart/form-data").unwrap();
            form.as_object_mut().unwrap().remove("encoding");
            content.insert("application/x-www-form-urlencoded".to_owned(), form);
        },
    ),
];

#[test]
fn levels_of_headers_forms_and_responses_are_what_the_generated_apis_show() {
    let old = document();
    let old_api = api(&old);
    let mut wrong = Vec::new();
    for (forth, back, change) in ROWS {
        let mut new = old.clone();
        change(&mut new["paths"]["/files"]["post"]);
        let new_api = api(&new);
        let before = (&old, &old_api);
        let after = (&new, &new_api);
        for (expected, old, new) in [(forth, before, after), (back, after, before)] {
            let report = spec_diff::compare(old.0, new.0, Some((old.1, new.1)));
            let lines = report.changes.iter();
            let lines = lines.map(|one| format!("{} {} {}", one.id, one.wire, one.rust));
            let mut lines: Vec<String> = lines.collect();
            lines.sort_unstable();
            if lines != *expected {
                wrong.push(format!("{lines:?} instead of {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_generated_is_said_of_its_own_changes_alone() {
    let old = document();
    let mut new = old.clone();
    let post = &mut new["paths"]["/files"]["post"];
    post["parameters"].as_array_mut().unwrap().pop();
    post["requestBody"]["content"]["multipart/form-data"]["encoding"]["note"]["contentType"] =
        json!("text/markdown");
    let apis = [&old, &new].map(api);
    let report = spec_diff::compare(&old, &new, Some((&apis[0], &apis[1])));
    let said = report.changes.iter().map(|change| {
        let reason = change.not_generated.as_deref().unwrap_or_default();
        (change.id, reason.contains("cookie parameter session"))
    });
    let mut said: Vec<_> = said.collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [("encoding-changed", false), ("parameter-removed", true)]
    );
}

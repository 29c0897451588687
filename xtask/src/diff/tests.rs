//! The command, and levels for Rust code on this workspace's own specification.

mod cases;
mod history;
mod neighbours;
mod sent;

use clap::Parser;

use serde_json::{Value, json};
use spec_diff::GeneratedApi;

use super::{Args, Side, compare, diff};
use crate::workspace;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

fn args(list: &[&str]) -> Args {
    Cli::parse_from(["diff"].iter().chain(list)).args
}

fn file(name: &str, extra: &str) -> String {
    let folder = std::env::temp_dir().join(format!("xtask-diff-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let text = format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "t", "version": "1"}}, "paths": {{
            "/a": {{"get": {{"responses": {{"200": {{"description": ""}}}}}}}}{extra}
        }}}}"#
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn the_limit_decides_and_what_cannot_run_is_an_error() {
    let more = r#", "/b": {"get": {"responses": {"200": {"description": ""}}}}"#;
    let (old, new) = (file("old.json", ""), file("new.json", more));
    let run = |list: &[&str]| {
        let list = [list, &["--no-generate", "--format", "json"]].concat();
        diff(&args(&list))
    };
    assert!(!run(&[&old, &old]).unwrap());
    assert!(!run(&[&old, &new]).unwrap());
    assert!(run(&[&old, &new, "--fail-on", "additive"]).unwrap());
    assert!(run(&[&new, &old]).unwrap());
    assert!(!run(&[&new, &old, "--fail-on", "none"]).unwrap());
    for sources in [
        [old.as_str(), "/nowhere.json"],
        ["-", "-"],
        ["nowhere:x", &old],
    ] {
        assert!(run(&sources).is_err(), "{sources:?}");
    }
    assert!(diff(&args(&["--explain", "nonsense"])).is_err());
}

#[test]
fn an_approval_lets_a_break_pass() {
    let more = r#", "/b": {"get": {"responses": {"200": {"description": ""}}}}"#;
    let (old, new) = (file("old2.json", more), file("new2.json", ""));
    let approved = format!("{old}.approved");
    let entry = r#"{"suppressions": [{"fingerprint": "operation-removed:GET /b",
        "reason": "nobody uses it", "expires": "9999-12-31"}]}"#;
    std::fs::write(&approved, entry).unwrap();
    let list = [&old, &new, "--no-generate", "--config", &approved];
    assert!(!diff(&args(&list)).unwrap());
}

#[test]
fn revisions_are_read_from_git() {
    if !workspace::root().join(".git").exists() {
        eprintln!("skipped: this is an export without its history");
        return;
    }
    let side = Side::load("HEAD:spec/video-api.json").unwrap();
    assert_eq!(side.spec.document()["openapi"], "3.0.3");
    assert!(Side::load("HEAD:nowhere").is_err());
}

/// The specification after some change.
fn changed(change: impl Fn(&mut Value)) -> Side {
    let mut document = own().spec.document().clone();
    change(&mut document);
    Side::parse("changed", document.to_string()).unwrap()
}

fn own() -> Side {
    let path = workspace::root().join("spec/video-api.json");
    Side::load(&path.display().to_string()).unwrap()
}

type Row = (&'static str, &'static str, fn(&mut Value));

/// Per change: the entry, and the entry in the other direction; `rule wire Rust`.
const ROWS: &[Row] = &[
    (
        "operation-removed breaking breaking",
        "operation-added additive additive",
        |spec| {
            let paths = spec["paths"].as_object_mut().unwrap();
            paths
                .remove("/api/v2/video/call/{type}/{id}/mute_users")
                .unwrap();
        },
    ),
    (
        "operation-renamed cosmetic breaking",
        "operation-renamed cosmetic breaking",
        |spec| {
            spec["paths"]["/api/v2/video/call/{type}/{id}"]["get"]["operationId"] =
                json!("FetchCall");
        },
    ),
    (
        "component-renamed cosmetic breaking",
        "component-renamed cosmetic breaking",
        |spec| {
            let text = spec.to_string();
            let text = text.replace("schemas/UserRequest\"", "schemas/PersonRequest\"");
            *spec = serde_json::from_str(&text).unwrap();
            let schemas = spec["components"]["schemas"].as_object_mut().unwrap();
            let schema = schemas.remove("UserRequest").unwrap();
            schemas.insert("PersonRequest".to_owned(), schema);
        },
    ),
    (
        "property-added-required breaking breaking",
        "property-removed-required risky breaking",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["MemberRequest"];
            schema["properties"]["extra"] = json!({"type": "string"});
            require(schema, "extra");
        },
    ),
    (
        "property-added-optional additive additive",
        "property-removed-optional risky breaking",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["MemberRequest"];
            schema["properties"]["extra"] = json!({"type": "string"});
        },
    ),
    (
        "property-became-required breaking breaking",
        "property-became-optional additive breaking",
        |spec| require(&mut spec["components"]["schemas"]["MemberRequest"], "role"),
    ),
    (
        "property-became-required breaking breaking",
        "property-became-optional additive breaking",
        |spec| {
            let body = &mut spec["components"]["requestBodies"]["QueryCalls"];
            require(&mut body["content"]["application/json"]["schema"], "limit");
        },
    ),
    (
        "property-added-optional additive additive",
        "property-removed-optional risky breaking",
        |spec| {
            let body = &mut spec["components"]["requestBodies"]["QueryCalls"];
            let schema = &mut body["content"]["application/json"]["schema"];
            schema["properties"]["extra"] = json!({"type": "string"});
        },
    ),
    (
        "property-removed-required breaking breaking",
        "property-added-required additive additive",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["CallResponse"];
            schema["properties"]
                .as_object_mut()
                .unwrap()
                .remove("cid")
                .unwrap();
            forget(schema, "cid");
        },
    ),
    (
        "property-became-optional breaking breaking",
        "property-became-required additive breaking",
        |spec| forget(&mut spec["components"]["schemas"]["CallResponse"], "cid"),
    ),
    (
        "became-nullable breaking breaking",
        "became-not-nullable additive breaking",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["CallResponse"];
            schema["properties"]["cid"]["nullable"] = json!(true);
        },
    ),
    (
        "enum-value-added additive additive",
        "enum-value-removed breaking breaking",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["RecordSettingsRequest"];
            let values = schema["properties"]["mode"]["enum"].as_array_mut().unwrap();
            values.push(json!("sometimes"));
        },
    ),
    (
        "enum-introduced additive breaking",
        "enum-dropped risky breaking",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["CallResponse"];
            schema["properties"]["cid"]["enum"] = json!(["one", "two", "three"]);
        },
    ),
    (
        "type-widened additive breaking",
        "type-narrowed breaking breaking",
        |spec| {
            let body = &mut spec["components"]["requestBodies"]["QueryCalls"];
            let schema = &mut body["content"]["application/json"]["schema"];
            let limit = &mut schema["properties"]["limit"];
            limit["type"] = json!("number");
            limit["format"] = json!("double");
        },
    ),
    (
        "bound-tightened breaking cosmetic",
        "bound-loosened additive cosmetic",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["MemberRequest"];
            schema["properties"]["user_id"]["maxLength"] = json!(3);
        },
    ),
    (
        "deprecated cosmetic risky",
        "undeprecated cosmetic cosmetic",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["MemberRequest"];
            schema["properties"]["role"]["deprecated"] = json!(true);
        },
    ),
    (
        "parameter-added-optional additive additive",
        "parameter-removed risky breaking",
        |spec| {
            let operation = &mut spec["paths"]["/api/v2/video/call/{type}/{id}"]["get"];
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.push(json!({"name": "extra", "in": "query", "schema": {"type": "string"}}));
        },
    ),
    (
        "parameter-added-required breaking breaking",
        "parameter-removed risky breaking",
        |spec| {
            let operation = &mut spec["paths"]["/api/v2/video/call/{type}/{id}"]["get"];
            let parameters = operation["parameters"].as_array_mut().unwrap();
            parameters.push(
                json!({"name": "extra", "in": "query", "required": true, "schema": {"type": "string"}}),
            );
        },
    ),
    (
        "prose-changed cosmetic none",
        "prose-changed cosmetic none",
        |spec| {
            let schema = &mut spec["components"]["schemas"]["MemberRequest"];
            schema["description"] = json!("Another description.");
        },
    ),
];

fn require(schema: &mut Value, name: &str) {
    let mut names: Vec<Value> = schema["required"].as_array().cloned().unwrap_or_default();
    names.push(json!(name));
    names.sort_by_key(Value::to_string);
    schema["required"] = names.into();
}

fn forget(schema: &mut Value, name: &str) {
    let names = schema["required"].as_array_mut().unwrap();
    names.retain(|other| other != name);
}

#[test]
fn levels_for_rust_code_are_what_the_generated_apis_show() {
    let old = own();
    let old_surface = GeneratedApi::of(&old.spec).unwrap();
    let mut wrong = Vec::new();
    for (forth, back, change) in ROWS {
        let new = changed(change);
        let new_surface = GeneratedApi::of(&new.spec).unwrap();
        let before = (old.spec.document(), &old_surface);
        let after = (new.spec.document(), &new_surface);
        for (expected, old, new) in [(forth, before, after), (back, after, before)] {
            let report = spec_diff::compare(old.0, new.0, Some((old.1, new.1)));
            let lines = report.changes.iter();
            let lines = lines.map(|one| format!("{} {} {}", one.id, one.wire, one.rust));
            let lines: Vec<String> = lines.collect();
            if lines != [*expected] {
                wrong.push(format!("{lines:?} instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_moved_method_keeps_its_meaning_only_if_an_entry_says_so() {
    let old = own();
    let new = changed(|spec| {
        let path = "/api/v2/video/call/{type}/{id}";
        let methods = spec["paths"][path].as_object_mut().unwrap();
        let (get, patch) = (
            methods["get"]["operationId"].clone(),
            methods["patch"]["operationId"].clone(),
        );
        methods["get"]["operationId"] = patch;
        methods["patch"]["operationId"] = get;
    });
    let report = compare(&old, &new, true);
    let renamed = report.changes.iter();
    let renamed: Vec<_> = renamed
        .filter(|change| change.id == "operation-renamed")
        .collect();
    assert_eq!(renamed.len(), 2, "{:#?}", report.changes);
    for change in renamed {
        assert_eq!(
            change.rust,
            spec_diff::Level::Breaking,
            "{:?}",
            change.surface
        );
        assert!(!change.surface.is_empty());
    }
}

#[test]
fn an_older_and_a_newer_way_to_write_the_same_are_quiet() {
    let document = |version: &str, name: &str| {
        format!(
            r#"{{"openapi": "{version}", "info": {{"title": "t", "version": "1"}}, "paths": {{"/a": {{"get": {{
                "responses": {{"200": {{"description": "", "content": {{"application/json": {{
                    "schema": {{"type": "object", "properties": {{"name": {name}, "size": {{"type": "integer"}}}}}}
                }}}}}}}}
            }}}}}}}}"#
        )
    };
    let side = |version: &str, name: &str| Side::parse(version, document(version, name)).unwrap();
    let old = side(
        "3.0.3",
        r#"{"type": "string", "nullable": true, "minLength": 1}"#,
    );
    let new = side("3.1.0", r#"{"type": ["string", "null"], "minLength": 1}"#);
    let report = compare(&old, &new, false);
    assert!(
        report.wire <= spec_diff::Level::Cosmetic,
        "{:#?}",
        report.changes
    );
    let tighter = side("3.1.0", r#"{"type": "string", "minLength": 1}"#);
    let report = compare(&old, &tighter, false);
    assert!(
        report
            .changes
            .iter()
            .any(|change| change.id == "became-not-nullable")
    );
}

#[test]
fn generated_code_that_was_not_looked_at_is_said() {
    let more = r#", "/b": {"get": {"responses": {"200": {"description": ""}}}}"#;
    let load = |path: String| Side::load(&path).unwrap();
    let (old, new) = (load(file("old3.json", "")), load(file("new3.json", more)));
    let report = compare(&old, &new, false);
    assert_eq!(
        report.changes[0].not_generated.as_deref(),
        Some("--no-generate was given")
    );
    let form = r#", "/f": {"post": {"operationId": "f", "requestBody": {"required": true, "content": {
        "multipart/mixed": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}
    }}, "responses": {"200": {"description": ""}}}}"#;
    let report = compare(&load(file("form.json", form)), &old, true);
    let gone = &report.changes[0];
    assert_eq!(gone.id, "operation-removed");
    assert!(
        gone.not_generated.as_ref().unwrap().contains("leaves out"),
        "{gone:?}"
    );
}

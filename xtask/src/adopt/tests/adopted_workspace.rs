//! The workspace after `cargo xtask adopt` with a newer document of the vendor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{current, vendor};
use crate::adopt::parse;
use crate::workspace;

/// A copy of what git tracks here, in a folder of the target directory.
fn copy() -> PathBuf {
    let root = workspace::root();
    let copy = root.join("target/adopted/workspace");
    let _ = fs::remove_dir_all(&copy);
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(listed.status.success(), "git ls-files failed");
    let listed = String::from_utf8(listed.stdout).unwrap();
    for file in listed.split_terminator('\0') {
        let from = root.join(file);
        if from.is_file() {
            let to = copy.join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
    }
    copy
}

/// Runs cargo in the copy. It has a target directory of its own: crates at the same place of two
/// workspaces have the same names there and would replace each other.
fn cargo(copy: &Path, arguments: &[&str]) {
    let target = workspace::root().join("target/adopted/build");
    let status = Command::new("cargo")
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target)
        .status()
        .unwrap();
    assert!(status.success(), "cargo {} failed", arguments.join(" "));
}

/// The vendor's document of a later day: one more operation, field, enum value and type.
fn newer() -> Value {
    let mut document = vendor::style(&current().composed);
    let reaction = json!({"$ref": "#/components/schemas/ApplauseResponse"});
    let path = "/api/v2/video/call/{type}/{id}/applaud";
    let text = json!({"type": "string"});
    let parameter =
        |name: &str| json!({"name": name, "in": "path", "required": true, "schema": text});
    document["paths"][path]["post"] = json!({
        "operationId": "ApplaudCall",
        "summary": "Applaud a call",
        "tags": ["product:video"],
        "parameters": [parameter("type"), parameter("id")],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {
            "type": "object",
            "required": ["hands"],
            "properties": {
                "hands": {"type": "integer", "format": "int32", "minimum": 1},
                "loudness": {"type": "string", "enum": ["soft", "loud"]}
            }
        }}}},
        "responses": {"201": {"description": "", "content": {"application/json": {"schema": reaction}}}}
    });
    let schemas = &mut document["components"]["schemas"];
    schemas["ApplauseResponse"] = json!({
        "type": "object",
        "title": "Applause",
        "required": ["duration", "total"],
        "properties": {
            "duration": {"type": "string"},
            "total": {"type": "integer"},
            "by_user": {"type": "object", "additionalProperties": {"type": "integer"}}
        }
    });
    schemas["CallRequest"]["properties"]["mood"] = json!({"type": "string", "enum": ["calm"]});
    let modes = &mut schemas["RecordSettingsRequest"]["properties"]["mode"]["enum"];
    modes.as_array_mut().unwrap().push(json!("sometimes"));
    document
}

#[test]
#[ignore = "takes minutes: cargo test -p xtask the_adopted_workspace -- --ignored"]
fn the_adopted_workspace_builds_and_passes_its_spec_driven_tests() {
    let copy = copy();
    let file = copy.join("vendor.json");
    fs::write(&file, newer().to_string()).unwrap();
    cargo(&copy, &["xtask", "adopt", "--strict", "vendor.json"]);
    cargo(&copy, &["xtask", "compose", "--check"]);
    cargo(&copy, &["xtask", "surface"]);
    let surface = fs::read_to_string(copy.join("tests/golden/surface.txt")).unwrap();
    for line in [
        "fn Call::applaud(&self, hands: i32) -> requests::ApplaudCall",
        "fn requests::ApplaudCall::send(self) -> Result<Response<types::ApplauseResponse>, Error>",
        "fn types::CallRequest::mood(mut self, mood: impl Into<CallRequestMood>) -> Self",
        "enum types::RecordSettingsRequestMode::Sometimes = \"sometimes\"",
    ] {
        let starts = |known: &str| known == line || known.starts_with(&format!("{line} = "));
        assert!(surface.lines().any(starts), "{line} is missing");
    }
    cargo(&copy, &["check", "--workspace"]);
    let tests = ["--test", "operations", "--test", "schemas"];
    let spec_driven = [&["test", "-p", "video-api-tests"], &tests[..]].concat();
    cargo(&copy, &spec_driven);
    let server = ["test", "-p", "video-api-server", "--test", "operations"];
    cargo(&copy, &server);
    // What was tested is what was adopted.
    let composed = parse(&copy.join("spec/video-api.json")).unwrap();
    let path = "/paths/~1api~1v2~1video~1call~1{type}~1{id}~1applaud/post/operationId";
    assert_eq!(composed.pointer(path), Some(&json!("ApplaudCall")));
    fs::remove_dir_all(&copy).unwrap();
}

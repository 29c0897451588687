//! Every document of this repository against itself with another version and other words; with
//! `SPEC_DIFF_CORPUS=FOLDER` those of a folder as well.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spec_diff::Level;

/// The JSON and YAML documents below a folder.
fn documents(folder: &Path, into: &mut Vec<(PathBuf, Value)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            documents(&path, into);
            continue;
        }
        let kind = path.extension().and_then(|extension| extension.to_str());
        if !matches!(kind, Some("json" | "yaml")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if let Ok(loaded) = openapi_document::load(&text) {
            into.push((path, loaded.document));
        }
    }
}

fn corpus() -> Vec<(PathBuf, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut all = Vec::new();
    for folder in ["spec", "codegen", "xtask", "tests"] {
        documents(&root.join(folder), &mut all);
    }
    if let Some(folder) = std::env::var_os("SPEC_DIFF_CORPUS") {
        let known = all.len();
        documents(Path::new(&folder), &mut all);
        assert!(all.len() > known, "no document in {}", folder.display());
    }
    all
}

/// Rewords every description of an object of OpenAPI.
fn reword(document: &Value) -> Value {
    let mut new = document.clone();
    let mut places = Vec::new();
    openapi_document::visit(document, &mut |_, value, pointer| {
        if value.get("description").is_some_and(Value::is_string) {
            places.push(pointer.to_owned());
        }
    });
    for place in places {
        new.pointer_mut(&place).unwrap()["description"] = json!("Reworded.");
    }
    new["info"]["version"] = json!("another one");
    new
}

#[test]
fn another_version_and_other_words_are_quiet() {
    let corpus = corpus();
    assert!(corpus.len() > 60, "{}", corpus.len());
    for (path, document) in &corpus {
        let path = path.display();
        let same = spec_diff::compare(document, &document.clone(), None);
        assert!(same.changes.is_empty(), "{path}: {:#?}", same.changes);
        let mut versioned = document.clone();
        versioned["info"]["version"] = json!("another one");
        let report = spec_diff::compare(document, &versioned, None);
        let ids: Vec<&str> = report.changes.iter().map(|change| change.id).collect();
        assert_eq!(ids, ["version-changed"], "{path}");
        let report = spec_diff::compare(document, &reword(document), None);
        let loud = report
            .changes
            .iter()
            .filter(|change| change.level() > Level::Cosmetic);
        let loud: Vec<_> = loud.collect();
        assert!(loud.is_empty(), "{path}: {loud:#?}");
    }
}

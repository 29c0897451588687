//! Changes every node of a document in turn: whatever is different has to be seen.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::{Value, json};

/// A document in which everything occurs that OpenAPI 3.0 knows.
fn fixture() -> Value {
    let text = include_str!("fixtures/everything.json");
    serde_json::from_str(text).expect("the fixture")
}

/// The document of this workspace.
fn own() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/video-api.json");
    let text = std::fs::read_to_string(path).expect("spec/video-api.json");
    serde_json::from_str(&text).expect("JSON")
}

/// Where the nodes of a document are.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{at}/{key}"), into);
            }
        }
        Value::Array(entries) => {
            for (index, value) in entries.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
}

/// The ways to change one node.
fn mutants(document: &Value, pointer: &str) -> Vec<(&'static str, Value)> {
    let node = document.pointer(pointer).expect("a node");
    let mut mutants = Vec::new();
    let mut with = |what, value: Value| {
        let mut mutant = document.clone();
        *mutant.pointer_mut(pointer).expect("a node") = value;
        mutants.push((what, mutant));
    };
    match node {
        Value::String(text) => with("another string", json!(format!("{text}X"))),
        Value::Bool(value) => with("the other boolean", json!(!value)),
        Value::Number(number) => with(
            "another number",
            json!(number.as_f64().unwrap_or_default() + 7.0),
        ),
        Value::Null => with("no null", json!(0)),
        Value::Array(entries) => {
            let mut longer = entries.clone();
            longer.push(json!({"mutant": true}));
            with("a longer list", Value::Array(longer));
        }
        Value::Object(map) => {
            let mut larger = map.clone();
            larger.insert("mutant".to_owned(), json!({"mutant": true}));
            with("another key", Value::Object(larger));
        }
    }
    with("a number instead", json!(12345));
    with("an object instead", json!({"mutant": true}));
    if let Some((parent, token)) = pointer.rsplit_once('/') {
        let mut mutant = document.clone();
        let key = token.replace("~1", "/").replace("~0", "~");
        match mutant.pointer_mut(parent).expect("a parent") {
            Value::Object(map) => drop(map.remove(&key)),
            Value::Array(entries) => drop(entries.remove(key.parse().expect("an index"))),
            _ => unreachable!("parents hold nodes"),
        }
        mutants.push(("gone", mutant));
    }
    mutants
}

fn unseen(document: &Value, every: usize) -> Vec<String> {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let mut unseen = Vec::new();
    for pointer in all.iter().step_by(every) {
        for (what, mutant) in mutants(document, pointer) {
            if mutant == *document {
                continue;
            }
            let directions = [(document, &mutant, "forth"), (&mutant, document, "back")];
            for (old, new, direction) in directions {
                let report = spec_diff::compare(old, new, None);
                if report.changes.is_empty() {
                    unseen.push(format!("{what} at {pointer:?}, {direction}"));
                }
            }
        }
    }
    unseen
}

#[test]
fn no_mutation_of_the_fixture_is_dropped() {
    let unseen = unseen(&fixture(), 1);
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

/// All nodes take minutes without optimisation, so a build without it looks at a part of them.
#[test]
fn no_mutation_of_the_specification_is_dropped() {
    let every = if cfg!(debug_assertions) { 97 } else { 1 };
    let unseen = unseen(&own(), every);
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

/// Lists whose order means nothing, reversed.
fn reordered(value: &Value, key: &str) -> Value {
    const SETS: [&str; 9] = [
        "required",
        "enum",
        "parameters",
        "tags",
        "security",
        "servers",
        "allOf",
        "oneOf",
        "anyOf",
    ];
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), reordered(value, key)))
            .collect(),
        Value::Array(entries) => {
            let mut entries: Vec<Value> =
                entries.iter().map(|entry| reordered(entry, "")).collect();
            if SETS.contains(&key) {
                entries.reverse();
            }
            Value::Array(entries)
        }
        other => other.clone(),
    }
}

#[test]
fn order_and_identity_are_no_changes() {
    for document in [fixture(), own()] {
        let report = spec_diff::compare(&document, &document.clone(), None);
        assert!(report.changes.is_empty(), "{:#?}", report.changes);
        let report = spec_diff::compare(&document, &reordered(&document, ""), None);
        assert!(report.changes.is_empty(), "{:#?}", report.changes);
    }
}

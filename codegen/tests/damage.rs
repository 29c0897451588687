//! Wrong values in any place of a document: the rest is generated, or an error names the place where
//! the document cannot do without a right one.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests.

use std::path::Path;

use codegen::Spec;
use openapi_document::pointer;
use serde_json::{Value, json};

/// Parts that every document needs.
const NEEDED: [&str; 6] = [
    "",
    "/openapi",
    "/info",
    "/paths",
    "/components",
    "/components/schemas",
];

fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inside = |token: &str, value: &Value| {
        let at = pointer::join(at, &[token]);
        places(value, &at, found);
        found.push(at);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inside(&index.to_string(), item);
            }
        }
        _ => {}
    }
}

#[test]
fn a_damaged_place_does_not_sink_the_document() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut folders: Vec<_> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let damages = [
        json!(null),
        json!([]),
        json!("x"),
        json!(7),
        json!({}),
        json!([{"a": 1}]),
    ];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (turn, folder) in folders.iter().enumerate() {
        let text = std::fs::read(folder.join("spec.json")).unwrap();
        let document: Value = serde_json::from_slice(&text).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        // Some of all pairs, others in each fixture.
        let step = all.len() / 12 + 1;
        for (round, at) in all.iter().skip(turn % step).step_by(step).enumerate() {
            let damage = damages.iter().cycle().nth(turn + round).unwrap();
            let mut damaged = document.clone();
            *damaged.pointer_mut(at).unwrap() = damage.clone();
            tried += 1;
            let name = folder.file_name().unwrap().display();
            match Spec::from_value(damaged).and_then(|spec| codegen::generate(&spec)) {
                Ok(generated) => {
                    if let Err(error) = syn::parse_file(&generated.code) {
                        wrong.push(format!("{name}: {damage} at {at}: invalid Rust: {error}"));
                    }
                }
                Err(error) => {
                    let is_needed = NEEDED.contains(&error.pointer())
                        || error.pointer().starts_with("/x-webhook-events");
                    if !is_needed {
                        wrong.push(format!("{name}: {damage} at {at}: {error}"));
                    }
                }
            }
        }
    }
    assert!(tried > 400, "{tried}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

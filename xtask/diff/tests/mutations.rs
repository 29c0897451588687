//! Changes every node of a document in turn: whatever is different has to be seen.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
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

/// JSON pointers of all nodes of a document.
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

/// Replacements for a node; none removes it.
fn mutants(node: &Value) -> Vec<Option<Value>> {
    let mut mutants = vec![None, Some(json!(12345)), Some(json!({"mutant": true}))];
    mutants.push(Some(match node {
        Value::String(text) => json!(format!("{text}X")),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 7.0),
        Value::Null => json!(0),
        Value::Array(entries) => {
            let more = [json!({"mutant": true})];
            entries.iter().cloned().chain(more).collect()
        }
        Value::Object(map) => {
            let mut larger = map.clone();
            larger.insert("mutant".to_owned(), json!({"mutant": true}));
            Value::Object(larger)
        }
    }));
    mutants
}

/// Changes one place of a document, and returns what undoes it.
fn apply(
    document: &mut Value,
    pointer: &str,
    mutant: Option<Value>,
) -> impl Fn(&mut Value) + use<> {
    let (parent, token) = pointer.rsplit_once('/').expect("not the root");
    let parent_pointer = parent.to_owned();
    let parent = document.pointer_mut(parent).expect("a parent");
    let before = match parent {
        // A list is short, a map of paths is not: only the node itself is kept.
        Value::Array(_) => None,
        _ => Some((token.replace("~1", "/").replace("~0", "~"), Value::Null)),
    };
    let undo = match (before, &mut *parent) {
        (Some((key, _)), Value::Object(map)) => {
            let old = match mutant {
                Some(value) => map.insert(key.clone(), value),
                None => map.remove(&key),
            };
            (Some(key), old.expect("a node"))
        }
        (None, Value::Array(entries)) => {
            let old = Value::Array(entries.clone());
            let index: usize = token.parse().expect("an index");
            match mutant {
                Some(value) => entries[index] = value,
                None => drop(entries.remove(index)),
            }
            (None, old)
        }
        _ => unreachable!("parents hold nodes"),
    };
    move |document| {
        let parent = document.pointer_mut(&parent_pointer).expect("a parent");
        match &undo {
            (Some(key), old) => parent[key] = old.clone(),
            (None, old) => *parent = old.clone(),
        }
    }
}

/// Mutations of every so-many-th node that the comparison does not see, in both directions.
fn unseen(document: &Value, every: usize, of_each: usize) -> Vec<String> {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let mut unseen = Vec::new();
    let mut mutant = document.clone();
    for (number, pointer) in all.iter().enumerate().skip(1).step_by(every) {
        let node = document.pointer(pointer).expect("a node");
        let mutants = mutants(node);
        let chosen = (0..of_each).map(|step| (number + step) % mutants.len());
        for choice in chosen {
            let value = mutants[choice].clone();
            let what = format!("{pointer} becomes {value:?}");
            let undo = apply(&mut mutant, pointer, value);
            if mutant != *document {
                for (old, new) in [(document, &mutant), (&mutant, document)] {
                    if spec_diff::compare(old, new, None).changes.is_empty() {
                        unseen.push(what.clone());
                    }
                }
            }
            undo(&mut mutant);
        }
    }
    assert_eq!(mutant, *document, "every mutation was undone");
    unseen
}

#[test]
fn no_mutation_of_the_fixture_is_dropped() {
    let unseen = unseen(&fixture(), 1, 4);
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

/// Schemas that are composed in every way: a base by reference, members in place, properties that
/// two members declare, refinements, nested compositions.
fn composed() -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let content = |name: &str| json!({"application/json": {"schema": reference(name)}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Composed", "version": "1"},
        "paths": {"/things": {"post": {
            "requestBody": {"required": true, "content": content("Thing")},
            "responses": {"200": {"description": "", "content": content("Nested")}},
        }}},
        "components": {"schemas": {
            "Base": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "maxLength": 40, "minLength": 1},
                    "mode": {"type": "string", "enum": ["a", "b", "c"]},
                    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 9},
                    "limits": {"type": "object", "additionalProperties": {"type": "integer"}},
                    "size": {"type": "number", "minimum": 1, "maximum": 9},
                },
            },
            "Thing": {"description": "A thing.", "allOf": [
                reference("Base"),
                {"type": "object", "required": ["size"], "properties": {
                    "id": {"maxLength": 20, "pattern": "^[a-z]+$", "description": "Short."},
                    "mode": {"enum": ["a", "b"], "default": "a"},
                    "tags": {"items": {"maxLength": 5}, "minItems": 1},
                    "size": {"minimum": 2, "exclusiveMinimum": true},
                    "own": {"type": "boolean", "deprecated": true},
                }},
                {"properties": {"own": {"nullable": true}}, "minProperties": 2},
            ]},
            "Nested": {"allOf": [
                {"allOf": [reference("Thing"), {"properties": {"inner": reference("Base")}}]},
                {"properties": {"inner": {"readOnly": true}}, "required": ["inner"]},
            ]},
        }},
    })
}

#[test]
fn no_mutation_of_a_composed_schema_is_dropped() {
    let unseen = unseen(&composed(), 1, 4);
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

/// The document cut into parts that each hold one path or component, so that every node can be
/// changed in little time.
fn slices(document: &Value) -> Vec<Value> {
    let mut rest = document.clone();
    let paths = rest["paths"].take();
    let components = rest["components"].take();
    rest["paths"] = json!({});
    rest["components"] = json!({});
    let mut slices = Vec::new();
    for (path, item) in paths.as_object().into_iter().flatten() {
        let mut slice = json!({"openapi": "3.0.3", "components": {}});
        slice["paths"][path] = item.clone();
        slices.push(slice);
    }
    for (kind, all) in components.as_object().into_iter().flatten() {
        for (name, component) in all.as_object().into_iter().flatten() {
            let mut slice = json!({"openapi": "3.0.3", "paths": {}});
            slice["components"][kind][name] = component.clone();
            slices.push(slice);
        }
    }
    slices.push(rest);
    slices
}

#[test]
fn no_mutation_of_any_part_of_the_specification_is_dropped() {
    let slices = slices(&own());
    assert!(slices.len() > 200);
    let unseen: Vec<String> = slices
        .iter()
        .flat_map(|slice| unseen(slice, 1, 1))
        .collect();
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

#[test]
fn no_mutation_of_a_sample_of_the_whole_is_dropped() {
    let unseen = unseen(&own(), 499, 1);
    assert!(
        unseen.is_empty(),
        "{} unseen:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

#[test]
#[ignore = "minutes: cargo test --release -p spec-diff -- --ignored"]
fn no_mutation_of_the_whole_is_dropped() {
    let unseen = unseen(&own(), 1, 1);
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
    for document in [fixture(), composed(), own()] {
        let report = spec_diff::compare(&document, &document.clone(), None);
        assert!(report.changes.is_empty(), "{:#?}", report.changes);
        let report = spec_diff::compare(&document, &reordered(&document, ""), None);
        assert!(report.changes.is_empty(), "{:#?}", report.changes);
    }
}

//! A specification grows a neighbour whose name in Rust is that of an old word: what old code names
//! keeps its meaning, or the change is breaking for Rust.

use std::collections::BTreeMap;

use codegen::Spec;
use codegen::surface::{Line, Wire};
use serde_json::{Map, Value, json};
use spec_diff::Level;

use super::super::{Side, compare};

/// Words that become the same name, or that a keyword, a number or a taken name pushes aside.
const FAMILIES: [&[&str]; 4] = [
    &[
        "foo_bar", "fooBar", "FooBar", "foo-bar", "foo.bar", "FOO_BAR",
    ],
    &["self", "Self", "self_", "SELF"],
    &["new", "set_new", "New", "set-new"],
    &["a_b", "a/b", "AB", "ab", "a b"],
];

/// Schemas and paths for words.
type Make = fn(&[&str]) -> Value;

const KINDS: [(&str, Make); 8] = [
    ("properties", |words| {
        let fields: Map<String, Value> = words
            .iter()
            .map(|word| (word.to_string(), text()))
            .collect();
        document(
            json!({"A": {"type": "object", "properties": fields}}),
            json!({}),
        )
    }),
    ("required fields of a body", |words| {
        let fields: Map<String, Value> = words
            .iter()
            .map(|word| (word.to_string(), text()))
            .collect();
        let schema = json!({"type": "object", "properties": fields, "required": [words[0]]});
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        document(json!({"A": text()}), json!({"requestBody": body}))
    }),
    ("query parameters", |words| {
        let parameter = |word: &&str| json!({"name": word, "in": "query", "schema": text()});
        let all: Vec<Value> = words.iter().map(parameter).collect();
        document(json!({"A": text()}), json!({"parameters": all}))
    }),
    ("a query parameter beside a field of the body", |words| {
        let (first, rest) = words.split_first().unwrap();
        let schema = json!({"type": "object", "properties": {*first: text()}});
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        let parameter = |word: &&str| json!({"name": word, "in": "query", "schema": text()});
        let all: Vec<Value> = rest.iter().map(parameter).collect();
        document(
            json!({"A": text()}),
            json!({"parameters": all, "requestBody": body}),
        )
    }),
    ("enum values", |words| {
        document(
            json!({"A": {"type": "object", "properties": {
                "kind": {"type": "string", "enum": words}
            }}}),
            json!({}),
        )
    }),
    ("type names", |words| {
        let mut schemas = json!({"A": {"type": "object", "properties": {}}});
        for word in words {
            // Not a name that the document could not refer to.
            let name = word.replace(['/', ' '], "-");
            let field = format!("of_{}", name.len());
            schemas["A"]["properties"][&name] =
                json!({"$ref": format!("#/components/schemas/{name}")});
            schemas[&name] = json!({"type": "object", "properties": {field: text()}});
        }
        document(schemas, json!({}))
    }),
    ("operations with an id", |words| {
        let mut all = document(json!({"A": text()}), json!({}));
        for word in words {
            let path = format!("/by/{}", word.replace('/', "~"));
            all["paths"][path] =
                json!({"get": {"operationId": word, "responses": {"200": {"description": ""}}}});
        }
        all
    }),
    ("operations without an id", |words| {
        let mut all = document(json!({"A": text()}), json!({}));
        for word in words {
            all["paths"][format!("/{word}")] =
                json!({"get": {"responses": {"200": {"description": ""}}}});
        }
        all
    }),
];

fn text() -> Value {
    json!({"type": "string"})
}

/// A document with `POST /a`, which has the parts of `operation` and responds with the schema `A`.
fn document(schemas: Value, operation: Value) -> Value {
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"application/json": {"schema": schema}});
    let mut post = json!({
        "operationId": "PostA", "responses": {"200": {"description": "", "content": content}}
    });
    for (key, value) in operation.as_object().unwrap() {
        post[key] = value.clone();
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": post}},
        "components": {"schemas": schemas}
    })
}

/// The meaning of every name that code can mention.
fn meanings(document: &Value) -> BTreeMap<String, String> {
    let spec = Spec::from_value(document.clone()).unwrap();
    let (surface, _) = codegen::surface(&spec).unwrap_or_else(|error| panic!("{error}"));
    let meaning = |line: &Line| match &line.wire {
        // More arguments are another signature, which is a part of the name here.
        Wire::Operation {
            method,
            path,
            arguments,
        } => format!("{method} {path} {arguments:?}"),
        wire => format!("{wire:?}"),
    };
    let lines = surface.lines().iter();
    lines.map(|line| (line.rust(), meaning(line))).collect()
}

/// Returns true where a name of the old side is gone or means something else.
fn is_moved(old: &Value, new: &Value) -> bool {
    let new = meanings(new);
    let mut old = meanings(old).into_iter();
    old.any(|(name, meaning)| new.get(&name) != Some(&meaning))
}

#[test]
fn a_neighbour_moves_no_name_unless_the_change_is_breaking() {
    let side = |document: &Value| Side::parse("t", document.to_string()).unwrap();
    let (mut kept, mut broken) = (0, 0);
    for (kind, make) in KINDS {
        for family in FAMILIES {
            for (index, added) in family.iter().enumerate() {
                let mut old: Vec<&str> = family.to_vec();
                old.remove(index);
                // Beside each other word, and beside all of them.
                let alone = old.iter().map(|word| vec![*word]);
                for few in alone.chain([old.clone()]) {
                    let more = [&few[..], &[added]].concat();
                    let reversed: Vec<&str> = [&few[..1], &[added], &few[1..]].concat();
                    for grown in [more, reversed] {
                        let (before, after) = (make(&few), make(&grown));
                        let report = compare(&side(&before), &side(&after), true);
                        let says = report
                            .changes
                            .iter()
                            .any(|change| change.rust == Level::Breaking);
                        let moved = is_moved(&before, &after);
                        assert!(
                            says || !moved,
                            "{kind}: {few:?} and {added}: a name moved silently"
                        );
                        kept += usize::from(!moved);
                        broken += usize::from(moved);
                    }
                }
            }
        }
    }
    // Both happen, or the test says nothing.
    assert!(kept > 100 && broken > 100, "{kept} kept, {broken} broken");
}

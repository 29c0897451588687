//! Names keep their meaning when the specification grows a neighbour, unless that is
//! spelled exactly like the name; and then the surface shows the change.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests.

use std::collections::BTreeMap;
use std::path::Path;

use codegen::Spec;
use codegen::surface::{Kind, Line, Surface, Wire};
use serde_json::{Value, json};

fn surface(document: &Value) -> Surface {
    let spec = Spec::from_value(document.clone()).unwrap();
    let (surface, _) = codegen::surface(&spec).unwrap_or_else(|error| panic!("{error}"));
    surface
}

type Key = (Kind, String, Option<String>);

fn by_name(surface: &Surface) -> BTreeMap<Key, &Line> {
    let key = |line: &Line| {
        let conversion = (line.kind == Kind::Conversion).then(|| line.signature.clone());
        (
            line.kind,
            line.owner.clone(),
            line.member.clone().or(conversion),
        )
    };
    let lines = surface.lines().iter();
    lines.map(|line| (key(line), line)).collect()
}

/// Names whose meaning moved, with the new meaning.
fn moved(old: &Surface, new: &Surface) -> Vec<(String, Wire)> {
    let new = by_name(new);
    let old = by_name(old).into_iter();
    let pairs = old.filter_map(|(key, line)| Some((line, *new.get(&key)?)));
    let same = |old: &Wire, new: &Wire| match (old, new) {
        // Arguments may join; what is asked is whether those there were mean what they meant.
        (
            Wire::Operation { method, path, .. },
            Wire::Operation {
                method: m, path: p, ..
            },
        ) => (method, path) == (m, p),
        (Wire::Arguments(_), Wire::Arguments(_)) => true,
        (old, new) => old == new,
    };
    pairs
        .filter(|(old, new)| !same(&old.wire, &new.wire))
        .map(|(old, new)| (old.member.clone().unwrap_or_default(), new.wire.clone()))
        .collect()
}

/// Other spellings that become the same name in Rust.
fn neighbours(word: &str) -> Vec<String> {
    let upper = word.to_uppercase();
    let kebab = word.replace('_', "-");
    let dotted = word.replace('_', ".");
    let mut camel = String::new();
    let mut raise = false;
    for character in word.chars() {
        match character {
            '_' => raise = true,
            other if raise => {
                camel.extend(other.to_uppercase());
                raise = false;
            }
            other => camel.push(other),
        }
    }
    let snake = word.replace(['-', '.', ' '], "_").to_lowercase();
    let all = [upper, kebab, dotted, camel, snake];
    all.into_iter().filter(|other| other != word).collect()
}

#[test]
fn properties_and_enum_values_keep_their_names_beside_new_ones() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = 0;
    for fixture in ["name_collisions", "open_enums", "keywords"] {
        let path = root.join(format!("tests/fixtures/{fixture}/spec.json"));
        let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let before = surface(&document);
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for word in schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(w, _)| w)
            {
                for other in neighbours(word) {
                    if schema["properties"].get(&other).is_some() {
                        continue;
                    }
                    let mut grown = document.clone();
                    grown["components"]["schemas"][name]["properties"][&other] =
                        json!({"type": "boolean"});
                    for (member, wire) in moved(&before, &surface(&grown)) {
                        let exact = Wire::Value(codegen::surface::Place::Field, member.clone());
                        let in_body = Wire::Value(codegen::surface::Place::Body, member.clone());
                        assert!(
                            wire == exact || wire == in_body,
                            "{member}: {wire:?} beside {other}"
                        );
                    }
                    tried += 1;
                }
            }
            for value in schema["enum"].as_array().into_iter().flatten() {
                for other in neighbours(value.as_str().unwrap_or_default()) {
                    let mut grown = document.clone();
                    let values = &mut grown["components"]["schemas"][name]["enum"];
                    values.as_array_mut().unwrap().push(other.clone().into());
                    for (member, wire) in moved(&before, &surface(&grown)) {
                        assert_eq!(wire, Wire::Literal(member), "beside {other}");
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 30, "{tried}");
}

#[test]
fn operations_keep_their_names_beside_new_ones() {
    let response = json!({"responses": {"200": {"description": ""}}});
    let paths = [
        "/path/parameter",
        "/path-parameter",
        "/path.parameter",
        "/path/{parameter}",
    ];
    for first in paths {
        for second in paths.into_iter().filter(|second| *second != first) {
            let parameter = json!([{
                "name": "parameter", "in": "path", "required": true, "schema": {"type": "string"}
            }]);
            let mut document = json!({
                "openapi": "3.0.3", "info": {}, "paths": {first: {"get": response}}
            });
            let declare = |document: &mut Value, path: &str| {
                if path.contains('{') {
                    document["paths"][path]["get"]["parameters"] = parameter.clone();
                }
            };
            declare(&mut document, first);
            let before = surface(&document);
            document["paths"][second] = json!({"get": response});
            declare(&mut document, second);
            for (member, wire) in moved(&before, &surface(&document)) {
                let Wire::Operation { path, .. } = &wire else {
                    panic!("{wire:?}")
                };
                assert_eq!(path, "/path/parameter", "{member} beside {second}");
            }
        }
    }
}

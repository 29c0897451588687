//! Every construct the generator reads is generated or listed as left out: no third way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

mod bodies;
mod keywords;
mod types;

use std::fs;
use std::path::Path;

use codegen::surface::{Kind, Line, Place, Wire};
use codegen::{Generated, Part, Spec};
use openapi_document::{Operation, operations, resolved};
use serde_json::{Map, Value};

/// A document and what became of it.
struct Case {
    name: String,
    document: Value,
    generated: Generated,
}

fn cases() -> Vec<Case> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = fs::read_dir(own.join("tests/fixtures")).unwrap();
    let mut paths: Vec<_> = fixtures
        .map(|entry| entry.unwrap().path().join("spec.json"))
        .collect();
    paths.push(own.join("../spec/video-api.json"));
    paths.sort();
    let case = |path: &Path| {
        let name = path.display().to_string();
        let spec = Spec::from_slice(&fs::read(path).unwrap()).unwrap();
        let generated = codegen::generate(&spec).unwrap_or_else(|error| panic!("{name}: {error}"));
        let document = spec.document().clone();
        Case {
            name,
            document,
            generated,
        }
    };
    paths.iter().map(|path| case(path)).collect()
}

impl Case {
    fn lines(&self) -> &[Line] {
        self.generated.surface.lines()
    }

    /// The client's function for an operation.
    fn function(&self, operation: &Operation<'_>) -> Option<&Line> {
        self.lines().iter().find(|line| {
            let Wire::Operation { method, path, .. } = &line.wire else {
                return false;
            };
            // A missing slash is added.
            let is_path = path.trim_start_matches('/') == operation.path.trim_start_matches('/');
            let is_it = method.eq_ignore_ascii_case(operation.method) && is_path;
            line.owner == "Client" && line.kind == Kind::Function && is_it
        })
    }

    /// Returns true if an argument or a setter of the request takes the value.
    fn takes(&self, function: &Line, place: Place, name: &str) -> bool {
        let Wire::Operation { arguments, .. } = &function.wire else {
            return false;
        };
        let (_, request) = function.signature.rsplit_once("-> ").unwrap();
        let setter = Wire::Value(place, name.to_owned());
        arguments
            .iter()
            .any(|it| it.place == place && it.wire == name)
            || self
                .lines()
                .iter()
                .any(|line| line.owner == request && line.wire == setter)
    }

    fn left_out(&self, pointer: &str, test: impl Fn(&Part) -> bool) -> bool {
        let mut all = self.generated.left_out.iter();
        all.any(|it| it.pointer == pointer && test(&it.part))
    }

    /// Operations that are generated, with their functions.
    fn generated(&self) -> impl Iterator<Item = (Operation<'_>, &Line)> {
        operations(&self.document).filter_map(|it| Some((it, self.function(&it)?)))
    }
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn every_operation_is_generated_or_left_out() {
    for case in cases() {
        for operation in operations(&case.document) {
            let at = operation.pointer();
            let item = openapi_document::pointer::join("/paths", &[operation.path]);
            let whole = |pointer: &str| case.left_out(pointer, |part| *part == Part::Whole);
            let is_generated = case.function(&operation).is_some();
            assert!(
                is_generated != (whole(&at) || whole(&item)),
                "{}: {at}",
                case.name
            );
        }
    }
}

#[test]
fn every_parameter_is_generated_or_left_out() {
    let mut count = 0;
    for case in cases() {
        for (operation, function) in case.generated() {
            for parameter in operation.parameters(&case.document).unwrap() {
                let (name, place) = (word(parameter, "name"), word(parameter, "in"));
                if place == "header" && openapi_document::is_ignored_header(name) {
                    continue;
                }
                let is_taken = match place {
                    "path" => case.takes(function, Place::Path, name),
                    "query" => case.takes(function, Place::Query, name),
                    "header" => case.takes(function, Place::Header, name),
                    _ => false,
                };
                let at = operation.pointer();
                let is_left_out = case.left_out(&at, |part| {
                    let part = match part {
                        Part::Parameter { name, place } => (name.as_str(), place.as_str()),
                        _ => return false,
                    };
                    part == (name, place)
                });
                assert!(
                    is_taken != is_left_out,
                    "{}: {at}: {place} {name}",
                    case.name
                );
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} parameters prove nothing");
}

/// The kind of body that a media type is.
fn kind(media: &str) -> &str {
    match media.split(';').next().unwrap_or(media) {
        "application/*" | "*/*" => "json",
        it if it.ends_with("json") => "json",
        it if it.starts_with("text/") || it.ends_with("xml") => "text",
        it if it.starts_with("multipart/") || it.ends_with("urlencoded") => it,
        _ => "bytes",
    }
}

/// The properties of a schema and of the members it is composed of with `allOf`.
fn collect_fields<'a>(
    document: &'a Value,
    schema: &'a Value,
    found: &mut Vec<(&'a String, &'a Value)>,
) {
    let schema = resolved(document, schema);
    let own = schema.get("properties").and_then(Value::as_object);
    found.extend(own.into_iter().flatten());
    let members = schema.get("allOf").and_then(Value::as_array);
    for member in members.into_iter().flatten() {
        collect_fields(document, member, found);
    }
}

/// An object with fields and no other constraint.
fn is_plain_object(schema: &Value) -> bool {
    let composed = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "additionalProperties",
        "discriminator",
    ];
    schema.get("properties").is_some()
        && composed.iter().all(|key| schema.get(key).is_none())
        && matches!(word(schema, "type"), "object" | "")
}

fn properties(schema: &Value) -> impl Iterator<Item = &String> {
    let all = schema.get("properties").and_then(Value::as_object);
    all.into_iter().flat_map(Map::keys)
}

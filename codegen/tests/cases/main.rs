//! Constructs that users of other generators stumbled over, each with what it must become.
//! `tests/other-api` tests the requests and responses of these constructs.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Helpers of tests.

mod bodies;
mod compositions;
mod documents;
mod names;
mod parameters;
mod types;
mod unions;

use std::path::Path;

use codegen::{Generated, Spec};
use serde_json::{Value, json};

/// Generates from the document of a fixture.
fn fixture(name: &str) -> Generated {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}/spec.json"));
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    generate(&Spec::from_slice(&text).unwrap())
}

fn generate(spec: &Spec) -> Generated {
    codegen::generate(spec).unwrap_or_else(|error| panic!("{error}"))
}

/// Generates from a document with one operation `GET /a`, changed by `operation`, that responds
/// with the schema `A`.
fn document(openapi: &str, schemas: Value, operation: Value) -> Generated {
    let schema = json!({"$ref": "#/components/schemas/A"});
    let content = json!({"application/json": {"schema": schema}});
    let mut get = json!({
        "operationId": "getA", "responses": {"200": {"description": "", "content": content}}
    });
    for (key, value) in operation.as_object().into_iter().flatten() {
        get[key] = value.clone();
    }
    let document = json!({
        "openapi": openapi,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": get}},
        "components": {"schemas": schemas}
    });
    generate(&Spec::from_value(document).unwrap())
}

trait Outcome {
    fn has(self, lines: &[&str]) -> Self;
    fn lacks(self, texts: &[&str]) -> Self;
    fn code(self, texts: &[&str]) -> Self;
    fn left_out(self, reasons: &[&str]) -> Self;
}

impl Outcome for Generated {
    /// The surface has lines that start like this and end there or go on with ` = `.
    #[track_caller]
    fn has(self, lines: &[&str]) -> Self {
        let surface = self.surface.to_string();
        for line in lines {
            let starts = |known: &str| {
                known
                    .strip_prefix(line)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(" = "))
            };
            assert!(surface.lines().any(starts), "{line} is missing:\n{surface}");
        }
        self
    }

    #[track_caller]
    fn lacks(self, texts: &[&str]) -> Self {
        let surface = self.surface.to_string();
        for text in texts {
            assert!(!surface.contains(text), "{text}:\n{surface}");
        }
        self
    }

    #[track_caller]
    fn code(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.code.contains(text), "{text} is missing");
        }
        self
    }

    /// These reasons and no others.
    #[track_caller]
    fn left_out(self, reasons: &[&str]) -> Self {
        let found: Vec<&str> = self.left_out.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(found, reasons);
        self
    }
}

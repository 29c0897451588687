//! The only room that knows progenitor.
//!
//! progenitor decides the Rust type of every field and response; what it would make of requests,
//! errors and transport is not used. So it only gets to see schemas, those of answers included.

mod read;
mod simplify;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::model::Api;
use crate::pointer;
use crate::repair::collect_references;
use crate::shape::Shape;

/// What progenitor decided.
#[derive(Debug)]
pub(crate) struct Base {
    /// Fields of every struct, by Rust type name: wire name and type, in declaration order.
    pub(crate) structs: BTreeMap<String, Vec<(String, Decided)>>,
    /// What an operation answers with, by operation id.
    pub(crate) responses: BTreeMap<String, Decided>,
}

/// The type of a value.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    /// Or what is wrong with it: whoever uses it knows the place.
    pub(crate) shape: Result<Shape, String>,
    /// Whether it was an `Option`.
    pub(crate) optional: bool,
}

/// Runs progenitor over a reduced copy of the document.
pub(crate) fn emit(api: &Api) -> Result<Base, Error> {
    let schemas = simplify::schemas(api);
    let mut answers = "Answers".to_owned();
    while schemas.contains_key(&answers) {
        answers.push_str("Too");
    }
    let mut all = schemas.clone();
    all.insert(answers.clone(), simplify::answers(api));
    match run(all) {
        Ok(generator) => read::read(generator.get_type_space(), api, &schemas, &answers),
        Err(message) => Err(locate(&schemas, message)),
    }
}

/// Only schemas: operations would cost more than all types, for methods that nobody uses.
fn run(schemas: Map<String, Value>) -> Result<Generator, String> {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "api", "version": "0.0.0"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    let spec: openapiv3::OpenAPI = serde_json::from_value(document)
        .map_err(|error| format!("is not valid OpenAPI 3.0: {error}"))?;
    let mut generator = Generator::new(&GenerationSettings::new());
    // A mock server is made from the types without writing them down, which would cost more than
    // deciding them. A panic is a defect of the document that no repair knows yet.
    catch_unwind(AssertUnwindSafe(|| generator.httpmock(&spec, "api")))
        .map_err(|_| "makes the generator panic".to_owned())?
        .map_err(|error| format!("cannot be generated: {error}"))?;
    Ok(generator)
}

/// progenitor names no place: the first schema that fails alone, with what it needs, is to blame.
fn locate(schemas: &Map<String, Value>, message: String) -> Error {
    for name in schemas.keys() {
        let mut needed = BTreeSet::new();
        let mut pending = vec![name.clone()];
        while let Some(next) = pending.pop() {
            if let (Some(schema), true) = (schemas.get(&next), needed.insert(next)) {
                collect_references(schema, &mut pending);
            }
        }
        let few: Map<String, Value> = needed
            .into_iter()
            .filter_map(|name| schemas.get(&name).map(|schema| (name, schema.clone())))
            .collect();
        if let Err(message) = run(few) {
            return Error::new(pointer::join(pointer::SCHEMAS, &[name]), message).about(name);
        }
    }
    Error::new("", message)
}

//! Turns an OpenAPI 3.0 document into the types and operations of the `video-api` crate.
//!
//! The pipeline is [`generate`]: load, repair, emit, reshape, render. progenitor decides what
//! Rust type every value has; this crate decides what users see.

mod emit;
mod error;
mod load;
mod model;
mod naming;
mod pointer;
mod render;
mod repair;
mod reshape;
mod shape;
mod surface;

use std::collections::BTreeMap;

pub use error::Error;
pub use load::Spec;
pub use repair::{LeftOut, Part};

/// What a specification becomes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// The generated module, formatted. Same specification, same text.
    pub code: String,
    /// How often each repair found something to do, in the order they ran.
    pub repairs: Vec<(&'static str, usize)>,
    /// What is not generated, and why.
    pub left_out: Vec<LeftOut>,
    /// Rust names of the types, by their names in the document.
    pub types: BTreeMap<String, String>,
    units: Vec<reshape::Unit>,
}

/// Generates the Rust for a specification.
///
/// # Errors
/// A place in the document that cannot become Rust, with its JSON pointer and what it concerns.
pub fn generate(spec: &Spec) -> Result<Generated, Error> {
    let mut repaired = repair::repair(spec)?;
    let api = model::Api::new(&mut repaired)?;
    let base = emit::emit(&api)?;
    let units = reshape::reshape(&api, &base)?;
    let types = api
        .schemas
        .iter()
        .map(|(rust, schema)| (schema.wire_name.clone(), rust.clone()))
        .collect();
    Ok(Generated {
        types,
        code: render::render(&units),
        repairs: repaired.counts,
        left_out: repaired.left_out,
        units,
    })
}

impl Generated {
    /// The public API as text, one sorted line per type, field, variant and method.
    pub fn surface(&self) -> String {
        surface::surface(&self.units)
    }

    /// The formatted Rust of an operation or a type, by operation id, method or type name.
    pub fn show(&self, name: &str) -> Option<String> {
        let found = self
            .units
            .iter()
            .filter(|unit| unit.names.iter().any(|known| known == name));
        let texts: Vec<&str> = found.map(|unit| unit.code.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// Every name that [`Generated::show`] knows, sorted.
    pub fn names(&self) -> Vec<&str> {
        let all = self
            .units
            .iter()
            .flat_map(|unit| unit.names.iter().map(String::as_str));
        let mut names: Vec<&str> = all.collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

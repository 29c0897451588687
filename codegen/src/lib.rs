//! Turns an OpenAPI document into the types and operations of the `video-api` crate.
//!
//! The pipeline is [`generate`]: load, repair, model, items, emit, render. progenitor declares the
//! structs; operations, enums, unions and everything that users call are written here.
//!
//! | in the document | in Rust |
//! | --- | --- |
//! | path, query and header parameters | arguments where required, setters where not |
//! | header parameters called `Accept`, `Content-Type`, `Authorization` | nothing, as OpenAPI says |
//! | a JSON body with fields | arguments and setters; another JSON body is one argument |
//! | `multipart/form-data`, `application/x-www-form-urlencoded` | arguments and setters; binary fields of the former are `Upload`s |
//! | text and binary bodies | one argument, `String` or `Bytes`, and the media type where it is open |
//! | a body in several media types | the first of JSON, multipart, form, text, bytes |
//! | text and binary responses | `String` and `Bytes`, within the client's limit for a response |
//! | several successes with one body | its type; an `Option` where some have none |
//! | several successes with different bodies | an enum, with a variant for each status |
//! | lists of numbers or booleans (`enum`) | the number or boolean; its values are documented |
//! | limits, patterns, formats and defaults | documentation: the server checks them |
//! | links, servers of one operation, webhooks | left out |
//! | cookie parameters, headers that the client sets itself, endless streams, callbacks | left out, see [`Generated::left_out`] |

mod emit;
mod error;
mod extensions;
mod format;
mod items;
mod load;
mod model;
mod naming;
mod pointer;
mod render;
mod repair;
mod schema;
mod shape;
mod snapshot;
pub mod surface;

use std::collections::BTreeMap;

use serde_json::Value;

pub use error::Error;
pub use load::Spec;
pub use naming::{CALL_METHODS, CLIENT_METHODS};
pub use repair::{LeftOut, Part};
pub use surface::Surface;

/// The result of a generation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// The generated module, formatted. Same specification, same text.
    pub code: String,
    /// Number of changes of each repair, in the order they ran.
    pub repairs: Vec<(&'static str, usize)>,
    /// Parts that are not generated, with the reasons.
    pub left_out: Vec<LeftOut>,
    /// Rust names of the types, by their names in the document.
    pub types: BTreeMap<String, String>,
    /// The public API as data.
    pub surface: Surface,
    /// Names and text of every item.
    items: Vec<(Vec<String>, String)>,
}

/// Generates the Rust for a specification.
///
/// # Errors
/// A place in the document that cannot become Rust, with its JSON pointer and what it concerns.
pub fn generate(spec: &Spec) -> Result<Generated, Error> {
    let mut repaired = repair::repair(spec)?;
    let api = model::Api::new(&mut repaired)?;
    let units = items::write(&api)?;
    let structs = emit::emit(&api)?;
    let mut items = Vec::with_capacity(units.len());
    let mut names = Vec::with_capacity(units.len());
    let mut lines = Vec::new();
    for unit in units {
        items.push((unit.module, render::item(&unit, &structs)?));
        names.push(unit.names);
        lines.extend(unit.surface);
    }
    let types = api
        .schemas
        .iter()
        .map(|(rust, schema)| (schema.wire_name.clone(), rust.clone()))
        .collect();
    Ok(Generated {
        types,
        code: render::file(&items),
        repairs: repaired.counts,
        left_out: repaired.left_out,
        surface: Surface::new(lines),
        items: names
            .into_iter()
            .zip(items.into_iter().map(|(_, text)| text))
            .collect(),
    })
}

/// The public API that is generated for a specification and what is left out of it, without
/// generating its code.
///
/// # Errors
/// As [`generate`], as far as they are found before any Rust is written.
pub fn surface(spec: &Spec) -> Result<(Surface, Vec<LeftOut>), Error> {
    let mut repaired = repair::repair_without_prose(spec)?;
    let api = model::Api::new(&mut repaired)?;
    let units = items::write(&api)?;
    let surface = Surface::new(units.into_iter().flat_map(|unit| unit.surface));
    Ok((surface, repaired.left_out))
}

/// Gives every operation of a document the id that the generator names it after: its own, unless
/// that is missing or becomes the name of another one.
///
/// # Errors
/// None that a document can cause.
pub fn name_operations(document: &mut Value) -> Result<(), Error> {
    repair::name_operations(document)
}

/// Makes schemas that are not schemas of OpenAPI any JSON, and says which; the generator does the
/// same.
///
/// # Errors
/// None that a document can cause.
pub fn loosen_malformed(document: &mut Value) -> Result<Vec<LeftOut>, Error> {
    repair::loosen_malformed(document)
}

impl Generated {
    /// The formatted Rust of an operation or a type, by operation id, method or type name.
    pub fn show(&self, name: &str) -> Option<String> {
        let found = self
            .items
            .iter()
            .filter(|(names, _)| names.iter().any(|known| known == name));
        let texts: Vec<&str> = found.map(|(_, text)| text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    /// Every name that [`Generated::show`] knows, sorted.
    pub fn names(&self) -> Vec<&str> {
        let all = self
            .items
            .iter()
            .flat_map(|(names, _)| names.iter().map(String::as_str));
        let mut names: Vec<&str> = all.collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

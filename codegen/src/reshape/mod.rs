//! From the repaired document to what users see.

mod by_name;
mod docs;
mod enums;
mod events;
mod examples;
mod handle;
mod operations;
mod pages;
mod plan;
mod query;
mod request;
mod requests;
mod schemas;
mod tasks;
mod text;
mod types;
mod unions;

pub(crate) use text::doc_lines;
pub(crate) use types::{Field, Role, Structure};

use crate::error::Error;
use crate::model::Api;
use crate::surface::Line;

use text::Text;

/// One generated item: an operation's request or a type.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) module: Module,
    /// What `show` finds it by: the Rust name or the operation id.
    pub(crate) names: Vec<String>,
    /// The struct that progenitor declares, if it is one.
    pub(crate) structure: Option<Structure>,
    /// Items after the struct, not laid out yet.
    pub(crate) code: String,
    /// Macro calls after the items; prettyplease leaves those as they are.
    pub(crate) macros: String,
    pub(crate) surface: Vec<Line>,
}

/// The module a unit is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Module {
    Root,
    Operations,
    Requests,
    Types,
}

/// Builds every generated item, in a fixed order.
pub(crate) fn reshape(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = types::units(api)?;
    units.extend(enums::units(api));
    units.extend(unions::units(api)?);
    units.sort_by(|a, b| a.names.cmp(&b.names));
    let requests = plan::plan(api)?;
    units.extend(requests.iter().map(requests::unit));
    units.extend(operations::units(api)?);
    units.push(requests::client(&requests));
    units.extend(handle::unit(&requests, &api.call_paths));
    units.push(by_name::unit(&requests));
    units.push(events::unit(api));
    units.push(schemas::unit(api));
    Ok(units)
}

impl Unit {
    fn new(module: Module, names: Vec<String>, text: Text) -> Self {
        Self {
            module,
            names,
            structure: None,
            code: text.code,
            macros: String::new(),
            surface: text.surface,
        }
    }

    /// A unit with one name.
    fn only(module: Module, name: &str, text: Text) -> Self {
        Self::new(module, vec![name.to_owned()], text)
    }
}

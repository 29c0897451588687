//! From progenitor's decisions to what users see.

mod by_name;
mod docs;
mod enums;
mod events;
mod handle;
mod layout;
mod operations;
mod pages;
mod plan;
mod query;
mod requests;
mod schemas;
mod text;
mod types;
mod unions;

use crate::emit::Base;
use crate::error::Error;
use crate::model::Api;

use text::Text;

/// One generated item: an operation's request or a type, with its formatted text.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) module: Module,
    /// What `show` finds it by: the Rust name or the operation id.
    pub(crate) names: Vec<String>,
    pub(crate) code: String,
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
pub(crate) fn reshape(api: &Api, base: &Base) -> Result<Vec<Unit>, Error> {
    let mut units = types::units(api, base)?;
    units.extend(enums::units(api));
    units.extend(unions::units(api)?);
    units.sort_by(|a, b| a.names.cmp(&b.names));
    let requests = plan::plan(api, base)?;
    units.extend(requests.iter().map(requests::unit));
    units.extend(operations::units(api)?);
    units.push(requests::client(&requests));
    units.extend(handle::unit(&requests));
    units.push(by_name::unit(&requests));
    units.push(events::unit(api));
    units.push(schemas::unit(api));
    Ok(units)
}

impl Unit {
    /// A unit with one name.
    fn only(module: Module, name: &str, text: Text) -> Self {
        Self {
            module,
            names: vec![name.to_owned()],
            code: text.finish(),
        }
    }
}

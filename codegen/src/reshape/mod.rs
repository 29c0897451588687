//! From progenitor's decisions to what users see.

mod by_name;
mod docs;
mod enums;
mod events;
mod handle;
mod operations;
mod pages;
mod plan;
mod query;
mod requests;
mod schemas;
mod types;
mod unions;

use crate::emit::Base;
use crate::error::Error;
use crate::model::Api;

/// One generated item: an operation's request or a type, with its text.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) module: Module,
    /// What `show` finds it by: the Rust name or the operation id.
    pub(crate) names: Vec<String>,
    pub(crate) code: Code,
}

/// Rust of a unit.
#[derive(Debug, Clone)]
pub(crate) enum Code {
    Items(syn::File),
    /// Macro calls, which the pretty printer cannot lay out.
    Text(String),
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
    units.extend(requests::units(&requests)?);
    units.extend(operations::units(api)?);
    units.extend(requests::client_units(&requests)?);
    units.extend(handle::units(&requests)?);
    units.extend(by_name::units(&requests)?);
    units.extend(events::units(api)?);
    units.extend(schemas::units(api)?);
    Ok(units)
}

impl Unit {
    pub(crate) fn items(
        module: Module,
        names: Vec<String>,
        tokens: proc_macro2::TokenStream,
    ) -> Result<Self, Error> {
        let shown = names.first().cloned().unwrap_or_default();
        let file: syn::File = syn::parse2(tokens).map_err(|error| {
            Error::new("", format!("became invalid Rust: {error}")).about(shown)
        })?;
        Ok(Self {
            module,
            names,
            code: Code::Items(file),
        })
    }
}

/// An identifier from a name that may be raw (`r#type`).
pub(crate) fn ident(name: &str) -> syn::Ident {
    let span = proc_macro2::Span::call_site();
    match name.strip_prefix("r#") {
        Some(raw) => syn::Ident::new_raw(raw, span),
        None => syn::Ident::new(name, span),
    }
}

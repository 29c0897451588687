//! The items that users see: requests, types and what belongs to them, as text.

mod by_name;
mod docs;
mod enums;
mod events;
mod examples;
mod field;
mod handle;
mod html;
mod inline;
mod limits;
mod operations;
mod pages;
mod plan;
mod query;
mod request;
mod requests;
mod responses;
mod schemas;
mod tasks;
mod text;
mod types;
mod unions;
mod unit;

pub(crate) use field::{Field, Role, Structure};
pub(crate) use inline::code;
pub(crate) use text::doc_lines;
pub(crate) use unit::{Module, Unit};

use crate::error::Error;
use crate::model::Api;

/// Writes every item, in a fixed order.
pub(crate) fn write(api: &Api) -> Result<Vec<Unit>, Error> {
    let mut units = types::units(api)?;
    units.extend(enums::units(api));
    units.extend(unions::units(api)?);
    units.sort_by(|a, b| a.names.cmp(&b.names));
    let requests = plan::plan(api)?;
    units.extend(responses::units(&requests));
    units.extend(requests.iter().map(requests::unit));
    units.extend(operations::units(api)?);
    units.push(requests::client(&requests));
    units.extend(handle::unit(&requests, &api.call_paths));
    units.push(by_name::unit(&requests));
    units.push(events::unit(api));
    units.push(schemas::unit(api));
    Ok(units)
}

//! An index of the calls: by the times and values they hold, and the search that suits a filter.

mod entry;
mod lookup;
mod plan;

pub(crate) use lookup::{CallIndex, Calls, directed};
pub(crate) use plan::Cover;

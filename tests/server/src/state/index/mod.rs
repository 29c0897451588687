//! An index of the calls: by the times and values they hold, and the search that suits a filter.

mod entry;
mod lookup;
mod plan;
mod read_ahead;

pub(crate) use lookup::{CallIndex, Calls, directed};
pub(crate) use plan::Cover;
pub(crate) use read_ahead::read_ahead;

//! Servers of a document, path or operation.

mod address;
mod effective;
mod level;
mod lists;
mod variables;

pub(super) use effective::{in_effect, of_document, of_item};
pub(super) use level::{add, compare};

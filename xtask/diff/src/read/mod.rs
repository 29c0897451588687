//! Reading: one side of a comparison, with everything that is looked up in it.

mod document;
mod meaning;
mod operations;
mod schema;
mod unchanged;

pub(crate) use document::{Address, Document, Peeled, Reference, address, is_annotation, is_prose};
pub(crate) use meaning::{equivalent, kinship};
pub(crate) use operations::{Operation, shape};
pub(crate) use schema::{Schema, Site, is_anything, is_nothing, is_null};
pub(crate) use unchanged::{Unchanged, is_same_leaf};

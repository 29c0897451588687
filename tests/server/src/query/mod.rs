//! The query language: filters, order and pages over records of any kind.

mod columns;
mod filter;
mod paging;
mod value;

pub(crate) use columns::{Column, Columns};
pub(crate) use filter::Filter;
pub(crate) use paging::Request;
pub(crate) use value::Field;

//! The state of an adoption: what is in spec/ now, and what goes there.

use std::convert::Infallible;

use codegen::LeftOut;
use openapi_document::{Kind, visit_mut};
use serde_json::{Map, Value};

use super::fit::Dropped;
use crate::counts::Amendment;

/// Everything that goes to spec/, and what there is to say about it.
pub(super) struct Adopted {
    pub(super) documented: Value,
    pub(super) amendments: Vec<Amendment>,
    pub(super) composed: Value,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) notes: Vec<String>,
    pub(super) repairs: Vec<(&'static str, usize)>,
    pub(super) dropped: Vec<(String, Vec<Dropped>)>,
}

/// The present content of spec/.
pub(super) struct Current {
    pub(super) documented: Value,
    pub(super) amendments: Vec<Amendment>,
    pub(super) composed: Value,
}

/// A string member, empty when absent.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Calls `change` with every OpenAPI object, the innermost first.
pub(super) fn each(document: &mut Value, change: &mut dyn FnMut(Kind, &mut Map<String, Value>)) {
    let done = visit_mut::<Infallible>(document, &mut |kind, value, _| {
        if let Value::Object(map) = value {
            change(kind, map);
        }
        Ok(())
    });
    let Ok(()) = done;
}

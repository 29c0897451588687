//! The data that everything about one operation is written from.

use super::docs;
use super::examples::Example;
use super::query::Encoding;
use super::tasks::Task;
use super::types::Field;
use crate::model::Operation;
use crate::naming;
use crate::shape::Shape;

/// Everything the texts of one operation are made from.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) operation: &'a Operation,
    /// Name of the request struct.
    pub(crate) name: String,
    /// Arguments of the method: path, then required query and body values by name.
    pub(crate) arguments: Vec<Argument>,
    /// Optional values, query and body alike.
    pub(crate) settable: Vec<Settable>,
    /// The body's type.
    pub(crate) body: Option<Shape>,
    /// Whether there may be no body at all.
    pub(crate) body_optional: bool,
    /// Whether the body has fields that are not arguments.
    pub(crate) partial_body: bool,
    pub(crate) response: Shape,
    pub(crate) paging: Option<Paging>,
    /// The background task that its response names.
    pub(crate) task: Option<Task>,
    pub(crate) example: Option<Example>,
    /// A sentence about the response, empty if there is none.
    pub(crate) response_doc: String,
}

/// A required value.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) field: Field,
    pub(crate) target: Target,
}

/// Where a required value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Path,
    Query(Encoding),
    Body,
    /// A body that is no struct, as a whole.
    WholeBody,
}

/// An optional value.
#[derive(Debug, Clone)]
pub(crate) struct Settable {
    pub(crate) field: Field,
    pub(crate) place: Place,
}

/// Where an optional value goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Query(Encoding),
    Body,
    /// The body as a whole, which may be left out.
    WholeBody,
}

/// How an operation pages.
#[derive(Debug, Clone)]
pub(crate) struct Paging {
    /// Where the cursor of the next page goes.
    pub(crate) next: Place,
    /// Where the cursor of the previous page goes, if it pages backwards too.
    pub(crate) prev: Option<Place>,
    /// The field of the response that holds the items.
    pub(crate) items: Field,
}

impl Request<'_> {
    pub(crate) fn constant(&self) -> String {
        naming::static_name(&self.operation.id)
    }

    pub(crate) fn summary(&self) -> String {
        if self.operation.summary.is_empty() {
            format!("Performs the operation `{}`.", self.operation.id)
        } else {
            docs::prose(&self.operation.summary)
        }
    }
}

//! The document under repair, and what is left out of it.

use std::borrow::Cow;

use openapi_document::pointer::tokens;
use openapi_document::{Component, Note, reached_components};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::pointer;

/// Something in the document that is not generated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// JSON pointer in the document as it was given, as far as it is known.
    pub pointer: String,
    /// The operation or schema.
    pub subject: String,
    /// Reason.
    pub reason: String,
    /// Part that is missing.
    pub part: Part,
}

/// The part of an operation or schema that is not generated.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// All of it.
    Whole,
    /// A parameter, by its name and place.
    Parameter {
        /// Its name.
        name: String,
        /// Its place, such as `header`.
        place: String,
    },
    /// One of several success responses, by status: its body cannot be read.
    Response(String),
    /// A body in another media type than the generated one.
    Media,
    /// Something that a parameter or a body says beside its schema.
    Detail,
    /// Callbacks: requests that the API sends.
    Callbacks,
    /// A schema: it is any JSON instead, or loses a constraint.
    Schema,
}

/// The document under repair.
pub(crate) struct Context {
    pub(crate) document: Value,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Context {
    /// Takes the components out, to look into them while operations change; see `put_back`.
    pub(super) fn set_apart(&mut self) -> Value {
        let components = self.document.get_mut("components").map(Value::take);
        let entry = components.map(|components| ("components".to_owned(), components));
        Value::Object(Map::from_iter(entry))
    }

    pub(super) fn put_back(&mut self, mut apart: Value) {
        let components = apart.get_mut("components").map(Value::take);
        if let (Some(components), Some(place)) = (components, self.document.get_mut("components")) {
            *place = components;
        }
    }

    /// Constructs of OpenAPI 3.1 that were dropped from what is reached.
    pub(super) fn leave_out_notes(&mut self, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let reached = reached_components(&self.document, []);
        for note in notes {
            let component = component_at(&note.pointer);
            if component.is_none_or(|component| reached.contains(&component)) {
                let subject = Error::new(&note.pointer, "");
                let subject = subject.subject().unwrap_or(&note.pointer).to_owned();
                self.leave_out(&note.pointer, &subject, Part::Schema, note.message.clone());
            }
        }
    }

    /// Reports details that types do not express, by JSON pointer, for schemas that are reached.
    pub(super) fn leave_out_details(&mut self, details: Vec<(String, String)>) {
        if details.is_empty() {
            return;
        }
        let reached = reached_components(&self.document, []);
        for (at, reason) in details {
            if component_at(&at).is_none_or(|component| reached.contains(&component)) {
                let subject = Error::new(&at, "").subject().unwrap_or(&at).to_owned();
                self.leave_out(&at, &subject, Part::Detail, reason);
            }
        }
    }

    pub(super) fn leave_out(
        &mut self,
        pointer: &str,
        subject: &str,
        part: Part,
        reason: impl Into<String>,
    ) {
        self.left_out.push(LeftOut {
            pointer: pointer.to_owned(),
            subject: subject.to_owned(),
            reason: reason.into(),
            part,
        });
    }

    /// Removes the operations for which `reason` gives one.
    pub(super) fn leave_out_operations(
        &mut self,
        mut reason: impl FnMut(&Map<String, Value>) -> Option<String>,
    ) -> usize {
        let mut removed = Vec::new();
        if let Some(Value::Object(paths)) = self.document.get_mut("paths") {
            for (path, item) in paths {
                let Value::Object(item) = item else { continue };
                for method in pointer::METHODS {
                    let Some(Value::Object(operation)) = item.get(method) else {
                        continue;
                    };
                    if let Some(reason) = reason(operation) {
                        let subject = operation_name(operation, method, path);
                        let at = pointer::join("/paths", &[path, method]);
                        removed.push((at, subject, reason));
                        item.remove(method);
                    }
                }
            }
        }
        let count = removed.len();
        for (at, subject, reason) in removed {
            self.leave_out(&at, &subject, Part::Whole, reason);
        }
        count
    }
}

/// Name of an operation in a message.
pub(crate) fn operation_name(operation: &Map<String, Value>, method: &str, path: &str) -> String {
    match operation.get("operationId").and_then(Value::as_str) {
        Some(id) => id.to_owned(),
        None => format!("{} {path}", method.to_uppercase()),
    }
}

/// Section and name of the component that a place belongs to.
pub(super) fn component_at(at: &str) -> Option<Component> {
    let mut tokens = tokens(at.strip_prefix("/components")?).map(Cow::into_owned);
    Some((tokens.next()?, tokens.next()?))
}

//! Errors that stop a generation, with their place in the document.

use std::fmt;

/// A specification that cannot be turned into Rust.
///
/// Names the place (a JSON pointer), the operation or schema concerned, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    pointer: String,
    subject: Option<String>,
    message: String,
}

impl Error {
    /// An error at a place; the operation or schema is read off the pointer where it can be.
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        let pointer = pointer.into();
        Self {
            subject: subject(&pointer),
            pointer,
            message: message.into(),
        }
    }

    pub(crate) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// JSON pointer of the offending place in the document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The operation or schema concerned, where one is known.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The problem, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// `Name` of `/components/schemas/Name/…`, `GET /path` of `/paths/~1path/get/…`.
fn subject(pointer: &str) -> Option<String> {
    let tokens: Vec<_> = openapi_document::pointer::tokens(pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    match tokens.as_slice() {
        ["components", _, name, ..] => Some((*name).to_owned()),
        ["paths", path, method, ..] => Some(format!("{} {path}", method.to_uppercase())),
        ["paths", path] => Some((*path).to_owned()),
        _ => None,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() {
            "the document"
        } else {
            &self.pointer
        };
        match &self.subject {
            Some(subject) => write!(f, "{subject} (at {place}): {}", self.message),
            None => write!(f, "at {place}: {}", self.message),
        }
    }
}

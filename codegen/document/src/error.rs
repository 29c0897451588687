//! Errors, each with its place in the document.

use std::fmt;

/// A text or document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pointer: String,
    message: String,
}

impl Error {
    /// An error at a JSON pointer.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
        }
    }

    /// JSON pointer of the place; empty for the document as a whole.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Message of the error.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => write!(f, "the document {}", self.message),
            pointer => write!(f, "{pointer} {}", self.message),
        }
    }
}

impl std::error::Error for Error {}

/// A construct that was changed or dropped, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// JSON pointer in the document as it was given.
    pub pointer: String,
    /// The dropped or changed part, with the reason.
    pub message: String,
}

/// A `$ref` that cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// Nothing is at the place it names.
    #[error("$ref {0:?} points to nothing in this document")]
    Missing(String),
    /// It leads back to itself.
    #[error("$ref {0:?} leads in a circle")]
    Circle(String),
    /// It names another file.
    #[error(
        "$ref {reference:?} leads into another file; bundle the document into one file first, for \
         example with `npx @redocly/cli bundle`"
    )]
    External {
        /// The reference.
        reference: String,
        /// The file or address in front of its `#`.
        file: String,
    },
}

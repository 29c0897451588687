//! The one error of the page parser: a line and what is wrong with it.

use thiserror::Error;

/// A place that the parser did not understand.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}: {message}")]
pub(crate) struct PageError {
    /// Line of the page, from 1.
    pub(crate) line: usize,
    /// The expected and the actual text.
    pub(crate) message: String,
}

impl PageError {
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

/// Shorthand of the parser's functions.
pub(crate) type Parsed<T> = Result<T, PageError>;

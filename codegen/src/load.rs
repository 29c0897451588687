//! Text or JSON to a document that the repairs can start from.

use openapi_document::{Loaded, Note};
use serde_json::Value;

use crate::error::Error;

/// An OpenAPI document, as 3.0.
#[derive(Debug, Clone)]
pub struct Spec {
    document: Value,
    notes: Vec<Note>,
}

impl Spec {
    /// Reads an OpenAPI 3.0 or 3.1 document, JSON or YAML.
    ///
    /// # Errors
    /// Text that is neither, or another version of OpenAPI.
    pub fn from_slice(text: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(text)
            .map_err(|error| Error::new("", format!("is not UTF-8: {error}")))?;
        Ok(openapi_document::load(text)?.into())
    }

    /// Takes a document that is already parsed.
    ///
    /// # Errors
    /// Another version of OpenAPI.
    pub fn from_value(document: Value) -> Result<Self, Error> {
        Ok(openapi_document::from_value(document)?.into())
    }

    /// The document, keys sorted.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Constructs of OpenAPI 3.1 without a counterpart in 3.0.
    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }
}

impl From<Loaded> for Spec {
    fn from(loaded: Loaded) -> Self {
        Self {
            document: loaded.document,
            notes: loaded.notes,
        }
    }
}

impl From<openapi_document::Error> for Error {
    fn from(error: openapi_document::Error) -> Self {
        Self::new(error.pointer(), error.message())
    }
}

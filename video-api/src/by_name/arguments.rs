//! The arguments of a request by name.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::upload::Upload;

/// The arguments of an operation, by the names of the spec.
///
/// As JSON: `{"path": {…}, "query": {…}, "header": {…}, "body": {…}}`, each of which may be missing.
/// Path, query and header values may be strings, numbers or booleans; a list or an object in the
/// query or a header is given as such. `null` there, and for an optional field of a typed body,
/// means not set; inside free-form data it is kept. The fields of a form are those of the body.
///
/// A body or a field that is text or bytes is given as a string, or with [`Arguments::bytes`] and
/// [`Arguments::file`].
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    #[serde(default, deserialize_with = "object")]
    path: Map<String, Value>,
    #[serde(default, deserialize_with = "object")]
    query: Map<String, Value>,
    #[serde(default, deserialize_with = "object")]
    header: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(skip)]
    bytes: Option<Bytes>,
    #[serde(skip)]
    files: BTreeMap<String, Vec<Upload>>,
}

impl Arguments {
    /// No arguments.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a path parameter.
    pub fn path(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.path.insert(name.into(), value.into());
        self
    }

    /// Sets a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// Sets a header parameter.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.header.insert(name.into(), value.into());
        self
    }

    /// Adds a file to a field of a form.
    pub fn file(mut self, field: impl Into<String>, file: impl Into<Upload>) -> Self {
        self.files
            .entry(field.into())
            .or_default()
            .push(file.into());
        self
    }

    /// Sets the whole body of an operation that takes text or bytes.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.bytes = Some(body.into());
        self
    }

    /// Sets the whole body, which is `{}` by default where the operation takes one.
    pub fn body(mut self, value: impl Into<Value>) -> Self {
        self.body = Some(value.into());
        self
    }

    /// The body that was set.
    pub fn body_value(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    pub(super) fn path_values(&self) -> &Map<String, Value> {
        &self.path
    }

    pub(super) fn header_values(&self) -> &Map<String, Value> {
        &self.header
    }

    pub(super) fn given_bytes(&self) -> Option<&Bytes> {
        self.bytes.as_ref()
    }

    pub(super) fn given_files(&self) -> &BTreeMap<String, Vec<Upload>> {
        &self.files
    }

    pub(super) fn query_values(&self) -> &Map<String, Value> {
        &self.query
    }
}

/// Reads `null` as an empty object, which is how some languages write it.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

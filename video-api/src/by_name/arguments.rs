//! The arguments of a request by name.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The arguments of an operation, by the names of the spec.
///
/// As JSON: `{"path": {…}, "query": {…}, "body": {…}}`, each of which may be missing. Path and
/// query values may be strings, numbers or booleans; a list or an object in the query is given
/// as such. `null` in the query, and for an optional field of a typed body, means not set; inside
/// free-form data it is kept.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    #[serde(default, deserialize_with = "object")]
    path: Map<String, Value>,
    #[serde(default, deserialize_with = "object")]
    query: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
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

    pub(super) fn query_values(&self) -> &Map<String, Value> {
        &self.query
    }
}

/// Reads `null` as an empty object, which is how some languages write it.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

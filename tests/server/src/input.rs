//! A request as its operation understands it: checked, and easy to read.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::time;

/// Values by name.
pub(crate) type Fields = Map<String, Value>;

/// The parts of a request.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) path: Fields,
    pub(crate) query: Fields,
    /// Empty when the request has no body.
    pub(crate) body: Fields,
    /// Fields and parameters that were skipped because the spec does not have them.
    pub(crate) ignored: Vec<String>,
}

impl Input {
    /// A value of the path.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.text(name).unwrap_or_default()
    }

    /// The body as a type of the handler's own.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        read(&self.body)
    }

    /// The call that the path names, as `type:id`.
    pub(crate) fn cid(&self) -> String {
        pair(&self.path, "type", "id")
            .or_else(|| pair(&self.path, "call_type", "call_id"))
            .unwrap_or_default()
    }

    /// The call that the request names, in its path or else in its body.
    pub(crate) fn named_call(&self) -> Option<String> {
        pair(&self.path, "type", "id")
            .or_else(|| pair(&self.path, "call_type", "call_id"))
            .or_else(|| pair(&self.body, "type", "id"))
    }
}

/// Reads fields as a type of the handler's own. They fit the schema already, so that what fails here
/// is what a schema cannot say.
pub(crate) fn read<T: DeserializeOwned>(fields: &Fields) -> Result<T, ApiError> {
    T::deserialize(fields).map_err(|error| ApiError::input(error.to_string()))
}

fn pair(fields: &Fields, kind: &str, id: &str) -> Option<String> {
    Some(format!("{}:{}", fields.text(kind)?, fields.text(id)?))
}

/// Reads values by name and type; what is absent or null reads as nothing.
pub(crate) trait ReadFields {
    fn text(&self, name: &str) -> Option<&str>;
    fn flag(&self, name: &str) -> bool;
    fn integer(&self, name: &str) -> Option<i64>;
    /// A timestamp, in nanoseconds since the epoch.
    fn moment(&self, name: &str) -> Option<i64>;
    fn object(&self, name: &str) -> Option<&Fields>;
    fn list(&self, name: &str) -> &[Value];
    fn texts(&self, name: &str) -> Vec<String>;

    fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }
}

impl ReadFields for Fields {
    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    fn moment(&self, name: &str) -> Option<i64> {
        time::parse(self.text(name)?)
    }

    fn object(&self, name: &str) -> Option<&Fields> {
        self.get(name)?.as_object()
    }

    fn list(&self, name: &str) -> &[Value] {
        let list = self.get(name).and_then(Value::as_array);
        list.map(Vec::as_slice).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.list(name).iter().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }
}

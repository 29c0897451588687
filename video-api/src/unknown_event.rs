//! Events of types that this version does not know, as their JSON text.

use serde::de::DeserializeOwned;

use crate::decode;
use crate::error::Error;

/// An event of a type this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEvent {
    event_type: Box<str>,
    // The text, because JSON that cannot be a `Value` (deeply nested, a number out of range) must
    // not turn an unknown event into an error.
    raw: Box<str>,
}

impl UnknownEvent {
    /// The event type as the server writes it.
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The whole payload, the JSON as it came.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Reads the payload into a type of your own, or into a `serde_json::Value`.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::foreign(&mut serde_json::Deserializer::from_str(&self.raw))
            .map_err(|mismatch| Error::mismatch(mismatch.path, &mismatch.error))
    }

    pub(crate) fn new(event_type: &str, json: &str) -> Self {
        Self {
            event_type: event_type.into(),
            raw: json.into(),
        }
    }
}

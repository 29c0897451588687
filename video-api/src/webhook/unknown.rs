//! Events that came after this version.

use serde::de::DeserializeOwned;

use crate::Error;

/// An event of a type this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEvent {
    event_type: Box<str>,
    // The text, since what cannot be held as a value (a deep nesting, a number out of range)
    // must not turn an unknown event into an error.
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
        let json = &mut serde_json::Deserializer::from_str(&self.raw);
        serde_path_to_error::deserialize(json).map_err(|error| {
            let path = error.path().to_string();
            Error::free_form(path, error.into_inner().to_string())
        })
    }

    // Cannot fail, but is one of many readers that can.
    pub(crate) fn read(event_type: &str, json: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            event_type: event_type.into(),
            raw: json.into(),
        })
    }
}

//! Decoding a whole document.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, DeserializeSeed as _, Deserializer};

use super::context::{Context, Document};
use super::value::{Decode, Seed};

/// A decoded response.
#[derive(Debug)]
pub(crate) struct Decoded<T> {
    pub(crate) value: T,
    /// The paths of documented values that were missing.
    pub(crate) corrected: Vec<String>,
    /// The time that the server says it worked.
    pub(crate) server_duration: Option<Duration>,
}

/// Decodes the body of a success.
pub(crate) struct Decoder<T> {
    pub(crate) decode: fn(&str) -> Result<Decoded<T>, Mismatch>,
    pub(crate) accepts_empty_body: bool,
}

impl<T: Decode> Decoder<T> {
    pub(crate) fn new() -> Self {
        Self {
            decode: document,
            accepts_empty_body: T::ACCEPTS_EMPTY_BODY,
        }
    }
}

impl<T> Clone for Decoder<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Decoder<T> {}

/// JSON that does not fit its type, or is not JSON.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// The path, such as `calls[3].call.created_at`; `.` is the whole document.
    pub(crate) path: String,
    /// The expected JSON at that path, such as `a list`. Only arguments by name are explained with it.
    #[cfg_attr(not(feature = "by-name"), allow(dead_code))]
    pub(crate) expected: Option<&'static str>,
    pub(crate) error: serde_json::Error,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}

/// Decodes the body of a response. `null`, and an object without any documented field, is an error.
pub(crate) fn document<T: Decode>(json: &str) -> Result<Decoded<T>, Mismatch> {
    let mut value = T::default();
    if json.trim_ascii().is_empty() && T::ACCEPTS_EMPTY_BODY {
        return Ok(Decoded {
            value,
            corrected: Vec::new(),
            server_duration: None,
        });
    }
    let document = Document {
        needs_known_field: true,
        ..Document::default()
    };
    let mut json = serde_json::Deserializer::from_str(json);
    let read = value.decode(&mut json, &Context::Document(&document));
    match read.and_then(|()| json.end()) {
        Ok(()) => Ok(Decoded {
            server_duration: value.server_duration().and_then(go_duration),
            corrected: document.corrected.into_inner(),
            value,
        }),
        Err(error) => Err(mismatch::<T>(&document, error)),
    }
}

/// Decodes JSON that is not a response on its own, and adds the paths of what was missing.
#[allow(dead_code)] // Used by webhook events and by name.
pub(crate) fn part<T: Decode>(json: &str, corrected: &mut Vec<String>) -> Result<T, Mismatch> {
    let mut value = T::default();
    let document = Document::default();
    let mut json = serde_json::Deserializer::from_str(json);
    let read = Seed(&mut value, &Context::Document(&document)).deserialize(&mut json);
    match read.and_then(|_| json.end()) {
        Ok(()) => {
            corrected.append(&mut document.corrected.into_inner());
            Ok(value)
        }
        Err(error) => Err(mismatch::<T>(&document, error)),
    }
}

/// Decodes a value as part of a type that is read by serde, where nothing is noted.
pub(crate) fn deserialize<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    value.decode(deserializer, &Context::Document(&Document::default()))?;
    Ok(value)
}

/// Decodes JSON into a type of the application's own.
pub(crate) fn foreign<'de, T, D>(json: D) -> Result<T, Mismatch>
where
    T: Deserialize<'de>,
    D: Deserializer<'de, Error = serde_json::Error>,
{
    serde_path_to_error::deserialize(json).map_err(|error| Mismatch {
        path: error.path().to_string(),
        expected: None,
        error: error.into_inner(),
    })
}

/// Parses a duration as Go writes it: `1h2m3.5s`, `12.34ms`, `5µs`.
fn go_duration(text: &str) -> Option<Duration> {
    let duration: jiff::SignedDuration = text.parse().ok()?;
    duration.try_into().ok()
}

#[cold]
fn mismatch<T: Decode>(document: &Document, error: serde_json::Error) -> Mismatch {
    let whole = || (".".to_owned(), T::EXPECTED);
    let (path, expected) = document.mismatch.take().unwrap_or_else(whole);
    Mismatch {
        path,
        expected: Some(expected),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_go_writes_them() {
        for (text, nanos) in [
            ("0s", Some(0)),
            ("12.5ms", Some(12_500_000)),
            ("12.345678ms", Some(12_345_678)),
            ("7µs", Some(7_000)),
            ("1h2m3.5s", Some(3_723_500_000_000)),
            ("", None),
            ("5", None),
            ("ms", None),
            ("-1s", None),
            ("soon", None),
        ] {
            assert_eq!(go_duration(text).map(|d| d.as_nanos()), nanos, "{text}");
        }
    }
}

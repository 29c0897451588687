//! Formats of the body of a success, as the transport reads it: JSON, text, bytes, nothing, or by
//! the status.

#![allow(dead_code)] // The spec and the features decide which of these are used.

use bytes::Bytes;
use serde::Serialize;
use serde::de::Error as _;

use crate::decode::{self, Decode, Decoded, Mismatch};

/// The expected body of a success.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expects {
    /// JSON, or nothing where that is enough.
    Json { or_nothing: bool },
    /// Anything, also nothing.
    Anything,
    /// It depends on the status.
    ByStatus(fn(u16) -> Expects),
}

impl Expects {
    /// The expected body of a status: JSON or not, and if it may be empty.
    pub(crate) fn of(self, status: u16) -> (bool, bool) {
        match self {
            Self::Json { or_nothing } => (true, or_nothing),
            Self::Anything => (false, true),
            Self::ByStatus(expects) => expects(status).of(status),
        }
    }
}

/// A way to read the body of a success as a `T`.
pub(crate) trait Format<T> {
    const EXPECTS: Expects;

    fn read(status: u16, body: Bytes) -> Result<Decoded<T>, Mismatch>;

    /// The value as JSON; `None` for bytes, which JSON cannot hold.
    fn to_json(value: &T) -> Option<serde_json::Result<String>>;
}

/// JSON.
pub(crate) struct Json;

impl<T: Decode + Serialize> Format<T> for Json {
    const EXPECTS: Expects = Expects::Json {
        or_nothing: T::ACCEPTS_EMPTY_BODY,
    };

    fn read(_: u16, body: Bytes) -> Result<Decoded<T>, Mismatch> {
        decode::document(text(&body)?)
    }

    fn to_json(value: &T) -> Option<serde_json::Result<String>> {
        Some(serde_json::to_string(value))
    }
}

/// Text in UTF-8.
pub(crate) struct Text;

impl Format<String> for Text {
    const EXPECTS: Expects = Expects::Anything;

    fn read(_: u16, body: Bytes) -> Result<Decoded<String>, Mismatch> {
        text(&body).map(|text| decoded(text.to_owned()))
    }

    fn to_json(value: &String) -> Option<serde_json::Result<String>> {
        Some(serde_json::to_string(value))
    }
}

/// Bytes as they come.
pub(crate) struct Raw;

impl Format<Bytes> for Raw {
    const EXPECTS: Expects = Expects::Anything;

    fn read(_: u16, body: Bytes) -> Result<Decoded<Bytes>, Mismatch> {
        Ok(decoded(body))
    }

    fn to_json(_: &Bytes) -> Option<serde_json::Result<String>> {
        None
    }
}

/// Nothing: whatever comes is ignored.
pub(crate) struct Nothing;

impl Format<()> for Nothing {
    const EXPECTS: Expects = Expects::Anything;

    fn read(_: u16, _: Bytes) -> Result<Decoded<()>, Mismatch> {
        Ok(decoded(()))
    }

    fn to_json(&(): &()) -> Option<serde_json::Result<String>> {
        Some(Ok("null".to_owned()))
    }
}

/// A generated enum with a variant for each documented status.
pub(crate) trait BodyByStatus: Sized {
    fn expects(status: u16) -> Expects;

    fn read(status: u16, body: Bytes) -> Result<Decoded<Self>, Mismatch>;

    fn to_json(&self) -> Option<serde_json::Result<String>>;
}

/// One of several types, by the status.
pub(crate) struct ByStatus;

impl<T: BodyByStatus> Format<T> for ByStatus {
    const EXPECTS: Expects = Expects::ByStatus(T::expects);

    fn read(status: u16, body: Bytes) -> Result<Decoded<T>, Mismatch> {
        T::read(status, body)
    }

    fn to_json(value: &T) -> Option<serde_json::Result<String>> {
        value.to_json()
    }
}

/// Reads the body of one of several statuses into its variant.
pub(crate) fn variant<F: Format<T>, T, E>(
    status: u16,
    body: Bytes,
    variant: fn(T) -> E,
) -> Result<Decoded<E>, Mismatch> {
    let read = F::read(status, body)?;
    Ok(Decoded {
        value: variant(read.value),
        corrected: read.corrected,
        server_duration: read.server_duration,
    })
}

fn decoded<T>(value: T) -> Decoded<T> {
    Decoded {
        value,
        corrected: Vec::new(),
        server_duration: None,
    }
}

fn text(body: &Bytes) -> Result<&str, Mismatch> {
    std::str::from_utf8(body).map_err(|error| Mismatch {
        path: ".".to_owned(),
        expected: Some("text in UTF-8"),
        error: serde_json::Error::custom(format_args!("the body is not UTF-8: {error}")),
    })
}

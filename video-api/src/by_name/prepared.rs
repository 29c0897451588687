//! A request by name that is ready to be sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::Error as _;
use serde_json::Value;

use super::preview::Preview;
use crate::decode::{Decode, Decoded, Decoder, Mismatch, document};
use crate::error::Error;
use crate::format::{Expects, Format};
use crate::operation::Operation;
use crate::request::RequestParts;
use crate::response::Response;
use crate::transport;

/// A request that is checked and encoded but not sent; made by
/// [`Client::prepare_operation`](crate::Client::prepare_operation).
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Prepared {
    parts: RequestParts,
    body: Option<Bytes>,
    reading: Reading,
}

/// The way to read the response.
#[derive(Clone, Copy)]
enum Reading {
    Json(Decoder<Value>),
    Other(Expects, Read),
}

type Read = fn(u16, Bytes) -> Result<Decoded<Value>, Mismatch>;

impl Prepared {
    /// A request with a body and a response of these types.
    pub(crate) fn json<B, T>(parts: RequestParts, body: &B) -> Result<Self, Error>
    where
        B: Serialize,
        T: Decode + Serialize,
    {
        Ok(Self {
            body: Some(parts.encode_body(body)?),
            ..Self::empty::<T>(parts)
        })
    }

    /// A request without a body.
    pub(crate) fn empty<T: Decode + Serialize>(parts: RequestParts) -> Self {
        Self {
            parts,
            body: None,
            reading: Reading::Json(Decoder {
                decode: decode::<T>,
                accepts_empty_body: T::ACCEPTS_EMPTY_BODY,
            }),
        }
    }

    /// A request with a body that is encoded already, and a response in a format.
    #[allow(dead_code)] // Used where the spec has more than JSON.
    pub(crate) fn of<F: Format<T>, T>(parts: RequestParts, body: Option<Bytes>) -> Self {
        Self {
            parts,
            body,
            reading: Reading::Other(F::EXPECTS, read::<F, T>),
        }
    }

    /// The operation.
    pub fn operation(&self) -> &'static Operation {
        self.parts.operation
    }

    /// Bounds the request with all its attempts, as on every other request.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.parts.set_timeout(timeout);
        self
    }

    /// The request as text.
    pub fn preview(&self) -> Result<Preview, Error> {
        Preview::of(&self.parts, self.body.as_ref())
            .map_err(|error| error.for_operation(self.operation()))
    }

    /// Sends the request. The response of an operation that answers with text is a string; with
    /// bytes, which JSON cannot hold, it is an error: use [`Prepared::send_for_bytes`].
    pub async fn send(self) -> Result<Response<Value>, Error> {
        match self.reading {
            Reading::Json(decoder) => transport::send(self.parts, self.body, decoder).await,
            Reading::Other(expects, read) => {
                transport::send_and_read(self.parts, self.body, expects, read).await
            }
        }
    }

    /// Sends the request and returns the body of the response as it came, not decoded.
    pub async fn send_for_bytes(self) -> Result<Response<Bytes>, Error> {
        let expects = match self.reading {
            Reading::Json(decoder) => Expects::Json {
                or_nothing: decoder.accepts_empty_body,
            },
            Reading::Other(expects, _) => expects,
        };
        transport::send_undecoded(self.parts, self.body, expects).await
    }

    /// Reports errors that would otherwise only occur on sending.
    pub(super) fn check(&self) -> Result<(), Error> {
        transport::preview(&self.parts, self.body.is_some())
            .map(drop)
            .map_err(|error| error.for_operation(self.operation()))
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("parts", &self.parts)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// Reads a response in its format, and makes it JSON.
fn read<F: Format<T>, T>(status: u16, body: Bytes) -> Result<Decoded<Value>, Mismatch> {
    let typed = F::read(status, body)?;
    let json = F::to_json(&typed.value).unwrap_or_else(|| {
        let reason = "the response is bytes; read it with `send_for_bytes`";
        Err(serde_json::Error::custom(reason))
    });
    to_value(typed, json)
}

/// Decodes a response by its type, and encodes it again.
fn decode<T: Decode + Serialize>(json: &str) -> Result<Decoded<Value>, Mismatch> {
    let typed = document::<T>(json)?;
    let json = serde_json::to_string(&typed.value);
    to_value(typed, json)
}

/// By way of text: a direct conversion would widen an f32 0.1 to 0.10000000149011612.
fn to_value<T>(
    typed: Decoded<T>,
    json: serde_json::Result<String>,
) -> Result<Decoded<Value>, Mismatch> {
    let value = json.and_then(|json| serde_json::from_str(&json));
    Ok(Decoded {
        value: value.map_err(|error| Mismatch {
            path: ".".to_owned(),
            expected: None,
            error,
        })?,
        corrected: typed.corrected,
        server_duration: typed.server_duration,
    })
}

//! A request by name that is ready to go.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Preview;
use crate::operation::Operation;
use crate::request::Parts;
use crate::transport::{self, RawResponse};
use crate::{Error, Response};

/// A request that is checked and encoded but not sent; made by
/// [`Client::prepare_operation`](crate::Client::prepare_operation).
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Prepared {
    parts: Parts,
    body: Option<Bytes>,
    decode: fn(RawResponse) -> Result<Response<Value>, Error>,
}

impl Prepared {
    /// A request with a body and a response of these types.
    pub(crate) fn json<B, T>(parts: Parts, body: &B) -> Result<Self, Error>
    where
        B: Serialize,
        T: DeserializeOwned + Serialize,
    {
        let encoded = serde_json::to_vec(body).map_err(|error| {
            Error::invalid(format!("the body cannot be written as JSON: {error}"))
                .for_operation(parts.operation)
        });
        Ok(Self {
            parts,
            body: Some(encoded?.into()),
            decode: decode::<T>,
        })
    }

    /// A request without a body.
    pub(crate) fn empty<T: DeserializeOwned + Serialize>(parts: Parts) -> Self {
        Self {
            parts,
            body: None,
            decode: decode::<T>,
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

    /// What would be sent.
    pub fn preview(&self) -> Result<Preview, Error> {
        Preview::of(&self.parts, self.body.as_ref())
            .map_err(|error| error.for_operation(self.operation()))
    }

    /// Sends the request.
    pub async fn send(self) -> Result<Response<Value>, Error> {
        let response = transport::perform(self.parts, self.body).await?;
        (self.decode)(response)
    }

    /// Finds what would only show on sending.
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

fn decode<T: DeserializeOwned + Serialize>(
    response: RawResponse,
) -> Result<Response<Value>, Error> {
    Ok(response.decode::<Typed<T>>()?.map(|typed| typed.value))
}

/// JSON that has been through a type.
struct Typed<T> {
    value: Value,
    marker: std::marker::PhantomData<T>,
}

impl<'de, T: DeserializeOwned + Serialize> Deserialize<'de> for Typed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = T::deserialize(deserializer)?;
        // By way of text: a direct conversion would widen an f32 0.1 to 0.10000000149011612.
        let value = serde_json::to_vec(&typed)
            .and_then(|json| serde_json::from_slice(&json))
            .map_err(D::Error::custom)?;
        Ok(Self {
            value,
            marker: std::marker::PhantomData,
        })
    }
}

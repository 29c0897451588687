//! Decoding deliveries without a signature.

use super::error::Error;
use super::{body, event, queue};
use crate::generated::Event;

/// The size limit unless another one is set: 16 MiB.
pub const DEFAULT_MAX_SIZE: usize = 16 * 1024 * 1024;

/// Reads events without asking for a signature.
///
/// Meant for queues, where the access policy says who may send. What arrives over HTTP goes
/// through a [`Verifier`](super::Verifier) instead, or else anyone can make up events.
#[derive(Clone, Debug)]
pub struct Decoder {
    max_size: usize,
}

impl Decoder {
    /// A decoder with a limit of 16 MiB.
    pub fn new() -> Self {
        Self {
            max_size: DEFAULT_MAX_SIZE,
        }
    }

    /// How many bytes the JSON of an event may have, once decompressed.
    pub fn with_max_size(mut self, bytes: usize) -> Self {
        self.max_size = bytes;
        self
    }

    /// Reads a body: JSON, perhaps gzip.
    pub fn parse(&self, body: impl AsRef<[u8]>) -> Result<Event, Error> {
        event::read(body::expand(body.as_ref(), self.max_size)?)
    }

    /// Reads the body of an SQS message: JSON, or base64 of JSON, perhaps gzip.
    pub fn sqs(&self, message: impl AsRef<[u8]>) -> Result<Event, Error> {
        self.parse(queue::sqs(message.as_ref())?)
    }

    /// Reads an SNS notification, whose `Message` is like the body of an SQS message.
    pub fn sns(&self, envelope: impl AsRef<[u8]>) -> Result<Event, Error> {
        self.sqs(queue::sns(envelope.as_ref())?)
    }

    pub(super) fn max_size(&self) -> usize {
        self.max_size
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a body that is known to be genuine: JSON, perhaps gzip, of at most 16 MiB.
///
/// No signature is asked for: see [`Decoder`], which also takes another limit.
pub fn parse(body: impl AsRef<[u8]>) -> Result<Event, Error> {
    Decoder::new().parse(body)
}

/// Reads the body of an SQS message: JSON, or base64 of JSON, perhaps gzip, of at most 16 MiB.
///
/// When SNS feeds the queue, the body is a notification for [`from_sns`], unless raw message
/// delivery is switched on.
///
/// ```
/// let event = video_api::webhook::from_sqs(r#"{"type":"custom.of.tomorrow"}"#)?;
/// assert_eq!(event.event_type(), "custom.of.tomorrow");
/// # Ok::<(), video_api::webhook::Error>(())
/// ```
pub fn from_sqs(message: impl AsRef<[u8]>) -> Result<Event, Error> {
    Decoder::new().sqs(message)
}

/// Reads an SNS notification, of at most 16 MiB in its `Message`.
///
/// SNS over HTTP signs its notifications in its own way, which is not checked here.
pub fn from_sns(envelope: impl AsRef<[u8]>) -> Result<Event, Error> {
    Decoder::new().sns(envelope)
}

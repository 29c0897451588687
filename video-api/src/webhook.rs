//! Webhooks: from a delivery to an [`Event`](crate::Event).
//!
//! Deliveries over HTTP are signed; [`Verifier`] checks the signature and reads the event:
//!
//! ```
//! # #[cfg(feature = "webhooks")] {
//! use video_api::Event;
//! use video_api::webhook::Verifier;
//!
//! # let body = br#"{"type":"call.ended"}"#;
//! # let signature = "";
//! let verifier = Verifier::new("the API secret");
//! match verifier.event(body, signature) {
//!     Ok(Event::CallEnded(event)) => println!("{} ended", event.call_cid),
//!     Ok(Event::Unknown(event)) => println!("new: {} {}", event.event_type(), event.raw()),
//!     Ok(event) => println!("{}", event.event_type()),
//!     Err(error) => println!("{error}"),
//! }
//! # }
//! ```
//!
//! Messages from SQS and SNS are not signed: who may write to the queue is up to its access
//! policy. Read them with [`from_sqs`] and [`from_sns`].
//!
//! # Results
//!
//! | delivery | result |
//! | --- | --- |
//! | an event of a known type | its variant of [`Event`](crate::Event) |
//! | an event of another type | [`Event::Unknown`](crate::Event::Unknown) with the JSON as it came |
//! | a missing, malformed or wrong signature | error, [`is_signature`](Error::is_signature) |
//! | more than the size limit, also once decompressed | error, [`is_too_large`](Error::is_too_large) |
//! | broken gzip, neither JSON nor base64 | error, [`is_encoding`](Error::is_encoding) |
//! | SNS: not a notification, or one without `Message` | error, [`is_envelope`](Error::is_envelope) |
//! | empty, not JSON, or not an object | error, [`is_not_json`](Error::is_not_json) |
//! | a `type` that is missing or not a string | error, [`is_missing_type`](Error::is_missing_type) |
//! | a known type with a field of the wrong type | error, [`is_misfit`](Error::is_misfit), with [`event_type`](Error::event_type), [`path`](Error::path) and [`raw`](Error::raw) |
//!
//! A documented field that is missing reads as its zero value, so `{"type":"call.ended"}` is an
//! event. A `tracing` event at debug level names the missing fields.
//!
//! The last five are also [`is_decode`](Error::is_decode). Compression is recognised by the
//! first bytes of the body, since the headers are not always right.
//!
//! Everything but [`UnknownEvent`] needs the feature `webhooks`, which is on by default.

// Everything that decodes events is `#[inline]`, so that an application without webhooks compiles
// none of it.
#[cfg(feature = "webhooks")]
mod body;
#[cfg(feature = "webhooks")]
mod decoder;
#[cfg(feature = "webhooks")]
mod error;
#[cfg(feature = "webhooks")]
mod event;
#[cfg(feature = "webhooks")]
mod queue;
#[cfg(feature = "webhooks")]
mod sample;
#[cfg(feature = "webhooks")]
mod signature;
#[cfg(feature = "webhooks")]
mod signer;

#[cfg(feature = "webhooks")]
pub use self::{
    decoder::{DEFAULT_MAX_SIZE, Decoder, from_sns, from_sqs, parse},
    error::Error,
    sample::SampleEvent,
    signature::{SIGNATURE_HEADER, Verifier},
    signer::Signer,
};
pub use crate::unknown_event::UnknownEvent;

// Without the feature nothing decodes events, but they are still part of the API.
#[cfg(not(feature = "webhooks"))]
const _: fn(&str, &str, &mut Vec<String>) -> Result<crate::Event, crate::decode::Mismatch> =
    crate::Event::decode;

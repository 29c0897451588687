//! Errors as one line of text that says what to do next.

use std::fmt;

use super::{EnvelopeFault, Error, JsonFault, Kind, SignatureFault};
use crate::error::scrub;

/// Longest part of a text of the sender that is shown, in characters.
const SHOWN_CHARS: usize = 200;

impl fmt::Display for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Signature(fault) => f.write_str(signature(fault)),
            Kind::TooLarge { limit } => write!(
                f,
                "the event is larger than {limit} bytes; raise the limit if such events are expected"
            ),
            Kind::Gzip(_) => f.write_str(
                "the body begins like gzip but is damaged; check for a proxy that changes it",
            ),
            Kind::Base64(_) => f.write_str(
                "the message is neither JSON nor base64; check that this queue carries events only",
            ),
            Kind::Envelope(fault) => envelope(f, fault),
            Kind::Json(fault) => json(f, fault),
            Kind::Misfit {
                event_type,
                path,
                source,
                ..
            } => write!(
                f,
                "unexpected JSON in the event `{}` at `{}`: {}; use its raw JSON, and update this crate if the API has changed",
                shown(event_type),
                shown(path),
                shown(reason(&source.to_string()))
            ),
        }
    }
}

#[inline]
fn signature(fault: &SignatureFault) -> &'static str {
    match fault {
        SignatureFault::Missing => {
            "the delivery is not signed; pass the value of the header X-Signature, and refuse deliveries without it"
        }
        SignatureFault::Malformed => {
            "the signature is not 64 lower-case hex digits; pass the value of the header X-Signature unchanged"
        }
        SignatureFault::Wrong => {
            "the signature does not match; check that the API secret is that of the sending app and that the body is \
             passed as received, otherwise the delivery is forged"
        }
        SignatureFault::NoSecret => {
            "no signature can be checked, because the API secret is empty; set it"
        }
    }
}

#[inline]
fn envelope(f: &mut fmt::Formatter<'_>, fault: &EnvelopeFault) -> fmt::Result {
    match fault {
        EnvelopeFault::Json(source) => write!(
            f,
            "this is not an SNS notification ({}); with raw message delivery, read it as an SQS message",
            shown(&source.to_string())
        ),
        EnvelopeFault::OtherKind(kind) => write!(
            f,
            "the SNS message is a `{}` and not a notification; confirm the subscription with its SubscribeURL",
            shown(kind)
        ),
        EnvelopeFault::NoMessage => f.write_str(
            "the SNS notification has no `Message`; with raw message delivery, read it as an SQS message",
        ),
    }
}

#[inline]
fn json(f: &mut fmt::Formatter<'_>, fault: &JsonFault) -> fmt::Result {
    match fault {
        JsonFault::Empty => f.write_str("the body is empty; read it before anything else consumes it"),
        JsonFault::Utf8(_) => {
            f.write_str("the body is not UTF-8, so it is not JSON; check that only events are sent here")
        }
        JsonFault::Syntax(source) => write!(
            f,
            "the body is not JSON ({}); check that only events are sent here and that they arrive whole",
            shown(&source.to_string())
        ),
        JsonFault::NotAnObject(_) => {
            f.write_str("the body is JSON but not an object; check that only events are sent here")
        }
        JsonFault::NoType(_) => f.write_str(
            "the event has no `type`; check that only events are sent here, and read SNS notifications as such",
        ),
        JsonFault::TypeIsNoString(_) => {
            f.write_str("the `type` of the event is not a string; check that only events are sent here")
        }
    }
}

/// Without the position, because the path says it better.
#[inline]
fn reason(message: &str) -> &str {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(reason, _)| reason)
}

#[inline]
fn shown(text: &str) -> String {
    scrub::cut(&scrub::secrets(&scrub::line(text), &[]), SHOWN_CHARS)
}

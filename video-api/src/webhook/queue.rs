//! The envelopes of queues.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::error::{EnvelopeFault, Error, Kind};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The only kind of SNS message that carries an event.
const NOTIFICATION: &str = "Notification";

/// The body inside an SQS message.
#[inline]
pub(super) fn sqs(message: &[u8]) -> Result<Cow<'_, [u8]>, Error> {
    let message = message.trim_ascii();
    match message.first() {
        // No JSON text that could be meant begins with a letter of the base64 alphabet.
        None | Some(b'{' | b'[' | b'"' | 0x1f) => Ok(Cow::Borrowed(message)),
        Some(_) => {
            let body = BASE64.decode(message).map_err(Kind::Base64)?;
            Ok(Cow::Owned(body))
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(rename = "Message")]
    message: Option<String>,
}

/// The message inside an SNS notification.
#[inline]
pub(super) fn sns(envelope: &[u8]) -> Result<String, Error> {
    let envelope: Envelope = serde_json::from_slice(envelope).map_err(EnvelopeFault::Json)?;
    if let Some(kind) = envelope.kind.filter(|kind| kind != NOTIFICATION) {
        return Err(EnvelopeFault::OtherKind(kind).into());
    }
    envelope
        .message
        .ok_or_else(|| EnvelopeFault::NoMessage.into())
}

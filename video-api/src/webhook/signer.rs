//! Signing deliveries, for tests of receivers.

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};

/// Signs deliveries as the API does, to test a receiver without the API.
///
/// ```
/// use video_api::Event;
/// use video_api::webhook::{SIGNATURE_HEADER, Signer, Verifier};
///
/// let body = br#"{"type":"call.some_new_event","call_cid":"default:standup"}"#;
/// let signature = Signer::new("the API secret").sign(body);
/// // POST `body` to the receiver with the header `SIGNATURE_HEADER: signature`; it will do this:
/// let event = Verifier::new("the API secret").event(body, &signature)?;
/// assert!(matches!(event, Event::Unknown(_)));
/// # let _ = SIGNATURE_HEADER;
/// # Ok::<(), video_api::webhook::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    secret: SecretString,
}

impl Signer {
    /// Signs with this API secret. An empty one signs nothing that a
    /// [`Verifier`](super::Verifier) accepts.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self {
            secret: secret.into(),
        }
    }

    /// The signature of a JSON body, in lower-case hex, for the header
    /// [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER). Of a body that is compressed, sign the JSON
    /// before compression.
    pub fn sign(&self, json: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose_secret().as_bytes());
        let signature = hmac::sign(&key, json);
        let bytes = signature.as_ref().iter();
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

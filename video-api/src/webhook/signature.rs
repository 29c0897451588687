//! Checking signatures.

use std::borrow::Cow;

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};

use super::decoder::Decoder;
use super::error::{Error, SignatureFault};
use super::{body, event};
use crate::generated::Event;

/// The header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-signature";

const SIGNATURE_BYTES: usize = 32;

/// Checks signed deliveries and reads the events in them.
///
/// The signature is the HMAC-SHA256 of the JSON (decompressed, byte for byte as it came) with
/// the API secret as the key, in lower-case hex. It is compared in constant time. Pass the
/// body as received: JSON that was parsed and written again no longer fits its signature.
///
/// While a secret is being replaced, both the old and the new one can be valid:
///
/// ```
/// # use video_api::webhook::Verifier;
/// let verifier = Verifier::new("new secret").with_secret("old secret");
/// assert!(!format!("{verifier:?}").contains("secret\""));
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    // Kept as text and not as prepared keys, since only text is wiped and hidden in `Debug`.
    secrets: Vec<SecretString>,
    decoder: Decoder,
}

impl Verifier {
    /// Accepts what is signed with this API secret.
    pub fn new(secret: impl Into<SecretString>) -> Self {
        Self {
            secrets: vec![secret.into()],
            decoder: Decoder::new(),
        }
    }

    /// Accepts what is signed with this secret as well.
    pub fn with_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// How many bytes the JSON of an event may have, once decompressed: 16 MiB unless set.
    pub fn with_max_size(mut self, bytes: usize) -> Self {
        self.decoder = self.decoder.with_max_size(bytes);
        self
    }

    /// Checks the signature only. `signature` is the value of the header `X-Signature`, empty
    /// when there is none.
    #[inline]
    pub fn verify(&self, body: &[u8], signature: &str) -> Result<(), Error> {
        self.open(body, signature).map(drop)
    }

    /// Checks the signature, then reads the event.
    #[inline] // Like all that reads events: see `event::read`.
    pub fn event(&self, body: &[u8], signature: &str) -> Result<Event, Error> {
        event::read(self.open(body, signature)?)
    }

    /// The JSON of a genuine delivery.
    #[inline]
    fn open<'a>(&self, body: &'a [u8], signature: &str) -> Result<Cow<'a, [u8]>, Error> {
        // Checks without the body come first, so that nothing is decompressed in vain.
        let signature = from_hex(signature)?;
        if self.keys().next().is_none() {
            return Err(SignatureFault::NoSecret.into());
        }
        let json = body::expand(body, self.decoder.max_size())?;
        // No early end, so that the time does not tell which secret it was.
        let genuine = self.keys().fold(false, |genuine, key| {
            genuine | is_signed(&json, key, &signature)
        });
        if genuine {
            Ok(json)
        } else {
            Err(SignatureFault::Wrong.into())
        }
    }

    /// An empty secret is none: anyone could sign with it.
    fn keys(&self) -> impl Iterator<Item = &[u8]> {
        let secrets = self
            .secrets
            .iter()
            .map(|secret| secret.expose_secret().as_bytes());
        secrets.filter(|secret| !secret.is_empty())
    }
}

#[inline]
fn is_signed(json: &[u8], key: &[u8], signature: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    // In constant time.
    hmac::verify(&key, json, signature).is_ok()
}

/// Reads lower-case hexadecimal digits; upper case is refused, so that a signature has one form.
#[inline]
fn from_hex(text: &str) -> Result<[u8; SIGNATURE_BYTES], Error> {
    if text.is_empty() {
        return Err(SignatureFault::Missing.into());
    }
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; SIGNATURE_BYTES];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return Err(SignatureFault::Malformed.into());
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Ok(bytes)
}

fn digit(character: u8) -> Result<u8, Error> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(SignatureFault::Malformed.into()),
    }
}

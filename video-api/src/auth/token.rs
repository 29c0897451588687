//! A signed token.

use std::fmt;

use jsonwebtoken::dangerous::insecure_decode_claims;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::Timestamp;

/// A signed token (JWT). `Debug` does not show it, and it is wiped from memory when dropped.
#[derive(Clone)]
pub struct Token {
    text: SecretString,
    expires_at: Option<Timestamp>,
}

impl Token {
    /// A token made elsewhere. Its expiry is read from its `exp` claim, if it has one.
    pub fn new(token: impl Into<String>) -> Self {
        let text = token.into();
        Self {
            expires_at: expiry(&text),
            text: SecretString::from(text),
        }
    }

    /// The token's text, to hand to the user it was made for.
    pub fn as_str(&self) -> &str {
        self.text.expose_secret()
    }

    /// When it expires; `None` when it does not, or does not say so.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// Sets the expiry of a token that does not contain it.
    pub fn with_expiry(mut self, at: impl Into<Timestamp>) -> Self {
        self.expires_at = Some(at.into());
        self
    }

    pub(crate) fn secret(&self) -> &SecretString {
        &self.text
    }
}

#[derive(Deserialize)]
struct Expiry {
    exp: f64,
}

/// Reads the `exp` claim, in whole seconds. The signature is not verified: that is up to the server.
fn expiry(token: &str) -> Option<Timestamp> {
    let claims: Expiry = insecure_decode_claims(token).ok()?;
    Timestamp::from_seconds(claims.exp as i64).ok()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("text", &"[redacted]")
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self::new(token)
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::new(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_is_read_from_the_token_and_the_text_not_shown() {
        // {"alg":"HS256"} . {"exp":1700000000}
        let token = Token::new("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDB9.c2ln");
        assert_eq!(token.expires_at().unwrap().as_seconds(), 1_700_000_000);
        assert!(!format!("{token:?}").contains("eyJ"));
        assert_eq!(Token::new("no jwt at all").expires_at(), None);
    }
}

//! Signing tokens with the API secret (HS256).

use std::fmt;
use std::sync::Once;
use std::time::Duration;

use jsonwebtoken::{EncodingKey, Header};
use serde::Serialize;
use serde_json::{Map, Value};

use super::token::Token;
use crate::Timestamp;
use crate::error::{Deferred, Error};

/// How far in the past a token claims to be issued, for servers whose clock is behind.
const ISSUED_AGO_SECONDS: i64 = 5;

/// Claims that have a method of their own or a fixed meaning.
const RESERVED: [&str; 6] = ["user_id", "iat", "exp", "role", "call_cids", "server"];

/// Signs with the API secret.
#[derive(Clone)]
pub(crate) struct Signer {
    key: EncodingKey,
}

impl Signer {
    pub(crate) fn new(secret: &str) -> Self {
        Self {
            key: EncodingKey::from_secret(secret.as_bytes()),
        }
    }

    /// The token of a backend: one claim, no time of issue, no expiry.
    pub(crate) fn server_token(&self) -> Result<Token, Error> {
        let mut claims = Map::new();
        claims.insert("server".into(), Value::Bool(true));
        self.sign(claims)
    }

    fn sign(&self, claims: Map<String, Value>) -> Result<Token, Error> {
        // Without a choice, a program that enables both backends of jsonwebtoken panics.
        static CHOOSE: Once = Once::new();
        CHOOSE.call_once(|| {
            // Fails when the program has chosen already, and then its choice holds.
            jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER
                .install_default()
                .ok();
        });
        let text = jsonwebtoken::encode(&Header::default(), &claims, &self.key)
            .map_err(|error| Error::token("signing failed").with_source(error))?;
        Ok(Token::new(text))
    }
}

/// The error of a client that was made with a token instead of the API secret.
pub(crate) fn no_secret() -> Error {
    Error::invalid(
        "the client has no API secret to sign tokens with; build it with a key and a secret",
    )
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([redacted])")
    }
}

/// A token for a user, to be signed. Made by [`Client::user_token`](crate::Client::user_token)
/// and [`Client::call_token`](crate::Client::call_token).
///
/// It also is a [`TokenSource`](crate::TokenSource): a client given it signs a fresh token
/// whenever the last one is about to expire.
#[derive(Debug, Clone)]
#[must_use = "a token is only made by `.sign()`"]
pub struct UserTokenBuilder {
    signer: Option<Signer>,
    user_id: String,
    lifetime: Lifetime,
    role: Option<String>,
    call_cids: Option<Vec<Value>>,
    claims: Map<String, Value>,
    deferred: Deferred,
}

#[derive(Debug, Clone, Copy)]
enum Lifetime {
    Unlimited,
    For(Duration),
    Until(Timestamp),
}

impl UserTokenBuilder {
    pub(crate) fn new(signer: Option<Signer>, user_id: String) -> Self {
        Self {
            signer,
            user_id,
            lifetime: Lifetime::Unlimited,
            role: None,
            call_cids: None,
            claims: Map::new(),
            deferred: Deferred::default(),
        }
    }

    /// Valid for this long from the moment of signing (`iat` lies 5 s before it, for servers
    /// whose clock is behind). Without an expiry a token is valid until it is revoked.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Lifetime::For(lifetime);
        self
    }

    /// Valid until this time.
    pub fn expires_at(mut self, at: impl Into<Timestamp>) -> Self {
        self.lifetime = Lifetime::Until(at.into());
        self
    }

    /// The user's role.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Restricts the token to these calls, each as `type:id`.
    pub fn call_cids<I, S>(mut self, cids: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let cids = cids.into_iter().map(|cid| Value::String(cid.into()));
        self.call_cids = Some(cids.collect());
        self
    }

    /// A claim of your own.
    pub fn claim(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        if RESERVED.contains(&name.as_str()) {
            self.deferred.set(format!(
                "the claim `{name}` is reserved; use `expires_in`, `expires_at`, `role` or `call_cids`"
            ));
            return self;
        }
        match serde_json::to_value(value) {
            Ok(value) => drop(self.claims.insert(name, value)),
            Err(error) => self.deferred.set(format!(
                "the claim `{name}` cannot be written as JSON: {error}"
            )),
        }
        self
    }

    /// Signs the token.
    pub fn sign(&self) -> Result<Token, Error> {
        let signer = self.signer.as_ref().ok_or_else(no_secret)?;
        if let Some(reason) = self.deferred.reason() {
            return Err(Error::invalid(reason));
        }
        signer.sign(self.all_claims(Timestamp::now())?)
    }

    fn all_claims(&self, now: Timestamp) -> Result<Map<String, Value>, Error> {
        if self.user_id.is_empty() {
            return Err(Error::invalid("a user token needs a user id"));
        }
        let expiry = match self.lifetime {
            Lifetime::Unlimited => None,
            Lifetime::For(lifetime) if lifetime < Duration::from_secs(1) => {
                return Err(Error::invalid(
                    "a token must be valid for at least a second",
                ));
            }
            Lifetime::For(lifetime) => Some(now.saturating_add(lifetime)),
            Lifetime::Until(at) => Some(at),
        };
        let mut cids = self.call_cids.as_deref().unwrap_or_default().iter();
        if let Some(bad) = cids.find(|cid| !cid.as_str().is_some_and(is_cid)) {
            return Err(Error::invalid(format!(
                "{bad} is not a call; write type:id"
            )));
        }
        let mut claims = self.claims.clone();
        let issued = now.as_seconds() - ISSUED_AGO_SECONDS;
        for (name, value) in [
            ("user_id", Some(self.user_id.as_str().into())),
            ("iat", Some(issued.into())),
            ("exp", expiry.map(|at| at.as_seconds().into())),
            ("role", self.role.as_deref().map(Value::from)),
            ("call_cids", self.call_cids.clone().map(Value::Array)),
        ] {
            if let Some(value) = value {
                claims.insert(name.to_owned(), value);
            }
        }
        Ok(claims)
    }
}

fn is_cid(cid: &str) -> bool {
    cid.split_once(':')
        .is_some_and(|(kind, id)| !kind.is_empty() && !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
    use serde_json::json;

    fn builder() -> UserTokenBuilder {
        UserTokenBuilder::new(Some(Signer::new("secret")), "ana".into())
    }

    fn verified(token: &Token) -> Value {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        decode(
            token.as_str(),
            &DecodingKey::from_secret(b"secret"),
            &validation,
        )
        .unwrap()
        .claims
    }

    #[test]
    fn a_server_token_has_one_claim() {
        let token = Signer::new("secret").server_token().unwrap();
        assert_eq!(verified(&token), json!({"server": true}));
        assert_eq!(token.expires_at(), None);
    }

    #[test]
    fn a_user_token_has_user_issue_time_and_the_claims_that_were_set() {
        let before = Timestamp::now().as_seconds();
        let claims = verified(&builder().sign().unwrap());
        let after = Timestamp::now().as_seconds();
        assert_eq!(claims.as_object().unwrap().len(), 2);
        assert_eq!(claims["user_id"], "ana");
        assert!((before - 5..=after - 5).contains(&claims["iat"].as_i64().unwrap()));

        let token = builder()
            .role("admin")
            .expires_in(Duration::from_secs(60))
            .call_cids(["default:standup"])
            .claim("team", json!({"id": 7}))
            .sign()
            .unwrap();
        let claims = verified(&token);
        assert_eq!(
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
            65
        );
        assert_eq!(claims["role"], "admin");
        assert_eq!(claims["call_cids"], json!(["default:standup"]));
        assert_eq!(claims["team"], json!({"id": 7}));
        assert_eq!(
            token.expires_at().unwrap().as_seconds(),
            claims["exp"].as_i64().unwrap()
        );
    }

    #[test]
    fn contradictory_settings_are_refused() {
        let none = UserTokenBuilder::new(None, "ana".into());
        for (wrong, says) in [
            (none, "no API secret"),
            (
                UserTokenBuilder::new(Some(Signer::new("s")), String::new()),
                "user id",
            ),
            (builder().claim("exp", 1), "`exp`"),
            (builder().claim("server", true), "`server`"),
            (builder().call_cids(["standup"]), "type:id"),
            (builder().call_cids([":x"]), "type:id"),
            (builder().expires_in(Duration::ZERO), "at least a second"),
        ] {
            let error = wrong.sign().unwrap_err();
            assert!(
                error.is_invalid_request() && error.to_string().contains(says),
                "{error}"
            );
        }
    }

    #[test]
    fn nothing_shows_the_secret() {
        let signer = Signer::new("hush-hush");
        let shown = format!(
            "{:?} {:?}",
            signer,
            UserTokenBuilder::new(Some(signer.clone()), "ana".into())
        );
        assert!(!shown.contains("hush"), "{shown}");
    }
}

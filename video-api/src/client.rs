//! The client.

use std::fmt;
use std::sync::Arc;

use crate::auth::{Token, UserTokenBuilder};
use crate::error::Error;
use crate::shared::Shared;

mod builder;

pub use builder::ClientBuilder;

/// A client of the Stream Video API.
///
/// Cloning is cheap, and clones share connections, credentials, the retry budget and the known rate
/// limits. Make one per application and API key.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// A client for a backend, from `STREAM_API_KEY`, `STREAM_API_SECRET` and, if set,
    /// `STREAM_BASE_URL`.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client for a backend: it signs its own token with the API secret. The environment is
    /// not read, nor `STREAM_BASE_URL`.
    pub fn new(key: impl Into<String>, secret: impl Into<String>) -> Result<Self, Error> {
        Self::builder(key).secret(secret).build()
    }

    /// A client that acts as one user, with a token made elsewhere. It cannot sign tokens, and
    /// talks to the real API: for another base URL see [`builder`](Self::builder).
    pub fn with_user_token(key: impl Into<String>, token: impl Into<Token>) -> Result<Self, Error> {
        Self::builder(key).user_token(token).build()
    }

    /// A client with settings of its own.
    pub fn builder(key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(key.into())
    }

    /// A token for a user, to be signed with `.sign()`.
    pub fn user_token(&self, user_id: impl Into<String>) -> UserTokenBuilder {
        UserTokenBuilder::new(self.shared.signer.clone(), user_id.into())
    }

    /// A token for a user that is only valid for these calls, each as `type:id`.
    pub fn call_token<I, S>(&self, user_id: impl Into<String>, call_cids: I) -> UserTokenBuilder
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.user_token(user_id).call_cids(call_cids)
    }

    /// The base URL of all requests.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("credentials", &self.shared.credentials)
            .field("can_sign", &self.shared.signer.is_some())
            .finish_non_exhaustive()
    }
}

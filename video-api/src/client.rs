//! The client: settings, credentials and connections, shared by all its clones.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use crate::auth::{Credentials, Signer, UserTokenBuilder};
use crate::observe::Observer;
use crate::pacing::Pacer;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::{Call, Error, Token};

mod base_url;
mod builder;

pub(crate) use base_url::BaseUrl;
pub use builder::ClientBuilder;
pub(crate) use builder::Timeouts;

/// A client of the Stream Video API.
///
/// Cloning is cheap, and clones share connections, credentials, the retry budget and what
/// is known about rate limits. Make one per application and API key.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) base: BaseUrl,
    /// `?api_key=…`, encoded.
    pub(crate) key_query: String,
    pub(crate) credentials: Credentials,
    pub(crate) signer: Option<Signer>,
    pub(crate) secret: Option<SecretString>,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry_policy: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    pub(crate) pacer: Option<Pacer>,
    pub(crate) max_response_size: usize,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) jitter: Jitter,
}

/// A source of numbers from 0 to 1.
pub(crate) type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

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

    /// The handle of a call; sends nothing.
    pub fn call(&self, call_type: impl Into<String>, id: impl Into<String>) -> Call {
        Call {
            client: self.clone(),
            call_type: call_type.into(),
            id: id.into(),
        }
    }

    /// A token for a user, to be signed with `.sign()`.
    pub fn user_token(&self, user_id: impl Into<String>) -> UserTokenBuilder {
        UserTokenBuilder::new(self.inner.signer.clone(), user_id.into())
    }

    /// A token for a user that is only good for these calls, each as `type:id`.
    pub fn call_token<I, S>(&self, user_id: impl Into<String>, call_cids: I) -> UserTokenBuilder
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.user_token(user_id).call_cids(call_cids)
    }

    /// Where requests go.
    pub fn base_url(&self) -> &str {
        self.inner.base.as_str()
    }

    /// Everything that must not show up in an error.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let mut secrets = self.inner.credentials.secrets();
        secrets.extend(self.inner.secret.clone());
        secrets
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("credentials", &self.inner.credentials)
            .field("can_sign", &self.inner.signer.is_some())
            .finish_non_exhaustive()
    }
}

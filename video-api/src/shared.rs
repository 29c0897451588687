//! Settings, credentials and connections of a client, shared by its clones and requests.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::auth::{Credentials, Signer};
use crate::observe::Observer;
use crate::pacing::Pacer;
use crate::retry::{RetryBudget, RetryPolicy};

mod base_url;
mod reported;

pub(crate) use base_url::BaseUrl;
pub(crate) use reported::ReportedCorrections;

pub(crate) struct Shared {
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
    pub(crate) reported: ReportedCorrections,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) total: Duration,
}

/// A source of numbers from 0 to 1.
pub(crate) type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

impl Shared {
    /// Everything that errors must not show.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        let mut secrets = self.credentials.secrets();
        secrets.extend(self.secret.clone());
        secrets
    }
}

//! The settings of retries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::operation::Method;

/// When a failed request is sent again, and how long to wait in between.
///
/// The default sends a request at most 3 times, and only where that is safe:
///
/// - any request that was certainly not processed: the server said 429, no connection was
///   established (but not after a TLS handshake that would fail again), or the server refused the
///   HTTP/2 stream;
/// - GET, PUT and DELETE, which are idempotent in this API, and queries, which only read though
///   they are sent by POST, also when the connection broke, an attempt took too long, or the
///   server said 502, 503 or 504;
/// - any other POST never once it may have reached the server: doing it twice is worse than an
///   error. A GET that alerts people (`ring`, `notify`) counts as one;
/// - nothing that the API calls `unrecoverable`.
///
/// Nothing else repeats a request: the HTTP client below is kept from doing so, and
/// [`Response::attempts`](crate::Response::attempts) counts every sending. The vendor's own SDKs
/// retry nothing unless asked to, and then GET only ([`RetryPolicy::get_only`]). Here retries are
/// on by default, because they are limited to what is safe and because load balancers and rolling
/// restarts make single failures ordinary.
///
/// It waits as long as `Retry-After`, or after a 429 `x-ratelimit-reset`, says; where that is more
/// than 10 s, the failure is reported at once with that wait, so that a request handler does not
/// hang for a minute. Where the server says nothing, it waits a random time up to 0.2 s, 0.4 s,
/// 0.8 s … (at most 10 s). The timeout of the whole operation and the
/// [`RetryBudget`](crate::RetryBudget) bound it too.
#[derive(Clone)]
pub struct RetryPolicy {
    pub(crate) max_attempts: u32,
    pub(crate) base_delay: Duration,
    pub(crate) max_delay: Duration,
    pub(crate) max_server_delay: Duration,
    pub(crate) get_only: bool,
    pub(crate) rule: Option<Rule>,
}

pub(crate) type Rule = Arc<dyn Fn(&RetryContext) -> RetryVerdict + Send + Sync>;

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(10),
            max_server_delay: Duration::from_secs(10),
            get_only: false,
            rule: None,
        }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every request is sent once.
    pub fn none() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    /// Only requests that read are ever repeated: GET, as the vendor's own SDKs offer it, and
    /// queries sent by POST.
    pub fn get_only() -> Self {
        Self {
            get_only: true,
            ..Self::default()
        }
    }

    /// The default policy, with a rule of your own asked before it about every failure.
    ///
    /// A rule that answers [`RetryVerdict::Retry`] takes over the responsibility for doing
    /// things twice. It cannot exceed the attempts, nor repeat what is `unrecoverable`.
    pub fn custom<F>(rule: F) -> Self
    where
        F: Fn(&RetryContext) -> RetryVerdict + Send + Sync + 'static,
    {
        Self {
            rule: Some(Arc::new(rule)),
            ..Self::default()
        }
    }

    /// How often a request is sent at most, the first time included (at least 1).
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The upper bound of the first random wait; it doubles with each attempt.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The upper bound of every random wait.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest wait accepted from the server, 10 s by default. When it asks for more, the
    /// failure is reported at once, and [`Error::retry_after`](crate::Error::retry_after) has the
    /// wait. A job that may wait for the next window of the rate limit sets 90 s.
    pub fn max_server_delay(mut self, delay: Duration) -> Self {
        self.max_server_delay = delay;
        self
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_attempts", &self.max_attempts)
            .field("base_delay", &self.base_delay)
            .field("max_delay", &self.max_delay)
            .field("max_server_delay", &self.max_server_delay)
            .field("get_only", &self.get_only)
            .field("custom", &self.rule.is_some())
            .finish()
    }
}

/// A failure, as a custom rule sees it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RetryContext {
    /// The method of the request; POST for a GET that alerts people (`ring`, `notify`), GET for a
    /// query sent by POST.
    pub method: Method,
    /// The number of attempts so far, at least 1.
    pub attempt: u32,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// `true` if the server may have processed the request.
    pub may_be_processed: bool,
}

/// The decision of a custom rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryVerdict {
    /// Follow the default policy.
    Default,
    /// Send it again.
    Retry,
    /// Report the failure.
    Stop,
}

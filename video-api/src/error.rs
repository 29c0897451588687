//! The one error type of the crate.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::{Method, Operation};
use crate::{InvalidTimestamp, RateLimit, Timestamp};

mod api;
mod cause;
mod deferred;
mod display;
mod kind;
mod predicates;
pub(crate) mod scrub;
mod task;

pub use api::ApiError;
pub(crate) use cause::is_refused_stream;
pub(crate) use deferred::Deferred;
pub(crate) use kind::{BodyFault, Kind, Phase};
pub use task::TaskError;

/// An error of a foreign type, only reachable through `source()`.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// An error of this crate: what failed, and everything known about it.
///
/// | cause | predicate | what to do |
/// | --- | --- | --- |
/// | an argument or a setting was refused before sending | [`is_invalid_request`](Self::is_invalid_request) | correct the call |
/// | no token could be obtained or signed | [`is_auth`](Self::is_auth) | check the secret or the token source |
/// | no connection: DNS, refused, TLS, connect timeout | [`is_connect`](Self::is_connect) | check network and base URL; nothing was sent |
/// | the connection broke | [`is_retryable`](Self::is_retryable) where the method is idempotent | otherwise read the state before repeating |
/// | a timeout | [`is_timeout`](Self::is_timeout) | the same; raise the timeout if the operation is slow |
/// | 400, 413, 414, 422 | [`is_invalid_request`](Self::is_invalid_request) | correct the request, or what it relies on, such as a session that has to be active; see [`ApiError::exception_fields`] |
/// | 401, 403 | [`is_auth`](Self::is_auth) | check key, secret, expiry, role and grants |
/// | 404 | [`is_not_found`](Self::is_not_found) | create the resource first, or check type and id |
/// | 409 | [`status`](Self::status) | read the current state, then decide |
/// | 429, or the client's own pacing | [`is_rate_limited`](Self::is_rate_limited) | wait [`retry_after`](Self::retry_after); retries did already |
/// | 500 and above | [`is_retryable`](Self::is_retryable) tells | retry later; read before repeating a POST |
/// | a redirect | [`status`](Self::status) | set the base URL to the API itself |
/// | a success whose body cannot be used | [`is_decode`](Self::is_decode) | the operation was probably performed; read the state |
///
/// ```no_run
/// # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
/// match client.call("default", "standup").get().send().await {
///     Ok(response) => println!("{} members", response.members.len()),
///     Err(error) if error.is_not_found() => println!("no such call"),
///     Err(error) if error.is_rate_limited() => {
///         println!("try again in {:?}", error.retry_after());
///     }
///     Err(error) if error.is_retryable() => println!("try again later: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
///
/// `Display` is one line that says what to do next; `{:?}` shows the same, since `main` and
/// `unwrap` print it, and `{:#?}` shows every detail. None of them shows the API secret, a token,
/// or the request's body and query. The kind is private, so that new kinds are not breaking.
pub struct Error {
    inner: Box<Inner>,
}

pub(crate) struct Inner {
    kind: Kind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    request_id: Option<Box<str>>,
    attempts: u32,
    unsent: bool,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
    excerpt: Option<Box<str>>,
    retryable: bool,
    /// The method that decided about it.
    retry_method: Option<Method>,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                operation: None,
                status: None,
                request_id: None,
                attempts: 0,
                unsent: false,
                rate_limit: None,
                retry_after: None,
                excerpt: None,
                retryable: false,
                retry_method: None,
                source: None,
            }),
        }
    }

    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(Kind::Invalid(reason.into()))
    }

    pub(crate) fn token(reason: impl Into<String>) -> Self {
        Self::new(Kind::Token(reason.into()))
    }

    /// JSON that does not fit at `path`. The cause's message is part of this error's, so it is not
    /// its source as well.
    pub(crate) fn mismatch(path: String, cause: &serde_json::Error) -> Self {
        Self::new(Kind::Mismatch {
            path,
            reason: scrub::line(&cause.to_string()),
        })
    }

    #[cfg_attr(other_spec, allow(dead_code))] // Only this API's specification has tasks.
    pub(crate) fn from_task(task: TaskError) -> Self {
        Self::new(Kind::Task(task))
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn with_excerpt(mut self, excerpt: String) -> Self {
        self.inner.excerpt = Some(excerpt.into_boxed_str());
        self
    }

    pub(crate) fn with_headers(mut self, headers: &HeaderMap, now: Timestamp) -> Self {
        self.inner.rate_limit = RateLimit::from_headers(headers);
        self.inner.retry_after = crate::rate_limit::retry_after(headers, now).or_else(|| {
            let limited = self.inner.status == Some(StatusCode::TOO_MANY_REQUESTS);
            limited
                .then(|| crate::rate_limit::reset_after(headers, now))
                .flatten()
        });
        self
    }

    /// The client's own pacing would have to wait too long.
    pub(crate) fn paced(wait: Duration) -> Self {
        let mut error = Self::new(Kind::Paced);
        error.inner.retry_after = Some(wait);
        error.inner.retryable = true;
        error
    }

    pub(crate) fn for_operation(mut self, operation: &'static Operation) -> Self {
        self.inner.operation = Some(operation);
        self
    }

    pub(crate) fn for_request(mut self, request_id: &str, attempts: u32) -> Self {
        self.inner.request_id = Some(request_id.into());
        self.inner.attempts = attempts;
        self
    }

    /// Without a connection, so that the server does not know the request's id.
    pub(crate) fn unsent(mut self) -> Self {
        self.inner.unsent = true;
        self
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.inner.kind
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

/// Accessors.
impl Error {
    /// The HTTP status, when there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The API's own error.
    pub fn api(&self) -> Option<&ApiError> {
        match &self.inner.kind {
            Kind::Api(api) => Some(api),
            _ => None,
        }
    }

    /// The background task that failed, or did not end before the deadline (then
    /// [`is_timeout`](Self::is_timeout) is true as well).
    pub fn task(&self) -> Option<&TaskError> {
        match &self.inner.kind {
            Kind::Task(task) => Some(task),
            _ => None,
        }
    }

    /// The JSON path of the value that does not fit its type, such as
    /// `calls[3].call.created_at`; `.` is the whole body.
    pub fn path(&self) -> Option<&str> {
        match &self.inner.kind {
            Kind::Mismatch { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The rate limit that applied, when the server said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.inner.rate_limit
    }

    /// How long to wait before trying again: what `Retry-After` says, else, when rate
    /// limited, the time until the next window, as it was when the response arrived.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The kind of failure as one of few short words, for `error.type` in spans and metrics.
    ///
    /// Without a response it is what the vendor's SDKs use: `connection_reset`, `timeout`,
    /// `dns_failure`, `tls_handshake_failed` or `unknown`. Else it is `api`, `status`, `redirect`,
    /// `body`, `decode`, `invalid_request`, `token`, `rate_limit`,
    /// `cursor` or `task`.
    pub fn error_type(&self) -> &'static str {
        match &self.inner.kind {
            Kind::Invalid(_) => "invalid_request",
            Kind::Token(_) => "token",
            Kind::Timeout(_) => "timeout",
            Kind::Refused => "connection_reset",
            Kind::Connect | Kind::Transport => {
                let connecting = matches!(self.inner.kind, Kind::Connect);
                self.source()
                    .map_or("unknown", |source| cause::error_type(source, connecting))
            }
            Kind::Redirect => "redirect",
            Kind::Api(_) => "api",
            Kind::Status => "status",
            Kind::Body(_) => "body",
            Kind::Mismatch { .. } => "decode",
            Kind::Paced => "rate_limit",
            Kind::Cursor => "cursor",
            Kind::Task(_) => "task",
        }
    }

    /// The operation by its operationId (`GetCall`); `None` for errors of configuration.
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation.map(|operation| operation.id)
    }

    /// The `x-client-request-id` of the request; quote it to support. The error's text has it once the
    /// server may know it.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How often the request was sent, counting every repetition; 0 when it never was.
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The beginning of the body of an error status, or of a success that could not be used, with
    /// secrets removed.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.inner.excerpt.as_deref()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

impl From<InvalidTimestamp> for Error {
    fn from(error: InvalidTimestamp) -> Self {
        Self::invalid(error.to_string())
    }
}

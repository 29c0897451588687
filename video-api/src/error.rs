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
pub(crate) mod scrub;
mod task;

pub use api::ApiError;
pub(crate) use cause::is_refused_stream;
pub(crate) use deferred::Deferred;
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
/// | 400, 413, 414, 422 | [`is_invalid_request`](Self::is_invalid_request) | correct the request; see [`ApiError::exception_fields`] |
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
    source: Option<BoxError>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// Refused before sending: an argument or a setting.
    Invalid(String),
    /// No token could be obtained or signed.
    Token(String),
    /// No connection, so nothing was sent.
    Connect,
    /// The server said that it did not process the request (HTTP/2 `REFUSED_STREAM`).
    Refused,
    /// A timeout.
    Timeout(Phase),
    /// The connection broke while the request was on its way.
    Transport,
    /// The server answered with a redirect.
    Redirect,
    /// The API's own error.
    Api(ApiError),
    /// An error status without the API's error body.
    Status,
    /// A success whose body cannot be used.
    Body(BodyFault),
    /// A body that is JSON but does not fit the type.
    Mismatch { path: String, reason: String },
    /// The client's own pacing would have waited too long.
    Paced,
    /// A cursor that was followed before.
    Cursor,
    /// A background task failed or is still running at the deadline.
    #[cfg_attr(other_spec, allow(dead_code))]
    Task(TaskError),
}

/// The timeout that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Connect,
    Attempt,
    Total,
}

/// Why the body of a success cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyFault {
    Empty,
    TooLarge { limit: usize },
    ContentType(String),
    Compression,
    Syntax(String),
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

    #[cfg_attr(other_spec, allow(dead_code))]
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

    /// Decides whether a request with this method may be repeated.
    pub(crate) fn with_retryable(mut self, method: Method) -> Self {
        self.inner.retryable = self.is_safe_to_repeat(method);
        self
    }

    /// Returns whether repeating a request with this method is safe and may help.
    pub(crate) fn is_safe_to_repeat(&self, method: Method) -> bool {
        match &self.inner.kind {
            Kind::Connect if self.is_tls_mismatch() => false,
            Kind::Connect | Kind::Refused | Kind::Timeout(Phase::Connect) => true,
            Kind::Timeout(_) | Kind::Transport => method.is_idempotent(),
            Kind::Api(api) if api.unrecoverable() => false,
            // The status line, which is a success where the error was inside the body of one.
            Kind::Api(_) | Kind::Status => match self.inner.status.map(|status| status.as_u16()) {
                Some(429) => true,
                Some(502..=504) => method.is_idempotent(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns whether the server speaks no TLS, or a TLS that is not acceptable, which repeating
    /// does not change.
    pub(crate) fn is_tls_mismatch(&self) -> bool {
        matches!(self.inner.kind, Kind::Connect)
            && self.source().is_some_and(cause::is_tls_mismatch)
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

    pub(crate) fn is_repeated_cursor(&self) -> bool {
        matches!(self.inner.kind, Kind::Cursor)
    }

    /// The status that decides the predicates: the line's, or, for an error inside a
    /// success, the one the body names.
    fn effective_status(&self) -> Option<u16> {
        let status = self.inner.status?.as_u16();
        match &self.inner.kind {
            Kind::Api(api) if (200..300).contains(&status) => api.status_code().or(Some(status)),
            _ => Some(status),
        }
    }
}

/// Predicates.
impl Error {
    /// Returns `true` if the API responded with an error of its own, which [`Error::api`] has. An
    /// error status with another body, such as the page of a proxy, only sets [`Error::status`].
    pub fn is_api(&self) -> bool {
        matches!(self.inner.kind, Kind::Api(_))
    }

    /// Too many requests: the server said 429, or the client's own pacing found that
    /// waiting for the next window would take longer than the operation may.
    pub fn is_rate_limited(&self) -> bool {
        self.effective_status() == Some(429) || matches!(self.inner.kind, Kind::Paced)
    }

    /// Connecting, one attempt, the whole operation, or a background task took longer than
    /// allowed.
    pub fn is_timeout(&self) -> bool {
        match &self.inner.kind {
            Kind::Timeout(_) => true,
            Kind::Task(task) => !task.is_failed(),
            _ => false,
        }
    }

    /// No connection was established (name not found, refused, TLS failed, connect timeout), so
    /// the request was certainly not processed.
    pub fn is_connect(&self) -> bool {
        matches!(
            self.inner.kind,
            Kind::Connect | Kind::Timeout(Phase::Connect)
        )
    }

    /// The server reported success but the body is empty, too large, not JSON, or does not
    /// fit the type. The operation itself was in all likelihood performed.
    pub fn is_decode(&self) -> bool {
        matches!(self.inner.kind, Kind::Body(_) | Kind::Mismatch { .. })
    }

    /// The request cannot succeed as it is: refused here before sending (an argument or the
    /// configuration), or by the server with 400, 413, 414 or 422.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.inner.kind, Kind::Invalid(_))
            || matches!(self.effective_status(), Some(400 | 413 | 414 | 422))
    }

    /// The credentials: no token could be obtained, or the server said 401 (not valid) or
    /// 403 (not allowed).
    pub fn is_auth(&self) -> bool {
        matches!(self.inner.kind, Kind::Token(_))
            || matches!(self.effective_status(), Some(401 | 403))
    }

    /// The server said 404: the call, call type or other resource does not exist.
    pub fn is_not_found(&self) -> bool {
        self.effective_status() == Some(404)
    }

    /// The same request may succeed later, and sending it again is safe: it was certainly
    /// not processed (429, no connection, a refused HTTP/2 stream), or it is idempotent and the
    /// failure is temporary (connection lost, timeout, 502, 503, 504). Never for what the API
    /// calls unrecoverable.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
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

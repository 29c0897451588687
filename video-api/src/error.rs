//! The one error type of the crate.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::operation::Operation;
use crate::{RateLimit, Timestamp};

mod api;
mod display;
pub(crate) mod scrub;
mod task;

pub use api::ApiError;
pub use task::TaskError;

/// An error of a foreign type, only reachable through `source()`.
pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// What went wrong, with everything known about it.
///
/// The kind is private so that new ones can be told apart later; ask with the predicates.
/// `Display` is one line that says what to do next; `{:?}` shows the same, since `main` and
/// `unwrap` print it, and `{:#?}` everything that is known. None of them ever shows the API
/// secret, a token, or the request's body and query.
pub struct Error {
    inner: Box<Inner>,
}

pub(crate) struct Inner {
    kind: Kind,
    operation: Option<&'static Operation>,
    status: Option<StatusCode>,
    request_id: Option<Box<str>>,
    attempts: u32,
    rate_limit: Option<RateLimit>,
    retry_after: Option<Duration>,
    excerpt: Option<Box<str>>,
    retryable: bool,
    source: Option<BoxError>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// Refused before sending: an argument or the configuration.
    Invalid(String),
    /// No token could be obtained or signed.
    Token(String),
    /// No connection, so nothing was sent.
    Connect,
    /// Time was up.
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
    /// A cursor that leads nowhere new.
    Cursor,
    /// A background task failed or is still running at the deadline.
    Task(TaskError),
}

/// Which limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Connect,
    Attempt,
    Total,
}

/// Why the body of a success is of no use.
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

    /// A free-form object that does not fit the caller's type.
    pub(crate) fn free_form(path: String, reason: String) -> Self {
        Self::new(Kind::Mismatch {
            path,
            reason: scrub::line(&reason),
        })
    }

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

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.inner.retry_after = Some(wait);
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.inner.retryable = retryable;
        self
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

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The name of the failure in spans and metrics, of few different values.
    pub(crate) fn class(&self) -> &'static str {
        match &self.inner.kind {
            Kind::Invalid(_) => "invalid_request",
            Kind::Token(_) => "token",
            Kind::Connect => "connect",
            Kind::Timeout(_) => "timeout",
            Kind::Transport => "transport",
            Kind::Redirect => "redirect",
            Kind::Api(_) => "api",
            Kind::Status => "status",
            Kind::Body(_) => "body",
            Kind::Mismatch { .. } => "decode",
            Kind::Paced => "paced",
            Kind::Cursor => "cursor",
            Kind::Task(_) => "task",
        }
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

/// What kind of failure it is.
impl Error {
    /// The API answered with its own error; [`Error::api`] has it. An error status with
    /// some other body (a proxy's page) is none, though [`Error::status`] is set.
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

    /// No connection came about (name not found, refused, TLS failed, connecting took too
    /// long), so the request was certainly not processed.
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
    /// not processed (429, no connection), or it is idempotent and the failure passing
    /// (connection lost, timeout, 502, 503, 504). Never for what the API calls unrecoverable.
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }
}

/// What is known about it.
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

    /// The rate limit that applied, when the server said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.inner.rate_limit
    }

    /// How long to wait before trying again: what `Retry-After` says, else, when rate
    /// limited, the time until the next window, as it was when the response arrived.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The operation, by its operationId (`GetCall`); none for errors of configuration.
    pub fn operation(&self) -> Option<&'static str> {
        self.inner.operation.map(|operation| operation.id)
    }

    /// The `x-client-request-id` that was sent; quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How often the request was sent; 0 when it never was.
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

//! Events of an operation, for an application's metrics.

use std::time::Duration;

use reqwest::StatusCode;

use crate::error::Error;
use crate::operation::Operation;
use crate::rate_limit::RateLimit;

/// A hook for an application's own metrics. Called in the task that performs the operation,
/// so it should only count and return.
///
/// An operation whose future is dropped is not reported as complete.
pub trait Observer: Send + Sync + 'static {
    /// One attempt is over.
    fn on_attempt(&self, event: &AttemptEvent<'_>) {
        let _ = event;
    }

    /// A response lacked a field that is documented as always present; it reads as its zero value.
    /// Called once per client, operation and path.
    fn on_correction(&self, event: &CorrectionEvent<'_>) {
        let _ = event;
    }

    /// An operation is over, with all its attempts and the decoding of its response.
    fn on_complete(&self, event: &CompletionEvent<'_>) {
        let _ = event;
    }
}

/// One attempt.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AttemptEvent<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The `x-client-request-id`, the same for all attempts.
    pub request_id: &'a str,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The status, if there was a response.
    pub status: Option<StatusCode>,
    /// How long it took.
    pub duration: Duration,
    /// The failure, if any.
    pub error: Option<&'a Error>,
    /// The wait before the next attempt; `None` when this was the last.
    pub retry_in: Option<Duration>,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CompletionEvent<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The `x-client-request-id`.
    pub request_id: &'a str,
    /// How often the request was sent.
    pub attempts: u32,
    /// The last status, if there was a response.
    pub status: Option<StatusCode>,
    /// How long everything took, waits included.
    pub duration: Duration,
    /// The processing time that the server reports.
    pub server_duration: Option<Duration>,
    /// The rate limit that applied, if the server said so.
    pub rate_limit: Option<RateLimit>,
    /// The failure, if any.
    pub error: Option<&'a Error>,
}

/// A documented field that was missing in a response.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CorrectionEvent<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The `x-client-request-id`.
    pub request_id: &'a str,
    /// The path of the field, such as `calls[].call.created_at`: `[]` stands for any index, `*` for
    /// any key.
    pub path: &'a str,
}

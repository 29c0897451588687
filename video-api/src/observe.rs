//! Watching operations: spans for `tracing`, and a hook for metrics.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;
use tracing::field::Empty;

use crate::operation::Operation;
use crate::response::Meta;
use crate::{Client, Error, RateLimit};

/// A hook for an application's own metrics. Called in the task that performs the operation,
/// so it should only count and return.
///
/// An operation whose future is dropped is not reported as complete.
pub trait Observer: Send + Sync + 'static {
    /// A request was sent once, and came to something.
    fn on_attempt(&self, event: &AttemptEvent<'_>) {
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
    /// Which operation.
    pub operation: &'static Operation,
    /// The `x-client-request-id`, the same for all attempts.
    pub request_id: &'a str,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The status, if there was a response.
    pub status: Option<StatusCode>,
    /// How long it took.
    pub duration: Duration,
    /// What went wrong, if anything.
    pub error: Option<&'a Error>,
    /// The wait before the next attempt; none when this was the last.
    pub retry_in: Option<Duration>,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CompletionEvent<'a> {
    /// Which operation.
    pub operation: &'static Operation,
    /// The `x-client-request-id`.
    pub request_id: &'a str,
    /// How often the request was sent.
    pub attempts: u32,
    /// The last status, if there was a response.
    pub status: Option<StatusCode>,
    /// How long everything took, waits included.
    pub duration: Duration,
    /// How long the server says it worked.
    pub server_duration: Option<Duration>,
    /// The rate limit that applied, if the server said so.
    pub rate_limit: Option<RateLimit>,
    /// What went wrong, if anything.
    pub error: Option<&'a Error>,
}

/// Follows one operation from start to end.
pub(crate) struct Watch {
    span: tracing::Span,
    observer: Option<Arc<dyn Observer>>,
    operation: &'static Operation,
    request_id: Box<str>,
    started: Instant,
}

impl Watch {
    pub(crate) fn start(client: &Client, operation: &'static Operation, request_id: &str) -> Self {
        // Names of the OpenTelemetry HTTP conventions; never query, body or token.
        let span = tracing::info_span!(
            "video_api",
            otel.kind = "client",
            otel.name = %format_args!("{} {}", operation.method, operation.path),
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            server.address = client.inner.base.host(),
            server.port = client.inner.base.port(),
            operation = operation.id,
            request_id,
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            duration_ms = Empty,
            server_duration_ms = Empty,
        );
        Self {
            span,
            observer: client.inner.observer.clone(),
            operation,
            request_id: request_id.into(),
            started: Instant::now(),
        }
    }

    pub(crate) fn span(&self) -> &tracing::Span {
        &self.span
    }

    pub(crate) fn attempt(
        &self,
        attempt: u32,
        status: Option<StatusCode>,
        duration: Duration,
        error: Option<&Error>,
        retry_in: Option<Duration>,
    ) {
        let status_code = status.map(|status| status.as_u16());
        let error_type = error.map(Error::class);
        let duration_ms = millis(duration);
        match retry_in {
            Some(wait) => tracing::warn!(
                attempt,
                http.response.status_code = status_code,
                error.type = error_type,
                duration_ms,
                retry_in_ms = millis(wait),
                "attempt failed, trying again"
            ),
            None => tracing::debug!(
                attempt,
                http.response.status_code = status_code,
                error.type = error_type,
                duration_ms,
                "attempt"
            ),
        }
        if let Some(observer) = &self.observer {
            observer.on_attempt(&AttemptEvent {
                operation: self.operation,
                request_id: &self.request_id,
                attempt,
                status,
                duration,
                error,
                retry_in,
            });
        }
    }

    pub(crate) fn succeeded(&self, meta: &Meta) {
        self.complete(Some(meta.status), meta.attempts, meta.server_duration, None);
        if let Some(observer) = &self.observer {
            observer.on_complete(&CompletionEvent {
                status: Some(meta.status),
                attempts: meta.attempts,
                server_duration: meta.server_duration,
                rate_limit: RateLimit::from_headers(&meta.headers),
                ..self.event()
            });
        }
    }

    pub(crate) fn failed(&self, error: &Error) {
        self.complete(error.status(), error.attempts(), None, Some(error.class()));
        if let Some(observer) = &self.observer {
            observer.on_complete(&CompletionEvent {
                status: error.status(),
                attempts: error.attempts(),
                rate_limit: error.rate_limit(),
                error: Some(error),
                ..self.event()
            });
        }
    }

    fn event(&self) -> CompletionEvent<'_> {
        CompletionEvent {
            operation: self.operation,
            request_id: &self.request_id,
            attempts: 0,
            status: None,
            duration: self.started.elapsed(),
            server_duration: None,
            rate_limit: None,
            error: None,
        }
    }

    fn complete(
        &self,
        status: Option<StatusCode>,
        attempts: u32,
        server: Option<Duration>,
        class: Option<&'static str>,
    ) {
        if self.span.is_disabled() {
            return;
        }
        if let Some(status) = status {
            self.span
                .record("http.response.status_code", status.as_u16());
        }
        if attempts > 1 {
            self.span.record("http.request.resend_count", attempts - 1);
        }
        if let Some(class) = class {
            self.span.record("error.type", class);
        }
        if let Some(server) = server {
            self.span.record("server_duration_ms", millis(server));
        }
        self.span
            .record("duration_ms", millis(self.started.elapsed()));
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

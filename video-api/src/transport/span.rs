//! The tracing span of an operation, and its events for the observer.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::Instant;
use tracing::field::Empty;

use crate::error::Error;
use crate::observe::{AttemptEvent, CompletionEvent, CorrectionEvent};
use crate::operation::Operation;
use crate::rate_limit::RateLimit;
use crate::response::Meta;
use crate::shared::Shared;

/// Follows one operation from start to end.
pub(super) struct OperationSpan {
    span: tracing::Span,
    shared: Arc<Shared>,
    operation: &'static Operation,
    request_id: Box<str>,
    started: Instant,
}

impl OperationSpan {
    pub(super) fn start(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        request_id: &str,
    ) -> Self {
        // Names of the OpenTelemetry HTTP conventions; never query, body or token.
        let span = tracing::info_span!(
            "video_api",
            otel.kind = "client",
            otel.name = %format_args!("{} {}", operation.method, operation.path),
            http.request.method = operation.method.as_str(),
            url.template = operation.path,
            server.address = shared.base.host(),
            server.port = shared.base.port(),
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
            shared: Arc::clone(shared),
            operation,
            request_id: request_id.into(),
            started: Instant::now(),
        }
    }

    pub(super) fn tracing(&self) -> &tracing::Span {
        &self.span
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.operation
    }

    pub(super) fn attempt(
        &self,
        attempt: u32,
        status: Option<StatusCode>,
        duration: Duration,
        error: Option<&Error>,
        retry_in: Option<Duration>,
    ) {
        let status_code = status.map(|status| status.as_u16());
        let error_type = error.map(Error::error_type);
        let duration_ms = millis(duration);
        match retry_in {
            Some(wait) => tracing::warn!(
                attempt,
                http.response.status_code = status_code,
                error.type = error_type,
                duration_ms,
                retry_in_ms = millis(wait),
                "attempt failed, retrying"
            ),
            None => tracing::debug!(
                attempt,
                http.response.status_code = status_code,
                error.type = error_type,
                duration_ms,
                "attempt"
            ),
        }
        if let Some(observer) = &self.shared.observer {
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

    pub(super) fn succeeded(&self, meta: &Meta) {
        for path in &meta.corrected {
            self.corrected(path);
        }
        self.complete(Some(meta.status), meta.attempts, meta.server_duration, None);
        if let Some(observer) = &self.shared.observer {
            observer.on_complete(&CompletionEvent {
                status: Some(meta.status),
                attempts: meta.attempts,
                server_duration: meta.server_duration,
                rate_limit: RateLimit::from_headers(&meta.headers),
                ..self.event()
            });
        }
    }

    pub(super) fn failed(&self, error: &Error) {
        let error_type = Some(error.error_type());
        self.complete(error.status(), error.attempts(), None, error_type);
        if let Some(observer) = &self.shared.observer {
            observer.on_complete(&CompletionEvent {
                status: error.status(),
                attempts: error.attempts(),
                rate_limit: error.rate_limit(),
                error: Some(error),
                ..self.event()
            });
        }
    }

    /// Reports a missing field, unless it was reported before.
    fn corrected(&self, path: &str) {
        if !self.shared.reported.is_new(self.operation, path) {
            return;
        }
        tracing::debug!(
            parent: &self.span,
            operation = self.operation.id,
            path,
            "the response lacks a documented field, which reads as its zero value"
        );
        if let Some(observer) = &self.shared.observer {
            observer.on_correction(&CorrectionEvent {
                operation: self.operation,
                request_id: &self.request_id,
                path,
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
        error_type: Option<&'static str>,
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
        if let Some(error_type) = error_type {
            self.span.record("error.type", error_type);
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

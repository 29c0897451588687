//! Questions about an error, answered by its kind and status.

use std::error::Error as _;

use super::{Error, Kind, Phase, cause};
use crate::operation::Method;

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

/// For the client itself.
impl Error {
    /// Decides whether a request with this method may be repeated.
    pub(crate) fn with_retryable(mut self, method: Method) -> Self {
        self.inner.retryable = self.is_safe_to_repeat(method);
        self.inner.retry_method = Some(method);
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

    /// Returns true if the TLS handshake failed in a way that repeating does not change: the server
    /// does not speak TLS, or its certificate is refused.
    pub(crate) fn is_tls_mismatch(&self) -> bool {
        matches!(self.inner.kind, Kind::Connect)
            && self.source().is_some_and(cause::is_tls_mismatch)
    }

    pub(crate) fn is_repeated_cursor(&self) -> bool {
        matches!(self.inner.kind, Kind::Cursor)
    }

    /// The status that decides the predicates: the line's, or, for an error inside a
    /// success, the one the body names.
    pub(super) fn effective_status(&self) -> Option<u16> {
        let status = self.inner.status?.as_u16();
        match &self.inner.kind {
            Kind::Api(api) if (200..300).contains(&status) => api.status_code().or(Some(status)),
            _ => Some(status),
        }
    }
}

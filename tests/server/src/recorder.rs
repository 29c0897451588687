//! What arrived, for tests to look at.

use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use bytes::Bytes;
use serde_json::Value;

/// One request as it arrived.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, still encoded.
    pub path: String,
    /// The query as sent, still encoded, without `?`; empty when there is none.
    pub query: String,
    /// All headers. `Debug` hides the token.
    pub headers: HeaderMap,
    /// The body as sent.
    pub body: Bytes,
    /// The operation it was routed to.
    pub operation_id: Option<String>,
    /// Why it was refused; empty when it was accepted.
    pub problems: Vec<String>,
    /// The status that was answered.
    pub status: u16,
}

impl RecordedRequest {
    /// A header as text, if it is there once or more.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON, `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Recorder {
    requests: Mutex<Vec<RecordedRequest>>,
}

impl Recorder {
    pub(crate) fn push(&self, mut request: RecordedRequest) {
        if let Some(token) = request.headers.get_mut("authorization") {
            token.set_sensitive(true);
        }
        self.lock().push(request);
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<RecordedRequest>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

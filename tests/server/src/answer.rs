//! An answer and what all answers have in common.

use std::io::Write;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use uuid::Uuid;

use crate::error::ApiError;
use crate::scripted::Scripted;
use crate::server::Shared;

/// What the rate-limit headers claim per minute; nothing is enforced.
const RATE_LIMIT: u64 = 60_000;

/// Status, headers and body on their way out.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Nothing but a status.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// A JSON body.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let mut answer = Self::empty(status);
        answer.set("content-type", "application/json");
        answer.body = body.to_string().into();
        answer
    }

    /// A failure in the API's own shape.
    pub(crate) fn failure(error: &ApiError, operation: Option<&str>, started: Instant) -> Self {
        Self::json(error.status, &error.body(operation, &duration(started)))
    }

    /// Takes over what a test dictates.
    pub(crate) fn dictate(&mut self, scripted: Scripted) {
        self.status = scripted.status;
        if let Some(body) = scripted.body {
            self.body = body;
        }
        let mut replaced = Vec::new();
        for (name, value) in &scripted.headers {
            if !replaced.contains(&name) {
                self.headers.remove(name.as_str());
                replaced.push(name);
            }
            self.add(name, value);
        }
    }

    /// Adds rate-limit and request-id headers where the answer does not have them yet.
    pub(crate) fn finish(&mut self, shared: &Shared, request: &HeaderMap) {
        const MINUTE: i64 = 60;
        let served = shared.served.fetch_add(1, Ordering::Relaxed) + 1;
        let seconds = shared.clock.seconds();
        let reset = seconds - seconds % MINUTE + MINUTE;
        let defaults = [
            ("x-ratelimit-limit", RATE_LIMIT.to_string()),
            (
                "x-ratelimit-remaining",
                RATE_LIMIT.saturating_sub(served).to_string(),
            ),
            ("x-ratelimit-reset", reset.to_string()),
            ("x-request-id", Uuid::new_v4().to_string()),
        ];
        for (name, value) in defaults {
            if !self.headers.contains_key(name) {
                self.set(name, &value);
            }
        }
        if let Some(id) = request.get("x-client-request-id") {
            self.headers.insert("x-client-request-id", id.clone());
        }
    }

    /// Compresses the body if the client accepts it.
    pub(crate) fn compress_for(&mut self, request: &HeaderMap) {
        let accepted = request
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|coding| coding.split(';').next())
            .any(|coding| coding.trim().eq_ignore_ascii_case("gzip"));
        if !accepted || self.body.is_empty() || self.headers.contains_key(header::CONTENT_ENCODING)
        {
            return;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let compressed = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish());
        if let Ok(compressed) = compressed {
            self.body = compressed.into();
            self.set("content-encoding", "gzip");
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.remove(name);
        self.add(name, value);
    }

    fn add(&mut self, name: &str, value: &str) {
        let name: Result<HeaderName, _> = name.parse();
        let value: Result<HeaderValue, _> = value.parse();
        if let (Ok(name), Ok(value)) = (name, value) {
            self.headers.append(name, value);
        }
    }
}

/// Time spent, as the API writes it.
pub(crate) fn duration(started: Instant) -> String {
    format!("{:.2}ms", started.elapsed().as_secs_f64() * 1000.0)
}

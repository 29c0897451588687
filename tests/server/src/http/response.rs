//! A response and what all responses have in common.

use std::io::Write;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use serde_json::Value;
use uuid::Uuid;

use crate::error::ApiError;
use crate::rate_limit::Allowance;
use crate::scripted::Scripted;

/// Status, headers and body on their way out.
#[derive(Debug, Clone)]
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl ApiResponse {
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
        let mut response = Self::empty(status);
        response.set("content-type", "application/json");
        // Faster than `to_string`, which goes through the formatter of text.
        response.body = serde_json::to_vec(body).unwrap_or_default().into();
        response
    }

    /// A failure in the API's own shape.
    pub(super) fn failure(error: &ApiError, operation: Option<&str>, started: Instant) -> Self {
        Self::json(error.status, &error.body(operation, &duration(started)))
    }

    /// Says that the body holds sample values.
    pub(super) fn mark_sample(&mut self) {
        self.set("x-local-sample", "true");
    }

    /// Takes over what a test dictates.
    pub(super) fn dictate(&mut self, scripted: Scripted) {
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

    /// Adds the rate-limit headers where the response does not have them yet.
    pub(super) fn allow(&mut self, allowance: Allowance) {
        self.set_default("x-ratelimit-limit", &allowance.limit.to_string());
        self.set_default("x-ratelimit-remaining", &allowance.remaining.to_string());
        self.set_default("x-ratelimit-reset", &allowance.reset.to_string());
        if let Some(seconds) = allowance.retry_after {
            self.set_default("retry-after", &seconds.to_string());
        }
    }

    /// Adds the ids of the request.
    pub(super) fn identify(&mut self, request: &HeaderMap) {
        self.set_default("x-request-id", &Uuid::new_v4().to_string());
        if let Some(id) = request.get("x-client-request-id") {
            self.headers.insert("x-client-request-id", id.clone());
        }
    }

    /// Compresses the body if the client accepts it.
    pub(super) fn compress_for(&mut self, request: &HeaderMap) {
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

    /// A body that is not JSON, under the headers of one that is.
    pub(super) fn garble(&mut self) {
        self.body = Bytes::from_static(b"<html>\xff\xfe{\"call\": {\"cid\":");
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }

    /// A response whose connection ends in the middle of the body.
    pub(super) fn into_truncated(mut self) -> Response {
        let whole = self.body.len().max(2);
        let half = self.body.slice(..self.body.len() / 2);
        self.set("content-length", &whole.to_string());
        self.body = Bytes::new();
        let mut response = self.into_response();
        let cut = async {
            // What was written before goes out first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err("the response is cut off on purpose")
        };
        let parts = stream::once(async { Ok(half) }).chain(stream::once(cut));
        *response.body_mut() = Body::from_stream(parts);
        response
    }

    fn set_default(&mut self, name: &str, value: &str) {
        if !self.headers.contains_key(name) {
            self.add(name, value);
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
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

//! A response: body, status, headers and rate limit.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::rate_limit::RateLimit;

/// A response: dereferences to its body, and knows status, headers and rate limit.
///
/// To compare two, compare what matters of their bodies (`a.call == b.call`): the `duration` in
/// each body is that of its own request.
#[derive(Debug, Clone)]
pub struct Response<T> {
    pub(crate) body: T,
    pub(crate) meta: Meta,
}

/// Everything about a response but its body.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: Box<str>,
    pub(crate) attempts: u32,
    pub(crate) server_duration: Option<Duration>,
    pub(crate) corrected: Vec<String>,
}

impl<T> Response<T> {
    /// The body alone.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The HTTP status, always a 2xx.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The response headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The rate limit that applied, when the server said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.meta.headers)
    }

    /// The `x-client-request-id` that was sent; quote it to support.
    pub fn request_id(&self) -> &str {
        &self.meta.request_id
    }

    /// How often the request was sent, counting every repetition; at least 1.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// The processing time that the server reports in the `duration` field.
    pub fn server_duration(&self) -> Option<Duration> {
        self.meta.server_duration
    }

    /// The documented fields that the server left out, and that therefore read as their zero value
    /// (`false`, 0, "", an empty list or map, the Unix epoch, an unknown enum value).
    ///
    /// Paths are like `calls[].call.created_at`, where `[]` stands for any index and `*` for any
    /// key. Empty where all is well. An older server or a proxy's cache may cause it; an
    /// [`Observer`](crate::Observer) hears of it once per client and path.
    pub fn corrected(&self) -> &[String] {
        &self.meta.corrected
    }

    /// Applies a function to the body and keeps the rest.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            body: f(self.body),
            meta: self.meta,
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

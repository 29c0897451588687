//! One attempt: send the request and read the response.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::body;
use crate::Timestamp;
use crate::error::{ApiError, BodyFault, Error, Kind, Phase, is_refused_stream, scrub};
use crate::format::Expects;
use crate::operation::Operation;
use crate::response::{Meta, Response};
use crate::shared::Shared;

/// The circumstances of an attempt.
pub(super) struct Attempt<'a> {
    pub(super) shared: &'a Shared,
    pub(super) operation: &'static Operation,
    pub(super) url: &'a Url,
    pub(super) deadline: Deadline,
    pub(super) request_id: &'a str,
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) expects: Expects,
}

/// The end of an attempt, and the timeout it comes from.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    phase: Phase,
}

/// The largest part of an error's body that is read; they are small.
const MAX_ERROR_BODY: usize = 256 * 1024;

impl Deadline {
    pub(super) fn of_attempt(timeout: Duration, total: Instant) -> Self {
        let own = Instant::now() + timeout;
        if own < total {
            Self {
                at: own,
                phase: Phase::Attempt,
            }
        } else {
            Self {
                at: total,
                phase: Phase::Total,
            }
        }
    }

    fn error(self) -> Error {
        Error::new(Kind::Timeout(self.phase))
    }
}

impl Attempt<'_> {
    pub(super) async fn send(&self, request: reqwest::Request) -> Result<Response<Bytes>, Error> {
        let sending = self.shared.http.execute(request);
        let mut response = match timeout_at(self.deadline.at, sending).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(without_response(error)),
            Err(_) => return Err(self.deadline.error()),
        };
        if let Some(pacer) = &self.shared.pacer {
            let (headers, now) = (response.headers(), Instant::now());
            pacer.update(self.operation.id, headers, Timestamp::now(), now);
        }
        let outcome = self.read(&mut response).await;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        match outcome {
            Ok(body) => Ok(Response {
                body,
                meta: Meta {
                    status,
                    headers,
                    request_id: self.request_id.into(),
                    attempts: self.number,
                    server_duration: None,
                    corrected: Vec::new(),
                },
            }),
            Err(error) => Err(error
                .with_status(status)
                .with_headers(&headers, Timestamp::now())),
        }
    }

    /// Reads the body of a success.
    async fn read(&self, response: &mut reqwest::Response) -> Result<Bytes, Error> {
        let status = response.status();
        if status.is_redirection() || response.url() != self.url {
            return Err(Error::new(Kind::Redirect));
        }
        if !status.is_success() {
            return Err(self.error_status(response).await);
        }
        let reading = body::read(response, self.shared.max_response_size);
        match timeout_at(self.deadline.at, reading).await {
            Ok(body) => self.accept(status.as_u16(), response.headers(), body?),
            Err(_) => Err(self.deadline.error()),
        }
    }

    /// Checks the complete body of a success.
    fn accept(&self, status: u16, headers: &HeaderMap, body: Bytes) -> Result<Bytes, Error> {
        let (is_json, or_nothing) = self.expects.of(status);
        let fault = if is_json && body.iter().all(u8::is_ascii_whitespace) {
            if or_nothing {
                return Ok(Bytes::new());
            }
            Some(BodyFault::Empty)
        } else if headers.contains_key(CONTENT_ENCODING) {
            Some(BodyFault::Compression)
        } else if !is_json {
            return Ok(body);
        } else {
            wrong_content_type(headers)
                .map(|found| BodyFault::ContentType(scrub::secrets(&found, &self.shared.secrets())))
        };
        if let Some(fault) = fault {
            let excerpt = scrub::excerpt(&body, &self.shared.secrets());
            return Err(Error::new(Kind::Body(fault)).with_excerpt(excerpt));
        }
        if ApiError::inside_success(&body).is_some() {
            // Read once more, this time from the scrubbed text.
            let secrets = self.shared.secrets();
            let text = scrub::secrets(&String::from_utf8_lossy(&body), &secrets);
            if let Some(api) = ApiError::from_error_body(&text) {
                return Err(Error::new(Kind::Api(api)));
            }
        }
        Ok(body)
    }

    /// The error of an error status; its body is read as far as that is possible.
    async fn error_status(&self, response: &mut reqwest::Response) -> Error {
        let size = MAX_ERROR_BODY.min(self.shared.max_response_size);
        let reading = body::read_start(response, size);
        let body = timeout_at(self.deadline.at, reading)
            .await
            .unwrap_or_default();
        let secrets = self.shared.secrets();
        let text = scrub::secrets(&String::from_utf8_lossy(&body), &secrets);
        let kind = ApiError::from_error_body(&text).map_or(Kind::Status, Kind::Api);
        Error::new(kind).with_excerpt(scrub::excerpt(&body, &secrets))
    }
}

/// The error of a request that got no response.
fn without_response(error: reqwest::Error) -> Error {
    // The URL contains the API key.
    let error = error.without_url();
    let kind = if error.is_connect() && error.is_timeout() {
        Kind::Timeout(Phase::Connect)
    } else if error.is_connect() {
        Kind::Connect
    } else if error.is_timeout() {
        Kind::Timeout(Phase::Attempt)
    } else if error.is_redirect() {
        Kind::Redirect
    } else if error.is_builder() {
        Kind::Invalid(
            "the HTTP client rejected the request; the source of this error says why".into(),
        )
    } else if is_refused_stream(&error) {
        Kind::Refused
    } else {
        Kind::Transport
    };
    Error::new(kind).with_source(error)
}

fn wrong_content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.as_bytes();
    let essence = value.split(|byte| *byte == b';').next()?.trim_ascii();
    let ends_with = |end: &[u8]| {
        let start = essence.len().checked_sub(end.len());
        start
            .and_then(|start| essence.get(start..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    let json = essence.eq_ignore_ascii_case(b"application/json")
        || essence.eq_ignore_ascii_case(b"text/json")
        || ends_with(b"+json");
    // As it was sent, because secrets are only recognised like that.
    (!json).then(|| String::from_utf8_lossy(value).into_owned())
}

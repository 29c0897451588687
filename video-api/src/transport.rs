//! Sending requests: authenticate, send, judge, perhaps repeat, decode.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use reqwest::Url;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue,
};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;
use uuid::Uuid;

use crate::decode::{Decode, Decoded, Decoder, Mismatch};
use crate::error::{Error, Kind, Phase};
use crate::format::{Expects, Format};
use crate::operation::{BodyKind, Method};
use crate::request::{RequestParts, url};
use crate::response::Response;
use crate::retry::next_attempt_after;

mod attempt;
mod body;
mod decode;
mod span;

use attempt::{Attempt, Deadline};
use span::OperationSpan;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");
const AUTH_TYPE: HeaderName = HeaderName::from_static("stream-auth-type");
const CLIENT: HeaderName = HeaderName::from_static("x-stream-client");
const CLIENT_VERSION: &str = concat!("video-api-rust-", env!("CARGO_PKG_VERSION"));

#[allow(dead_code)] // The spec decides which of these are used.
impl RequestParts {
    /// Sends the request without typed body fields.
    pub(crate) async fn send<T: Decode>(self) -> Result<Response<T>, Error> {
        let body = match self.operation.body {
            BodyKind::Json | BodyKind::JsonAs(_) => {
                Some(self.encode_body(&serde_json::Map::new())?)
            }
            _ => None,
        };
        send(self, body, Decoder::new()).await
    }

    /// Sends the request without its body, which is optional.
    pub(crate) async fn send_empty<T: Decode>(self) -> Result<Response<T>, Error> {
        send(self, None, Decoder::new()).await
    }

    /// Sends the request with a JSON body.
    pub(crate) async fn send_json<B: Serialize, T: Decode>(
        self,
        body: &B,
    ) -> Result<Response<T>, Error> {
        let body = self.encode_body(body)?;
        send(self, Some(body), Decoder::new()).await
    }

    /// Sends the request with a body that is encoded already, and reads the response in a format.
    pub(crate) async fn send_as<F: Format<T>, T>(
        self,
        body: Option<Bytes>,
    ) -> Result<Response<T>, Error> {
        send_and_read(self, body, F::EXPECTS, F::read).await
    }
}

/// Sends a request and decodes its response.
pub(crate) async fn send<T>(
    parts: RequestParts,
    body: Option<Bytes>,
    decoder: Decoder<T>,
) -> Result<Response<T>, Error> {
    let expects = Expects::Json {
        or_nothing: decoder.accepts_empty_body,
    };
    let (response, span) = receive(parts, body, expects).await?;
    decode::decode(response, &span, decoder)
}

/// Sends a request and reads its response, by its status.
pub(crate) async fn send_and_read<T>(
    parts: RequestParts,
    body: Option<Bytes>,
    expects: Expects,
    read: fn(u16, Bytes) -> Result<Decoded<T>, Mismatch>,
) -> Result<Response<T>, Error> {
    let (response, span) = receive(parts, body, expects).await?;
    decode::decode_as(response, &span, read)
}

/// Sends a request and returns the body of its response as it came.
#[cfg(feature = "by-name")]
pub(crate) async fn send_undecoded(
    parts: RequestParts,
    body: Option<Bytes>,
    expects: Expects,
) -> Result<Response<Bytes>, Error> {
    let (response, span) = receive(parts, body, expects).await?;
    span.succeeded(&response.meta);
    Ok(response)
}

/// Sends a request until its response is complete, but not decoded.
async fn receive(
    parts: RequestParts,
    body: Option<Bytes>,
    expects: Expects,
) -> Result<(Response<Bytes>, OperationSpan), Error> {
    let mut id = Uuid::encode_buffer();
    let id: &str = Uuid::new_v4().hyphenated().encode_lower(&mut id);
    let span = OperationSpan::start(&parts.shared, parts.operation, id);
    let mut attempts = Attempts::default();
    let outcome = run(&parts, body, id, expects, &span, &mut attempts)
        .instrument(span.tracing().clone())
        .await;
    match outcome {
        Ok(response) => Ok((response, span)),
        Err(error) => {
            let mut error = error
                .for_operation(parts.operation)
                .for_request(id, attempts.count);
            if !attempts.connected {
                error = error.unsent();
            }
            span.failed(&error);
            Err(error)
        }
    }
}

/// The URL and the headers that a request would be sent with, without the token.
#[cfg(feature = "by-name")]
pub(crate) fn preview(parts: &RequestParts, has_body: bool) -> Result<(Url, HeaderMap), Error> {
    parts.check()?;
    let url = url::build(parts)?;
    Ok((url, headers(parts, has_body, "")?))
}

/// The attempts so far.
#[derive(Default)]
struct Attempts {
    count: u32,
    /// True if one of them had a connection, so that the server may know the request.
    connected: bool,
}

/// Makes the attempts. `attempts` counts them, also when one fails.
async fn run(
    parts: &RequestParts,
    body: Option<Bytes>,
    id: &str,
    expects: Expects,
    span: &OperationSpan,
    attempts: &mut Attempts,
) -> Result<Response<Bytes>, Error> {
    let shared = &*parts.shared;
    parts.check()?;
    let url = url::build(parts)?;
    let total = Instant::now() + parts.timeout.unwrap_or(shared.timeouts.total);
    let attempt_timeout = parts.timeout.unwrap_or(shared.timeouts.attempt);
    shared.retry_budget.deposit();

    let mut tries = 0;
    let mut renewed = false;
    let mut last: Option<Error> = None;
    loop {
        pace(parts, total).await?;
        // A token source has no timeout of its own.
        let credential = match timeout_at(total, shared.credentials.get()).await {
            Ok(credential) => credential?,
            Err(_) => return Err(last.unwrap_or_else(|| Error::new(Kind::Timeout(Phase::Total)))),
        };
        attempts.count += 1;
        tries += 1;
        let mut headers = headers(parts, body.is_some(), id)?;
        headers.insert(AUTHORIZATION, credential.header.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let request = request(parts.operation.method, &url, headers, body.clone());
        let started = Instant::now();
        let attempt = Attempt {
            shared,
            operation: parts.operation,
            url: &url,
            deadline: Deadline::of_attempt(attempt_timeout, total),
            request_id: id,
            number: attempts.count,
            expects,
        };
        let error = match attempt.send(request).await {
            Ok(response) => {
                let status = Some(response.status());
                span.attempt(attempts.count, status, started.elapsed(), None, None);
                return Ok(response);
            }
            Err(error) => error
                .with_retryable(parts.retry_method())
                .for_operation(parts.operation),
        };
        attempts.connected |= !error.is_connect();
        let status = error.status();
        let wait = if status == Some(reqwest::StatusCode::UNAUTHORIZED)
            && !renewed
            && shared.credentials.refuse(&credential)
        {
            // Refused means not processed, so any method may go again with a fresh token.
            renewed = true;
            tries -= 1;
            Some(Duration::ZERO)
        } else {
            next_wait(parts, &error, tries, total)
        };
        span.attempt(
            attempts.count,
            status,
            started.elapsed(),
            Some(&error),
            wait,
        );
        let Some(wait) = wait else {
            return Err(error);
        };
        last = Some(error);
        sleep(wait).await;
    }
}

/// The wait before the next attempt; `None` when there is no next attempt.
fn next_wait(parts: &RequestParts, error: &Error, tries: u32, total: Instant) -> Option<Duration> {
    let shared = &*parts.shared;
    let policy = parts.retry_policy.as_ref().unwrap_or(&shared.retry_policy);
    let wait = next_attempt_after(parts.retry_method(), error, tries, policy, || {
        (shared.jitter)()
    })?;
    let in_time = wait < total.saturating_duration_since(Instant::now());
    (in_time && shared.retry_budget.withdraw()).then_some(wait)
}

async fn pace(parts: &RequestParts, total: Instant) -> Result<(), Error> {
    let Some(pacer) = &parts.shared.pacer else {
        return Ok(());
    };
    match pacer.reserve(parts.operation.id, Instant::now(), total) {
        Ok(wait) if wait.is_zero() => Ok(()),
        Ok(wait) => {
            sleep(wait).await;
            Ok(())
        }
        Err(wait) => Err(Error::paced(wait)),
    }
}

/// All headers but the token. Parameters cannot replace those of the client.
fn headers(parts: &RequestParts, has_body: bool, id: &str) -> Result<HeaderMap, Error> {
    let operation = parts.operation;
    let mut headers = HeaderMap::with_capacity(8);
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Error::invalid(format!("`{name}` is not a valid header name")))?;
        headers.insert(name, value.clone());
    }
    headers.insert(ACCEPT, HeaderValue::from_static(operation.accept));
    headers.insert(AUTH_TYPE, HeaderValue::from_static("jwt"));
    headers.insert(CLIENT, HeaderValue::from_static(CLIENT_VERSION));
    let id = HeaderValue::from_str(id)
        .map_err(|_| Error::invalid("the request id is not a valid header value"))?;
    headers.insert(REQUEST_ID, id);
    if has_body {
        let media = match operation.body {
            BodyKind::JsonAs(media) | BodyKind::Raw(media) => media,
            BodyKind::Form => "application/x-www-form-urlencoded",
            BodyKind::None | BodyKind::Json | BodyKind::Multipart => "application/json",
        };
        // A form with parts has named its boundary, and some bodies their own type.
        headers
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static(media));
    } else if operation.method == Method::Post {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(headers)
}

/// The request of one attempt. Its body is one that reqwest cannot clone, also when it is empty:
/// otherwise reqwest sends a request again, whatever its method, when HTTP/2 reports a GOAWAY, which
/// it does for streams that the server has accepted too. Only the loop above repeats.
fn request(method: Method, url: &Url, headers: HeaderMap, body: Option<Bytes>) -> reqwest::Request {
    let mut request = reqwest::Request::new(method.to_http(), url.clone());
    *request.headers_mut() = headers;
    let body = Full::new(body.unwrap_or_default());
    *request.body_mut() = Some(reqwest::Body::wrap(body));
    request
}

#[cfg(test)]
mod tests;

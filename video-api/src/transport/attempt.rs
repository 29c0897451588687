//! One attempt: send, read, and say what came of it.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode, Url};
use tokio::time::{Instant, timeout_at};

use super::body::{self, ReadError};
use crate::error::{BodyFault, Kind, Phase, scrub};
use crate::retry::Failure;
use crate::{ApiError, Client, Error, Timestamp};

/// A success, not yet decoded.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A failure, and what matters for repeating it.
pub(super) struct Failed {
    pub(super) error: Error,
    pub(super) failure: Failure,
    pub(super) headers: HeaderMap,
}

/// Until when, and how much.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    deadline: Instant,
    /// Which limit the deadline is.
    phase: Phase,
    size: usize,
}

/// As much of an error's body as is read; they are small.
const ERROR_BODY: usize = 256 * 1024;

impl Limits {
    pub(super) fn new(attempt: Duration, total: Instant, size: usize) -> Self {
        let own = Instant::now() + attempt;
        let (deadline, phase) = if own < total {
            (own, Phase::Attempt)
        } else {
            (total, Phase::Total)
        };
        Self {
            deadline,
            phase,
            size,
        }
    }
}

pub(super) async fn attempt(
    client: &Client,
    request: reqwest::Request,
    url: &Url,
    limits: Limits,
) -> Result<Answer, Failed> {
    let sending = client.inner.http.execute(request);
    let mut response = match timeout_at(limits.deadline, sending).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(unsent_or_broken(error)),
        Err(_) => {
            return Err(Failed::without_response(
                Error::new(Kind::Timeout(limits.phase)),
                Failure::Broken,
            ));
        }
    };
    let status = response.status();
    if status.is_redirection() || response.url() != url {
        return Err(failed(Kind::Redirect, &mut response, Failure::Final));
    }
    if !status.is_success() {
        return Err(error_status(client, response, limits).await);
    }
    match timeout_at(limits.deadline, body::read(&mut response, limits.size)).await {
        Ok(Ok(body)) => accept(client, response, body),
        Ok(Err(problem)) => Err(unreadable(problem, response, limits)),
        Err(_) => Err(failed(
            Kind::Timeout(limits.phase),
            &mut response,
            Failure::Broken,
        )),
    }
}

/// The success's body is complete; is it one?
fn accept(client: &Client, mut response: Response, body: Bytes) -> Result<Answer, Failed> {
    let status = response.status();
    let fault = if body.iter().all(u8::is_ascii_whitespace) {
        Some(BodyFault::Empty)
    } else if response
        .headers()
        .contains_key(reqwest::header::CONTENT_ENCODING)
    {
        Some(BodyFault::Compression)
    } else {
        wrong_content_type(response.headers())
            .map(|found| BodyFault::ContentType(scrub::secrets(&found, &client.secrets())))
    };
    if let Some(fault) = fault {
        let mut failed = failed(Kind::Body(fault), &mut response, Failure::Final);
        failed.error = failed
            .error
            .with_excerpt(scrub::excerpt(&body, &client.secrets()));
        return Err(failed);
    }
    if ApiError::inside_success(&body).is_some() {
        // Read once more, this time from the scrubbed text.
        let text = scrub::secrets(&String::from_utf8_lossy(&body), &client.secrets());
        if let Some(api) = ApiError::from_error_body(&text) {
            return Err(failed(Kind::Api(api), &mut response, Failure::Final));
        }
    }
    Ok(Answer {
        status,
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// An error status; its body is read as far as that is possible.
async fn error_status(client: &Client, mut response: Response, limits: Limits) -> Failed {
    let reading = body::read_start(&mut response, ERROR_BODY.min(limits.size));
    let body = timeout_at(limits.deadline, reading)
        .await
        .unwrap_or_default();
    let secrets = client.secrets();
    let text = scrub::secrets(&String::from_utf8_lossy(&body), &secrets);
    let status = response.status();
    let (kind, unrecoverable) = match ApiError::from_error_body(&text) {
        Some(api) => {
            let unrecoverable = api.unrecoverable();
            (Kind::Api(api), unrecoverable)
        }
        None => (Kind::Status, false),
    };
    let failure = Failure::Status {
        code: status.as_u16(),
        unrecoverable,
    };
    let mut failed = failed(kind, &mut response, failure);
    failed.error = failed.error.with_excerpt(scrub::excerpt(&body, &secrets));
    failed
}

fn unsent_or_broken(error: reqwest::Error) -> Failed {
    // The address contains the API key.
    let error = error.without_url();
    let (kind, failure) = if error.is_connect() {
        let kind = if error.is_timeout() {
            Kind::Timeout(Phase::Connect)
        } else {
            Kind::Connect
        };
        (kind, Failure::NotSent)
    } else if error.is_timeout() {
        (Kind::Timeout(Phase::Attempt), Failure::Broken)
    } else if error.is_redirect() {
        (Kind::Redirect, Failure::Final)
    } else if error.is_builder() {
        (
            Kind::Invalid("the HTTP client refuses the request; see the cause".into()),
            Failure::Final,
        )
    } else {
        (Kind::Transport, Failure::Broken)
    };
    Failed::without_response(Error::new(kind).with_source(error), failure)
}

fn unreadable(problem: ReadError, mut response: Response, limits: Limits) -> Failed {
    let (kind, failure, source) = match problem {
        ReadError::TooLarge => (
            Kind::Body(BodyFault::TooLarge { limit: limits.size }),
            Failure::Final,
            None,
        ),
        ReadError::Corrupt(error) => (
            Kind::Body(BodyFault::Compression),
            Failure::Final,
            Some(error),
        ),
        ReadError::Timeout(error) => (Kind::Timeout(Phase::Attempt), Failure::Broken, Some(error)),
        ReadError::Broken(error) => (Kind::Transport, Failure::Broken, Some(error)),
    };
    let mut failed = failed(kind, &mut response, failure);
    if let Some(source) = source {
        failed.error = failed.error.with_source(source);
    }
    failed
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

/// Takes the headers out of the response.
fn failed(kind: Kind, response: &mut Response, failure: Failure) -> Failed {
    let headers = std::mem::take(response.headers_mut());
    let error = Error::new(kind)
        .with_status(response.status())
        .with_headers(&headers, Timestamp::now());
    Failed {
        error,
        failure,
        headers,
    }
}

impl Failed {
    fn without_response(error: Error, failure: Failure) -> Self {
        Self {
            error,
            failure,
            headers: HeaderMap::new(),
        }
    }
}

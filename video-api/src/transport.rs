//! Performing an operation: build, authenticate, send, judge, perhaps again.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use tokio::time::{Instant, sleep};
use tracing::Instrument;
use uuid::Uuid;

use crate::error::{Kind, Phase};
use crate::observe::Watch;
use crate::operation::Method;
use crate::request::Parts;
use crate::retry::{Decision, Failure, RetryPolicy, decide, safe_to_repeat};
use crate::{Error, Timestamp};

mod attempt;
mod body;
mod decode;
mod server_duration;
pub(crate) mod url;

use attempt::{Answer, Failed, Limits};
pub(crate) use decode::RawResponse;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-client-request-id");
const AUTH_TYPE: HeaderName = HeaderName::from_static("stream-auth-type");
const CLIENT: HeaderName = HeaderName::from_static("x-stream-client");
const THIS_CLIENT: &str = concat!("video-api-rust-", env!("CARGO_PKG_VERSION"));

/// Performs an operation up to the undecoded body of its success.
pub(crate) async fn perform(parts: Parts, body: Option<Bytes>) -> Result<RawResponse, Error> {
    let mut id = Uuid::encode_buffer();
    let id: &str = Uuid::new_v4().hyphenated().encode_lower(&mut id);
    let watch = Watch::start(&parts.client, parts.operation, id);
    let span = watch.span().clone();
    let operation = parts.operation;
    let mut sent = 0;
    let outcome = run(&parts, body, id, &watch, &mut sent)
        .instrument(span)
        .await;
    match outcome {
        Ok(answer) => Ok(RawResponse::new(
            parts.client,
            operation,
            answer,
            id,
            sent,
            watch,
        )),
        Err(error) => {
            let error = error.for_operation(operation).for_request(id, sent);
            watch.failed(&error);
            Err(error)
        }
    }
}

/// The address and the headers that a request would be sent with, but for the token.
#[cfg(feature = "by-name")]
pub(crate) fn preview(parts: &Parts, has_body: bool) -> Result<(Url, HeaderMap), Error> {
    let client = &*parts.client.inner;
    parts.check()?;
    let url = url::build(client, parts)?;
    Ok((url, headers(parts.operation.method, has_body, "")?))
}

/// The attempts. `sent` counts them, also when the future is dropped or fails.
async fn run(
    parts: &Parts,
    body: Option<Bytes>,
    id: &str,
    watch: &Watch,
    sent: &mut u32,
) -> Result<Answer, Error> {
    let client = &*parts.client.inner;
    parts.check()?;
    let url = url::build(client, parts)?;
    let policy = parts.retry_policy.as_ref().unwrap_or(&client.retry_policy);
    let total = Instant::now() + parts.timeout.unwrap_or(client.timeouts.total);
    let attempt_timeout = parts.timeout.unwrap_or(client.timeouts.attempt);
    client.retry_budget.deposit();

    let mut tries = 0;
    let mut renewed = false;
    let mut last: Option<Error> = None;
    loop {
        pace(parts, total).await?;
        // A token source has no timeout of its own.
        let credential = match tokio::time::timeout_at(total, client.credentials.get()).await {
            Ok(credential) => credential?,
            Err(_) => return Err(last.unwrap_or_else(|| Error::new(Kind::Timeout(Phase::Total)))),
        };
        *sent += 1;
        tries += 1;
        let limits = Limits::new(attempt_timeout, total, client.max_response_size);
        let mut headers = headers(parts.operation.method, body.is_some(), id)?;
        headers.insert(AUTHORIZATION, credential.header.clone());
        let request = request(parts.operation.method, &url, headers, body.clone());
        let begun = Instant::now();
        let outcome = attempt::attempt(&parts.client, request, &url, limits).await;
        learn(parts, &outcome);
        let failed = match outcome {
            Ok(answer) => {
                watch.attempt(*sent, Some(answer.status), begun.elapsed(), None, None);
                return Ok(answer);
            }
            Err(failed) => failed,
        };
        let Failed {
            error,
            failure,
            headers: answered,
        } = failed;
        let error = error
            .with_retryable(safe_to_repeat(parts.repeated_as(), failure))
            .for_operation(parts.operation);
        let status = error.status();
        if status == Some(reqwest::StatusCode::UNAUTHORIZED)
            && !renewed
            && client.credentials.refuse(&credential)
        {
            // Refused means not processed, so any method may go again with a fresh token.
            renewed = true;
            tries -= 1;
            watch.attempt(
                *sent,
                status,
                begun.elapsed(),
                Some(&error),
                Some(Duration::ZERO),
            );
            last = Some(error);
            continue;
        }
        let wait = next_wait(parts, policy, failure, &answered, tries, total);
        watch.attempt(*sent, status, begun.elapsed(), Some(&error), wait);
        let Some(wait) = wait else {
            return Err(error);
        };
        last = Some(error);
        sleep(wait).await;
    }
}

/// How long to wait before the next attempt; none when there is to be no other.
fn next_wait(
    parts: &Parts,
    policy: &RetryPolicy,
    failure: Failure,
    headers: &HeaderMap,
    tries: u32,
    total: Instant,
) -> Option<Duration> {
    let client = &*parts.client.inner;
    let decision = decide(
        parts.repeated_as(),
        failure,
        headers,
        Timestamp::now(),
        tries,
        policy,
    );
    let Decision::Retry { wait, jitter } = decision else {
        return None;
    };
    let random = (client.jitter)().clamp(0.0, 1.0);
    let wait = wait + jitter.mul_f64(random);
    // No use in waiting for an attempt that cannot be made any more.
    let in_time = Instant::now() + wait < total;
    (in_time && client.retry_budget.withdraw()).then_some(wait)
}

async fn pace(parts: &Parts, total: Instant) -> Result<(), Error> {
    let Some(pacer) = &parts.client.inner.pacer else {
        return Ok(());
    };
    let now = Instant::now();
    match pacer.reserve(parts.operation.id, now, total) {
        Ok(wait) if wait.is_zero() => Ok(()),
        Ok(wait) => {
            sleep(wait).await;
            Ok(())
        }
        Err(wait) => Err(Error::new(Kind::Paced)
            .with_retry_after(wait)
            .with_retryable(true)),
    }
}

fn learn(parts: &Parts, outcome: &Result<Answer, Failed>) {
    if let Some(pacer) = &parts.client.inner.pacer {
        let headers = match outcome {
            Ok(answer) => &answer.headers,
            Err(failed) => &failed.headers,
        };
        pacer.learn(
            parts.operation.id,
            headers,
            Timestamp::now(),
            Instant::now(),
        );
    }
}

/// All headers but the token.
fn headers(method: Method, has_body: bool, id: &str) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(AUTH_TYPE, HeaderValue::from_static("jwt"));
    headers.insert(CLIENT, HeaderValue::from_static(THIS_CLIENT));
    let id = HeaderValue::from_str(id)
        .map_err(|_| Error::invalid("the request id is no header value"))?;
    headers.insert(REQUEST_ID, id);
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    } else if method == Method::Post {
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(headers)
}

fn request(method: Method, url: &Url, headers: HeaderMap, body: Option<Bytes>) -> reqwest::Request {
    let mut request = reqwest::Request::new(method.to_http(), url.clone());
    *request.headers_mut() = headers;
    *request.body_mut() = body.map(Into::into);
    request
}

#[cfg(test)]
mod tests;

//! The retry decision as tables.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::*;
use crate::Timestamp;
use crate::error::ApiError;
use Method::{Delete, Get, Patch, Post, Put};

const NOW: i64 = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT

type Pairs = &'static [(&'static str, &'static str)];

fn with_headers(kind: Kind, code: u16, pairs: Pairs) -> Error {
    let headers: HeaderMap = pairs
        .iter()
        .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
        .collect();
    Error::new(kind)
        .with_status(StatusCode::from_u16(code).unwrap())
        .with_headers(&headers, Timestamp::from_seconds(NOW).unwrap())
}

fn status(code: u16) -> Error {
    with_headers(Kind::Status, code, &[])
}

fn api(code: u16, rest: &str) -> Error {
    let api = ApiError::from_error_body(&format!(r#"{{"message":"m"{rest}}}"#)).unwrap();
    with_headers(Kind::Api(api), code, &[])
}

fn fatal(code: u16) -> Error {
    api(code, r#","unrecoverable":true"#)
}

fn broken() -> Error {
    Error::new(Kind::Transport)
}

fn retries(method: Method, error: &Error, policy: &RetryPolicy) -> bool {
    next_attempt_after(method, error, 1, policy, || 0.0).is_some()
}

const METHODS: [Method; 5] = [Get, Put, Delete, Post, Patch];

#[test]
fn default_policy_by_method_and_failure() {
    // Columns: Get, Put, Delete, Post, Patch.
    let all = [true; 5];
    let idempotent = [true, true, true, false, false];
    let never = [false; 5];
    let table = [
        (Error::new(Kind::Connect), all),
        (Error::new(Kind::Timeout(Phase::Connect)), all),
        (Error::new(Kind::Refused), all),
        (status(429), all),
        (api(429, ""), all),
        (broken(), idempotent),
        (Error::new(Kind::Timeout(Phase::Attempt)), idempotent),
        (status(502), idempotent),
        (status(503), idempotent),
        (status(504), idempotent),
        (api(503, ""), idempotent),
        (status(400), never),
        (status(401), never),
        (status(403), never),
        (status(404), never),
        (status(408), never),
        (status(409), never),
        (status(500), never),
        (status(501), never),
        (status(505), never),
        (fatal(429), never),
        (fatal(503), never),
        (api(200, r#","StatusCode":429"#), never),
        (Error::new(Kind::Redirect), never),
        (Error::invalid("x"), never),
    ];
    for (error, expected) in table {
        let got = METHODS.map(|method| retries(method, &error, &RetryPolicy::default()));
        assert_eq!(got, expected, "{error:#?}");
    }
}

#[test]
fn other_policies() {
    let get = [true, false, false, false, false];
    for error in [
        Error::new(Kind::Connect),
        broken(),
        status(429),
        status(503),
    ] {
        assert_eq!(
            METHODS.map(|m| retries(m, &error, &RetryPolicy::none())),
            [false; 5]
        );
        assert_eq!(
            METHODS.map(|m| retries(m, &error, &RetryPolicy::get_only())),
            get
        );
    }
}

#[test]
fn attempts_are_bounded() {
    let policy = RetryPolicy::default().max_attempts(4);
    let repeats =
        |n, policy: &RetryPolicy| next_attempt_after(Get, &broken(), n, policy, || 0.0).is_some();
    let got: Vec<bool> = (1..7).map(|n| repeats(n, &policy)).collect();
    assert_eq!(got, [true, true, true, false, false, false]);
    assert!(!repeats(1, &RetryPolicy::default().max_attempts(0)));
}

#[test]
fn waits_double_with_full_jitter_and_a_cap() {
    let policy = RetryPolicy::default().max_attempts(100);
    let wait = |attempt, random| {
        let wait = next_attempt_after(Get, &broken(), attempt, &policy, || random);
        wait.unwrap().as_millis()
    };
    assert_eq!(
        [1, 2, 3, 6, 7, 50].map(|attempt| wait(attempt, 1.0)),
        [200, 400, 800, 6400, 10_000, 10_000]
    );
    assert_eq!([1, 2, 50].map(|attempt| wait(attempt, 0.0)), [0, 0, 0]);
}

#[test]
fn the_servers_wishes_are_honoured() {
    let policy = RetryPolicy::default();
    let table: [(u16, Pairs, Option<u64>); 9] = [
        (429, &[("retry-after", "3")], Some(3)),
        (
            429,
            &[("retry-after", "Sun, 06 Nov 1994 08:49:42 GMT")],
            Some(5),
        ),
        (
            429,
            &[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")],
            Some(0),
        ),
        (429, &[("x-ratelimit-reset", "784111784")], Some(7)),
        (429, &[("x-ratelimit-reset", "784000000")], Some(0)),
        (
            429,
            &[("retry-after", "2"), ("x-ratelimit-reset", "784111784")],
            Some(2),
        ),
        (429, &[("retry-after", "nonsense")], None),
        (503, &[("retry-after", "4")], Some(4)),
        // The window's end says nothing about an outage.
        (503, &[("x-ratelimit-reset", "784111784")], None),
    ];
    for (code, pairs, seconds) in table {
        let error = with_headers(Kind::Status, code, pairs);
        let wait = |random| next_attempt_after(Get, &error, 1, &policy, || random).unwrap();
        let expected = Duration::from_secs(seconds.unwrap_or(0));
        assert_eq!(wait(0.0), expected, "{code} {pairs:?}");
        assert_eq!(wait(1.0), expected + policy.base_delay, "{code} {pairs:?}");
    }
}

#[test]
fn a_wait_that_is_too_long_is_reported_at_once() {
    let patient = RetryPolicy::default().max_server_delay(Duration::from_secs(3600));
    let table: [(u16, Pairs); 4] = [
        (429, &[("retry-after", "11")]),
        (429, &[("retry-after", "3600")]),
        (429, &[("x-ratelimit-reset", "784111789")]),
        (503, &[("retry-after", "60")]),
    ];
    for (code, pairs) in table {
        let error = with_headers(Kind::Status, code, pairs);
        assert!(!retries(Get, &error, &RetryPolicy::default()), "{pairs:?}");
        assert!(retries(Get, &error, &patient), "{pairs:?}");
    }
    let forever = RetryPolicy::default().max_server_delay(Duration::MAX);
    let until_the_end = &[("retry-after", "18446744073709551615")];
    assert!(retries(
        Get,
        &with_headers(Kind::Status, 429, until_the_end),
        &forever
    ));
}

#[test]
fn a_custom_rule_decides_first_but_within_bounds() {
    let always = RetryPolicy::custom(|_| RetryVerdict::Retry);
    assert!(retries(Post, &broken(), &always));
    assert!(retries(Post, &status(500), &always));
    assert!(!retries(Get, &fatal(503), &always));
    assert!(!retries(Get, &Error::new(Kind::Redirect), &always));
    assert!(next_attempt_after(Get, &broken(), 3, &always, || 0.0).is_none());

    let never = RetryPolicy::custom(|_| RetryVerdict::Stop);
    assert!(!retries(Get, &Error::new(Kind::Connect), &never));

    let only_500 = RetryPolicy::custom(|about| match about.status {
        Some(500) if !about.may_be_processed || about.method == Get => RetryVerdict::Retry,
        _ => RetryVerdict::Default,
    });
    assert!(retries(Get, &status(500), &only_500) && !retries(Post, &status(500), &only_500));
    assert!(retries(Get, &status(503), &only_500) && !retries(Post, &status(503), &only_500));
}

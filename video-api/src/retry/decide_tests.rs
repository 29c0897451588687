//! The retry decision as tables.

use super::*;
use Failure::{Broken, Final, NotSent};
use Method::{Delete, Get, Patch, Post, Put};
use reqwest::header::{HeaderName, HeaderValue};

const NOW: i64 = 784_111_777; // Sun, 06 Nov 1994 08:49:37 GMT

fn status(code: u16) -> Failure {
    Failure::Status {
        code,
        unrecoverable: false,
    }
}

fn fatal(code: u16) -> Failure {
    Failure::Status {
        code,
        unrecoverable: true,
    }
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
        .collect()
}

fn run(
    method: Method,
    failure: Failure,
    pairs: &[(&'static str, &'static str)],
    attempt: u32,
    policy: &RetryPolicy,
) -> Decision {
    let now = Timestamp::from_seconds(NOW).unwrap();
    decide(method, failure, &headers(pairs), now, attempt, policy)
}

fn retries(method: Method, failure: Failure, policy: &RetryPolicy) -> bool {
    run(method, failure, &[], 1, policy) != Decision::Stop
}

const METHODS: [Method; 5] = [Get, Put, Delete, Post, Patch];

#[test]
fn default_policy_by_method_and_failure() {
    // Columns: Get, Put, Delete, Post, Patch.
    let all = [true; 5];
    let idempotent = [true, true, true, false, false];
    let never = [false; 5];
    let table = [
        (NotSent, all),
        (status(429), all),
        (Broken, idempotent),
        (status(502), idempotent),
        (status(503), idempotent),
        (status(504), idempotent),
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
        (Final, never),
    ];
    for (failure, expected) in table {
        let got = METHODS.map(|method| retries(method, failure, &RetryPolicy::default()));
        assert_eq!(got, expected, "{failure:?}");
    }
}

#[test]
fn other_policies() {
    let get = [true, false, false, false, false];
    for failure in [NotSent, Broken, status(429), status(503)] {
        assert_eq!(
            METHODS.map(|m| retries(m, failure, &RetryPolicy::none())),
            [false; 5]
        );
        assert_eq!(
            METHODS.map(|m| retries(m, failure, &RetryPolicy::get_only())),
            get
        );
    }
}

#[test]
fn attempts_are_bounded() {
    let policy = RetryPolicy::default().max_attempts(4);
    let got: Vec<bool> = (1..7)
        .map(|n| run(Get, Broken, &[], n, &policy) != Decision::Stop)
        .collect();
    assert_eq!(got, [true, true, true, false, false, false]);
    let policy = RetryPolicy::default().max_attempts(0);
    assert_eq!(run(Get, Broken, &[], 1, &policy), Decision::Stop);
}

#[test]
fn waits_double_with_full_jitter_and_a_cap() {
    let policy = RetryPolicy::default().max_attempts(100);
    let jitter = |attempt| match run(Get, Broken, &[], attempt, &policy) {
        Decision::Retry { wait, jitter } if wait.is_zero() => jitter.as_millis(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        [1, 2, 3, 6, 7, 50].map(jitter),
        [200, 400, 800, 6400, 10_000, 10_000]
    );
}

#[test]
fn the_servers_wishes_are_honoured_and_capped() {
    let policy = RetryPolicy::default();
    type Row = (
        Failure,
        &'static [(&'static str, &'static str)],
        Option<u64>,
    );
    let table: [Row; 11] = [
        (status(429), &[("retry-after", "3")], Some(3)),
        (status(429), &[("retry-after", "3600")], Some(30)),
        (
            status(429),
            &[("retry-after", "Sun, 06 Nov 1994 08:49:42 GMT")],
            Some(5),
        ),
        (
            status(429),
            &[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")],
            Some(0),
        ),
        (status(429), &[("x-ratelimit-reset", "784111784")], Some(7)),
        (status(429), &[("x-ratelimit-reset", "784119999")], Some(30)),
        (status(429), &[("x-ratelimit-reset", "784000000")], Some(0)),
        (
            status(429),
            &[("retry-after", "2"), ("x-ratelimit-reset", "784111784")],
            Some(2),
        ),
        (status(429), &[("retry-after", "nonsense")], None),
        (status(503), &[("retry-after", "4")], Some(4)),
        // The window's end says nothing about an outage.
        (status(503), &[("x-ratelimit-reset", "784111784")], None),
    ];
    for (failure, pairs, seconds) in table {
        let expected = match seconds {
            Some(seconds) => Decision::Retry {
                wait: Duration::from_secs(seconds),
                jitter: policy.base_delay,
            },
            None => Decision::Retry {
                wait: Duration::ZERO,
                jitter: policy.base_delay,
            },
        };
        assert_eq!(
            run(Get, failure, pairs, 1, &policy),
            expected,
            "{failure:?} {pairs:?}"
        );
    }
}

#[test]
fn a_custom_rule_decides_first_but_within_bounds() {
    let always = RetryPolicy::custom(|_| RetryVerdict::Retry);
    assert!(retries(Post, Broken, &always));
    assert!(retries(Post, status(500), &always));
    assert!(!retries(Get, fatal(503), &always));
    assert!(!retries(Get, Final, &always));
    assert_eq!(run(Get, Broken, &[], 3, &always), Decision::Stop);

    let never = RetryPolicy::custom(|_| RetryVerdict::Stop);
    assert!(!retries(Get, NotSent, &never));

    let only_500 = RetryPolicy::custom(|about| match about.status {
        Some(500) if !about.may_be_processed || about.method == Get => RetryVerdict::Retry,
        _ => RetryVerdict::Default,
    });
    assert!(retries(Get, status(500), &only_500) && !retries(Post, status(500), &only_500));
    assert!(retries(Get, status(503), &only_500) && !retries(Post, status(503), &only_500));
}

//! Any bytes at all as a body: the client gives a response or an error of one bounded line, shows no
//! secret, and never panics. Bodies are good ones with pieces cut out, doubled, swapped and replaced.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

use std::sync::{Arc, Mutex};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;
use video_api::{Client, Error, RetryPolicy};
use video_api_tests::{FaultServer, Reply};

const SECRET: &str = "hush-0123456789-abcdefghij-0123456789";
const JWT: &str =
    "eyJhbGciOiJIUzI1NiJ9.eyJzZXJ2ZXIiOnRydWV9.a-signature-of-43-characters-abcdefghijklm";

/// Bodies to begin with.
fn seeds() -> Vec<Vec<u8>> {
    let api = r#"{"code":4,"message":"bad \u00e9","StatusCode":400,"duration":"1.25ms","more_info":"https://x.io/4","details":[1,{"a":null}],"exception_fields":{"id":"too long"},"unrecoverable":false}"#;
    let seeds = [
        api.to_owned(),
        format!("{{\"error\":{api}}}"),
        r#"{"code":"16","message":["x"],"details":{},"exception_fields":[],"StatusCode":9e9}"#.into(),
        format!("<html><pre>{SECRET} {JWT}</pre></html>"),
        format!(r#"{{"call":{{"cid":["{SECRET}"],"{JWT}":1}},"duration":"{JWT}"}}"#),
        r#"{"duration":"3.5ms","edges":[{"id":"a","latency_test_url":"u","green":1,"yellow":2,"red":3,"continent_code":"x","country_iso_code":"y","subdivision_iso_code":"z","latitude":1.5,"longitude":-2}]}"#.into(),
        r#"{"edges":[{"id":1}],"duration":"\ud83e\udd80\u0000"}"#.into(),
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[{\"a\":".repeat(20),
        "\"duration\":\"".repeat(50),
        "null".into(),
        String::new(),
    ];
    seeds.into_iter().map(String::into_bytes).collect()
}

/// Values to put in any place.
const PIECES: [&[u8]; 14] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\xff\xfe",
    b"\r\n\r\n",
    b"\\ud800",
    b"1e999",
    b"null",
    b"\"message\":\"",
];

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((0..5_u8, any::<u16>(), any::<u16>(), any::<u8>()), 0..6);
    let changed = (prop::sample::select(seeds()), changes).prop_map(|(mut body, changes)| {
        for (kind, from, to, what) in changes {
            let at = |number: u16| usize::from(number) % (body.len() + 1);
            let (from, to) = (at(from).min(at(to)), at(from).max(at(to)));
            match kind {
                0 => drop(body.drain(from..to)),
                1 => body.truncate(to),
                2 => {
                    let again = body[from..to].to_vec();
                    body.splice(from..from, again);
                }
                3 => {
                    let piece = PIECES[usize::from(what) % PIECES.len()];
                    body.splice(from..from, piece.iter().copied());
                }
                _ => body.get_mut(from).into_iter().for_each(|byte| *byte = what),
            }
        }
        body
    });
    prop_oneof![5 => changed, 1 => vec(any::<u8>(), 0..200)]
}

fn check(error: &Error, status: u16, body: &[u8]) -> Result<(), TestCaseError> {
    let line = error.to_string();
    prop_assert_eq!(line.lines().count(), 1, "{:?}", line);
    prop_assert!(line.chars().count() < 2000, "{}", line);
    prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    prop_assert_eq!(error.attempts(), 1);
    prop_assert!(error.operation() == Some("GetEdges"));
    if let Some(excerpt) = error.body_excerpt() {
        prop_assert!(excerpt.chars().count() <= 513);
        prop_assert!(!excerpt.chars().any(char::is_control));
    }
    if let Some(api) = error.api() {
        prop_assert!(api.code().is_some() || !api.message().is_empty());
    }
    let mut all = format!("{line} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        all += &format!(" {inner} {inner:?}");
        cause = inner.source();
    }
    // A secret that a change cut in two is none any more.
    for secret in [SECRET, JWT] {
        prop_assert!(!all.contains(secret), "{} from {:?}", all, body);
    }
    Ok(())
}

#[test]
fn any_bytes_as_a_body_give_a_response_or_a_decent_error() {
    let runtime = Runtime::new().unwrap();
    let slot: Arc<Mutex<Vec<u8>>> = Arc::default();
    let response = Arc::clone(&slot);
    let server = runtime
        .block_on(FaultServer::forgetful(move |_| {
            Reply::Send(response.lock().unwrap().clone())
        }))
        .unwrap();
    let client = Client::builder("key")
        .secret(SECRET)
        .base_url(server.url())
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    let config = ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(1500, |n| n.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let statuses = prop::sample::select(vec![200_u16, 201, 400, 404, 429, 500, 503]);
    let counts = Mutex::new([0_u32; 4]);
    let outcome = TestRunner::new(config).run(&(bodies(), statuses), |(body, status)| {
        let head = format!(
            "HTTP/1.1 {status} Some\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        *slot.lock().unwrap() = [head.as_bytes(), &body].concat();
        let result = runtime.block_on(client.get_edges().send());
        let which = match &result {
            Ok(_) => 0,
            Err(error) => {
                check(error, status, &body)?;
                match error.api() {
                    Some(_) => 1,
                    None if error.is_decode() => 2,
                    None => 3,
                }
            }
        };
        prop_assert!(which != 0 || status < 300);
        counts.lock().unwrap()[which] += 1;
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let counts = counts.into_inner().unwrap();
    assert!(
        counts.iter().all(|count| *count > 0),
        "ok, api, decode, status: {counts:?}"
    );
}

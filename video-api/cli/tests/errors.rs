//! Error lines as people read them: each says once what happened and what to do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fmt::Write as _;

use serde_json::{Value, json};
use video_api_server::{BodyMode, Scripted, Server};

mod common;

use common::{at, bare, golden, run, server};

/// The error output without what differs from run to run.
fn stable(text: &str, server: &Server) -> String {
    let text = text.replace(&server.url(), "http://SERVER");
    let Some((before, rest)) = text.split_once("request ") else {
        return text;
    };
    match rest.split_once(')') {
        Some((id, rest)) if id.len() == 36 => format!("{before}request ID){rest}"),
        _ => format!("{before}request {}", stable(rest, server)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn error_lines() {
    let server = server(BodyMode::Stateful).await;
    let refused = json!({"code": 4, "StatusCode": 400, "duration": "1ms", "more_info": "", "details": [],
        "message": "QueryCalls failed with error: \"field \\\"sort\\\" is not valid, and 2 more\"",
        "exception_fields": {"sort": "is not valid", "limit": "is too large"}});
    server.respond_with("QueryCalls", Scripted::json(400, &refused));
    server.respond_with("EndCall", Scripted::raw(502, "text/html", "<html>"));
    let long = "x".repeat(300);
    let mut shown = String::new();
    for args in [
        &["get-call", "default", "missing"][..],
        &["query-calls"],
        &["end-call", "default", "x"],
        &[
            "get-or-create-call",
            "default",
            &long,
            "--data",
            "{\"created_by_id\":\"ana\"}",
        ],
        &["get-call", "default", "x", "--user-token", "nonsense"],
        &["get-edges", "--base-url", "http://127.0.0.1:9"],
        &["get-edges", "--base-url", "http://10.0.0.1"],
    ] {
        let ran = run(at(&server), args);
        assert!(ran.code != 0 && ran.out.is_empty(), "{ran:?}");
        let words = args.join(" ").replace(&long, "xxx…");
        let _ = write!(
            shown,
            "$ video-api {words}\n{}\n",
            stable(&ran.err, &server)
        );
    }
    golden("errors.txt", &shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_not_the_apis_is_told_from_a_missing_call() {
    let server = server(BodyMode::Stateful).await;
    let page = Scripted::raw(404, "text/html", "<html>Not here</html>");
    server.respond_with("GetCall", page);
    let ran = run(at(&server), ["get-call", "default", "x"]);
    ran.failed(
        3,
        "404 Not Found, the response is not from the API itself; check the base URL",
    );
    assert!(!ran.err.contains("id and type"), "{}", ran.err);

    let mut tls = at(&server);
    tls.env(
        "STREAM_BASE_URL",
        server.url().replace("http://", "https://"),
    );
    let ran = run(tls, ["get-call", "default", "x"]);
    ran.failed(
        3,
        "the TLS handshake failed, nothing was sent; check that the server speaks https",
    );
    for unsaid in ["request", "attempts"] {
        assert!(!ran.err.contains(unsaid), "{}", ran.err);
    }
}

#[test]
fn errors_of_the_command_line_are_json_too() {
    let ran = run(bare(), ["get-call", "a", "b", "--ringg", "--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    let error = &error["error"];
    assert_eq!(error["kind"], "usage");
    assert_eq!(error["message"], "unexpected argument '--ringg' found");
    assert!(
        error["help"].as_str().unwrap().contains("'--ring'"),
        "{error}"
    );
}

#[test]
fn a_request_that_was_not_sent_has_no_id() {
    let mut unreachable = bare();
    unreachable
        .env("STREAM_API_KEY", "k")
        .env("STREAM_API_SECRET", "a-secret-of-some-length")
        .env("STREAM_BASE_URL", "http://127.0.0.1:9");
    let ran = run(unreachable, ["get-edges", "--json"]);
    ran.failed(3, "cannot connect");
    let error: Value = serde_json::from_str(&ran.err).unwrap();
    let error = &error["error"];
    assert_eq!(
        (&error["kind"], &error["request_id"]),
        (&json!("connect"), &Value::Null)
    );
    assert!(
        !error["message"].as_str().unwrap().contains("request"),
        "{error}"
    );
}

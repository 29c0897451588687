//! Following the local server, and finding its inspector.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;
use video_api_server::BodyMode;

mod common;

use common::{at, bare, ran, run, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tail_prints_requests_and_webhooks_until_the_server_stops() {
    let server = server(BodyMode::Stateful).await;
    let followers = [&["tail"][..], &["tail", "--json"]].map(|args| {
        let mut child = at(&server)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It follows from the moment of this line on.
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        err.read_line(&mut line).unwrap();
        assert!(line.starts_with("Following http://127.0.0.1:"), "{line}");
        child
    });
    let data = r#"{"created_by":{"id":"ana"}}"#;
    let create = ["get-or-create-call", "default", "standup", "--data", data];
    run(at(&server), create).ok();
    run(at(&server), ["get-call", "default", "missing"]).failed(1, "404");
    server.stop().await;
    let [text, json] = followers.map(|child| ran(child.wait_with_output().unwrap()).ok());

    for part in [
        "GetOrCreateCall  POST /api/v2/video/call/default/standup  ",
        "  404  GetCall  GET /api/v2/video/call/default/missing  ",
        "webhook  call.created  default:standup",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let events: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |kind: &str| events.iter().filter(|event| event["kind"] == kind).count();
    assert_eq!(of("request"), 2, "{json}");
    assert!(of("webhook") >= 1, "{json}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_prints_the_address_of_the_inspector() {
    let server = server(BodyMode::Stateful).await;
    let shown = run(at(&server), ["open"]).ok();
    assert_eq!(shown.trim(), format!("{}/_local", server.url()));
    let mut stopped = bare();
    stopped.env("STREAM_BASE_URL", "http://127.0.0.1:9");
    run(stopped, ["open"]).failed(3, "Start the local server");
    let mut wrong = bare();
    wrong.env("STREAM_BASE_URL", "localhost:8787");
    run(wrong, ["open"]).failed(2, "did you mean http://localhost:8787?");
}

//! Interrupted batches, and resuming them.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use serde_json::{Value, json};
use video_api_server::{BodyMode, Scripted, Server};

mod common;

use common::{Folder, at, feed, ran, server, start};

const LINES: usize = 40;

fn input() -> String {
    (0..LINES)
        .map(|n| {
            let path = json!({"type": "default", "id": format!("c{n}")});
            // Every third request is not idempotent; the first one has an operation of its own.
            let operation = match n {
                0 => "StopAllRTMPBroadcasts",
                n if n % 3 == 0 => "EndCall",
                _ => "GetCall",
            };
            json!({"operation_id": operation, "path": path}).to_string() + "\n"
        })
        .collect()
}

/// Responses take a while, and overtake each other.
fn slow(server: &Server) {
    for n in 0..LINES as u64 {
        for operation in ["EndCall", "GetCall"] {
            let delay = Some(Duration::from_millis(20 + (n * 37) % 180));
            server.respond_with(
                operation,
                Scripted {
                    status: 200,
                    delay,
                    ..Scripted::default()
                },
            );
        }
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

async fn until_responses(output: &Path, count: usize) {
    for _ in 0..600 {
        if std::fs::read_to_string(output)
            .unwrap_or_default()
            .lines()
            .count()
            >= count
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the batch does not get on");
}

/// The number of requests for each call.
fn sent(server: &Server) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in server.recorded() {
        let id = request.path.split('/').nth(6).unwrap().to_owned();
        *counts.entry(id).or_default() += 1;
    }
    counts
}

/// The calls with a response among the complete lines of a file.
fn with_response(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let whole = text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    let records = whole.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = records.filter(|record| record["status"].is_u64());
    found
        .map(|record| format!("c{}", record["line"].as_u64().unwrap() - 1))
        .collect()
}

/// The output holds every line once, in order, with a response.
fn assert_complete(folder: &Folder) {
    let text = std::fs::read_to_string(folder.file("out")).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let numbers: Vec<u64> = lines
        .iter()
        .map(|line| line["line"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=LINES as u64).collect::<Vec<_>>());
    assert!(lines.iter().all(|line| line["ok"] == true), "{text}");
    assert_eq!(folder.names(), ["out"], "nothing is left beside it");
}

fn args(folder: &Folder, more: &[&str]) -> Vec<String> {
    let output = folder.file("out").to_str().unwrap().to_owned();
    let fixed = ["batch", "--concurrency", "6", "-o", &output].map(str::to_owned);
    fixed
        .into_iter()
        .chain(more.iter().map(|arg| (*arg).to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupt_lets_requests_finish_and_resume_sends_only_the_rest() {
    for name in ["INT", "TERM"] {
        let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
        slow(&server);
        let child = start(at(&server), args(&folder, &[]), &input());
        until_responses(&folder.file("out"), 7).await;
        signal(&child, name);
        let first = ran(child.wait_with_output().unwrap());
        first.failed(130, "finishing the requests in flight");
        let before = with_response(&folder.file("out"));
        assert!(
            before.len() >= 7 && before.len() < LINES,
            "{}",
            before.len()
        );
        assert_eq!(
            sent(&server).len(),
            before.len(),
            "every request has its response in the output"
        );

        let second = feed(at(&server), args(&folder, &["--resume"]), &input());
        assert_eq!(second.code, 0, "{}", second.err);
        assert!(
            second
                .err
                .contains(&format!("{} kept from an earlier run", before.len())),
            "{}",
            second.err
        );
        assert_complete(&folder);
        let counts = sent(&server);
        assert_eq!(
            (counts.len(), counts.values().max()),
            (LINES, Some(&1)),
            "nothing is sent twice"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_batch_never_repeats_a_request_with_a_response() {
    let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
    // The first line is late, so that all others wait for their turn.
    let late = Scripted {
        status: 200,
        delay: Some(Duration::from_secs(3)),
        ..Scripted::default()
    };
    server.respond_with("StopAllRTMPBroadcasts", late);
    slow(&server);
    let mut child = start(at(&server), args(&folder, &[]), &input());
    until_responses(&folder.file("out.journal"), 9).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(with_response(&folder.file("out")).is_empty());
    let mut before = with_response(&folder.file("out.journal"));
    assert!(before.len() >= 9);
    let first = before.clone();

    // A second run is killed as well.
    let mut child = start(at(&server), args(&folder, &["--resume"]), &input());
    until_responses(&folder.file("out.part"), 15).await;
    child.kill().unwrap();
    child.wait().unwrap();
    for file in ["out.part", "out.journal"] {
        before.extend(with_response(&folder.file(file)));
    }
    // And the last line of a file is cut off.
    let part = std::fs::read(folder.file("out.part")).unwrap();
    std::fs::write(
        folder.file("out.part"),
        [&part[..], b"{\"line\": 40, \"sta"].concat(),
    )
    .unwrap();
    let known = sent(&server);

    let last = feed(at(&server), args(&folder, &["--resume"]), &input());
    assert_eq!(last.code, 0, "{}", last.err);
    assert_complete(&folder);
    let counts = sent(&server);
    for id in &before {
        assert_eq!(counts.get(id), known.get(id), "{id} has a response already");
    }
    assert!(
        first.iter().all(|id| counts.get(id) == Some(&1)),
        "{counts:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_without_a_response_are_sent_again_in_their_place() {
    let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
    let get =
        json!({"operation_id": "GetCall", "path": {"type": "default", "id": "c1"}}).to_string();
    let end =
        json!({"operation_id": "EndCall", "path": {"type": "default", "id": "c2"}}).to_string();
    let fixed =
        json!({"operation_id": "GetCall", "path": {"type": "default", "id": "c3"}}).to_string();
    let gone =
        json!({"operation_id": "GetCall", "path": {"type": "default", "id": "c4"}}).to_string();
    let delay = |seconds| Scripted {
        status: 200,
        delay: Some(Duration::from_secs(seconds)),
        ..Scripted::default()
    };
    server.respond_with("EndCall", delay(5));
    server.respond_with("GetCall", delay(5));
    server.respond_with("GetCall", Scripted::status(404));
    let first = [get.clone(), end.clone(), "broken".to_owned(), gone.clone()].join("\n");
    let arguments = |more: &[&str]| args(&folder, &[&["--timeout", "1s"], more].concat());
    let ran = feed(at(&server), arguments(&[]), &first);
    assert_eq!(ran.code, 5, "{}", ran.err);
    let statuses = |folder: &Folder| -> Vec<Value> {
        let text = std::fs::read_to_string(folder.file("out")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["status"].clone())
            .collect()
    };
    // Which GetCall is late depends on which arrives first.
    let before = statuses(&folder);
    assert_eq!(before[1..3], [Value::Null, Value::Null]);
    assert_eq!(
        before.iter().filter(|status| **status == 404).count(),
        1,
        "{before:?}"
    );

    let second = [get, end, fixed, gone].join("\n");
    let ran = feed(at(&server), arguments(&["--resume"]), &second);
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("--retry-uncertain"), "{}", ran.err);
    let after = statuses(&folder);
    assert_eq!(after[1], Value::Null, "the POST may have been processed");
    assert_eq!(after[2], 200, "corrected");
    assert_eq!(
        after.iter().filter(|status| **status == 404).count(),
        1,
        "an error status is a response"
    );
    assert_eq!(sent(&server)["c2"], 1);

    let ran = feed(
        at(&server),
        arguments(&["--resume", "--retry-uncertain"]),
        &second,
    );
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(ran.err.contains("1 of these failed"), "{}", ran.err);
    assert_eq!(sent(&server)["c2"], 2);
    assert_eq!(statuses(&folder)[1], 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resuming_needs_the_same_input_and_its_own_output() {
    let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
    feed(at(&server), args(&folder, &[]), &input()).ok();
    assert_complete(&folder);
    let before = server.recorded().len();
    let other = input().replace("c7", "d7");
    feed(at(&server), args(&folder, &["--resume"]), &other)
        .failed(2, "line 8 of the input differs");
    assert_complete(&folder);
    feed(at(&server), args(&folder, &["--resume"]), &input()).ok();
    assert_complete(&folder);
    assert_eq!(server.recorded().len(), before, "nothing was sent again");
    std::fs::write(folder.file("out"), "hello\n").unwrap();
    feed(at(&server), args(&folder, &["--resume"]), &input())
        .failed(2, "line 1: not a result of a batch");
    assert_eq!(
        std::fs::read_to_string(folder.file("out")).unwrap(),
        "hello\n"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_batches_cannot_write_to_one_file() {
    let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
    slow(&server);
    let child = start(at(&server), args(&folder, &[]), &input());
    until_responses(&folder.file("out"), 1).await;
    feed(at(&server), args(&folder, &["--resume"]), &input()).failed(2, "another batch is writing");
    assert_eq!(ran(child.wait_with_output().unwrap()).code, 0);
    assert_complete(&folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resuming_over_failures_is_not_a_success() {
    let (server, folder) = (server(BodyMode::Minimal).await, Folder::new());
    let line = |id: &str| {
        let path = json!({"type": "default", "id": id});
        json!({"operation_id": "GetCall", "path": path}).to_string() + "\n"
    };
    let input = line("c1") + &line("c2");
    server.respond_with("GetCall", Scripted::status(404));
    assert_eq!(feed(at(&server), args(&folder, &[]), &input).code, 5);
    let resume = |input: &str| feed(at(&server), args(&folder, &["--resume", "--json"]), input);
    let summary = |ran: &common::Ran| {
        let summary: Value = serde_json::from_str(&ran.err).unwrap();
        let count = |name: &str| summary["summary"][name].as_u64().unwrap();
        (count("ok"), count("kept"), count("kept_failed"))
    };
    let again = resume(&input);
    assert_eq!((again.code, summary(&again)), (5, (0, 2, 1)), "{again:?}");
    // Results after the end of a shorter input count as well.
    let shorter = resume("");
    assert_eq!(
        (shorter.code, summary(&shorter)),
        (5, (0, 2, 1)),
        "{shorter:?}"
    );
    let longer = resume(&(input + &line("c3")));
    assert_eq!(
        (longer.code, summary(&longer)),
        (5, (1, 2, 1)),
        "{longer:?}"
    );
    assert_eq!(sent(&server).len(), 3);
}

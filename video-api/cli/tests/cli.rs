//! Commands: help, input and output.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::time::Duration;

use serde_json::{Value, json};
use video_api_server::{BodyMode, Direction, SampleMode, Scripted, Server, sample};

mod common;

use common::{Folder, at, bare, feed, golden, run, server};

/// A minimal response of the server, changed by a closure.
fn response(server: &Server, operation: &str, change: impl FnOnce(&mut Value)) -> Value {
    let operation = server.api().operation(operation).unwrap();
    let schema = operation.response_schema().unwrap();
    let mut body = sample(
        server.api().document(),
        schema,
        SampleMode::Minimal,
        Direction::Response,
    );
    change(&mut body);
    body
}

#[test]
fn help() {
    for (name, args) in [
        ("help.txt", &["--help"][..]),
        ("help-get-call.txt", &["get-call", "--help"]),
        ("help-query-calls.txt", &["query-calls", "-h"]),
        ("help-create-sip-trunk.txt", &["help", "create-sip-trunk"]),
        ("help-batch.txt", &["batch", "--help"]),
        ("help-token-call.txt", &["token", "call", "--help"]),
        ("help-kick-user.txt", &["kick-user", "--help"]),
    ] {
        golden(name, &run(bare(), args).ok());
    }
    let nothing = run(bare(), [""; 0]);
    assert_eq!(nothing.code, 2);
    assert!(
        nothing.err.contains("get-or-create-call"),
        "{}",
        nothing.err
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_pages_one_after_the_other() {
    let server = server(BodyMode::Minimal).await;
    let page = |names: &[&str], next: Option<&str>| {
        response(&server, "QueryCallMembers", |body| {
            let members: Vec<Value> = names
                .iter()
                .map(|name| {
                    let mut member = body["members"][0].clone();
                    if member.is_null() {
                        let schema = json!({"$ref": "#/components/schemas/MemberResponse"});
                        member = sample(
                            server.api().document(),
                            &schema,
                            SampleMode::Minimal,
                            Direction::Response,
                        );
                    }
                    member["user_id"] = json!(name);
                    member
                })
                .collect();
            body["members"] = Value::Array(members);
            body["next"] = json!(next);
        })
    };
    let script = || {
        for body in [
            page(&["ana", "bo"], Some("c1")),
            page(&[], Some("c2")),
            page(&["cy"], None),
        ] {
            server.respond_with("QueryCallMembers", Scripted::json(201, &body));
        }
    };
    let args = [
        "query-call-members",
        "--type",
        "default",
        "--id",
        "x",
        "--prev",
        "p",
        "--all",
        "--json",
    ];
    script();
    let ran = run(at(&server), args);
    let users: Vec<Value> = ran
        .lines()
        .iter()
        .map(|member| member["user_id"].clone())
        .collect();
    assert_eq!(users, ["ana", "bo", "cy"]);
    assert_eq!(ran.code, 0);
    let bodies: Vec<Value> = server
        .recorded()
        .iter()
        .map(|request| request.json())
        .collect();
    assert_eq!(
        bodies[0],
        json!({"type": "default", "id": "x", "prev": "p"})
    );
    assert_eq!(
        bodies[1],
        json!({"type": "default", "id": "x", "next": "c1"})
    );
    assert_eq!(
        bodies[2],
        json!({"type": "default", "id": "x", "next": "c2"})
    );

    script();
    let shown = run(at(&server), &args[..8]).ok();
    assert!(
        shown.starts_with("user_id\t") && shown.contains("\ncy\t") && shown.lines().count() == 4,
        "{shown}"
    );

    for next in ["c1", "c1"] {
        server.respond_with(
            "QueryCallMembers",
            Scripted::json(201, &page(&["ana"], Some(next))),
        );
    }
    run(at(&server), args).failed(3, "cursor for the second time");

    // In the query instead of the body.
    let sessions = |next: Option<&str>| {
        response(&server, "QueryCallParticipantSessions", |body| {
            body["next"] = json!(next)
        })
    };
    server.respond_with(
        "QueryCallParticipantSessions",
        Scripted::json(200, &sessions(Some("c 1"))),
    );
    server.respond_with(
        "QueryCallParticipantSessions",
        Scripted::json(200, &sessions(None)),
    );
    server.clear_recorded();
    run(
        at(&server),
        ["query-call-participant-sessions", "a", "b", "s", "--all"],
    )
    .ok();
    let recorded = server.recorded();
    assert!(!recorded[0].query.contains("next=") && recorded[1].query.ends_with("&next=c%201"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_usage_and_sends_nothing() {
    let server = server(BodyMode::Minimal).await;
    for (args, says) in [
        (&["get-cal"][..], "'get-call'"),
        (&["create-user"], "'update-users'"),
        (&["get-calls"], "'get-call'"),
        (&["get-call", "default"], "get-call needs <ID>"),
        (
            &["get-call", "default", ".."],
            "would address another resource",
        ),
        (&["get-call", "default", ""], "`id` is empty"),
        (
            &["get-call", "default", "x", "--members-limit", "many"],
            "must be a whole number",
        ),
        (
            &["get-call", "default", "x", "--members-limit", "3000000000"],
            "invalid query parameter `members_limit`",
        ),
        (
            &["get-call", "default", "x", "--member-limit", "1"],
            "'--members-limit'",
        ),
        (
            &["get-call", "default", "x", "--ring=maybe"],
            "must be true or false",
        ),
        (&["get-call", "default", "x", "--body", "{}"], "--body"),
        (
            &["block-user", "default", "x"],
            "block-user needs <USER_ID>",
        ),
        (
            &["block-user", "default", "x", "bo", "cy"],
            "unexpected argument",
        ),
        (
            &["block-user", "default", "x", "--body", "{}"],
            "block-user needs <USER_ID>",
        ),
        (
            &["block-user", "default", "x", "--body", "{\"user_id\": "],
            "--body: not JSON: EOF",
        ),
        (
            &["block-user", "default", "x", "--body", "[]"],
            "must be a JSON object",
        ),
        (
            &["block-user", "default", "x", "--body", "{\"user_id\":7}"],
            "`body.user_id` must be a string",
        ),
        (
            &["block-user", "default", "x", "--body", "@/no/such/file"],
            "/no/such/file",
        ),
        (
            &["query-calls", "--filter-conditions", "{a:1}"],
            "--filter-conditions: not JSON",
        ),
        (
            &["query-calls", "--filter-conditions", "[1]"],
            "`body.filter_conditions` must be",
        ),
        (
            &["query-calls", "--body", "{\"limits\":5}"],
            "`body.limits` is not known here",
        ),
        (
            &["update-call", "a", "b", "--starts-at", "tomorrow"],
            "must be an RFC 3339 time",
        ),
        (
            &["update-call", "a", "b", "--custom", "{\"n\":1e999}"],
            "--custom",
        ),
        (
            &["get-edges", "--timeout", "soon"],
            "a duration is written like",
        ),
        (
            &["get-edges", "--base-url", "http://example.com"],
            "use --allow-insecure-http",
        ),
        (
            &["get-edges", "--base-url", "localhost:8787"],
            "did you mean http://localhost:8787?",
        ),
        (
            &["get-edges", "--base-url", "api.example/v2"],
            "did you mean https://api.example/v2?",
        ),
        (
            &["query-calls", "--sort", "created_at down"],
            "--sort: `created_at down` must be a field",
        ),
        (
            &["query-calls", "--columns", "cidd"],
            "there is no column `cidd`",
        ),
        (
            &["get-or-create-call", "a", "b", "--data", "{\"foo\":1}"],
            "such as '{\"created_by_id\":\"ana\"}'",
        ),
        (&["get-edges", "--all"], "--all"),
        (
            &["query-users", "--sort", "created_at"],
            "`sort` is a field of --payload: --payload '{\"sort\": …}'",
        ),
        (
            &["get-or-create-call", "a", "b", "--created-by-id", "ana"],
            "`created_by_id` is a field of --data",
        ),
        (
            &["get-edges", "--timeout", "-5s"],
            "a duration is written like",
        ),
    ] {
        let ran = run(at(&server), args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.err);
        assert!(
            ran.err.contains(says),
            "{args:?}: {says:?} is not in {:?}",
            ran.err
        );
    }
    assert!(server.recorded().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_comes_from_a_file_or_standard_input() {
    let server = server(BodyMode::Minimal).await;
    let folder = Folder::new();
    let file = folder.file("body.json");
    std::fs::write(&file, "{\"user_id\": \"ana\"}\n").unwrap();
    let from_file = format!("@{}", file.display());
    run(at(&server), ["block-user", "a", "b", "--body", &from_file]).ok();
    feed(
        at(&server),
        ["block-user", "a", "b", "--body", "-"],
        "{\"user_id\":\"bo\"}",
    )
    .ok();
    run(
        at(&server),
        [
            "block-user",
            "a",
            "b",
            "--body",
            &from_file,
            "--user-id",
            "cy",
        ],
    )
    .ok();
    let users: Vec<Value> = server
        .recorded()
        .iter()
        .map(|request| request.json()["user_id"].clone())
        .collect();
    assert_eq!(users, ["ana", "bo", "cy"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exit_codes_tell_what_failed() {
    let server = server(BodyMode::Stateful).await;
    let missing = run(at(&server), ["get-call", "default", "missing"]);
    missing.failed(1, "404 Not Found");
    assert_eq!(missing.out, "");
    let said = missing.err.matches("Can't find call").count();
    assert_eq!(said, 1, "{}", missing.err);
    let json = run(at(&server), ["get-call", "default", "missing", "--json"]);
    let error: Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!(
        (&error["error"]["kind"], &error["error"]["status"]),
        (&json!("api"), &json!(404))
    );

    let mut wrong = at(&server);
    wrong.env("STREAM_API_SECRET", "another-secret-altogether");
    let refused = run(wrong, ["get-edges"]);
    refused.failed(4, "401");
    assert!(!refused.err.contains("another-secret"), "{}", refused.err);

    let mut unreachable = at(&server);
    unreachable.env("STREAM_BASE_URL", "http://127.0.0.1:9");
    let failed = run(unreachable, ["get-edges"]);
    failed.failed(3, "cannot connect");
    for once in ["because: ", "refused"] {
        assert_eq!(failed.err.matches(once).count(), 1, "{}", failed.err);
    }

    server.respond_with("EndCall", Scripted::raw(502, "text/html", "<html>"));
    let failed = run(at(&server), ["end-call", "a", "b", "--json"]);
    failed.failed(3, "502 Bad Gateway");
    let error: Value = serde_json::from_str(&failed.err).unwrap();
    assert_eq!(error["error"]["kind"], "status");
    let late = Scripted {
        status: 200,
        delay: Some(Duration::from_secs(5)),
        ..Scripted::default()
    };
    server.respond_with("GetEdges", late);
    run(at(&server), ["get-edges", "--timeout", "1s"]).failed(3, "timed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_pipe_is_not_an_error() {
    let server = server(BodyMode::Maximal).await;
    let mut child = common::start(at(&server), ["query-calls", "--json"], "");
    drop(child.stdout.take());
    let ran = common::ran(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_given_as_a_flag_is_warned_about() {
    let server = server(BodyMode::Minimal).await;
    let ran = run(
        at(&server),
        [
            "create-sip-trunk",
            "--name",
            "t",
            "--numbers",
            "1",
            "--password",
            "hush-hush-hush",
        ],
    );
    assert!(
        ran.err.contains("--password leaves a secret"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("hush"), "{}", ran.err);
    ran.ok();
}

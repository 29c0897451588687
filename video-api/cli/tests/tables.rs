//! Responses as people read them: tables and pages at several widths, and in pipes.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use serde_json::{Value, json};
use video_api_server::{BodyMode, Direction, SampleMode, Scripted, Server, sample};

mod common;

use common::{at, golden, run, server};

const TIME: i64 = 1_769_860_800_000_000_000;

/// A valid value of a schema with some of its fields set.
fn filled(server: &Server, schema: &str, fields: &Value) -> Value {
    let reference = json!({"$ref": format!("#/components/schemas/{schema}")});
    let document = server.api().document();
    let mut value = sample(
        document,
        &reference,
        SampleMode::Minimal,
        Direction::Response,
    );
    for (name, field) in fields.as_object().unwrap() {
        value[name] = field.clone();
    }
    value
}

fn call(server: &Server, id: &str, creator: &str) -> Value {
    let user =
        |id: &str, name: &str| filled(server, "UserResponse", &json!({"id": id, "name": name}));
    filled(
        server,
        "CallResponse",
        &json!({
            "cid": format!("default:{id}"), "id": id, "type": "default",
            "created_at": TIME, "updated_at": TIME, "starts_at": TIME + 123_456_789,
            "backstage": true, "recording": false, "blocked_user_ids": ["eve"],
            "created_by": user(creator, "Ana Ohm"), "current_session_id": "",
            "custom": {"topic": "stand-up", "tags": ["a", "b"], "nested": {"none": null}},
        }),
    )
}

fn members(server: &Server) -> Value {
    let member = |id: &str, name: &str, role: &str| {
        let user = filled(server, "UserResponse", &json!({"id": id, "name": name}));
        let fields = json!({"user_id": id, "user": user, "role": role, "created_at": TIME, "updated_at": TIME});
        filled(server, "MemberResponse", &fields)
    };
    json!([
        member("ana", "Ana Ohm", "host"),
        member("日本", "A rather long name, longer than most", "user")
    ])
}

/// Compares what a command prints at every width, and in a pipe, with golden files.
fn at_every_width(server: &Server, name: &str, args: &[&str], operation: &str, body: &Value) {
    for columns in [Some("60"), Some("80"), Some("120"), None] {
        server.respond_with(operation, Scripted::json(200, body));
        let mut command = at(server);
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        let shown = run(command, args).ok();
        golden(&format!("{name}-{}.txt", columns.unwrap_or("pipe")), &shown);
        assert!(!shown.contains('\u{1b}'), "no colours without a terminal");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_tables() {
    let server = server(BodyMode::Minimal).await;
    let calls: Vec<Value> = [("standup", "ana"), ("all-hands-of-the-whole-company", "bo")]
        .iter()
        .map(|(id, creator)| {
            let fields = json!({"call": call(&server, id, creator), "members": members(&server)});
            filled(&server, "CallStateResponseFields", &fields)
        })
        .collect();
    let body = json!({"calls": calls, "duration": "2ms", "next": "more"});
    at_every_width(
        &server,
        "query-calls",
        &["query-calls"],
        "QueryCalls",
        &body,
    );
    let columns = [
        "query-calls",
        "--columns",
        "cid,created_by,custom.topic,starts_at",
    ];
    at_every_width(
        &server,
        "query-calls-columns",
        &columns,
        "QueryCalls",
        &body,
    );

    let body = json!({"members": members(&server), "duration": "1ms"});
    let args = ["query-call-members", "default", "standup"];
    at_every_width(
        &server,
        "query-call-members",
        &args,
        "QueryCallMembers",
        &body,
    );

    let recordings = json!({"duration": "1.5ms", "recordings": [
        {"filename": "rec_default_standup_2026-01-31.mp4", "url": "https://x.io/a", "session_id": "s1",
            "recording_type": "composite", "start_time": TIME, "end_time": TIME + 60_000_000_000_i64},
        {"filename": "b\u{1b}[31m.mp4", "url": "https://x.io/b", "session_id": "s2", "recording_type": "raw",
            "start_time": TIME, "end_time": TIME},
    ]});
    let args = ["list-recordings", "default", "x"];
    at_every_width(
        &server,
        "list-recordings",
        &args,
        "ListRecordings",
        &recordings,
    );
    server.respond_with("ListRecordings", Scripted::json(200, &recordings));
    let json = run(at(&server), args.iter().chain(&["--json"])).ok();
    golden("list-recordings.json", &json);

    let trunk = json!({"id": "t1", "name": "office", "uri": "sip:office@sip.example", "password": "p",
        "username": "u", "numbers": ["+15550100"], "created_at": TIME, "updated_at": TIME});
    let trunk = filled(&server, "SIPTrunkResponse", &trunk);
    let body = json!({"sip_trunks": [trunk], "duration": "1ms"});
    at_every_width(
        &server,
        "list-sip-trunks",
        &["list-sip-trunks"],
        "ListSIPTrunks",
        &body,
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_is_a_page_with_settings_on_request() {
    let server = server(BodyMode::Minimal).await;
    let body = json!({"call": call(&server, "standup", "ana"), "members": members(&server),
        "own_capabilities": ["create-call", "end-call", "join-backstage", "pin-for-everyone", "send-video"],
        "duration": "2ms"});
    let args = ["get-call", "default", "standup"];
    at_every_width(&server, "get-call", &args, "GetCall", &body);
    server.respond_with("GetCall", Scripted::json(200, &body));
    let full = run(at(&server), args.iter().chain(&["--full"])).ok();
    for part in ["settings\n    audio\n", "duration", "egress"] {
        assert!(full.contains(part), "{part:?} is not in {full}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn further_pages_are_pointed_out_away_from_the_data() {
    let server = server(BodyMode::Minimal).await;
    let body = json!({"calls": [], "duration": "2ms", "next": "more"});
    server.respond_with("QueryCalls", Scripted::json(200, &body));
    let ran = run(at(&server), ["query-calls"]);
    assert!(ran.err.contains("--all"), "{ran:?}");
    assert_eq!(ran.ok().lines().count(), 1, "the heading only");
}

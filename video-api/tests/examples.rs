//! The examples, each against a local server that insists on existing users.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Helpers of tests.
#![allow(dead_code, missing_docs, unreachable_pub)] // Examples are programs.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use serde_json::{Value, json};
use video_api::Client;
use video_api::types::{CallRequest, UserRequest};
use video_api_server::{Action, Server};

// The files as they stand; their `main` functions are not called here.
#[path = "../examples/error_handling.rs"]
mod error_handling;
#[path = "../examples/livestream.rs"]
mod livestream;
#[path = "../examples/opentelemetry.rs"]
mod otel;
#[path = "../examples/pagination.rs"]
mod pagination;
#[path = "../examples/recording_to_storage.rs"]
mod recording_to_storage;
#[path = "../examples/sip.rs"]
mod sip;
#[path = "../examples/statistics_csv.rs"]
mod statistics_csv;
#[path = "../examples/users_and_tokens.rs"]
mod users_and_tokens;

/// Keeps the names of spans.
#[derive(Clone, Debug, Default)]
struct Names(Arc<Mutex<Vec<String>>>);

impl SpanExporter for Names {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let names = batch.into_iter().map(|span| span.name.into_owned());
        self.0.lock().unwrap().extend(names);
        Ok(())
    }
}

async fn start() -> (Server, Client) {
    let server = Server::start().await.unwrap();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .build()
        .unwrap();
    (server, client)
}

/// Ana is in a call, so that there is a session.
async fn join(server: &Server, client: &Client, cid: &str) {
    client
        .upsert_users([UserRequest::new("ana")])
        .send()
        .await
        .unwrap();
    let (call_type, id) = cid.split_once(':').unwrap();
    let data = CallRequest::new().created_by_id("ana");
    client
        .call(call_type, id)
        .get_or_create()
        .data(data)
        .send()
        .await
        .unwrap();
    act(server, cid, json!({"action": "join", "user_id": "ana"})).await;
}

async fn act(server: &Server, cid: &str, action: Value) {
    let action: Action = serde_json::from_value(action).unwrap();
    server.simulate(cid, action).await.unwrap();
}

/// Runs the example as a program; cargo builds examples together with tests.
fn run(name: &str, server: &Server) -> Vec<String> {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(Path::parent).unwrap();
    let program = target.join("examples").join(name);
    let output = Command::new(&program)
        .env("STREAM_API_KEY", server.api_key())
        .env("STREAM_API_SECRET", server.secret())
        .env("STREAM_BASE_URL", server.url())
        .output()
        .unwrap_or_else(|error| {
            panic!("{}: {error}; run cargo build --examples", program.display())
        });
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_the_readmes_prints_what_they_say() {
    let (server, _) = start().await;
    let lines = run("first_call", &server);
    assert_eq!(
        lines[..2],
        ["default:standup has 1 member", "open: default:standup"]
    );
    assert_eq!(lines.len(), 3);
    let code = include_str!("../examples/first_call.rs");
    let (_, code) = code.split_once("\n\n").unwrap();
    for readme in [
        include_str!("../README.md"),
        include_str!("../../README.md"),
    ] {
        assert!(readme.contains(code), "another code");
        assert!(readme.contains(&lines[..2].join("\n")), "another output");
        let (start, _) = lines[2].split_once('.').unwrap();
        assert!(readme.contains(start), "{start}");
    }
}

#[tokio::test]
async fn users_sign_in_with_tokens() {
    use users_and_tokens::{invite_guest, sign_in, sign_out_everywhere};
    let (server, client) = start().await;
    let token = sign_in(&client, "ana", "Ana").await.unwrap();
    assert!(token.expires_at().is_some());
    let as_ana = Client::builder(server.api_key())
        .user_token(token)
        .base_url(server.url())
        .build()
        .unwrap();
    as_ana.get_edges().send().await.unwrap();
    invite_guest(&client, "guest-7", "default:standup")
        .await
        .unwrap();
    sign_out_everywhere(&client, "guest-7").await.unwrap();
}

#[tokio::test]
async fn a_livestream_goes_live_and_closes() {
    use livestream::{close, go_live, prepare, wait_for_session};
    let (server, client) = start().await;
    let call = prepare(&client, "launch", "ana").await.unwrap();
    assert!(call.get().send().await.unwrap().call.backstage);
    let join = json!({"action": "join", "user_id": "ana"});
    let (waited, ()) = tokio::join!(
        wait_for_session(&call),
        act(&server, "livestream:launch", join)
    );
    waited.unwrap();
    let playlist = go_live(&call).await.unwrap();
    assert!(playlist.unwrap().contains("launch"));
    assert!(!call.get().send().await.unwrap().call.backstage);
    close(&call).await.unwrap();
    assert!(call.get().send().await.unwrap().call.ended_at.is_some());
}

#[tokio::test]
async fn a_recording_goes_to_the_storage() {
    use recording_to_storage::{add_storage, list, record};
    let (server, client) = start().await;
    join(&server, &client, "default:standup").await;
    for bucket in ["first", "second"] {
        add_storage(&client, "archive", bucket).await.unwrap();
    }
    let storages = client.list_external_storage().send().await.unwrap();
    assert_eq!(storages.external_storages["archive"].bucket, "second");
    let call = client.call("default", "standup");
    record(&call, "archive").await.unwrap();
    call.stop_recording("composite").send().await.unwrap();
    assert_eq!(
        call.list_recordings()
            .send()
            .await
            .unwrap()
            .recordings
            .len(),
        1
    );
    list(&call).await.unwrap();
}

#[tokio::test]
async fn a_phone_is_led_into_the_call() {
    use sip::{add_trunk, resolve, route_to_call};
    let (_server, client) = start().await;
    let trunk = add_trunk(&client, "+4930123456").await.unwrap().unwrap();
    route_to_call(&client, &trunk.id, "support").await.unwrap();
    let cid = resolve(&client, "+4915112345678", "+4930123456")
        .await
        .unwrap();
    assert_eq!(cid, "default:support");
}

#[tokio::test]
async fn statistics_become_csv() {
    let (server, client) = start().await;
    join(&server, &client, "default:with,comma").await;
    act(
        &server,
        "default:with,comma",
        json!({"action": "leave", "user_id": "ana"}),
    )
    .await;
    let mut csv = Vec::new();
    let long_ago = "2020-01-01T00:00:00Z".parse().unwrap();
    let count = statistics_csv::export(&client, long_ago, &mut csv)
        .await
        .unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((count, lines.len()), (1, 2), "{csv}");
    assert_eq!(lines[0].split(',').count(), 6);
    assert!(lines[1].starts_with("\"default:with,comma\","), "{csv}");
}

#[tokio::test]
async fn errors_are_told_apart() {
    use error_handling::{ensure, members};
    let (_server, client) = start().await;
    let call = client.call("default", "standup");
    assert_eq!(members(&call).await.unwrap(), None);
    ensure(&client, &call, "ana").await.unwrap();
    assert_eq!(members(&call).await.unwrap(), Some(0));
    let wrong = Client::builder("key")
        .secret("not-the-secret")
        .base_url(client.base_url());
    let call = wrong.build().unwrap().call("default", "standup");
    assert!(members(&call).await.unwrap_err().is_auth());
}

#[tokio::test]
async fn every_open_call_is_worked_on_several_at_a_time() {
    let (_server, client) = start().await;
    client
        .upsert_users([UserRequest::new("ana")])
        .send()
        .await
        .unwrap();
    for number in 0..130 {
        let call = client.call("default", format!("c{number}"));
        let data = CallRequest::new().created_by_id("ana");
        call.get_or_create().data(data).send().await.unwrap();
    }
    assert_eq!(pagination::end_all(&client).await.unwrap(), 130);
    assert_eq!(pagination::end_all(&client).await.unwrap(), 0);
}

#[tokio::test]
async fn operations_are_spans_and_counts() {
    use otel::{Outcomes, provider, subscriber};
    let (server, _) = start().await;
    let exporter = Names::default();
    let provider = provider(exporter.clone());
    let outcomes = Outcomes::default();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .observer(outcomes.clone())
        .build()
        .unwrap();
    let guard = tracing::subscriber::set_default(subscriber(&provider));
    client.get_edges().send().await.unwrap();
    client
        .call("default", "gone")
        .get()
        .send()
        .await
        .unwrap_err();
    drop(guard);
    provider.force_flush().unwrap();
    assert_eq!(
        *exporter.0.lock().unwrap(),
        [
            "GET /api/v2/video/edges",
            "GET /api/v2/video/call/{type}/{id}"
        ]
    );
    let counts = outcomes.counts();
    let counted: Vec<String> = counts
        .keys()
        .map(|(id, how)| format!("{id} {how}"))
        .collect();
    assert_eq!(counted, ["GetCall 404", "GetEdges 200"]);
}

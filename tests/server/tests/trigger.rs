//! Events sent by hand have plausible bodies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{CALL, local, now, post};
use serde_json::{Value, json};
use video_api_server::Server;

async fn trigger(server: &Server, event: &str, body: Value) -> Value {
    let path = format!("/events/{event}/trigger");
    local(server, "POST", &path, Some(body)).await.ok();
    let sent = server.webhooks().pop().unwrap();
    assert_eq!(sent.event, event);
    serde_json::from_str(&sent.body).unwrap()
}

async fn events(server: &Server) -> Vec<String> {
    let listed = local(server, "GET", "/events", None).await.ok();
    let events = listed["events"].as_array().unwrap().iter();
    events
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

/// Places where a value says no more than its name, is a sample of a type, or is long ago.
fn placeholders(value: &Value, name: &str, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                placeholders(field, name, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for item in items {
                placeholders(item, name, place, found);
            }
        }
        Value::String(text) => {
            let spoken = name.replace('_', " ");
            if *text == spoken || text.starts_with(&format!("{name}-")) {
                found.push(format!("{place}: {text}"));
            }
        }
        Value::Number(number) if name.ends_with("_at") || name.ends_with("_time") => {
            let an_hour_ago = (now() - 3600) * 1_000_000_000;
            if number.as_i64().is_none_or(|moment| moment < an_hour_ago) {
                found.push(format!("{place}: {number}"));
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_event_holds_a_placeholder() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    let data = json!({ "created_by_id": "ana", "members": [{ "user_id": "ben" }] });
    post(&server, CALL, json!({ "data": data })).await.ok();
    let about = json!({ "call_cid": "default:standup", "user_id": "ben" });
    for event in events(&server).await {
        for request in [json!({}), about.clone()] {
            let body = trigger(&server, &event, request).await;
            let mut found = Vec::new();
            placeholders(&body, "", "", &mut found);
            assert!(found.is_empty(), "{event}: {found:#?}");
        }
    }
}

#[tokio::test]
async fn an_event_is_about_the_call_and_user_named_or_about_an_example() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    let data = json!({ "created_by_id": "ana", "members": [{ "user_id": "ben" }] });
    post(&server, CALL, json!({ "data": data })).await.ok();
    let about = json!({ "call_cid": "default:standup", "user_id": "ben" });
    let event = trigger(&server, "call.member_added", about.clone()).await;
    assert_eq!(event["call"]["created_by"]["id"], "ana");
    assert_eq!(event["members"][0]["user_id"], "ben");
    let event = trigger(&server, "call.member_removed", about.clone()).await;
    assert_eq!(event["members"], json!(["ben"]));
    let event = trigger(&server, "call.closed_caption", about.clone()).await;
    assert_eq!(event["closed_caption"]["user"]["id"], "ben");
    assert_eq!(event["closed_caption"]["speaker_id"], "ben");
    let more = json!({ "fields": { "digit": "#" } });
    let event = trigger(&server, "call.dtmf", more).await;
    assert_eq!(
        (&event["digit"], &event["call_cid"]),
        (&json!("#"), &json!("default:example"))
    );
    let event = trigger(&server, "call.recording_ready", json!({})).await;
    let recording = &event["call_recording"];
    assert!(recording["start_time"].as_i64() < recording["end_time"].as_i64());
    // The example is nowhere but in the event.
    let example = common::get(&server, "/api/v2/video/call/default/example").await;
    assert_eq!(example.status, 404);
}

//! Changes that time brings by itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::api::Api;

async fn pass(api: &Api, seconds: u64) {
    api.server.clock().advance(Duration::from_secs(seconds));
}

#[tokio::test]
async fn an_empty_session_ends_after_its_timeout() {
    let api = Api::start().await;
    let path = api.call("default:idle", &[]).await;
    api.join("default:idle", "ana").await;
    pass(&api, 3600).await;
    api.act(
        "default:idle",
        json!({ "action": "leave", "user_id": "ana" }),
    )
    .await;
    assert_eq!(
        api.get(&path).await["call"]["session"]["ended_at"],
        Value::Null
    );
    pass(&api, 31).await;
    let call = api.get(&path).await["call"].clone();
    assert!(call["session"]["ended_at"].is_i64());
    assert_eq!(call["ended_at"], Value::Null);
}

#[tokio::test]
async fn whoever_comes_back_in_time_keeps_the_session() {
    let api = Api::start().await;
    let path = api.call("default:idle", &[]).await;
    api.join("default:idle", "ana").await;
    let session = api.get(&path).await["call"]["current_session_id"].clone();
    api.act(
        "default:idle",
        json!({ "action": "leave", "user_id": "ana" }),
    )
    .await;
    pass(&api, 20).await;
    api.join("default:idle", "ana").await;
    pass(&api, 60).await;
    assert_eq!(api.get(&path).await["call"]["current_session_id"], session);
}

#[tokio::test]
async fn a_call_ends_at_its_longest_duration() {
    let api = Api::start().await;
    let path = api.call("default:short", &[]).await;
    let limit = json!({ "settings_override": { "limits": { "max_duration_seconds": 60 } } });
    api.ask(&format!("PATCH {path}"), limit).await;
    api.join("default:short", "ana").await;
    let session = api.get(&path).await["call"]["session"].clone();
    assert_eq!(
        session["timer_ends_at"].as_i64().unwrap() - session["started_at"].as_i64().unwrap(),
        60_000_000_000
    );
    pass(&api, 61).await;
    let call = api.get(&path).await["call"].clone();
    assert!(call["ended_at"].is_i64());
    assert_eq!(call["current_session_id"], "");
}

#[tokio::test]
async fn a_scheduled_call_opens_ahead_of_its_start() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    api.users(&["ben"]).await;
    let starts_at = api.server.clock().seconds() + 3600;
    let starts_at = format_seconds(starts_at);
    let ahead = json!({ "starts_at": starts_at, "settings_override": { "backstage": { "enabled": true, "join_ahead_time_seconds": 600 } } });
    api.ask(&format!("PATCH {path}"), ahead).await;
    let join = || {
        let action = json!({ "action": "join", "user_id": "ben" });
        api.server
            .simulate("livestream:show", serde_json::from_value(action).unwrap())
    };
    assert!(join().await.unwrap_err().contains("backstage"));
    pass(&api, 3001).await;
    join().await.unwrap();
}

/// Seconds since the epoch, as a timestamp: days counted from a Thursday in 1970.
fn format_seconds(seconds: i64) -> String {
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap();
    timestamp.to_string()
}

#[tokio::test]
async fn rings_that_nobody_answers_are_missed() {
    let api = Api::start().await;
    let path = api.call("default:ring", &["ben"]).await;
    api.ask(&format!("POST {path}/ring"), json!({})).await;
    pass(&api, 16).await;
    let session = api.get(&path).await["call"]["session"].clone();
    assert!(session["missed_by"]["ben"].is_i64());
}

#[tokio::test]
async fn a_missed_call_can_be_accepted_as_long_as_it_rings() {
    let api = Api::start().await;
    let path = api.call("default:ring", &["ben", "cyn"]).await;
    let ring = json!({ "auto_cancel_timeout_ms": 60000, "incoming_call_timeout_ms": 30000, "missed_call_timeout_ms": 10000 });
    let settings = json!({ "settings_override": { "ring": ring } });
    api.ask(&format!("PATCH {path}"), settings).await;
    api.ask(&format!("POST {path}/ring"), json!({})).await;
    let session = async || api.get(&path).await["call"]["session"].clone();
    pass(&api, 9).await;
    assert_eq!(session().await["missed_by"], json!({}));
    pass(&api, 2).await;
    assert_eq!(session().await["missed_by"].as_object().unwrap().len(), 2);
    let accept = |user: &str| {
        let action = json!({ "action": "accept", "user_id": user });
        let action = serde_json::from_value(action).unwrap();
        api.server.simulate("default:ring", action)
    };
    accept("ben").await.unwrap();
    pass(&api, 20).await;
    let refused = accept("cyn").await.unwrap_err();
    assert!(refused.contains("not being rung"), "{refused}");
    let events = api.server.webhooks();
    let missed = events.iter().filter(|one| one.event == "call.missed");
    assert_eq!(missed.count(), 2);
}

#[tokio::test]
async fn a_start_before_the_first_moment_there_is_opens_the_call_at_once() {
    let api = Api::start().await;
    let path = api.call("livestream:early", &[]).await;
    api.users(&["ben"]).await;
    let ahead = json!({ "starts_at": "1678-01-01T00:00:00Z", "settings_override": { "backstage": { "enabled": true, "join_ahead_time_seconds": i32::MAX } } });
    api.ask(&format!("PATCH {path}"), ahead).await;
    let join = json!({ "action": "join", "user_id": "ben" });
    api.act("livestream:early", join).await;
}

#[tokio::test]
async fn at_the_last_moment_there_is_nothing_overflows() {
    let api = Api::start().await;
    let path = api.call("default:late", &["ben"]).await;
    let limit = json!({ "settings_override": { "limits": { "max_duration_seconds": 600 } } });
    api.ask(&format!("PATCH {path}"), limit).await;
    let last: jiff::Timestamp = "2262-04-11T23:47:00Z".parse().unwrap();
    let last = i64::try_from(last.as_nanosecond()).unwrap();
    api.server.clock().set(last);
    api.ask(&format!("POST {path}/ring"), json!({})).await;
    api.join("default:late", "ana").await;
    let session = api.get(&path).await["call"]["session"].clone();
    assert_eq!(session["timer_ends_at"], i64::MAX);
    let leave = json!({ "action": "leave", "user_id": "ana" });
    api.act("default:late", leave).await;
    api.get("/video/active_calls_status").await;
    api.get(&format!("{path}/report")).await;
    api.ask("POST /video/call_stats", json!({})).await;
    // At the very end everything is over, and the server still answers.
    api.server.clock().set(i64::MAX);
    assert!(api.get(&path).await["call"]["ended_at"].is_i64());
    api.join("default:late", "ana").await;
}

//! Frames that a recording captures as time passes.

use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn a_frame_recording_captures_one_frame_per_interval() {
    let api = Api::start().await;
    let path = api.call("default:frames", &[]).await;
    let frames = json!({ "mode": "available", "capture_interval_in_seconds": 60 });
    let change = json!({ "settings_override": { "frame_recording": frames } });
    api.ask(&format!("PATCH {path}"), change).await;
    api.join("default:frames", "ana").await;
    let start = format!("POST {path}/start_frame_recording");
    api.ask(&start, json!({})).await;
    let captured = async |seconds: u64| {
        let clock = api.server.clock();
        clock.advance(std::time::Duration::from_secs(seconds));
        api.get(&path).await;
        let events = api.server.webhooks();
        let ready = events
            .iter()
            .filter(|one| one.event == "call.frame_recording_ready");
        let moments = ready.map(|one| {
            let body: Value = serde_json::from_str(&one.body).unwrap();
            assert!(body["users"].get("ana").is_some(), "{body}");
            body["captured_at"].as_i64().unwrap()
        });
        moments.collect::<Vec<i64>>()
    };
    assert_eq!(captured(30).await.len(), 0);
    let moments = captured(180).await;
    assert_eq!(moments.len(), 3);
    assert!(moments.is_sorted_by(|one, next| next - one == 60_000_000_000));
    // A jump of the clock makes up for the latest frames only.
    assert_eq!(captured(24 * 3600).await.len(), 63);
    let stop = format!("POST {path}/stop_frame_recording");
    api.ask(&stop, Value::Null).await;
    assert_eq!(captured(3600).await.len(), 64);
}

#[tokio::test]
async fn no_frame_is_captured_of_an_empty_session() {
    let api = Api::start().await;
    let path = api.call("default:frames", &[]).await;
    api.join("default:frames", "ana").await;
    let start = format!("POST {path}/start_frame_recording");
    api.ask(&start, json!({})).await;
    let leave = json!({ "action": "leave", "user_id": "ana" });
    api.act("default:frames", leave).await;
    let clock = api.server.clock();
    clock.advance(std::time::Duration::from_secs(12));
    api.get(&path).await;
    let events = api.server.webhooks();
    assert!(
        events
            .iter()
            .all(|one| one.event != "call.frame_recording_ready")
    );
}

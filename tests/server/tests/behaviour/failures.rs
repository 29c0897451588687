//! Recordings, broadcasts and ingresses that break off end without a file and with an event.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api::Api;

async fn simulate(api: &Api, action: Value) -> Result<Value, String> {
    let action = serde_json::from_value(action).unwrap();
    api.server.simulate("default:tape", action).await
}

async fn fail(api: &Api, what: &str) -> Result<Value, String> {
    simulate(api, json!({ "action": "fail", "what": what })).await
}

/// Waits for a number of events whose types start so, and returns their bodies.
async fn events(api: &Api, start: &str, count: usize) -> Vec<Value> {
    loop {
        let sent = api.server.webhooks().into_iter();
        let wanted = sent.filter(|one| one.event.starts_with(start));
        let bodies: Vec<Value> = wanted
            .map(|one| serde_json::from_str(&one.body).unwrap())
            .collect();
        if bodies.len() >= count {
            return bodies;
        }
        tokio::task::yield_now().await;
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    let events = events.iter();
    events
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn what_breaks_off_is_over_without_a_file() {
    let api = Api::start().await;
    let path = api.call("default:tape", &[]).await;
    api.join("default:tape", "ana").await;
    let broadcast = json!({ "name": "tv", "stream_url": "rtmp://live.invalid/app" });
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for (start, body, what, event) in [
        (
            "recordings/composite/start",
            json!({}),
            "composite_recording",
            "call.recording_failed",
        ),
        (
            "recordings/individual/start",
            json!({}),
            "individual_recording",
            "call.recording_failed",
        ),
        (
            "recordings/raw/start",
            json!({}),
            "raw_recording",
            "call.recording_failed",
        ),
        (
            "start_frame_recording",
            json!({}),
            "frame_recording",
            "call.frame_recording_failed",
        ),
        (
            "start_transcription",
            json!({}),
            "transcription",
            "call.transcription_failed",
        ),
        (
            "start_closed_captions",
            json!({}),
            "closed_captions",
            "call.closed_captions_failed",
        ),
        (
            "start_broadcasting",
            Value::Null,
            "hls",
            "call.hls_broadcasting_failed",
        ),
        (
            "rtmp_broadcasts",
            json!({ "broadcasts": [broadcast] }),
            "rtmp",
            "call.rtmp_broadcast_failed",
        ),
    ] {
        let refused = fail(&api, what).await.unwrap_err();
        assert!(
            refused.contains("call egress is not running"),
            "{what}: {refused}"
        );
        api.ask(&format!("POST {path}/{start}"), body).await;
        fail(&api, what).await.unwrap();
        *told.entry(event).or_insert(0) += 1;
        let told = events(&api, event, told[event]).await;
        assert_eq!(told.last().unwrap()["call_cid"], "default:tape", "{what}");
        let call = api.get(&path).await["call"].clone();
        assert_eq!(
            call["egress"],
            json!({ "broadcasting": false, "rtmps": [] }),
            "{what}"
        );
        for running in ["recording", "transcribing", "captioning"] {
            assert_eq!(call[running], false, "{what}");
        }
    }
    assert_eq!(
        api.get(&format!("{path}/recordings")).await["recordings"],
        json!([])
    );
    let transcriptions = api.get(&format!("{path}/transcriptions")).await;
    assert_eq!(transcriptions["transcriptions"], json!([]));
    let unknown = fail(&api, "weather").await.unwrap_err();
    assert!(unknown.contains("not weather"), "{unknown}");
}

#[tokio::test]
async fn an_ingress_starts_stops_and_fails_with_its_user() {
    let api = Api::start().await;
    api.call("default:tape", &["cam"]).await;
    let join = json!({ "action": "join", "user_id": "cam", "tracks": ["video"], "client": { "publisher_type": "rtmp" } });
    simulate(&api, join.clone()).await.unwrap();
    assert_eq!(
        types(&events(&api, "ingress.", 1).await),
        ["ingress.started"]
    );
    simulate(&api, json!({ "action": "leave", "user_id": "cam" }))
        .await
        .unwrap();
    let told = events(&api, "ingress.", 2).await;
    assert_eq!(types(&told), ["ingress.started", "ingress.stopped"]);
    let broken =
        json!({ "action": "fail", "what": "ingress", "user_id": "cam", "error": "no data" });
    assert!(
        simulate(&api, broken.clone())
            .await
            .unwrap_err()
            .contains("cam is not in")
    );
    simulate(&api, join).await.unwrap();
    simulate(&api, broken).await.unwrap();
    let told = events(&api, "ingress.", 5).await;
    assert_eq!(types(&told)[3..], ["ingress.error", "ingress.stopped"]);
    assert_eq!(told[3]["error"], "no data");
    let found = api
        .ask("POST /video/call/default/tape/participants", json!({}))
        .await;
    assert_eq!(found["total_participants"], 0);
}

#[tokio::test]
async fn keys_of_the_telephone_are_counted() {
    let api = Api::start().await;
    api.call("default:tape", &[]).await;
    let press = |digit: &str| json!({ "action": "dtmf", "user_id": "ana", "digit": digit });
    let refused = simulate(&api, press("1")).await.unwrap_err();
    assert!(refused.contains("ana is not in"), "{refused}");
    api.join("default:tape", "ana").await;
    for (number, digit) in [(1, "4"), (2, "#")] {
        simulate(&api, press(digit)).await.unwrap();
        let told = events(&api, "call.dtmf", number).await;
        let event = told.last().unwrap();
        assert_eq!(
            (&event["digit"], &event["seq_number"]),
            (&json!(digit), &json!(number))
        );
        assert_eq!(event["user"]["id"], "ana");
    }
    let refused = simulate(&api, press("12")).await.unwrap_err();
    assert!(refused.contains("not 12"), "{refused}");
}

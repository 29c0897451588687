use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let path = api.call("default:tape", &["ben"]).await;
    for (start, body) in [
        ("recordings/composite/start", json!({})),
        ("start_frame_recording", json!({})),
        ("start_transcription", json!({})),
        ("start_closed_captions", json!({})),
        ("start_broadcasting", Value::Null),
        (
            "rtmp_broadcasts",
            json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://example.com/live" }] }),
        ),
    ] {
        api.refused(
            &format!("POST {path}/{start}"),
            body,
            400,
            "there is no active session",
        )
        .await;
    }
    api.join("default:tape", "ana").await;

    for kind in ["composite", "individual", "raw"] {
        let start = format!("POST {path}/recordings/{kind}/start");
        let stop = format!("POST {path}/recordings/{kind}/stop");
        api.refused(&stop, json!({}), 400, "call egress is not running")
            .await;
        api.ask(&start, json!({})).await;
        api.refused(&start, json!({}), 400, "already running").await;
        let call = api.get(&path).await["call"].clone();
        assert_eq!(call["recording"], true);
        assert_eq!(
            call["egress"][format!("{kind}_recording")]["status"],
            "running"
        );
        api.ask(&stop, json!({})).await;
        assert_eq!(api.get(&path).await["call"]["recording"], false);
    }
    let recordings = api.get(&format!("{path}/recordings")).await["recordings"].clone();
    let kinds: Vec<&Value> = recordings
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["recording_type"])
        .collect();
    assert_eq!(kinds, ["composite", "individual", "raw"]);
    let first = &recordings[0];
    assert!(
        first["url"]
            .as_str()
            .unwrap()
            .starts_with(&api.server.url())
    );
    assert!(first["end_time"].as_i64() >= first["start_time"].as_i64());
    let part = |name: &str| first[name].as_str().unwrap();
    let file = format!(
        "DELETE {path}/{}/recordings/{}",
        part("session_id"),
        part("filename")
    );
    api.ask(&file, Value::Null).await;
    api.refused(&file, Value::Null, 404, "recording doesn't exist")
        .await;
    assert_eq!(
        api.get(&format!("{path}/recordings")).await["recordings"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    api.ask(&format!("POST {path}/start_frame_recording"), json!({}))
        .await;
    assert_eq!(api.get(&path).await["call"]["recording"], false);
    api.ask(&format!("POST {path}/stop_frame_recording"), Value::Null)
        .await;

    api.ask(
        &format!("POST {path}/start_transcription"),
        json!({ "language": "en", "enable_closed_captions": true }),
    )
    .await;
    let call = api.get(&path).await["call"].clone();
    assert_eq!(
        (&call["transcribing"], &call["captioning"]),
        (&json!(true), &json!(true))
    );
    api.act(
        "default:tape",
        json!({ "action": "speak", "user_id": "ana", "text": "Hello" }),
    )
    .await;
    api.ask(
        &format!("POST {path}/closed_captions"),
        json!({ "speaker_id": "ana", "text": "Hi", "user_id": "ana" }),
    )
    .await;
    api.ask(&format!("POST {path}/stop_transcription"), json!({}))
        .await;
    api.ask(&format!("POST {path}/stop_closed_captions"), json!({}))
        .await;
    let call = api.get(&path).await["call"].clone();
    assert_eq!(
        (&call["transcribing"], &call["captioning"]),
        (&json!(false), &json!(false))
    );
    let transcriptions = api.get(&format!("{path}/transcriptions")).await["transcriptions"].clone();
    let part = |name: &str| transcriptions[0][name].as_str().unwrap();
    let file = format!(
        "DELETE {path}/{}/transcriptions/{}",
        part("session_id"),
        part("filename")
    );
    api.ask(&file, Value::Null).await;
    api.refused(&file, Value::Null, 404, "transcription doesn't exist")
        .await;
    api.ask(
        &format!("POST {path}/start_closed_captions"),
        json!({ "enable_transcription": true }),
    )
    .await;
    api.ask(
        &format!("POST {path}/stop_closed_captions"),
        json!({ "stop_transcription": true }),
    )
    .await;
    assert_eq!(api.get(&path).await["call"]["transcribing"], false);

    let hls = api
        .ask(&format!("POST {path}/start_broadcasting"), Value::Null)
        .await;
    let shown = api.get(&path).await["call"]["egress"].clone();
    assert_eq!(shown["hls"]["playlist_url"], hls["playlist_url"]);
    assert_eq!(shown["broadcasting"], true);
    api.ask(&format!("POST {path}/stop_broadcasting"), Value::Null)
        .await;

    for name in ["one", "two", "three"] {
        let broadcast =
            json!({ "name": name, "stream_url": "rtmps://example.com/live", "stream_key": "k" });
        let broadcasts = json!({ "broadcasts": [broadcast] });
        api.ask(&format!("POST {path}/rtmp_broadcasts"), broadcasts)
            .await;
    }
    let running = async || {
        api.get(&path).await["call"]["egress"]["rtmps"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(running().await, 3);
    api.ask(&format!("POST {path}/rtmp_broadcasts/two/stop"), json!({}))
        .await;
    assert_eq!(running().await, 2);
    api.ask(&format!("POST {path}/rtmp_broadcasts/stop"), Value::Null)
        .await;
    assert_eq!(running().await, 0);
    api.act("default:tape", json!({ "action": "end_session" }))
        .await;
}

#[tokio::test]
async fn what_is_started_is_listed_and_what_is_stopped_ends() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn a_livestream_starts_and_stops_what_its_flags_name() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    api.join("livestream:show", "ana").await;
    let flags = json!({ "start_hls": true, "start_recording": true, "start_raw_recording": true,
        "start_transcription": true, "start_closed_caption": true });
    let live = api.ask(&format!("POST {path}/go_live"), flags).await["call"].clone();
    assert_eq!(live["backstage"], false);
    for name in ["recording", "transcribing", "captioning"] {
        assert_eq!(live[name], true, "{name}");
    }
    assert_eq!(live["egress"]["broadcasting"], true);
    assert!(api.get(&path).await["call"]["session"]["live_started_at"].is_i64());
    let keep = json!({ "continue_hls": true, "continue_raw_recording": true });
    let off = api.ask(&format!("POST {path}/stop_live"), keep).await["call"].clone();
    assert_eq!(off["backstage"], true);
    assert_eq!(off["egress"]["broadcasting"], true);
    assert!(off["egress"].get("composite_recording").is_none());
    assert_eq!(off["egress"]["raw_recording"]["status"], "running");
    assert_eq!(off["transcribing"], false);
    api.ask(&format!("POST {path}/mark_ended"), Value::Null)
        .await;
    let ended = api.get(&path).await["call"].clone();
    assert_eq!(
        ended["egress"],
        json!({ "broadcasting": false, "rtmps": [] })
    );
    assert_eq!(
        api.get(&format!("{path}/recordings")).await["recordings"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn settings_start_egress_with_the_session() {
    let api = Api::start().await;
    let path = api.call("default:auto", &[]).await;
    let settings = json!({ "settings_override": {
        "recording": { "mode": "auto-on" },
        "transcription": { "mode": "auto-on" },
        "frame_recording": { "mode": "disabled", "capture_interval_in_seconds": 5 },
    } });
    api.ask(&format!("PATCH {path}"), settings).await;
    api.join("default:auto", "ana").await;
    let call = api.get(&path).await["call"].clone();
    assert_eq!(
        (&call["recording"], &call["transcribing"]),
        (&json!(true), &json!(true))
    );
    api.refused(
        &format!("POST {path}/start_frame_recording"),
        json!({}),
        400,
        "disabled",
    )
    .await;
    api.act("default:auto", json!({ "action": "ready_recording" }))
        .await;
    assert_eq!(
        api.get(&format!("{path}/recordings")).await["recordings"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

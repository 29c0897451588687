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

/// The names of everything that leaves a call.
fn running(call: &Value) -> Vec<&str> {
    let egress = &call["egress"];
    let kinds = [
        "composite_recording",
        "individual_recording",
        "raw_recording",
        "hls",
    ];
    let mut names: Vec<&str> = kinds
        .into_iter()
        .filter(|kind| egress.get(kind).is_some())
        .collect();
    let flags = [
        ("transcription", "transcribing"),
        ("captions", "captioning"),
    ];
    names.extend(
        flags
            .iter()
            .filter(|(_, flag)| call[*flag] == true)
            .map(|(name, _)| name),
    );
    if egress["rtmps"] != json!([]) {
        names.push("rtmps");
    }
    names
}

#[tokio::test]
async fn every_flag_of_going_live_starts_what_it_names() {
    let api = Api::start().await;
    for (flag, starts) in [
        ("start_recording", "composite_recording"),
        ("start_composite_recording", "composite_recording"),
        ("start_individual_recording", "individual_recording"),
        ("start_raw_recording", "raw_recording"),
        ("start_hls", "hls"),
        ("start_transcription", "transcription"),
        ("start_closed_caption", "captions"),
    ] {
        let cid = format!("livestream:{flag}");
        let path = api.call(&cid, &[]).await;
        api.join(&cid, "ana").await;
        let live = api
            .ask(&format!("POST {path}/go_live"), json!({ flag: true }))
            .await;
        assert_eq!(running(&live["call"]), [starts], "{flag}");
        assert_eq!(running(&api.get(&path).await["call"]), [starts], "{flag}");
    }
}

#[tokio::test]
async fn every_flag_of_stopping_keeps_what_it_names() {
    let api = Api::start().await;
    for (flag, keeps) in [
        ("continue_recording", "composite_recording"),
        ("continue_composite_recording", "composite_recording"),
        ("continue_individual_recording", "individual_recording"),
        ("continue_raw_recording", "raw_recording"),
        ("continue_hls", "hls"),
        ("continue_transcription", "transcription"),
        ("continue_closed_caption", "captions"),
        ("continue_rtmp_broadcasts", "rtmps"),
    ] {
        let cid = format!("livestream:{flag}");
        let path = api.call(&cid, &[]).await;
        api.join(&cid, "ana").await;
        let everything = json!({
            "start_composite_recording": true, "start_individual_recording": true,
            "start_raw_recording": true, "start_hls": true, "start_transcription": true,
            "start_closed_caption": true,
        });
        let live = api.ask(&format!("POST {path}/go_live"), everything).await;
        assert_eq!(running(&live["call"]).len(), 6);
        let tv =
            json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://live.invalid/app" }] });
        api.ask(&format!("POST {path}/rtmp_broadcasts"), tv).await;
        let off = api
            .ask(&format!("POST {path}/stop_live"), json!({ flag: true }))
            .await;
        assert_eq!(running(&off["call"]), [keeps], "{flag}");
    }
}

#[tokio::test]
async fn files_go_to_the_storage_that_is_named_or_the_types() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    api.join("livestream:show", "ana").await;
    let unknown = json!({ "start_recording": true, "recording_storage_name": "nowhere" });
    let live = format!("POST {path}/go_live");
    api.refused(
        &live,
        unknown,
        400,
        "the external storage nowhere does not exist",
    )
    .await;
    let unknown = json!({ "start_transcription": true, "transcription_storage_name": "nowhere" });
    api.refused(
        &live,
        unknown,
        400,
        "the external storage nowhere does not exist",
    )
    .await;
    assert_eq!(running(&api.get(&path).await["call"]), [""; 0]);
    let storage =
        json!({ "name": "tapes", "bucket": "b", "storage_type": "gcs", "gcs_credentials": "{}" });
    api.ask("POST /external_storage", storage).await;
    let named = json!({ "start_recording": true, "recording_storage_name": "tapes" });
    let call = api.ask(&live, named).await["call"].clone();
    assert_eq!(running(&call), ["composite_recording"]);
}

/// Every way to start something that leaves a call.
fn starts(path: &str) -> Vec<(String, Value)> {
    let flags = [
        "start_recording",
        "start_composite_recording",
        "start_individual_recording",
        "start_raw_recording",
        "start_hls",
        "start_transcription",
        "start_closed_caption",
    ];
    let flags = flags.map(|flag| ("/go_live", json!({ flag: true })));
    let tv = json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://live.invalid/app" }] });
    let operations = [
        ("/recordings/composite/start", json!({})),
        ("/recordings/individual/start", json!({})),
        ("/recordings/raw/start", json!({})),
        ("/start_frame_recording", json!({})),
        ("/start_transcription", json!({})),
        ("/start_closed_captions", json!({})),
        ("/start_broadcasting", Value::Null),
        ("/rtmp_broadcasts", tv),
    ];
    let all = flags.into_iter().chain(operations);
    all.map(|(rest, body)| (format!("POST {path}{rest}"), body))
        .collect()
}

#[tokio::test]
async fn nothing_starts_without_a_session() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    for (start, body) in starts(&path) {
        api.refused(&start, body, 400, "there is no active session")
            .await;
    }
    let call = api.get(&path).await["call"].clone();
    assert_eq!(running(&call), [""; 0]);
    assert_eq!(call["backstage"], true);
    assert_eq!(call["session"], Value::Null);
    // Going live alone needs nobody in the call.
    let live = api.ask(&format!("POST {path}/go_live"), json!({})).await;
    assert_eq!(live["call"]["backstage"], false);
}

#[tokio::test]
async fn nothing_starts_that_the_settings_disable() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    api.join("livestream:show", "ana").await;
    let off = json!({ "mode": "disabled" });
    let settings = json!({
        "recording": { "mode": "disabled", "quality": "720p" }, "individual_recording": off,
        "raw_recording": off, "frame_recording": { "mode": "disabled", "capture_interval_in_seconds": 5 },
        "transcription": { "mode": "disabled", "closed_caption_mode": "disabled" },
        "broadcasting": { "enabled": false },
    });
    let change = json!({ "settings_override": settings });
    api.ask(&format!("PATCH {path}"), change).await;
    for (start, body) in starts(&path) {
        api.refused(&start, body, 400, "is disabled in the settings of the call")
            .await;
    }
    let change = json!({ "settings_override": { "broadcasting": { "enabled": true, "hls": {
        "enabled": false, "auto_on": false, "quality_tracks": ["720p"] } } } });
    api.ask(&format!("PATCH {path}"), change).await;
    let hls = format!("POST {path}/start_broadcasting");
    api.refused(&hls, Value::Null, 400, "broadcasting.hls is disabled")
        .await;
    let tv = json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://live.invalid/app" }] });
    api.ask(&format!("POST {path}/rtmp_broadcasts"), tv).await;
}

#[tokio::test]
async fn hls_starts_with_the_session_where_the_settings_say_so() {
    let api = Api::start().await;
    let path = api.call("livestream:show", &[]).await;
    let change = json!({ "settings_override": { "broadcasting": { "enabled": true, "hls": {
        "enabled": true, "auto_on": true, "quality_tracks": ["720p"] } } } });
    api.ask(&format!("PATCH {path}"), change).await;
    assert_eq!(running(&api.get(&path).await["call"]), [""; 0]);
    api.join("livestream:show", "ana").await;
    assert_eq!(running(&api.get(&path).await["call"]), ["hls"]);
}

use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let path = api.call("default:talk", &["ben"]).await;
    api.refused(
        &format!("GET {path}/report"),
        Value::Null,
        404,
        "there is no session",
    )
    .await;
    api.join("default:talk", "ana").await;
    api.join("default:talk", "ben").await;
    let call = api.get(&path).await["call"].clone();
    let session = &call["session"];
    assert_eq!(session["id"], call["current_session_id"]);
    assert_eq!(session["participants"].as_array().unwrap().len(), 2);
    assert_eq!(session["participants_count_by_role"], json!({ "user": 2 }));
    assert!(session["started_at"].is_i64());

    let status = api.get("/video/active_calls_status").await;
    assert_eq!(status["summary"]["active_calls"], 1);
    assert_eq!(status["summary"]["participants"], 2);
    let ongoing = api
        .ask(
            "POST /video/calls",
            json!({ "filter_conditions": { "ongoing": true } }),
        )
        .await;
    assert_eq!(ongoing["calls"].as_array().unwrap().len(), 1);

    api.act(
        "default:talk",
        json!({ "action": "leave", "user_id": "ben" }),
    )
    .await;
    let present = api
        .ask(&format!("POST {path}/participants?limit=10"), json!({}))
        .await;
    assert_eq!(present["total_participants"], 1);
    api.act("default:talk", json!({ "action": "end_session" }))
        .await;
    let call = api.get(&path).await["call"].clone();
    assert_eq!(call["current_session_id"], "");
    assert!(call["session"]["ended_at"].is_i64());
    assert_eq!(call["session"]["participants"], json!([]));
    assert_eq!(
        api.get("/video/active_calls_status").await["summary"]["active_calls"],
        0
    );
    let report = api.get(&format!("{path}/report")).await;
    assert_eq!(report["report"]["participants"]["unique"], 2);
    assert_eq!(report["report"]["participants"]["max_concurrent"], 2);
    assert_eq!(report["report"]["participants"]["publishers"]["unique"], 2);
}

#[tokio::test]
async fn percentiles_of_media_are_there_and_zero_when_nobody_sends_any() {
    let api = Api::start().await;
    let metrics = api.get("/video/active_calls_status").await["metrics"].clone();
    let senders = &metrics["publishers"]["all"];
    let receivers = &metrics["subscribers"]["all"];
    for percentile in [
        &metrics["join_call_api"]["latency"]["p50"],
        &senders["rtt_ms"]["p90"],
        &senders["audio"]["jitter_ms"]["p50"],
        &senders["video"]["resolution"]["p10"],
        &senders["video"]["fps_30"]["p05"],
        &receivers["audio"]["packets_lost_pct"]["p90"],
        &receivers["video"]["fps_30"]["p90"],
    ] {
        assert_eq!(percentile, 0);
    }
}

#[tokio::test]
async fn participants_make_a_session() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn not_everybody_may_come_in() {
    let api = Api::start().await;
    let join = async |cid: &str, user: &str| {
        let action = json!({ "action": "join", "user_id": user });
        let action = serde_json::from_value(action).unwrap();
        api.server.simulate(cid, action).await.map(|_| ())
    };
    let path = api.call("livestream:show", &["ben"]).await;
    api.users(&["cyn", "dan"]).await;
    assert!(
        join("livestream:show", "cyn")
            .await
            .unwrap_err()
            .contains("backstage")
    );
    join("livestream:show", "ana").await.unwrap();
    api.ask(&format!("POST {path}/go_live"), json!({})).await;
    join("livestream:show", "cyn").await.unwrap();
    assert!(
        join("livestream:show", "nobody")
            .await
            .unwrap_err()
            .contains("don't exist")
    );
    assert!(
        join("livestream:none", "ana")
            .await
            .unwrap_err()
            .contains("Can't find call")
    );
    api.ask(&format!("POST {path}/block"), json!({ "user_id": "dan" }))
        .await;
    assert!(
        join("livestream:show", "dan")
            .await
            .unwrap_err()
            .contains("blocked")
    );

    let path = api.call("default:small", &[]).await;
    let limit = json!({ "settings_override": { "limits": { "max_participants": 1 } } });
    api.ask(&format!("PATCH {path}"), limit).await;
    join("default:small", "ana").await.unwrap();
    assert!(
        join("default:small", "cyn")
            .await
            .unwrap_err()
            .contains("no room")
    );
}

#[tokio::test]
async fn listeners_of_an_audio_room_need_leave_to_speak() {
    let api = Api::start().await;
    let path = api.call("audio_room:talk", &[]).await;
    api.users(&["ben"]).await;
    api.ask(&format!("POST {path}/go_live"), json!({})).await;
    api.act(
        "audio_room:talk",
        json!({ "action": "join", "user_id": "ben" }),
    )
    .await;
    let publish = || {
        let action = json!({ "action": "publish", "user_id": "ben", "tracks": ["audio"] });
        api.server
            .simulate("audio_room:talk", serde_json::from_value(action).unwrap())
    };
    assert!(publish().await.unwrap_err().contains("send-audio"));
    api.act(
        "audio_room:talk",
        json!({ "action": "request_permissions", "user_id": "ben", "permissions": ["send-audio"] }),
    )
    .await;
    let grant = json!({ "user_id": "ben", "grant_permissions": ["send-audio"] });
    api.ask(&format!("POST {path}/user_permissions"), grant)
        .await;
    publish().await.unwrap();
}

#[tokio::test]
async fn rung_users_accept_or_reject() {
    let api = Api::start().await;
    let path = api.call("default:ring", &["ben", "cyn"]).await;
    api.ask(&format!("POST {path}/ring"), json!({})).await;
    api.act(
        "default:ring",
        json!({ "action": "reject", "user_id": "ben", "reason": "busy" }),
    )
    .await;
    api.act(
        "default:ring",
        json!({ "action": "accept", "user_id": "cyn" }),
    )
    .await;
    let session = api.get(&path).await["call"]["session"].clone();
    assert!(session["rejected_by"]["ben"].is_i64());
    assert!(session["accepted_by"]["cyn"].is_i64());
}

#[tokio::test]
async fn joining_again_with_the_same_user_session_id_is_the_same_presence() {
    let api = Api::start().await;
    let path = api.call("default:talk", &["ben"]).await;
    let joins = |user: &str, tracks: Value| {
        let action = json!({ "action": "join", "user_id": user, "user_session_id": "one", "tracks": tracks });
        let action = serde_json::from_value(action).unwrap();
        api.server.simulate("default:talk", action)
    };
    joins("ana", json!(["audio"])).await.unwrap();
    let again = joins("ana", json!(["video"])).await.unwrap();
    assert_eq!(again["user_session_id"], "one");
    assert_eq!(
        again["session"]["participants"].as_array().unwrap().len(),
        1
    );
    let target = format!("POST {path}/participants");
    let both = json!({ "filter_conditions": { "published_tracks": { "$in": ["video"] } } });
    assert_eq!(api.ask(&target, both).await["total_participants"], 1);
    let events = api.server.webhooks();
    let joined = events
        .iter()
        .filter(|one| one.event == "call.session_participant_joined");
    assert_eq!(joined.count(), 1);
    // Neither somebody else nor a later presence can have it.
    let refused = joins("ben", json!([])).await.unwrap_err();
    assert!(refused.contains("every presence has its own"), "{refused}");
    api.act(
        "default:talk",
        json!({ "action": "leave", "user_id": "ana" }),
    )
    .await;
    assert!(joins("ana", json!([])).await.is_err());
}

#[tokio::test]
async fn tracks_that_the_settings_disable_cannot_be_sent() {
    let api = Api::start().await;
    let path = api.call("default:quiet", &[]).await;
    let off = json!({ "settings_override": { "video": { "enabled": false }, "screensharing": { "enabled": false } } });
    api.ask(&format!("PATCH {path}"), off).await;
    let ana = json!({ "user_id": "ana" });
    for claims in [&ana, &json!({ "server": true })] {
        let call = api.send(claims, &format!("GET {path}"), None).await.ok();
        let own: Vec<&str> = call["own_capabilities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert!(own.contains(&"send-audio"), "{own:?}");
        assert!(!own.contains(&"send-video"), "{own:?}");
        assert!(!own.contains(&"screenshare"), "{own:?}");
    }
    let send = |action: &str, track: &str| {
        let action = json!({ "action": action, "user_id": "ana", "tracks": [track] });
        let action = serde_json::from_value(action).unwrap();
        api.server.simulate("default:quiet", action)
    };
    let refused = send("join", "video").await.unwrap_err();
    assert!(refused.contains("video is disabled"), "{refused}");
    send("join", "audio").await.unwrap();
    for (track, setting) in [
        ("video", "video"),
        ("screenshare", "screensharing"),
        ("screenshare_audio", "screensharing"),
    ] {
        let refused = send("publish", track).await.unwrap_err();
        let message = format!("{setting} is disabled in the settings of the call");
        assert!(refused.contains(&message), "{refused}");
    }
}

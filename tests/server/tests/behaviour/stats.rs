use std::time::Duration;

use serde_json::{Value, json};
use video_api_server::Action;

use super::api::Api;

/// Ana and Ben meet for two minutes; Ben is there twice.
pub(crate) async fn story(api: &Api) {
    let path = api.call("default:met", &["ben"]).await;
    let join = json!({ "action": "join", "user_id": "ana", "tracks": ["audio"],
        "client": { "sdk": "js", "sdk_version": "2", "browser": "Firefox", "country": "NL" } });
    let ana = api.act("default:met", join).await["user_session_id"]
        .as_str()
        .unwrap()
        .to_owned();
    api.join("default:met", "ben").await;
    api.server.clock().advance(Duration::from_secs(60));
    api.act(
        "default:met",
        json!({ "action": "leave", "user_id": "ben" }),
    )
    .await;
    api.server.clock().advance(Duration::from_secs(10));
    api.join("default:met", "ben").await;
    api.server.clock().advance(Duration::from_secs(50));
    api.ask(&format!("POST {path}/mark_ended"), Value::Null)
        .await;
    let session = api.get(&path).await["call"]["session"]["id"]
        .as_str()
        .unwrap()
        .to_owned();

    let report = api
        .get(&format!("{path}/report?session_id={session}"))
        .await["report"]
        .clone();
    let participants = &report["participants"];
    assert_eq!(
        (&participants["sum"], &participants["unique"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(
        participants["by_browser"],
        json!([{ "name": "Firefox", "unique": 1 }])
    );
    let tracks = participants["publishers"]["by_track"].as_array().unwrap();
    assert_eq!(tracks[0]["track_type"], "audio");
    assert!(
        (229..=232).contains(&tracks[0]["duration_seconds"].as_i64().unwrap()),
        "{tracks:?}"
    );

    let of_call = json!({ "filter_conditions": { "call_cid": "default:met" } });
    let summary = api.ask("POST /video/call/stats", of_call.clone()).await["reports"][0].clone();
    assert_eq!(
        (&summary["call_session_id"], &summary["call_status"]),
        (&json!(session), &json!("ended"))
    );
    assert!((120..=121).contains(&summary["call_duration_seconds"].as_i64().unwrap()));
    let counts =
        api.ask("POST /video/call_stats", of_call).await["call_stats"][0]["counts"].clone();
    assert_eq!(
        (
            &counts["participants"],
            &counts["sessions"],
            &counts["peak_concurrent_users"]
        ),
        (&json!(2), &json!(3), &json!(2))
    );

    let of_session = format!("{path}/session/{session}");
    let presences = api
        .get(&format!("{of_session}/participant_sessions?limit=2"))
        .await;
    assert_eq!(presences["total_participant_sessions"], 3);
    assert_eq!(
        presences["participants_sessions"].as_array().unwrap().len(),
        2
    );
    let next = presences["next"].as_str().unwrap();
    let rest = api
        .get(&format!(
            "{of_session}/participant_sessions?limit=2&next={next}"
        ))
        .await;
    assert_eq!(rest["participants_sessions"].as_array().unwrap().len(), 1);
    let metrics = api
        .get(&format!("{of_session}/participant/ana/{ana}/details/track"))
        .await;
    assert_eq!(metrics["published_tracks"][0]["track_type"], "audio");
    assert_eq!(metrics["is_publisher"], true);

    let stats = format!("/video/call_stats/default/met/{session}");
    let users = api
        .get(&format!(
            "{stats}/participants?sort=&filter_conditions=null"
        ))
        .await;
    assert_eq!(users["participants"].as_array().unwrap().len(), 2);
    let map = api.get(&format!("{stats}/map?exclude_sfus=true")).await;
    assert_eq!(map["publishers"]["publishers"].as_array().unwrap().len(), 3);
    assert!(map.get("sfus").is_none());
    let details = api
        .get(&format!(
            "{stats}/participant/ana/{ana}/details?max_points=10"
        ))
        .await;
    assert_eq!(details["timeframe"]["max_points"], 10);
    assert_eq!(details["timeframe"]["step_seconds"], 12);
    let timeline = api
        .get(&format!("{stats}/participants/ana/{ana}/timeline"))
        .await;
    let kinds: Vec<&Value> = timeline["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["type"])
        .collect();
    assert_eq!(
        kinds,
        [
            "participant_joined",
            "track_published",
            "track_unpublished",
            "participant_left"
        ]
    );
    let none = api
        .get(&format!(
            "{stats}/participants/ana/{ana}/timeline?severity=error"
        ))
        .await;
    assert_eq!(none["events"], json!([]));

    let all = api.ask("POST /video/stats", json!({})).await;
    let days = all["calls_per_day_report"]["daily"].as_array().unwrap();
    assert!(
        days.iter()
            .any(|day| day["report"]["count"].as_i64() > Some(0))
    );
    let usage = &all["sdk_usage_report"]["daily"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()["report"]["per_sdk_usage"];
    assert_eq!(usage["js"]["by_version"]["2"], 1);
    let some = api
        .ask(
            "POST /video/stats",
            json!({ "report_types": ["calls_per_day"], "from": "2001-01-01", "to": "2001-01-02" }),
        )
        .await;
    assert_eq!(some["calls_per_day_report"]["daily"], json!([]));
    assert!(some.get("sdk_usage_report").is_none());
}

#[tokio::test]
async fn statistics_follow_from_what_happened() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn a_participant_received_what_others_sent_meanwhile() {
    let api = Api::start().await;
    let path = api.call("default:met", &["ben", "cyn"]).await;
    let early = api.join("default:met", "ben").await;
    let pass = |seconds| api.server.clock().advance(Duration::from_secs(seconds));
    pass(60);
    api.act(
        "default:met",
        json!({ "action": "leave", "user_id": "ben" }),
    )
    .await;
    pass(5);
    let join = json!({ "action": "join", "user_id": "cyn" });
    let cyn = api.act("default:met", join).await["user_session_id"].clone();
    api.join("default:met", "ana").await;
    pass(60);
    let session = api.get(&path).await["call"]["current_session_id"].clone();
    let session = session.as_str().unwrap();
    let received = async |user: &str, presence: &str| {
        let of_session = format!("/video/call_stats/default/met/{session}/participant");
        let details = api
            .get(&format!("{of_session}/{user}/{presence}/details"))
            .await;
        details["subscriber"]["subscriptions"].clone()
    };
    assert_eq!(received("ben", &early).await, json!([]));
    let received = received("cyn", cyn.as_str().unwrap()).await;
    assert_eq!(received.as_array().unwrap().len(), 1);
    assert_eq!(received[0]["publisher_user_id"], "ana");
    assert_eq!(received[0]["publisher_name"], "ANA");
    assert_eq!(received[0]["tracks"]["video"][0]["track_type"], "video");
}

#[tokio::test]
async fn reactions_are_counted_by_minute() {
    let api = Api::start().await;
    let path = api.call("default:met", &[]).await;
    api.join("default:met", "ana").await;
    let react = async |kind: &str| {
        let action = json!({ "action": "react", "user_id": "ana", "kind": kind });
        api.act("default:met", action).await;
    };
    react("like").await;
    react("like").await;
    api.server.clock().advance(Duration::from_secs(130));
    react("like").await;
    react("wave").await;
    let report = api.get(&format!("{path}/report")).await;
    let start = report["report"]["call"]["started_at"].as_i64().unwrap();
    let minute = |number: i64, count: i64| json!({ "start_ts": start + number * 60_000_000_000, "count": count });
    assert_eq!(
        report["video_reactions"],
        json!([
            { "reaction": "like", "count_over_time": { "by_minute": [minute(0, 2), minute(2, 1)] } },
            { "reaction": "wave", "count_over_time": { "by_minute": [minute(2, 1)] } },
        ])
    );
}

#[tokio::test]
async fn joins_are_counted_for_a_minute() {
    let api = Api::start().await;
    api.call("default:met", &["ben", "cyn"]).await;
    let joins = async || {
        let status = api.get("/video/active_calls_status").await;
        let window = status["end_time"].as_i64().unwrap() - status["start_time"].as_i64().unwrap();
        assert_eq!(window, 60_000_000_000);
        status["metrics"]["join_call_api"]["total"].clone()
    };
    assert_eq!(joins().await, 0.0);
    api.join("default:met", "ana").await;
    api.server.clock().advance(Duration::from_secs(30));
    api.join("default:met", "ben").await;
    let leave = json!({ "action": "leave", "user_id": "ben" });
    api.act("default:met", leave).await;
    assert_eq!(joins().await, 2.0);
    api.server.clock().advance(Duration::from_secs(31));
    api.join("default:met", "cyn").await;
    // Ana has been there for longer than the window.
    assert_eq!(joins().await, 2.0);
    api.server.clock().advance(Duration::from_secs(61));
    assert_eq!(joins().await, 0.0);
}

/// Ana and Ben in a call; each second Ana measures more.
async fn measured() -> (Api, String, String) {
    let api = Api::start().await;
    let path = api.call("default:met", &["ben"]).await;
    let ana = api.join("default:met", "ana").await;
    api.join("default:met", "ben").await;
    for second in 1..=10 {
        api.server.clock().advance(Duration::from_secs(1));
        for (track, received, values) in [
            (
                "video",
                false,
                json!({ "bitrate": 1000 * second, "framerate": 30, "width": 1280, "height": 720 }),
            ),
            ("audio", false, json!({ "jitter_ms": second })),
            ("audio", true, json!({ "packets_lost_pct": 2 * second })),
        ] {
            let measure = json!({ "action": "measure", "user_id": "ana", "track": track,
                "received": received, "values": values });
            api.act("default:met", measure).await;
        }
        let measure =
            json!({ "action": "measure", "user_id": "ana", "values": { "rtt_ms": 10 * second } });
        api.act("default:met", measure).await;
    }
    let session = api.get(&path).await["call"]["session"]["id"].clone();
    let session = session.as_str().unwrap();
    (api, session.to_owned(), ana)
}

#[tokio::test]
async fn measurements_become_percentiles_of_the_last_minute() {
    let (api, ..) = measured().await;
    let metrics = api.get("/video/active_calls_status").await["metrics"].clone();
    let sent = &metrics["publishers"]["all"];
    assert_eq!(sent["rtt_ms"], json!({ "p50": 50.0, "p90": 90.0 }));
    assert_eq!(
        sent["audio"]["jitter_ms"],
        json!({ "p50": 5.0, "p90": 9.0 })
    );
    assert_eq!(
        sent["video"]["bitrate"],
        json!({ "p10": 1000.0, "p50": 5000.0 })
    );
    assert_eq!(
        sent["video"]["resolution"],
        json!({ "p10": 720.0, "p50": 720.0 })
    );
    let rates = json!({ "p05": 30.0, "p10": 30.0, "p50": 30.0, "p90": 30.0 });
    assert_eq!(sent["video"]["fps_30"], rates);
    let received = &metrics["subscribers"]["all"];
    assert_eq!(
        received["audio"]["packets_lost_pct"],
        json!({ "p50": 10.0, "p90": 18.0 })
    );
    // Nobody measured these.
    assert_eq!(received["rtt_ms"], json!({ "p50": 0, "p90": 0 }));
    assert_eq!(sent["video"]["jitter_ms"], json!({ "p50": 0, "p90": 0 }));

    let network = json!({ "report_types": ["network_metrics"] });
    let network = api.ask("POST /video/stats", network).await;
    let averages = json!({ "average_jitter": 5.5, "average_latency": 55.0 });
    assert_eq!(network["network_metrics_report"], averages);

    api.server.clock().advance(Duration::from_secs(120));
    let later = api.get("/video/active_calls_status").await["metrics"].clone();
    assert_eq!(
        later["publishers"]["all"]["rtt_ms"],
        json!({ "p50": 0, "p90": 0 })
    );
}

#[tokio::test]
async fn measurements_become_curves() {
    let (api, session, ana) = measured().await;
    let of_track = format!("session/{session}/participant/ana/{ana}/details/track");
    let metrics = api
        .get(&format!("/video/call/default/met/{of_track}"))
        .await;
    let video = metrics["published_tracks"].as_array().unwrap().iter();
    let video = video
        .clone()
        .find(|track| track["track_type"] == "video")
        .unwrap();
    let bitrate = video["bitrate"]["data_points"].as_array().unwrap();
    assert_eq!(bitrate.len(), 10);
    assert_eq!(bitrate[0][1], 1000.0);
    assert_eq!(bitrate[9][1], 10000.0);
    let seconds = bitrate[9][0].as_i64().unwrap() - bitrate[0][0].as_i64().unwrap();
    assert_eq!(seconds, 9);
    let heights = video["resolution"]["height"]["data_points"].as_array();
    assert_eq!(heights.unwrap().len(), 10);

    let details = format!("/video/call_stats/default/met/{session}/participant/ana/{ana}/details");
    let all = api.get(&details).await;
    assert_eq!(
        all["publisher"]["tracks"]["video"][0]["metrics"]["bitrate"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
    assert_eq!(
        all["publisher"]["global"]["jitter_ms"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
    assert_eq!(all["publisher"]["global_meta"]["jitter_ms"]["unit"], "ms");
    assert_eq!(
        all["subscriber"]["global"]["packets_lost_pct"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
    assert_eq!(all["user"]["metrics_order"], json!(["rtt_ms"]));
    // Fewer points hold the mean of what falls together.
    let two = api.get(&format!("{details}?max_points=2")).await;
    let step = two["timeframe"]["step_seconds"].as_i64().unwrap();
    let rtt = two["user"]["metrics"]["rtt_ms"].as_array().unwrap();
    assert!(
        rtt.len() <= 3
            && rtt
                .iter()
                .all(|point| point[0].as_i64().unwrap() % step == 0),
        "{rtt:?}"
    );
    let mean = rtt[0][1].as_f64().unwrap();
    assert!(mean > 10.0 && mean < 60.0, "{rtt:?}");
}

#[tokio::test]
async fn only_participants_measure_and_only_what_is_known() {
    let (api, ..) = measured().await;
    let refused = async |action: Value| {
        let action = serde_json::from_value::<Action>(action).unwrap();
        api.server
            .simulate("default:met", action)
            .await
            .unwrap_err()
    };
    let unknown = json!({ "action": "measure", "user_id": "ana", "values": { "mood": 1 } });
    assert!(
        refused(unknown)
            .await
            .contains("mood is not measured; these are: bitrate, ")
    );
    let track = json!({ "action": "measure", "user_id": "ana", "track": "smell", "values": {} });
    assert!(refused(track).await.contains("smell"));
    let absent = json!({ "action": "measure", "user_id": "cyn", "values": { "rtt_ms": 1 } });
    assert!(refused(absent).await.contains("cyn is not in the call"));
}

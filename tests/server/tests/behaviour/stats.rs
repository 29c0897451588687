use std::time::Duration;

use serde_json::{Value, json};

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

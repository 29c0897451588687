//! Requests of official clients pass, unless the server is strict.

use serde_json::{Value, json};
use video_api_server::Server;

use super::api::Api;
use super::common::{bare, now, sign};

const CALL: &str = "/api/v2/video/call/default/standup";

#[tokio::test]
async fn null_is_nothing_and_offsets_are_fine() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let request = json!({
        "ring": null, "members_limit": null,
        "data": {
            "created_by_id": "ana", "members": null, "team": null, "settings_override": { "audio": null },
            "starts_at": "2025-10-09T10:53:20.5+02:00", "custom": { "kept": null },
        },
        "not_yet_known": { "x": 1 },
    });
    let created = api.ask("POST /video/call/default/standup", request).await;
    assert_eq!(created["call"]["starts_at"], 1_760_000_000_500_000_000_i64);
    assert_eq!(created["call"]["custom"], json!({ "kept": null }));
    let query = json!({ "filter_conditions": null, "sort": null, "next": null, "limit": null });
    assert_eq!(
        api.ask("POST /video/calls", query).await["calls"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    api.ask(
        "POST /video/calls",
        json!({ "filter_conditions": { "starts_at": { "$lt": "2026-01-01T00:00:00-08:00" } } }),
    )
    .await;
    // A body where none is due, none where one is, `null` for a body, and parameters of other
    // versions.
    api.ask("POST /video/call/default/standup/go_live", json!(null))
        .await;
    let null = b"null";
    let token = sign(&api.server, &json!({}));
    for rest in ["/go_live", "/stop_live", "/mark_ended"] {
        let target = format!("{CALL}{rest}?api_key=local-api-key");
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
            ("content-type", "application/json"),
            ("content-length", "4"),
        ];
        bare(&api.server, "POST", &target, &headers, null)
            .await
            .ok();
    }
    api.ask("POST /video/call/default/standup/mark_ended", json!({}))
        .await;
    api.ask("POST /video/call/default/standup/stop_live", Value::Null)
        .await;
    api.get("/video/call/default/standup?newer=1&ring=").await;
}

#[tokio::test]
async fn timestamps_may_be_nanoseconds() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let moment = 1_760_000_000_123_456_789_i64;
    let data = json!({ "created_by_id": "ana", "starts_at": moment });
    let created = api.ask("POST /video/call/default/standup", json!({ "data": data }));
    assert_eq!(created.await["call"]["starts_at"], moment);
    let count = async |operator: &str, moment: i64| {
        let filter = json!({ "filter_conditions": { "starts_at": { operator: moment } } });
        let found = api.ask("POST /video/calls", filter).await;
        found["calls"].as_array().unwrap().len()
    };
    assert_eq!(count("$eq", moment).await, 1);
    assert_eq!(count("$gt", moment).await, 0);
    assert_eq!(count("$lt", moment + 1).await, 1);
}

#[tokio::test]
async fn values_in_the_query_are_written_in_several_ways() {
    let api = Api::start().await;
    let path = api.call("default:standup", &["bob"]).await;
    for no in ["false", "False", "0"] {
        api.get(&format!("{path}?ring={no}")).await;
    }
    let was_rung = || {
        let sent = api.server.webhooks();
        sent.iter().any(|delivery| delivery.event == "call.ring")
    };
    assert!(!was_rung());
    for yes in ["true", "True", "1"] {
        api.get(&format!("{path}?ring={yes}")).await;
    }
    assert!(was_rung());
    let other = format!("GET {path}?ring=yes");
    api.refused(&other, Value::Null, 400, "neither true nor false")
        .await;

    api.join("default:standup", "ana").await;
    let call = api.get(&path).await["call"].clone();
    let session = call["session"]["id"].as_str().unwrap();
    let map = format!("/video/call_stats/default/standup/{session}/map");
    for start in [
        "2025-10-09T08:53:20Z",
        "%222025-10-09T10:53:20%2B02:00%22",
        "1760000000000000000",
    ] {
        api.get(&format!("{map}?start_time={start}")).await;
    }
    for start in ["1760000000", "%22yesterday%22"] {
        let request = format!("GET {map}?start_time={start}");
        api.refused(&request, Value::Null, 400, "query start_time")
            .await;
    }
}

#[tokio::test]
async fn recordings_start_and_stop_at_their_earlier_paths() {
    let api = Api::start().await;
    let path = api.call("default:standup", &[]).await;
    let start = format!("POST {path}/start_recording");
    let stop = format!("POST {path}/stop_recording");
    api.refused(&start, json!({}), 400, "there is no active session")
        .await;
    api.refused(&stop, json!({}), 400, "call egress is not running")
        .await;
    api.join("default:standup", "ana").await;
    api.ask(&start, json!({})).await;
    let egress = api.get(&path).await["call"]["egress"].clone();
    assert_eq!(egress["composite_recording"]["status"], "running");
    api.ask(&stop, json!({})).await;
    api.refused(
        &format!("GET {path}/start_recording"),
        Value::Null,
        405,
        "only POST",
    )
    .await;
    let missing = "POST /video/call/default/none/start_recording";
    api.refused(missing, json!({}), 404, "default:none").await;
}

#[tokio::test]
async fn strictness_is_a_setting() {
    let api = Api::of(
        Server::builder()
            .strict(true)
            .create_users(true)
            .start()
            .await
            .unwrap(),
    );
    for (body, message) in [
        (json!({ "ring": null }), "null"),
        (
            json!({ "data": { "starts_at": "2025-10-09T10:53:20+02:00" } }),
            "RFC 3339",
        ),
        (json!({ "data": { "starts_at": 1 } }), "string"),
        (json!({ "unknown": 1 }), "unknown"),
    ] {
        api.refused("POST /video/call/default/standup", body, 400, message)
            .await;
    }
    api.ask("POST /video/call/default/standup", json!({})).await;
    api.refused(
        "POST /video/call/default/standup/start_recording",
        json!({}),
        404,
        "no operation has the path",
    )
    .await;
    for (query, message) in [
        ("ring=1", "neither true nor false"),
        ("ring=True", "neither true nor false"),
    ] {
        let request = format!("GET /video/call/default/standup?{query}");
        api.refused(&request, Value::Null, 400, message).await;
    }
    api.refused(
        "POST /video/call/default/standup/mark_ended",
        json!({}),
        400,
        "no body",
    )
    .await;
    api.refused(
        "GET /video/call/default/a%252Fb",
        Value::Null,
        400,
        "encoded twice",
    )
    .await;
}

#[tokio::test]
async fn any_token_that_fits_the_secret_and_names_no_user_is_a_servers() {
    for (strict, expected) in [(false, 200), (true, 401)] {
        let server = Server::builder().strict(strict).start().await.unwrap();
        let target = "/api/v2/video/edges?api_key=local-api-key";
        #[allow(clippy::cast_precision_loss, reason = "seconds")]
        let soon = now() as f64 + 30.5;
        for (claims, scheme) in [
            (json!({}), ""),
            (json!({ "iat": now() }), "bearer "),
            (
                json!({ "server": true, "iat": soon, "exp": soon + 9.5 }),
                "BEARER ",
            ),
            (json!({ "user_id": null }), "Bearer "),
        ] {
            let token = format!("{scheme}{}", sign(&server, &claims));
            let headers = [
                ("authorization", token.as_str()),
                ("stream-auth-type", "jwt"),
            ];
            let reply = bare(&server, "GET", target, &headers, b"").await;
            assert_eq!(reply.status, expected, "{claims} {reply:?}");
        }
    }
    let server = Server::start().await.unwrap();
    let early = sign(&server, &json!({ "iat": now() + 120 }));
    let headers = [
        ("authorization", early.as_str()),
        ("stream-auth-type", "jwt"),
    ];
    let target = format!("{CALL}?api_key=local-api-key");
    bare(&server, "GET", &target, &headers, b"")
        .await
        .refused(401, 42, "before it was issued");
}

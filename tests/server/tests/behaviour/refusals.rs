//! For every operation something that it refuses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::api::Api;

/// Operations that refuse nothing that is well-formed, apart from tokens.
const REFUSES_NOTHING: [&str; 6] = [
    "GetActiveCallsStatus",
    "GetEdges",
    "ListCallTypes",
    "ListExternalStorage",
    "ListSIPInboundRoutingRule",
    "ListSIPTrunks",
];

#[tokio::test]
async fn every_operation_refuses_what_makes_no_sense() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let call = "/video/call/default/none";
    let user = json!({ "user_id": "ana" });
    let pin = json!({ "user_id": "ana", "session_id": "s" });
    let missing = "Can't find call with id default:none";
    for (request, body) in [
        ("GET ", Value::Null),
        ("PATCH ", json!({})),
        ("POST /mark_ended", Value::Null),
        ("POST /delete", json!({})),
        ("POST /members", json!({})),
        ("POST /block", user.clone()),
        ("POST /unblock", user.clone()),
        ("POST /kick", user.clone()),
        ("POST /mute_users", json!({ "mute_all_users": true })),
        ("POST /user_permissions", user.clone()),
        ("POST /pin", pin.clone()),
        ("POST /unpin", pin),
        ("POST /event", user),
        ("POST /ring", json!({})),
        ("POST /go_live", json!({})),
        ("POST /stop_live", json!({})),
        ("POST /participants", json!({})),
        ("POST /recordings/composite/start", json!({})),
        ("POST /recordings/composite/stop", json!({})),
        ("GET /recordings", Value::Null),
        ("DELETE /s/recordings/f", Value::Null),
        ("POST /start_frame_recording", json!({})),
        ("POST /stop_frame_recording", Value::Null),
        ("POST /start_transcription", json!({})),
        ("POST /stop_transcription", json!({})),
        ("GET /transcriptions", Value::Null),
        ("DELETE /s/transcriptions/f", Value::Null),
        ("POST /start_closed_captions", json!({})),
        ("POST /stop_closed_captions", json!({})),
        (
            "POST /closed_captions",
            json!({ "speaker_id": "ana", "text": "x" }),
        ),
        ("POST /start_broadcasting", Value::Null),
        ("POST /stop_broadcasting", Value::Null),
        (
            "POST /rtmp_broadcasts",
            json!({ "broadcasts": [{ "name": "n", "stream_url": "rtmp://x" }] }),
        ),
        ("POST /rtmp_broadcasts/n/stop", json!({})),
        ("POST /rtmp_broadcasts/stop", Value::Null),
        (
            "POST /feedback",
            json!({ "rating": 5, "sdk": "s", "sdk_version": "1" }),
        ),
        ("GET /report", Value::Null),
        ("GET /session/s/participant/u/us/details/track", Value::Null),
        ("GET /session/s/participant_sessions", Value::Null),
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        api.refused(&format!("{method} {call}{path}"), body, 404, missing)
            .await;
    }
    let stats = "/video/call_stats/default/none/s";
    for path in [
        "map",
        "participants",
        "participant/u/us/details",
        "participants/u/us/timeline",
    ] {
        api.refused(&format!("GET {stats}/{path}"), Value::Null, 404, missing)
            .await;
    }
    let bad_filter = json!({ "filter_conditions": { "nope": 1 } });
    for path in [
        "/video/calls",
        "/video/call/feedback",
        "/video/call/stats",
        "/video/call_stats",
    ] {
        api.refused(
            &format!("POST {path}"),
            bad_filter.clone(),
            400,
            "nope is not a field",
        )
        .await;
    }
    let rule = json!({ "name": "r", "trunk_ids": ["none"], "caller_configs": { "id": "c" } });
    let trunk = json!({ "name": "t", "numbers": ["1"] });
    let storage = json!({ "bucket": "b", "storage_type": "s3" });
    let mut named = storage.clone();
    named["name"] = "stream-s3".into();
    for (request, body, status, message) in [
        (
            "POST /video/call/default/none",
            json!({}),
            400,
            "created_by_id must be provided",
        ),
        (
            "POST /video/call/nothing/x",
            json!({ "data": { "created_by_id": "ana" } }),
            404,
            "call type with name nothing",
        ),
        (
            "POST /video/call/members",
            json!({ "type": "default", "id": "none" }),
            404,
            missing,
        ),
        (
            "POST /video/calltypes",
            json!({ "name": "default" }),
            400,
            "already exists",
        ),
        (
            "POST /video/calltypes",
            json!({ "name": "a b" }),
            400,
            "letters, digits",
        ),
        (
            "GET /video/calltypes/none",
            Value::Null,
            404,
            "does not exist",
        ),
        (
            "PUT /video/calltypes/none",
            json!({}),
            404,
            "does not exist",
        ),
        (
            "DELETE /video/calltypes/none",
            Value::Null,
            404,
            "does not exist",
        ),
        (
            "DELETE /video/calltypes/default",
            Value::Null,
            400,
            "built in",
        ),
        (
            "POST /video/sip/inbound_trunks",
            json!({ "name": "t", "numbers": [] }),
            400,
            "less than 1 item",
        ),
        (
            "POST /video/sip/inbound_trunks",
            json!({ "name": "t", "numbers": ["1"], "allowed_ips": ["10.0.0.0/33"] }),
            400,
            "neither an IP",
        ),
        (
            "PUT /video/sip/inbound_trunks/x",
            trunk,
            404,
            "SIP trunk with id x",
        ),
        (
            "DELETE /video/sip/inbound_trunks/x",
            Value::Null,
            404,
            "SIP trunk with id x",
        ),
        (
            "POST /video/sip/inbound_routing_rules",
            rule.clone(),
            400,
            "SIP trunk with id none",
        ),
        (
            "PUT /video/sip/inbound_routing_rules/x",
            rule,
            404,
            "routing rule with id x",
        ),
        (
            "DELETE /video/sip/inbound_routing_rules/x",
            Value::Null,
            404,
            "routing rule with id x",
        ),
        (
            "POST /video/sip/resolve",
            json!({ "sip_caller_number": "1", "sip_trunk_number": "2" }),
            404,
            "SIP trunk with number 2",
        ),
        (
            "POST /video/sip/auth",
            json!({ "sip_caller_number": "1" }),
            400,
            "sip_trunk_number",
        ),
        (
            "POST /video/stats",
            json!({ "report_types": ["weather"] }),
            400,
            "report_types has no weather",
        ),
        (
            "POST /users",
            json!({ "users": { "a": { "id": "b" } } }),
            400,
            "same as the key",
        ),
        (
            "PATCH /users",
            json!({ "users": [{ "id": "none" }] }),
            404,
            "user with id none",
        ),
        (
            "GET /users?payload=%7B%22filter_conditions%22%3A%7B%22nope%22%3A1%7D%7D",
            Value::Null,
            400,
            "nope is not a field",
        ),
        (
            "POST /users/delete",
            json!({ "user_ids": ["none"] }),
            404,
            "user with id none",
        ),
        (
            "POST /users/deactivate",
            json!({ "user_ids": ["none"] }),
            404,
            "user with id none",
        ),
        (
            "POST /users/reactivate",
            json!({ "user_ids": ["none"] }),
            404,
            "user with id none",
        ),
        (
            "POST /users/none/deactivate",
            json!({}),
            404,
            "user with id none",
        ),
        (
            "POST /users/ana/reactivate",
            json!({}),
            400,
            "not deactivated",
        ),
        ("GET /tasks/none", Value::Null, 404, "task with id none"),
        (
            "POST /external_storage",
            named,
            400,
            "reserved for internal use",
        ),
        (
            "PUT /external_storage/none",
            storage,
            404,
            "external storage with name none",
        ),
        (
            "DELETE /external_storage/none",
            Value::Null,
            404,
            "external storage with name none",
        ),
        (
            "GET /external_storage/none/check",
            Value::Null,
            404,
            "external storage with name none",
        ),
    ] {
        api.refused(request, body, status, message).await;
    }
    let recorded = api.server.recorded();
    let refused = recorded.iter().filter(|request| request.status >= 400);
    let refused: BTreeSet<&str> = refused
        .filter_map(|request| request.operation_id.as_deref())
        .collect();
    let operations = api.server.api().operations().iter();
    let missing: Vec<&str> = operations
        .map(|operation| operation.id())
        .filter(|id| !refused.contains(id) && !REFUSES_NOTHING.contains(id))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[tokio::test]
async fn a_refusal_changes_nothing() {
    let api = Api::start().await;
    let path = api.call("default:one", &["ben"]).await;
    api.join("default:one", "ben").await;
    let before = api.get(&path).await;
    let bad = json!({ "update_members": [{ "user_id": "ana" }, { "user_id": "nobody" }], "remove_members": ["ben"] });
    api.refused(&format!("POST {path}/members"), bad, 400, "nobody")
        .await;
    let half = json!({ "broadcasts": [{ "name": "b", "stream_url": "http://x" }] });
    api.refused(
        &format!("POST {path}/rtmp_broadcasts"),
        half,
        400,
        "stream_url of b",
    )
    .await;
    let after = api.get(&path).await;
    assert_eq!(after["members"], before["members"]);
    assert_eq!(after["call"], before["call"]);
}

#[tokio::test]
async fn every_query_names_the_fields_that_it_knows() {
    let api = Api::start().await;
    let path = api.call("default:one", &[]).await;
    api.join("default:one", "ana").await;
    let session = api.get(&path).await["call"]["current_session_id"].clone();
    let session = session.as_str().unwrap();
    let filter = |field: &str| json!({ "filter_conditions": { field: 1 } });
    let encoded = |value: &Value| -> String {
        let text = value.to_string();
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    };
    let unknown = |field: &str| format!("{field} is not a field to filter or sort by; these are: ");
    for (request, known) in [
        ("/video/calls", "starts_at"),
        ("/video/call/members", "role"),
        ("/video/call/default/one/participants", "published_tracks"),
        ("/video/call/feedback", "rating"),
        ("/video/call/stats", "call_duration_seconds"),
        ("/video/call_stats", "call_started_at"),
    ] {
        let mut body = filter("nope");
        if request.ends_with("/members") {
            body["type"] = "default".into();
            body["id"] = "one".into();
        }
        let reply = api
            .send(&json!({}), &format!("POST {request}"), Some(body))
            .await;
        assert_eq!(reply.status, 400, "{request}");
        let message = reply.message();
        assert!(message.contains(&unknown("nope")), "{request}: {message}");
        assert!(message.contains(known), "{request}: {message}");
    }
    let conditions = encoded(&json!({ "nope": 1 }));
    let payload = encoded(&filter("nope"));
    for (request, known) in [
        (format!("/users?payload={payload}"), "teams"),
        (
            format!("{path}/session/{session}/participant_sessions?filter_conditions={conditions}"),
            "joined_at",
        ),
        (
            format!(
                "/video/call_stats/default/one/{session}/participants?filter_conditions={conditions}"
            ),
            "latest_activity_at",
        ),
    ] {
        let reply = api.send(&json!({}), &format!("GET {request}"), None).await;
        assert_eq!(reply.status, 400, "{request}");
        let message = reply.message();
        assert!(message.contains(&unknown("nope")), "{request}: {message}");
        assert!(message.contains(known), "{request}: {message}");
    }
}

#[tokio::test]
async fn timestamps_that_are_too_far_away_are_out_of_range() {
    let api = Api::start().await;
    let path = api.call("default:far", &[]).await;
    for far in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
        let change = json!({ "starts_at": far });
        let message = format!("{far} is out of range, which is from 1677-09-21T00:12:43");
        api.refused(&format!("PATCH {path}"), change, 400, &message)
            .await;
        let data = json!({ "data": { "created_by_id": "ana", "starts_at": far } });
        api.refused("POST /video/call/default/new", data, 400, "out of range")
            .await;
        let filter = json!({ "filter_conditions": { "created_at": { "$gt": far } } });
        api.refused("POST /video/calls", filter, 400, "out of range")
            .await;
    }
    let change = json!({ "starts_at": "soon" });
    api.refused(&format!("PATCH {path}"), change, 400, "RFC 3339")
        .await;
}

#[tokio::test]
async fn a_broadcast_needs_a_name() {
    let api = Api::start().await;
    let path = api.call("default:cast", &[]).await;
    api.join("default:cast", "ana").await;
    let nameless = json!({ "broadcasts": [{ "name": "", "stream_url": "rtmp://127.0.0.1/live" }] });
    let request = format!("POST {path}/rtmp_broadcasts");
    api.refused(&request, nameless, 400, "must not be empty")
        .await;
}

#[tokio::test]
async fn operations_of_chat_are_said_not_to_be_served() {
    let api = Api::start().await;
    for request in [
        "POST /chat/channels/messaging/general/query",
        "GET /chat/messages/1",
        "POST /channels",
    ] {
        api.refused(request, json!({}), 404, "chat is not part of this server")
            .await;
    }
}

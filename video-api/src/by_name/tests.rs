//! Calls by name: the values that go through, and the texts of the refusals.

use serde_json::{Value, json};

use super::*;
use crate::Client;

fn client() -> Client {
    Client::new("key-of-app", "s3cr3t-value").unwrap()
}

fn prepare(id: &str, arguments: Value) -> Result<Preview, String> {
    let arguments = serde_json::from_value(arguments).map_err(|error| error.to_string())?;
    let prepared = client().prepare_operation(id, &arguments);
    prepared.and_then(|p| p.preview()).map_err(|error| {
        assert!(
            error.is_invalid_request() && error.attempts() == 0,
            "{error:?}"
        );
        error.to_string()
    })
}

const CALL: &str = r#"{"type":"default","id":"a/b"}"#;

fn call(rest: Value) -> Value {
    let mut arguments = json!({"path": serde_json::from_str::<Value>(CALL).unwrap()});
    arguments
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    arguments
}

#[test]
fn the_body_arrives_as_given() {
    let body = json!({"data": {
        "custom": {"null": null, "empty": [], "no": {}, "false": false, "zero": 0, "deep": [{"x": [null]}]},
        "members": [],
        "video": false,
        "starts_at": "2026-01-31T12:00:00.123456789Z",
    }, "members_limit": 0, "ring": false});
    let preview = prepare("GetOrCreateCall", call(json!({"body": body}))).unwrap();
    let sent: Value = serde_json::from_str(&preview.body.unwrap()).unwrap();
    assert_eq!(sent, body);
    assert_eq!(
        preview.url,
        "https://video.stream-io-api.com/api/v2/video/call/default/a%2Fb"
    );
}

#[test]
fn query_values_may_be_text_or_typed() {
    for (limit, ring) in [(json!(5), json!(true)), (json!("5"), json!("true"))] {
        let query = json!({"query": {"members_limit": limit, "ring": ring, "notify": null}});
        let preview = prepare("GetCall", call(query)).unwrap();
        assert!(
            preview.url.ends_with("/a%2Fb?members_limit=5&ring=true"),
            "{}",
            preview.url
        );
        assert_eq!(preview.body, None);
    }
    let path = json!({"call_type": "default", "call_id": 7, "session": true});
    let typed = json!({"path": path, "query": {
        "filter_conditions": {"ended_at": null}, "sort": [{"field": "x", "direction": -1}]}});
    let text = json!({"path": path, "query": {
        "filter_conditions": r#"{"ended_at":null}"#, "sort": r#"[{"field":"x","direction":-1}]"#}});
    let id = "QueryCallSessionParticipantStats";
    assert_eq!(prepare(id, typed.clone()), prepare(id, text));
    assert!(
        prepare(id, typed)
            .unwrap()
            .url
            .contains("call_stats/default/7/true/participants?sort=%5B")
    );
}

#[test]
fn null_means_unset_only_where_a_field_is_optional() {
    let preview = prepare(
        "GetOrCreateCall",
        call(json!({"body": {"data": {"team": null}, "ring": null}})),
    );
    assert_eq!(preview.unwrap().body.as_deref(), Some(r#"{"data":{}}"#));
    let preview = prepare(
        "StopRecording",
        json!({
        "path": {"type": "a", "id": "b", "recording_type": "composite"}, "body": null}),
    );
    assert_eq!(preview.unwrap().body.as_deref(), Some("{}"));
    for (id, body, says) in [
        (
            "GetOrCreateCall",
            json!({"data": {"teem": null}}),
            "`body.data.teem` is not known here",
        ),
        (
            "BlockUser",
            json!({"user_id": null}),
            "`body.user_id` is required and cannot be `null`",
        ),
        (
            "UpdateCallMembers",
            json!({"remove_members": ["a", null]}),
            "`body.remove_members` has an item",
        ),
    ] {
        let error = prepare(id, call(json!({"body": body}))).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
    let error = prepare(
        "CreateCallType",
        json!({"body": {"name": "x", "grants": {"admin": null}}}),
    )
    .unwrap_err();
    assert!(
        error.contains("`body.grants.admin` is an entry with `null`"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_sent_as_given_is_refused_with_its_place() {
    for (id, arguments, says) in [
        (
            "GetCal",
            json!({}),
            "unknown operation `GetCal`; did you mean `GetCall`?",
        ),
        (
            "GetCall",
            json!({"path": {"type": "x"}}),
            "the path parameter `id` is missing",
        ),
        (
            "GetCall",
            call(json!({"query": {"member_limit": 5}})),
            "`member_limit`; did you mean `members_limit`?",
        ),
        (
            "GetCall",
            call(json!({"query": {"members_limit": 5.5}})),
            "invalid query parameter `members_limit`",
        ),
        (
            "GetCall",
            call(json!({"query": {"api_key": "x"}})),
            "unknown query parameter `api_key`",
        ),
        ("GetCall", call(json!({"body": {}})), "takes no body"),
        (
            "GetCall",
            json!({"path": {"type": "x", "id": ".."}}),
            "`id` is `..`",
        ),
        (
            "GetCall",
            json!({"path": {"type": "", "id": "x"}}),
            "`type` is empty",
        ),
        (
            "GetCall",
            json!({"path": {"type": null, "id": "x"}}),
            "`type` must be a string",
        ),
        (
            "GetCall",
            json!({"path": {"type": "x", "id": "y", "cid": "z"}}),
            "unknown path parameter `cid`",
        ),
        (
            "BlockUser",
            call(json!({"body": {}})),
            "`body.user_id` is required but missing",
        ),
        (
            "BlockUser",
            call(json!({"body": []})),
            "the body must be a JSON object",
        ),
        (
            "BlockUser",
            call(json!({"body": {"user_id": 5}})),
            "`body.user_id` must be a string, not this number",
        ),
        (
            "StartRTMPBroadcasts",
            call(json!({})),
            "`body.broadcasts` is required but missing",
        ),
        (
            "GetOrCreateCall",
            call(json!({"body": {"data": {"members": [{"user_id": "a", "rolle": "x"}]}}})),
            "`body.data.members[0].rolle` is not known here",
        ),
        (
            "GetOrCreateCall",
            call(json!({"body": {"data": {"custom": [1]}}})),
            "`body.data.custom` must be",
        ),
        (
            "GetOrCreateCall",
            call(json!({"body": {"members_limit": 3_000_000_000_u32}})),
            "`body.members_limit` must be",
        ),
        (
            "GetOrCreateCall",
            call(json!({"body": {"data": {"starts_at": 1_700_000_000}}})),
            "written as RFC 3339",
        ),
        (
            "GetOrCreateCall",
            call(json!({"body": {"data": {"starts_at": "soon"}}})),
            "must be a time as RFC 3339",
        ),
    ] {
        let error = prepare(id, arguments.clone()).unwrap_err();
        assert!(error.contains(says), "{id} {arguments}: {error}");
    }
}

#[test]
fn refusals_show_no_values() {
    let body = json!({"name": "n", "numbers": ["1"], "password": 12_345_678});
    let error = prepare("CreateSIPTrunk", json!({"body": body})).unwrap_err();
    assert!(
        error.contains("password") && !error.contains("12345678"),
        "{error}"
    );
}

#[test]
fn arguments_are_read_strictly() {
    assert!(
        prepare("GetEdges", json!({"params": {}}))
            .unwrap_err()
            .contains("unknown field `params`")
    );
    assert!(
        prepare(
            "GetEdges",
            json!({"path": null, "query": null, "body": null})
        )
        .is_ok()
    );
}

#[test]
fn the_same_number_or_time_may_be_written_otherwise() {
    for (given, sent) in [(json!(5.0), "5"), (json!(5), "5")] {
        let preview = prepare(
            "GetOrCreateCall",
            call(json!({"body": {"members_limit": given}})),
        );
        assert_eq!(
            preview.unwrap().body,
            Some(format!(r#"{{"members_limit":{sent}}}"#))
        );
    }
    let preview = prepare(
        "UpdateCall",
        call(json!({"body": {"starts_at": "2026-01-31T13:00:00+01:00"}})),
    );
    assert_eq!(
        preview.unwrap().body.as_deref(),
        Some(r#"{"starts_at":"2026-01-31T12:00:00Z"}"#)
    );
}

#[test]
fn a_preview_holds_no_credentials_and_makes_a_curl_command() {
    let preview = prepare("BlockUser", call(json!({"body": {"user_id": "o'hara"}}))).unwrap();
    let shown = format!("{preview:?} {}", preview.to_curl());
    assert!(
        !shown.contains("key-of-app") && !shown.contains("s3cr3t") && !shown.contains("eyJ"),
        "{shown}"
    );
    let curl = preview.to_curl();
    assert!(
        curl.starts_with("curl -sS --fail-with-body -X POST 'https://video.stream-io-api.com/"),
        "{curl}"
    );
    assert!(curl.contains(r#"?api_key='"$STREAM_API_KEY""#), "{curl}");
    assert!(
        curl.ends_with(r#"--data-raw '{"user_id":"o'\''hara"}'"#),
        "{curl}"
    );
    let empty = prepare("EndCall", call(json!({}))).unwrap();
    assert!(empty.to_curl().contains("-H 'content-length: 0'"));
    assert_eq!(empty.body, None);
}

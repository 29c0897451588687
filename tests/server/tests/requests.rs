//! Path, query and body are held strictly against the spec.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{CALL, Reply, bare, get, post, send, sign};
use serde_json::{Value, json};
use video_api_server::{BodyMode, Server};

const SESSIONS: &str = "/api/v2/video/call/default/standup/session/s/participant_sessions";
const STATS: &str = "/api/v2/video/call_stats/default/standup/s/participants";
const TIMELINE: &str = "/api/v2/video/call_stats/default/standup/s/participants/ana/1/timeline";
const MAP: &str = "/api/v2/video/call_stats/default/standup/s/map";

#[track_caller]
fn fine(reply: &Reply) {
    reply.ok();
}

#[tokio::test]
async fn unknown_paths_and_methods() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    get(&server, "/api/v2/video/nothing")
        .await
        .refused(404, 16, "no operation has the path");
    get(&server, &format!("{CALL}/"))
        .await
        .refused(404, 16, "no operation");
    get(&server, "/api/v2/video/call//standup")
        .await
        .refused(404, 16, "no operation");
    send(&server, "PUT", CALL, Some(&json!({})))
        .await
        .refused(405, 4, "GET, PATCH, POST");
}

#[tokio::test]
async fn any_id_survives_the_path() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let id = "a/b?c#d %+ü:$&";
    let target = "/api/v2/video/call/default/a%2Fb%3Fc%23d%20%25%2B%C3%BC%3A%24%26";
    let call = post(&server, target, json!({})).await.ok();
    assert_eq!(call["call"]["id"], id);
    assert_eq!(call["call"]["cid"], format!("default:{id}"));
    assert_eq!(get(&server, target).await.ok()["call"]["id"], id);
    let recorded = server.recorded();
    assert_eq!(recorded[0].path, target);
    assert_eq!(recorded[0].operation_id.as_deref(), Some("GetOrCreateCall"));
}

#[tokio::test]
async fn bad_paths_are_refused() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let refused = async |id: &str, message: &str| {
        let target = format!("/api/v2/video/call/default/{id}");
        get(&server, &target).await.refused(400, 4, message);
    };
    refused("a%2Gb", "starts no escape").await;
    refused("%FF", "UTF-8").await;
    refused("..", "removed from the path").await;
    refused("%2e%2E", "removed from the path").await;
    refused(".", "removed from the path").await;
    refused("a%252Fb", "encoded twice").await;
    refused(&"x".repeat(65), "longer than 64").await;

    let lenient = Server::builder()
        .strict(true)
        .create_users(true)
        .refuse_double_encoding(false);
    let lenient = lenient.start().await.unwrap();
    let target = "/api/v2/video/call/default/a%252Fb";
    let call = post(&lenient, target, json!({})).await.ok();
    assert_eq!(call["call"]["id"], "a%2Fb");
}

#[tokio::test]
async fn query_values_are_read_by_their_schema() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    fine(&post(&server, CALL, json!({})).await);
    for query in [
        "members_limit=5&ring=true&notify=false&video=false",
        "members_limit=0",
        "members_limit=100",
    ] {
        fine(&get(&server, &format!("{CALL}?{query}")).await);
    }
    for (query, message) in [
        ("members_limit=101", "maximum of 100"),
        ("members_limit=-1", "minimum of 0"),
        ("members_limit=5.0", "not of type"),
        ("members_limit=five", "not a number"),
        ("members_limit=+5", "not a number"),
        ("members_limit=", "not a number"),
        ("members_limit=99999999999", "maximum"),
        ("ring=1", "neither true nor false"),
        ("ring=True", "neither true nor false"),
        ("ring=", "neither true nor false"),
    ] {
        let reply = get(&server, &format!("{CALL}?{query}")).await;
        reply.refused(400, 4, message);
    }
}

#[tokio::test]
async fn timestamps_in_the_query_are_rfc_3339() {
    let server = Server::builder()
        .strict(true)
        .body_mode(BodyMode::Minimal)
        .start()
        .await
        .unwrap();
    fine(
        &get(
            &server,
            &format!("{MAP}?start_time=2025-10-09T08%3A53%3A20.123456789Z"),
        )
        .await,
    );
    for value in [
        "1760000000",
        "1.0",
        "2025-10-09T08:53:20",
        "2025-10-09T08:53:20%2B00:00",
        "%222025-10-09T08:53:20Z%22",
        "2025-10-09",
    ] {
        let reply = get(&server, &format!("{MAP}?start_time={value}")).await;
        reply.refused(400, 4, "RFC 3339");
    }
}

#[tokio::test]
async fn objects_and_lists_in_the_query() {
    let server = Server::builder()
        .strict(true)
        .body_mode(BodyMode::Minimal)
        .start()
        .await
        .unwrap();
    let filter = "%7B%22ended_at%22%3Anull%2C%22a%22%3A%22%26%22%7D";
    fine(
        &get(
            &server,
            &format!("{SESSIONS}?filter_conditions={filter}&limit=1"),
        )
        .await,
    );
    let sort = "%5B%7B%22field%22%3A%22x%22%2C%22direction%22%3A-1%7D%5D";
    fine(&get(&server, &format!("{STATS}?sort={sort}")).await);
    fine(&get(&server, &format!("{TIMELINE}?severity=warning%2Cerror")).await);
    for (target, message) in [
        (format!("{SESSIONS}?filter_conditions=x"), "not JSON"),
        (
            format!("{SESSIONS}?filter_conditions=%5B%5D"),
            "not of type \"object\"",
        ),
        (
            format!(
                "{SESSIONS}?filter_conditions={}",
                filter.replace('%', "%25")
            ),
            "encoded twice",
        ),
        (format!("{STATS}?sort=field"), "not JSON"),
        (format!("{STATS}?sort=%5B%7B%22fild%22%3A1%7D%5D"), "fild"),
        (
            format!("{STATS}?sort=%5B%7B%7D%2C%7B%7D%5D"),
            "more than 1 item",
        ),
        (
            format!("{TIMELINE}?severity=a&severity=b"),
            "more than once",
        ),
    ] {
        get(&server, &target).await.refused(400, 4, message);
    }
}

#[tokio::test]
async fn unknown_repeated_and_malformed_queries_are_refused() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for (query, message) in [
        ("limit=1", "not a parameter of this operation"),
        ("Ring=true", "not a parameter of this operation"),
        ("ring=true&ring=true", "more than once"),
        ("ring=%2", "starts no escape"),
        ("ring=true;notify=true", "bare `;`"),
    ] {
        let reply = get(&server, &format!("{CALL}?{query}")).await;
        reply.refused(400, 4, message);
    }
    let recorded = server.recorded();
    assert_eq!(
        recorded[0].problems,
        ["query limit: is not a parameter of this operation"]
    );
    assert_eq!(recorded[0].status, 400);
}

#[tokio::test]
async fn bodies_fit_their_schema() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let accepted = json!({
        "data": {
            "created_by_id": "ana",
            "custom": { "none": null, "list": [], "deep": { "n": 1.5 } },
            "members": [{ "user_id": "ana", "role": "host" }],
            "starts_at": "2025-10-09T08:53:20.123456789Z",
            "settings_override": { "limits": { "max_participants": 3 } },
            "video": false,
        },
        "members_limit": 100,
        "ring": false,
    });
    fine(&post(&server, CALL, accepted).await);
    for (body, place, message) in [
        (json!({ "nope": 1 }), "body", "nope"),
        (json!({ "data": { "nope": 1 } }), "body/data", "nope"),
        (
            json!({ "data": { "members": [{ "user_id": "" }] } }),
            "body/data/members/0/user_id",
            "shorter",
        ),
        (
            json!({ "data": { "members": [{}] } }),
            "body/data/members/0",
            "user_id",
        ),
        (
            json!({ "data": { "starts_at": 1.0 } }),
            "body/data/starts_at",
            "string",
        ),
        (
            json!({ "data": { "starts_at": "2025-10-09T10:53:20+02:00" } }),
            "body/data/starts_at",
            "RFC 3339",
        ),
        (json!({ "data": null }), "body/data", "object"),
        (json!({ "members_limit": 101 }), "body/members_limit", "100"),
        (
            json!({ "members_limit": 5.0 }),
            "body/members_limit",
            "integer",
        ),
        (json!({ "ring": "true" }), "body/ring", "boolean"),
        (json!([]), "body", "object"),
        (
            json!({ "data": { "settings_override": { "recording": { "mode": "sometimes" } } } }),
            "body/data/settings_override/recording/mode",
            "sometimes",
        ),
    ] {
        let reply = post(&server, CALL, body).await;
        reply.refused(400, 4, message);
        let fields = &reply.json()["exception_fields"];
        let found = fields[place].as_str().unwrap_or_default();
        assert!(found.contains(message), "{fields} lacks {place}");
    }
    let many: Vec<Value> = (0..101)
        .map(|n| json!({ "user_id": n.to_string() }))
        .collect();
    let reply = post(&server, CALL, json!({ "data": { "members": many } })).await;
    reply.refused(400, 4, "more than 100");
}

#[tokio::test]
async fn all_problems_are_reported_at_once() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let target = format!("{CALL}?x=1");
    let reply = post(&server, &target, json!({ "ring": 1, "video": 2 })).await;
    let expected = ["body/ring", "body/video", "query x"];
    let body = reply.json();
    let fields = body["exception_fields"].as_object().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), expected);
    assert_eq!(server.recorded()[0].problems.len(), 3);
}

async fn with_body(server: &Server, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let token = sign(server, &json!({ "server": true }));
    let target = format!("{target}?api_key={}", server.api_key());
    let mut all = vec![
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
    ];
    all.extend_from_slice(headers);
    bare(server, "POST", &target, &all, body.as_bytes()).await
}

#[tokio::test]
async fn a_json_body_is_required_where_the_spec_has_one() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let json = ("content-type", "application/json");
    let with_charset = ("content-type", "application/json; charset=utf-8");
    let two = ("content-length", "2");
    fine(&with_body(&server, CALL, &[json, two], "{}").await);
    fine(&with_body(&server, CALL, &[with_charset, two], "{}").await);
    let chunked = ("transfer-encoding", "chunked");
    fine(&with_body(&server, CALL, &[json, chunked], "2\r\n{}\r\n0\r\n\r\n").await);
    with_body(&server, CALL, &[json, ("content-length", "0")], "")
        .await
        .refused(400, 4, "a JSON body is required");
    with_body(&server, CALL, &[two], "{}")
        .await
        .refused(400, 4, "content-type");
    with_body(&server, CALL, &[("content-type", "text/plain"), two], "{}")
        .await
        .refused(400, 4, "content-type");
    with_body(&server, CALL, &[json, two], "{]")
        .await
        .refused(400, 4, "not JSON");
}

#[tokio::test]
async fn no_body_is_allowed_where_the_spec_has_none() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    fine(&post(&server, CALL, json!({})).await);
    let end = format!("{CALL}/mark_ended");
    fine(&with_body(&server, &end, &[("content-length", "0")], "").await);
    with_body(&server, &end, &[], "")
        .await
        .refused(400, 4, "content-length must be 0");
    let json = ("content-type", "application/json");
    with_body(&server, &end, &[json, ("content-length", "2")], "{}")
        .await
        .refused(400, 4, "takes no body");
    with_body(
        &server,
        &end,
        &[("transfer-encoding", "chunked")],
        "0\r\n\r\n",
    )
    .await
    .refused(400, 4, "chunked");

    let token = sign(&server, &json!({ "server": true }));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-length", "2"),
    ];
    let target = format!("{CALL}?api_key={}", server.api_key());
    bare(&server, "GET", &target, &headers, b"{}")
        .await
        .refused(400, 4, "takes no body");
}

/// The documents give ids a length and no alphabet.
#[tokio::test]
async fn ids_are_any_text_of_the_documented_length() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    for id in ["a b:c", "\u{fc}\u{1f3a5}", "$&?#%+/", &"x".repeat(64)] {
        let encoded: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let target = format!("/api/v2/video/call/default/{encoded}");
        let body = json!({ "data": { "created_by_id": id } });
        let created = post(&server, &target, body).await.ok();
        assert_eq!(created["call"]["id"], id);
        assert_eq!(created["call"]["created_by"]["id"], id);
    }
    let long = "x".repeat(65);
    let target = format!("/api/v2/video/call/default/{long}");
    let refused = post(&server, &target, json!({})).await;
    refused.refused(400, 4, "path id");
}

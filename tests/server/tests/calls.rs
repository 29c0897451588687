//! Calls and members are really kept.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{CALL, get, post, send, send_as};
use serde_json::{Value, json};
use video_api_server::{SampleMode, Server, sample};

/// Checks a body against the documented response too.
#[track_caller]
fn documented(server: &Server, operation: &str, body: &Value) {
    let problems = server.api().response_problems(operation, body);
    assert!(problems.is_empty(), "{operation}: {problems:#?}\n{body:#}");
}

fn member_ids(body: &Value) -> Vec<&str> {
    let members = body["members"].as_array().unwrap().iter();
    members
        .map(|member| member["user_id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_call_lives_from_creation_to_deletion() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    get(&server, CALL).await.refused(404, 16, "default:standup");

    let request = json!({ "data": {
        "created_by": { "id": "ana", "name": "Ana", "custom": { "team": 7 } },
        "members": [{ "user_id": "ana", "role": "host" }, { "user_id": "ben", "custom": { "n": 1 } }],
        "custom": { "topic": "plans", "none": null },
        "starts_at": "2025-10-09T08:53:20.123456789Z",
        "team": "blue",
        "channel_cid": "messaging:1",
        "settings_override": { "limits": { "max_participants": 3 } },
    } });
    let created = post(&server, CALL, request).await;
    assert_eq!(created.status, 201);
    let created = created.json();
    documented(&server, "GetOrCreateCall", &created);
    assert_eq!(created["created"], true);
    let call = &created["call"];
    assert_eq!(call["type"], "default");
    assert_eq!(call["cid"], "default:standup");
    assert_eq!(call["created_by"]["name"], "Ana");
    assert_eq!(call["created_by"]["custom"], json!({ "team": 7 }));
    assert_eq!(call["custom"], json!({ "topic": "plans", "none": null }));
    assert_eq!(call["starts_at"], 1_760_000_000_123_456_789_i64);
    assert_eq!(call["team"], "blue");
    assert_eq!(call["channel_cid"], "messaging:1");
    assert_eq!(call["settings"]["limits"]["max_participants"], 3);
    assert_eq!(call["ended_at"], Value::Null);
    assert_eq!(member_ids(&created), ["ben", "ana"]);
    assert_eq!(created["members"][1]["role"], "host");
    assert_eq!(created["members"][1]["user"]["name"], "Ana");
    assert_eq!(created["members"][0]["custom"], json!({ "n": 1 }));

    let again = post(&server, CALL, json!({ "data": { "team": "red" } })).await;
    let again = again.ok();
    assert_eq!(again["created"], false);
    assert_eq!(again["call"], created["call"]);

    let fetched = get(&server, CALL).await;
    assert_eq!(fetched.status, 200);
    documented(&server, "GetCall", &fetched.json());
    assert_eq!(fetched.json()["call"], created["call"]);
    assert_eq!(fetched.json()["members"], created["members"]);

    let update = json!({
        "custom": { "topic": "other" },
        "settings_override": { "limits": { "max_duration_seconds": 60 } },
        "starts_at": "2026-01-01T00:00:00Z",
    });
    let updated = send(&server, "PATCH", CALL, Some(&update)).await;
    assert_eq!(updated.status, 200);
    let updated = updated.json();
    documented(&server, "UpdateCall", &updated);
    assert_eq!(updated["call"]["custom"], json!({ "topic": "other" }));
    let limits = &updated["call"]["settings"]["limits"];
    assert_eq!(limits["max_participants"], 3);
    assert_eq!(limits["max_duration_seconds"], 60);
    assert_eq!(updated["call"]["starts_at"], 1_767_225_600_000_000_000_i64);
    assert_eq!(updated["call"]["created_at"], call["created_at"]);
    assert!(updated["call"]["updated_at"].as_i64() > call["updated_at"].as_i64());

    let ended = send(&server, "POST", &format!("{CALL}/mark_ended"), None).await;
    assert_eq!(ended.status, 201);
    documented(&server, "EndCall", &ended.json());
    let ended_at = get(&server, CALL).await.ok()["call"]["ended_at"].clone();
    assert!(ended_at.as_i64() > created["call"]["created_at"].as_i64());

    let deleted = post(&server, &format!("{CALL}/delete"), json!({ "hard": true })).await;
    assert_eq!(deleted.status, 201);
    documented(&server, "DeleteCall", &deleted.json());
    assert_eq!(deleted.json()["call"]["ended_at"], ended_at);
    assert!(deleted.json()["task_id"].is_string());
    get(&server, CALL).await.refused(404, 16, "default:standup");
    let reborn = post(&server, CALL, json!({})).await.ok();
    assert_eq!(reborn["created"], true);
    assert_eq!(member_ids(&reborn), [""; 0]);
}

#[tokio::test]
async fn operations_on_a_missing_call_say_so() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let user = json!({ "user_id": "ana" });
    for (method, path, body) in [
        ("GET", "", None),
        ("PATCH", "", Some(json!({}))),
        ("POST", "/members", Some(json!({}))),
        ("POST", "/mark_ended", None),
        ("POST", "/delete", Some(json!({}))),
        ("POST", "/block", Some(user.clone())),
        ("POST", "/unblock", Some(user)),
    ] {
        let reply = send(&server, method, &format!("{CALL}{path}"), body.as_ref()).await;
        reply.refused(404, 16, "Can't find call with id default:standup");
    }
    let query = json!({ "type": "default", "id": "standup" });
    post(&server, "/api/v2/video/call/members", query)
        .await
        .refused(404, 16, "default:standup");
}

#[tokio::test]
async fn the_creator_comes_from_the_request_or_the_token() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let creator = async |id: &str, claims: Value, data: Value| {
        let target = format!("/api/v2/video/call/default/{id}");
        let body = json!({ "data": data });
        let reply = send_as(&server, &claims, "POST", &target, Some(&body)).await;
        reply.ok()["call"]["created_by"]["id"].clone()
    };
    let by_server = json!({ "server": true });
    let by_user = json!({ "user_id": "tom" });
    let by_id = json!({ "created_by_id": "ana" });
    assert_eq!(creator("1", by_server.clone(), by_id.clone()).await, "ana");
    assert_eq!(creator("2", by_user.clone(), by_id).await, "ana");
    assert_eq!(creator("3", by_user, json!({})).await, "tom");
    assert_eq!(creator("4", by_server, json!({})).await, "server");
}

#[tokio::test]
async fn members_come_change_and_go() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    post(
        &server,
        CALL,
        json!({ "data": { "members": [{ "user_id": "ana" }, { "user_id": "ben" }] } }),
    )
    .await
    .ok();
    let target = format!("{CALL}/members");
    let update = json!({
        "update_members": [
            { "user_id": "cyn", "role": "host" },
            { "user_id": "ana", "custom": { "seat": 1 } },
        ],
        "remove_members": ["ben", "nobody"],
    });
    let updated = post(&server, &target, update).await;
    assert_eq!(updated.status, 201);
    documented(&server, "UpdateCallMembers", &updated.json());
    assert_eq!(member_ids(&updated.json()), ["cyn", "ana"]);

    let change =
        json!({ "update_members": [{ "user_id": "cyn" }, { "user_id": "ana", "role": "guest" }] });
    post(&server, &target, change).await.ok();
    let members = get(&server, CALL).await.ok();
    assert_eq!(member_ids(&members), ["cyn", "ana"]);
    // What is known about a member is replaced, not merged.
    assert_eq!(members["members"][1]["custom"], json!({}));
    assert_eq!(members["members"][1]["role"], "guest");
    assert_eq!(members["members"][0].get("role"), None);

    let twice = json!({ "update_members": [{ "user_id": "a" }, { "user_id": "a" }] });
    post(&server, &target, twice).await.refused(400, 4, "twice");
    let both = json!({ "update_members": [{ "user_id": "a" }], "remove_members": ["a"] });
    post(&server, &target, both).await.refused(400, 4, "both");
    assert_eq!(member_ids(&get(&server, CALL).await.ok()), ["cyn", "ana"]);
}

#[tokio::test]
async fn members_in_responses_are_limited() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let members: Vec<Value> = (0..30)
        .map(|n| json!({ "user_id": format!("user-{n:02}") }))
        .collect();
    let body = json!({ "data": { "members": members }, "members_limit": 3 });
    assert_eq!(member_ids(&post(&server, CALL, body).await.ok()).len(), 3);
    assert_eq!(member_ids(&get(&server, CALL).await.ok()).len(), 25);
    let all = get(&server, &format!("{CALL}?members_limit=100"))
        .await
        .ok();
    assert_eq!(member_ids(&all).len(), 30);
    let two = get(&server, &format!("{CALL}?members_limit=2")).await.ok();
    assert_eq!(member_ids(&two), ["user-29", "user-28"]);
    post(&server, CALL, json!({ "members_limit": -1 }))
        .await
        .refused(400, 4, "members_limit");
}

#[tokio::test]
async fn users_are_blocked_and_unblocked() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    post(&server, CALL, json!({})).await.ok();
    let blocked = async || get(&server, CALL).await.ok()["call"]["blocked_user_ids"].clone();
    for user in ["ana", "ben", "ana"] {
        let reply = post(
            &server,
            &format!("{CALL}/block"),
            json!({ "user_id": user }),
        )
        .await;
        documented(&server, "BlockUser", &reply.ok());
    }
    assert_eq!(blocked().await, json!(["ana", "ben"]));
    let reply = post(
        &server,
        &format!("{CALL}/unblock"),
        json!({ "user_id": "ana" }),
    )
    .await;
    documented(&server, "UnblockUser", &reply.ok());
    assert_eq!(blocked().await, json!(["ben"]));
    post(&server, &format!("{CALL}/block"), json!({ "user_id": "" }))
        .await
        .refused(400, 4, "user_id");
}

#[tokio::test]
async fn the_fullest_request_is_answered_as_documented() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for operation in [
        "GetOrCreateCall",
        "UpdateCall",
        "UpdateCallMembers",
        "GetCall",
    ] {
        let api = server.api();
        let found = api.operation(operation).unwrap();
        let body = found.body_schema().map(|schema| {
            let direction = video_api_server::Direction::Request;
            sample(api.document(), schema, SampleMode::Maximal, direction)
        });
        let path = found
            .path()
            .replace("{type}", "default")
            .replace("{id}", "full");
        let reply = send(&server, found.method(), &path, body.as_ref()).await;
        documented(&server, operation, &reply.ok());
    }
    let call = get(&server, "/api/v2/video/call/default/full").await.ok();
    let video = &call["call"]["settings"]["video"];
    assert_eq!(video["enabled"], true);
    assert!(video["target_resolution"]["width"].as_i64() > Some(239));
}

#[tokio::test]
async fn servers_share_nothing() {
    let one = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let two = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    post(&one, CALL, json!({})).await.ok();
    assert_eq!(get(&two, CALL).await.status, 404);
    assert_eq!(two.recorded().len(), 1);
}

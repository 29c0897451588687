use serde_json::{Value, json};

use super::api::Api;
use super::common::send;

pub(crate) async fn story(api: &Api) {
    let path = api.call("default:plan", &["ben", "cyn"]).await;
    let call = api.get(&path).await;
    assert_eq!(ids(&call["members"]), ["cyn", "ben"]);
    assert_eq!(call["call"]["ended_at"], Value::Null);
    assert_eq!(call["call"]["backstage"], false);
    assert!(
        call["call"]["ingress"]["rtmp"]["address"]
            .as_str()
            .unwrap()
            .ends_with(".default.plan")
    );

    let update = json!({ "custom": { "topic": "x" }, "starts_at": "2030-01-01T00:00:00Z",
        "settings_override": { "backstage": { "enabled": true, "join_ahead_time_seconds": 300 } } });
    let updated = api.ask(&format!("PATCH {path}"), update).await;
    assert_eq!(updated["call"]["custom"], json!({ "topic": "x" }));
    assert_eq!(updated["call"]["backstage"], true);
    assert_eq!(updated["call"]["join_ahead_time_seconds"], 300);

    // Members: the newest first, replaced and removed as asked.
    let change = json!({ "update_members": [{ "user_id": "ana", "role": "host" }], "remove_members": ["ben"] });
    let changed = api.ask(&format!("POST {path}/members"), change).await;
    assert_eq!(ids(&changed["members"]), ["ana"]);
    assert_eq!(ids(&api.get(&path).await["members"]), ["ana", "cyn"]);
    let query = json!({ "type": "default", "id": "plan", "filter_conditions": { "role": "host" } });
    let members = api.ask("POST /video/call/members", query).await;
    assert_eq!(ids(&members["members"]), ["ana"]);

    // Ringing answers the members it reached, and makes the session that they would join.
    let rung = api
        .ask(&format!("POST {path}/ring"), json!({ "video": true }))
        .await;
    assert_eq!(rung["members_ids"], json!(["ana", "cyn"]));
    let rung = api
        .ask(
            &format!("POST {path}/ring"),
            json!({ "members_ids": ["cyn"] }),
        )
        .await;
    assert_eq!(rung["members_ids"], json!(["cyn"]));
    let call = api.get(&format!("{path}?ring=true&notify=true")).await;
    assert!(
        !call["call"]["current_session_id"]
            .as_str()
            .unwrap()
            .is_empty()
    );

    let live = api.ask(&format!("POST {path}/go_live"), json!({})).await;
    assert_eq!(live["call"]["backstage"], false);
    let off = api.ask(&format!("POST {path}/stop_live"), json!({})).await;
    assert_eq!(off["call"]["backstage"], true);

    let found = api.ask("POST /video/calls", json!({
        "filter_conditions": { "members": { "$in": ["cyn"] }, "custom": { "topic": "x" }, "backstage": true, "ended_at": null },
        "sort": [{ "field": "starts_at", "direction": -1 }, { "field": "cid", "direction": 1 }],
    })).await;
    assert_eq!(found["calls"][0]["call"]["cid"], "default:plan");

    api.ask(&format!("POST {path}/mark_ended"), Value::Null)
        .await;
    let ended = api.get(&path).await["call"]["ended_at"].clone();
    assert!(ended.is_i64());
    api.ask(&format!("POST {path}/mark_ended"), Value::Null)
        .await;
    assert_eq!(api.get(&path).await["call"]["ended_at"], ended);

    let soft = api.ask(&format!("POST {path}/delete"), json!({})).await;
    assert!(soft.get("task_id").is_none());
    api.refused(
        &format!("GET {path}"),
        Value::Null,
        404,
        "Can't find call with id default:plan",
    )
    .await;
    let path = api.call("default:plan", &[]).await;
    assert_eq!(api.get(&path).await["call"]["ended_at"], Value::Null);
    let hard = api
        .ask(&format!("POST {path}/delete"), json!({ "hard": true }))
        .await;
    let task = api
        .get(&format!("/tasks/{}", hard["task_id"].as_str().unwrap()))
        .await;
    assert_eq!(task["result"]["default:plan"]["status"], "ok");
}

fn ids(members: &Value) -> Vec<&str> {
    let members = members.as_array().unwrap().iter();
    members
        .map(|member| member["user_id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn calls_live_from_creation_to_deletion() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn whoever_is_missing_is_named() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let data = json!({ "created_by_id": "ana", "members": [{ "user_id": "zed" }, { "user_id": "ana" }, { "user_id": "bob" }] });
    let message = "The following users are involved in call create operation, but don't exist: [bob zed]. \
                   Please create the user objects before setting up the call.";
    api.refused(
        "POST /video/call/default/x",
        json!({ "data": data }),
        400,
        message,
    )
    .await;
    api.refused(
        "GET /video/call/default/x",
        Value::Null,
        404,
        "Can't find call",
    )
    .await;
    let none = "either data.created_by or data.created_by_id must be provided";
    api.refused("POST /video/call/default/x", json!({}), 400, none)
        .await;
    // An object creates its user.
    let data = json!({ "created_by": { "id": "eve", "name": "Eve" } });
    let created = api
        .ask("POST /video/call/default/x", json!({ "data": data }))
        .await;
    assert_eq!(created["call"]["created_by"]["name"], "Eve");
}

#[tokio::test]
async fn queries_name_the_fields_and_operators_there_are() {
    let api = Api::start().await;
    let unknown = json!({ "filter_conditions": { "colour": 1 } });
    api.refused(
        "POST /video/calls",
        unknown,
        400,
        "colour is not a field to filter or sort by; these are: id, type, cid",
    )
    .await;
    let unknown = json!({ "filter_conditions": { "id": { "$like": "a" } } });
    api.refused(
        "POST /video/calls",
        unknown,
        400,
        "$like on id is not supported; these are: $eq, $ne",
    )
    .await;
    let unknown = json!({ "sort": [{ "field": "colour" }] });
    api.refused("POST /video/calls", unknown, 400, "colour is not a field")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_a_call_at_the_same_time_never_go_back_in_time() {
    let api = Api::start().await;
    let path = api.call("default:busy", &[]).await;
    let change = async |writer: usize| {
        for turn in 0..40 {
            let custom = json!({ "custom": { "writer": writer, "turn": turn } });
            let target = format!("/api/v2{path}");
            let changed = send(&api.server, "PATCH", &target, Some(&custom)).await;
            changed.ok();
        }
    };
    tokio::join!(change(0), change(1), change(2), change(3), change(4));
    let events = api.server.webhooks();
    let moments: Vec<(i64, i64)> = events
        .iter()
        .map(|one| {
            let body: Value = serde_json::from_str(&one.body).unwrap();
            let updated_at = &body["call"]["updated_at"];
            (one.created_at, updated_at.as_i64().unwrap())
        })
        .collect();
    assert_eq!(moments.len(), 201);
    assert!(moments.is_sorted_by_key(|(created_at, _)| *created_at));
    assert!(moments.is_sorted_by(|(_, earlier), (_, later)| earlier < later));
}

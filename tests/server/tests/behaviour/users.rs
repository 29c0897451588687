use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let created = api
        .ask("POST /users", json!({ "users": {
            "zoe": { "id": "zoe", "name": "Zoe", "role": "admin", "custom": { "a": 1, "b": { "c": 2 } }, "teams": ["red"] },
            "yan": { "id": "yan" },
        } }))
        .await;
    let zoe = &created["users"]["zoe"];
    assert_eq!(
        (&zoe["name"], &zoe["role"]),
        (&json!("Zoe"), &json!("admin"))
    );
    assert_eq!(created["users"]["yan"]["role"], "user");

    // An upsert replaces what was known.
    let again = api
        .ask(
            "POST /users",
            json!({ "users": { "zoe": { "id": "zoe", "custom": { "x": 1 } } } }),
        )
        .await;
    let again = &again["users"]["zoe"];
    assert_eq!(again["custom"], json!({ "x": 1 }));
    assert_eq!(again["role"], "admin");
    assert_eq!(again["created_at"], zoe["created_at"]);
    assert!(again.get("name").is_none());

    let partial =
        json!({ "users": [{ "id": "zoe", "set": { "name": "Z", "b.c": 3 }, "unset": ["x"] }] });
    let partial = api.ask("PATCH /users", partial).await;
    assert_eq!(partial["users"]["zoe"]["name"], "Z");
    assert_eq!(
        partial["users"]["zoe"]["custom"],
        json!({ "b": { "c": 3 } })
    );

    assert_eq!(
        query(api, json!({ "id": { "$in": ["zoe", "yan"] } })).await,
        ["zoe", "yan"]
    );
    assert_eq!(
        query(
            api,
            json!({ "name": { "$autocomplete": "z" }, "custom.b.c": 3 })
        )
        .await,
        ["zoe"]
    );

    let off = api.ask("POST /users/yan/deactivate", json!({})).await;
    assert!(off["user"]["deactivated_at"].is_i64());
    assert_eq!(query(api, json!({ "id": "yan" })).await, [""; 0]);
    let on = api
        .ask("POST /users/yan/reactivate", json!({ "name": "Yan" }))
        .await;
    assert_eq!(on["user"]["name"], "Yan");
    assert_eq!(query(api, json!({ "id": "yan" })).await, ["yan"]);

    for request in ["POST /users/deactivate", "POST /users/reactivate"] {
        let task = api.ask(request, json!({ "user_ids": ["yan"] })).await;
        let done = api
            .get(&format!("/tasks/{}", task["task_id"].as_str().unwrap()))
            .await;
        assert_eq!(done["status"], "completed");
        assert_eq!(done["result"]["yan"]["status"], "ok");
    }

    api.ask(
        "POST /users/delete",
        json!({ "user_ids": ["yan"], "user": "hard" }),
    )
    .await;
    assert_eq!(query(api, json!({ "id": "yan" })).await, [""; 0]);
    api.users(&["yan"]).await;
    api.ask("POST /users/delete", json!({ "user_ids": ["yan"] }))
        .await;
    let users = json!({ "users": { "yan": { "id": "yan" } } });
    api.refused("POST /users", users, 400, "was deleted").await;
}

async fn query(api: &Api, filter: Value) -> Vec<String> {
    found(api, json!({ "filter_conditions": filter })).await
}

fn target(payload: &Value) -> String {
    let payload = payload.to_string();
    let encoded: String = payload.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/users?payload={encoded}")
}

async fn found(api: &Api, payload: Value) -> Vec<String> {
    let found = api.get(&target(&payload)).await;
    let users = found["users"].as_array().unwrap().iter();
    users
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn users_are_made_changed_and_deleted() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn custom_data_needs_no_prefix_where_some_user_has_it() {
    let api = Api::start().await;
    let user = |id: &str, score: i64| json!({ "id": id, "custom": { "score": score, "at": { "home": score > 1 } } });
    let users = json!({ "low": user("low", 1), "high": user("high", 3), "mid": user("mid", 2) });
    api.ask("POST /users", json!({ "users": users })).await;
    let sorted = |field: &str| json!({ "filter_conditions": {}, "sort": [{ "field": field, "direction": -1 }] });
    for field in ["score", "custom.score"] {
        assert_eq!(found(&api, sorted(field)).await, ["high", "mid", "low"]);
    }
    let between = json!({ "custom.score": { "$gt": 1 }, "score": { "$lt": 3 } });
    assert_eq!(query(&api, between).await, ["mid"]);
    let at_home = json!({ "$and": [{ "score": { "$gt": 1 } }, { "$or": [{ "at.home": true }] }] });
    assert_eq!(query(&api, at_home).await.len(), 2);
    // Keys of custom data that mean something else in a filter do not change its meaning.
    let odd =
        json!({ "id": "odd", "custom": { "custom": { "score": 9 }, "$or": 1, "name": "low" } });
    api.ask("POST /users", json!({ "users": { "odd": odd } }))
        .await;
    let either = json!({ "$or": [{ "custom.score": 1 }, { "name": "low" }] });
    assert_eq!(query(&api, either).await, ["low"]);
    assert_eq!(query(&api, json!({ "custom.score": 9 })).await, [""; 0]);
    let unknown = format!("GET {}", target(&sorted("points")));
    api.refused(&unknown, Value::Null, 400, "points is not a field")
        .await;
}

#[tokio::test]
async fn privacy_settings_are_changed_one_by_one() {
    let api = Api::start().await;
    api.users(&["ana"]).await;
    let set = async |settings: Value| {
        let change = json!({ "id": "ana", "set": { "privacy_settings": settings } });
        let changed = api.ask("PATCH /users", json!({ "users": [change] })).await;
        changed["users"]["ana"]["privacy_settings"].clone()
    };
    let typing = json!({ "typing_indicators": { "enabled": true } });
    assert_eq!(set(typing.clone()).await, typing);
    let both = set(json!({ "read_receipts": { "enabled": false } })).await;
    assert_eq!(both["typing_indicators"], typing["typing_indicators"]);
    assert_eq!(both["read_receipts"]["enabled"], false);
    let change = json!({ "id": "ana", "set": { "privacy_settings": true } });
    let change = json!({ "users": [change] });
    api.refused("PATCH /users", change, 400, "must be an object")
        .await;
    // An upsert names them all.
    let user = json!({ "id": "ana", "privacy_settings": typing });
    let upserted = api.ask("POST /users", json!({ "users": { "ana": user } }));
    let upserted = upserted.await;
    assert_eq!(upserted["users"]["ana"]["privacy_settings"], typing);
}

#[tokio::test]
async fn calls_of_deleted_users_go_or_change_hands() {
    let api = Api::start().await;
    api.call("default:one", &[]).await;
    api.users(&["ben"]).await;
    api.ask(
        "POST /users/delete",
        json!({ "user_ids": ["ana"], "new_call_owner_id": "ben" }),
    )
    .await;
    let call = api.get("/video/call/default/one").await;
    assert_eq!(call["call"]["created_by"]["id"], "ben");
    api.ask(
        "POST /users/delete",
        json!({ "user_ids": ["ben"], "calls": "hard" }),
    )
    .await;
    api.refused(
        "GET /video/call/default/one",
        Value::Null,
        404,
        "Can't find call",
    )
    .await;
}

/// A call of Ana's in which Ben is a member and present.
async fn call_with_ben(api: &Api) -> String {
    let path = api.call("default:one", &["ben"]).await;
    api.join("default:one", "ana").await;
    api.join("default:one", "ben").await;
    path
}

fn present(call: &Value) -> Vec<&str> {
    let participants = call["call"]["session"]["participants"].as_array().unwrap();
    let ids = participants.iter().map(|one| one["user"]["id"].as_str());
    ids.map(Option::unwrap).collect()
}

#[tokio::test]
async fn a_user_deleted_with_all_data_leaves_no_ghost_in_calls() {
    let api = Api::start().await;
    let path = call_with_ben(&api).await;
    let session = api.get(&path).await["call"]["session"].clone();
    let pin =
        json!({ "user_id": "ben", "session_id": session["participants"][1]["user_session_id"] });
    api.ask(&format!("POST {path}/pin"), pin).await;
    let blocked = api.call("default:two", &[]).await;
    let block = json!({ "user_id": "ben" });
    api.ask(&format!("POST {blocked}/block"), block).await;
    let delete = json!({ "user_ids": ["ben"], "user": "hard" });
    api.ask("POST /users/delete", delete).await;
    let call = api.get(&path).await;
    assert_eq!(call["members"], json!([]));
    assert_eq!(present(&call), ["ana"]);
    let blocked = api.get(&blocked).await;
    assert_eq!(blocked["call"]["blocked_user_ids"], json!([]));
    let events = api.server.webhooks();
    let events: Vec<&str> = events.iter().map(|one| one.event.as_str()).collect();
    for event in ["call.session_participant_left", "call.member_removed"] {
        assert!(events.contains(&event), "{events:?}");
    }
}

#[tokio::test]
async fn the_creator_of_a_call_keeps_id_and_times_when_deleted_with_all_data() {
    let api = Api::start().await;
    let path = api.call("default:one", &[]).await;
    let before = api.get(&path).await["call"]["created_by"].clone();
    let delete = json!({ "user_ids": ["ana"], "user": "hard" });
    api.ask("POST /users/delete", delete).await;
    let after = api.get(&path).await["call"]["created_by"].clone();
    assert_eq!(after["id"], "ana");
    assert_eq!(after["created_at"], before["created_at"]);
    assert!(after["deleted_at"].is_i64());
    assert!(after.get("name").is_none());
    // An export of it can be a seed.
    let export = api.server.export();
    Api::start().await.server.seed(&export).await.unwrap();
    // A new user of the same id has nothing to do with the old one.
    api.users(&["ana"]).await;
    let anew = api.get(&path).await["call"]["created_by"].clone();
    assert!(anew.get("deleted_at").is_none());
    assert!(anew["created_at"].as_i64() > before["created_at"].as_i64());
}

#[tokio::test]
async fn users_who_are_deleted_or_deactivated_leave_the_running_session() {
    for (request, body) in [
        ("POST /users/delete", json!({ "user_ids": ["ben"] })),
        ("POST /users/ben/deactivate", json!({})),
        ("POST /users/deactivate", json!({ "user_ids": ["ben"] })),
    ] {
        let api = Api::start().await;
        let path = call_with_ben(&api).await;
        api.ask(request, body).await;
        let call = api.get(&path).await;
        assert_eq!(present(&call), ["ana"], "{request}");
        assert_eq!(call["members"][0]["user_id"], "ben", "{request}");
    }
}

#[tokio::test]
async fn a_user_token_cannot_change_role_and_teams() {
    let api = Api::start().await;
    let user = json!({ "id": "ana", "teams": ["red"], "teams_role": { "red": "admin" } });
    api.ask("POST /users", json!({ "users": { "ana": user } }))
        .await;
    let ana = json!({ "user_id": "ana" });
    let refused = async |request: &str, body: Value, field: &str| {
        let reply = api.send(&ana, request, Some(body)).await;
        reply.refused(403, 17, &format!("a user token cannot change {field}"));
    };
    for (field, value) in [
        ("role", json!("admin")),
        ("teams", json!(["red", "blue"])),
        ("teams", json!([])),
        ("teams_role", json!({ "red": "owner" })),
    ] {
        let mut user = json!({ "id": "ana" });
        user[field] = value.clone();
        refused("POST /users", json!({ "users": { "ana": user } }), field).await;
        let change = json!({ "id": "ana", "set": { field: value } });
        refused("PATCH /users", json!({ "users": [change] }), field).await;
    }
    let unset = json!({ "users": [{ "id": "ana", "unset": ["teams"] }] });
    refused("PATCH /users", unset, "teams").await;
    let creator = json!({ "data": { "created_by": { "id": "ana", "role": "admin" } } });
    refused("POST /video/call/default/mine", creator, "role").await;
    let other = json!({ "data": { "created_by": { "id": "ben", "role": "admin" } } });
    let other = api.send(&ana, "POST /video/call/default/mine", Some(other));
    assert_eq!(other.await.status, 403);
    // Anything else is the user's own, and what is not named stays.
    let user = json!({ "users": { "ana": { "id": "ana", "name": "Ana", "role": "user" } } });
    let changed = api.send(&ana, "POST /users", Some(user)).await.ok();
    let changed = &changed["users"]["ana"];
    assert_eq!(changed["name"], "Ana");
    assert_eq!(changed["teams"], json!(["red"]));
    assert_eq!(changed["teams_role"], json!({ "red": "admin" }));
}

use serde_json::{Value, json};

use super::api::Api;

pub(crate) async fn story(api: &Api) {
    let path = api.call("default:room", &["ben", "cyn"]).await;
    let session = api.join("default:room", "ben").await;
    api.join("default:room", "cyn").await;

    let pin = json!({ "user_id": "ben", "session_id": session });
    api.ask(&format!("POST {path}/pin"), pin.clone()).await;
    api.ask(&format!("POST {path}/unpin"), pin).await;

    // A mute stops what was sent, and the report counts it no longer.
    api.ask(
        &format!("POST {path}/mute_users"),
        json!({ "user_ids": ["ben"], "audio": true, "muted_by_id": "ana" }),
    )
    .await;
    let sending = json!({ "filter_conditions": { "published_tracks": "audio" } });
    let sending = api.ask(&format!("POST {path}/participants"), sending).await;
    assert_eq!(users(&sending), ["cyn"]);
    api.ask(
        &format!("POST {path}/mute_users"),
        json!({ "mute_all_users": true, "video": true, "audio": true }),
    )
    .await;
    let sending =
        json!({ "filter_conditions": { "published_tracks": { "$in": ["audio", "video"] } } });
    let sending = api.ask(&format!("POST {path}/participants"), sending).await;
    assert_eq!(sending["total_participants"], 0);

    let by_ben = json!({ "user_id": "ben" });
    let own = async || {
        let reply = api.send(&by_ben, &format!("GET {path}"), None).await.ok();
        reply["own_capabilities"].as_array().unwrap().clone()
    };
    assert!(own().await.contains(&json!("screenshare")));
    let change = json!({ "user_id": "ben", "revoke_permissions": ["screenshare"] });
    api.ask(&format!("POST {path}/user_permissions"), change)
        .await;
    assert!(!own().await.contains(&json!("screenshare")));
    let change = json!({ "user_id": "ben", "grant_permissions": ["screenshare"] });
    api.ask(&format!("POST {path}/user_permissions"), change)
        .await;
    assert!(own().await.contains(&json!("screenshare")));

    api.ask(
        &format!("POST {path}/event"),
        json!({ "user_id": "ana", "custom": { "wave": true } }),
    )
    .await;

    // Kicked users are gone from the session, blocked ones from the call.
    api.ask(
        &format!("POST {path}/kick"),
        json!({ "user_id": "cyn", "kicked_by_id": "ana" }),
    )
    .await;
    let there = api
        .ask(&format!("POST {path}/participants"), json!({}))
        .await;
    assert_eq!(users(&there), ["ben"]);
    api.join("default:room", "cyn").await;
    api.ask(&format!("POST {path}/block"), json!({ "user_id": "ben" }))
        .await;
    assert_eq!(
        api.get(&path).await["call"]["blocked_user_ids"],
        json!(["ben"])
    );
    let there = api
        .ask(&format!("POST {path}/participants"), json!({}))
        .await;
    assert_eq!(users(&there), ["cyn"]);
    api.send(&by_ben, &format!("GET {path}"), None)
        .await
        .refused(403, 17, "blocked");
    api.ask(&format!("POST {path}/unblock"), json!({ "user_id": "ben" }))
        .await;
    api.send(&by_ben, &format!("GET {path}"), None).await.ok();
    api.ask(
        &format!("POST {path}/kick"),
        json!({ "user_id": "cyn", "block": true }),
    )
    .await;
    assert_eq!(
        api.get(&path).await["call"]["blocked_user_ids"],
        json!(["cyn"])
    );
}

fn users(response: &Value) -> Vec<&str> {
    let participants = response["participants"].as_array().unwrap().iter();
    participants
        .map(|one| one["user"]["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn moderators_pin_mute_kick_block_and_grant() {
    story(&Api::start().await).await;
}

#[tokio::test]
async fn only_participants_who_are_there_are_pinned() {
    let api = Api::start().await;
    let path = api.call("default:room", &["ben", "cyn"]).await;
    let pin = |user: &str, session: &str| json!({ "user_id": user, "session_id": session });
    let (set, remove) = (format!("POST {path}/pin"), format!("POST {path}/unpin"));
    api.refused(&set, pin("ben", "s"), 400, "there is no active session")
        .await;
    let ben = api.join("default:room", "ben").await;
    let cyn = api.join("default:room", "cyn").await;
    for absent in [pin("ben", "s"), pin("ben", &cyn), pin("ana", &ben)] {
        api.refused(&set, absent.clone(), 404, "Can't find participant")
            .await;
        api.refused(&remove, absent, 404, "Can't find pin").await;
    }
    api.ask(&set, pin("ben", &ben)).await;
    api.ask(&set, pin("ben", &ben)).await;
    api.ask(&remove, pin("ben", &ben)).await;
    api.refused(&remove, pin("ben", &ben), 404, "Can't find pin")
        .await;

    api.ask(&set, pin("ben", &ben)).await;
    let leave = json!({ "action": "leave", "user_id": "ben" });
    api.act("default:room", leave).await;
    api.refused(&remove, pin("ben", &ben), 404, "Can't find pin")
        .await;
    api.refused(&set, pin("ben", &ben), 404, "Can't find participant")
        .await;
}

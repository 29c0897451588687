use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn a_user_may_do_what_role_membership_and_grants_allow() {
    let api = Api::start().await;
    let path = api.call("default:mine", &["ben"]).await;
    api.users(&["cyn"]).await;
    let may = async |user: &str, request: &str, body: Value| {
        let claims = json!({ "user_id": user });
        let body = (!body.is_null()).then_some(body);
        let reply = api.send(&claims, request, body).await;
        assert!(
            reply.status < 300 || reply.status == 403,
            "{request}: {}",
            reply.message()
        );
        reply.status < 300
    };
    let block = json!({ "user_id": "dan" });
    api.users(&["dan"]).await;
    let block_request = format!("POST {path}/block");
    assert!(!may("cyn", &block_request, block.clone()).await);
    assert!(!may("ben", &block_request, block.clone()).await);
    assert!(may("ana", &block_request, block.clone()).await);
    let host = json!({ "update_members": [{ "user_id": "ben", "role": "host" }] });
    api.ask(&format!("POST {path}/members"), host).await;
    assert!(may("ben", &block_request, block).await);

    // Call types and other things of the application are for servers.
    assert!(!may("ana", "POST /video/calltypes", json!({ "name": "x" })).await);
    assert!(!may("ana", "GET /video/calltypes", Value::Null).await);
    assert!(
        !may(
            "ana",
            "POST /users",
            json!({ "users": { "ben": { "id": "ben" } } })
        )
        .await
    );
    assert!(
        may(
            "ana",
            "POST /users",
            json!({ "users": { "ana": { "id": "ana" } } })
        )
        .await
    );

    // Deleting is for the one whose call it is.
    assert!(!may("ben", &format!("POST {path}/delete"), json!({})).await);
    assert!(may("ana", &format!("POST {path}/delete"), json!({})).await);
}

#[tokio::test]
async fn the_refusal_names_user_role_action_and_scope() {
    let api = Api::start().await;
    let path = api.call("default:mine", &[]).await;
    let claims = json!({ "user_id": "eve" });
    let reply = api
        .send(&claims, &format!("POST {path}/mark_ended"), None)
        .await;
    let message = "User 'eve' with role 'user' is not allowed to perform action EndCall in scope 'video:default'";
    reply.refused(403, 17, message);
}

#[tokio::test]
async fn grants_of_a_type_decide_for_its_calls() {
    let api = Api::start().await;
    api.ask(
        "POST /video/calltypes",
        json!({ "name": "closed", "grants": { "user": [] } }),
    )
    .await;
    api.call("closed:one", &[]).await;
    api.call("default:two", &[]).await;
    let claims = json!({ "user_id": "eve" });
    api.send(&claims, "GET /video/call/closed/one", None)
        .await
        .refused(403, 17, "GetCall");
    let seen = api
        .send(&claims, "POST /video/calls", Some(json!({})))
        .await
        .ok();
    assert_eq!(seen["calls"].as_array().unwrap().len(), 1);
    assert_eq!(seen["calls"][0]["call"]["cid"], "default:two");
    let call_token = json!({ "user_id": "eve", "call_cids": ["default:other"] });
    let seen = api
        .send(&call_token, "POST /video/calls", Some(json!({})))
        .await
        .ok();
    assert_eq!(seen["calls"], json!([]));
}

#[tokio::test]
async fn deactivated_users_are_shut_out() {
    let api = Api::start().await;
    let path = api.call("default:mine", &[]).await;
    let claims = json!({ "user_id": "ana" });
    api.ask("POST /users/ana/deactivate", json!({})).await;
    api.send(&claims, &format!("GET {path}"), None)
        .await
        .refused(403, 17, "deactivated");
    api.ask("POST /users/ana/reactivate", json!({})).await;
    api.send(&claims, &format!("GET {path}"), None).await.ok();
}

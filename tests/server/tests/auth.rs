//! Key, token and claims: what is let in and what is not.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{CALL, Reply, bare, get, now, post, send_as, sign, sign_with};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use video_api_server::Server;

async fn with_headers(server: &Server, query: &str, headers: &[(&str, &str)]) -> Reply {
    let target = format!("/api/v2/video/edges{query}");
    bare(server, "GET", &target, headers, b"").await
}

async fn with_claims(server: &Server, claims: Value) -> Reply {
    send_as(server, &claims, "GET", "/api/v2/video/edges", None).await
}

#[tokio::test]
async fn bare_and_bearer_tokens_are_accepted() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let token = sign(&server, &json!({ "server": true }));
    for authorization in [token.clone(), format!("Bearer {token}")] {
        let headers = [
            ("Authorization", authorization.as_str()),
            ("stream-auth-type", "jwt"),
        ];
        let reply = with_headers(&server, "?api_key=local-api-key", &headers).await;
        assert_eq!(reply.status, 200);
    }
}

#[tokio::test]
async fn the_api_key_must_be_there_once_and_known() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let token = sign(&server, &json!({ "server": true }));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
    ];
    for (query, message) in [
        ("", "missing"),
        ("?api_key=", "not known"),
        ("?api_key=other", "not known"),
        (
            "?api_key=local-api-key&api_key=local-api-key",
            "more than once",
        ),
    ] {
        let reply = with_headers(&server, query, &headers).await;
        reply.refused(401, 2, message);
    }
}

#[tokio::test]
async fn credentials_can_be_chosen() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .credentials("k&1", "s")
        .start()
        .await
        .unwrap();
    assert_eq!((server.api_key(), server.secret()), ("k&1", "s"));
    let token = sign(&server, &json!({ "server": true }));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
    ];
    let reply = with_headers(&server, "?api_key=k%261", &headers).await;
    assert_eq!(reply.status, 200);
    assert!(!format!("{server:?}").contains("\"s\""));
}

#[tokio::test]
async fn both_headers_are_required_and_exact() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let token = sign(&server, &json!({ "server": true }));
    let key = "?api_key=local-api-key";
    let jwt = ("stream-auth-type", "jwt");
    let authorization = ("authorization", token.as_str());
    with_headers(&server, key, &[jwt])
        .await
        .refused(401, 5, "Authorization is missing");
    with_headers(&server, key, &[authorization])
        .await
        .refused(401, 5, "stream-auth-type");
    with_headers(
        &server,
        key,
        &[authorization, ("stream-auth-type", "anonymous")],
    )
    .await
    .refused(401, 5, "stream-auth-type");
    with_headers(&server, key, &[authorization, authorization, jwt])
        .await
        .refused(401, 5, "more than once");
    with_headers(&server, key, &[("authorization", "nonsense"), jwt])
        .await
        .refused(401, 5, "cannot be read");
    let basic = format!("Basic {token}");
    with_headers(&server, key, &[("authorization", &basic), jwt])
        .await
        .refused(401, 5, "cannot be read");
}

#[tokio::test]
async fn the_signature_is_checked() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let claims = json!({ "server": true });
    let jwt = ("stream-auth-type", "jwt");
    let key = "?api_key=local-api-key";
    let wrong_secret = sign_with(Algorithm::HS256, "other", &claims);
    with_headers(&server, key, &[("authorization", &wrong_secret), jwt])
        .await
        .refused(401, 43, "signature");
    let wrong_algorithm = sign_with(Algorithm::HS512, server.secret(), &claims);
    with_headers(&server, key, &[("authorization", &wrong_algorithm), jwt])
        .await
        .refused(401, 5, "HS256");
    // {"alg":"none"} . {"server":true} . nothing
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzZXJ2ZXIiOnRydWV9.";
    let reply = with_headers(&server, key, &[("authorization", unsigned), jwt]).await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn claims_must_say_who_is_asking() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    for claims in [json!({ "server": true }), json!({ "user_id": "ana" })] {
        assert_eq!(with_claims(&server, claims).await.status, 200);
    }
    for claims in [
        json!({}),
        json!({ "server": false }),
        json!({ "server": "true" }),
        json!({ "user_id": "" }),
        json!({ "user_id": 7 }),
    ] {
        let reply = with_claims(&server, claims).await;
        reply.refused(401, 5, "");
    }
}

#[tokio::test]
async fn times_in_claims_are_checked() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let good = json!({ "user_id": "ana", "iat": now() - 5, "nbf": now() - 5, "exp": now() + 60 });
    assert_eq!(with_claims(&server, good).await.status, 200);
    let expired = json!({ "user_id": "ana", "exp": now() - 1 });
    with_claims(&server, expired)
        .await
        .refused(401, 40, "expired");
    let expired = json!({ "server": true, "exp": now() - 1 });
    with_claims(&server, expired)
        .await
        .refused(401, 40, "expired");
    let early = json!({ "user_id": "ana", "nbf": now() + 60 });
    with_claims(&server, early).await.refused(401, 41, "yet");
    let unborn = json!({ "user_id": "ana", "iat": now() + 70 });
    with_claims(&server, unborn)
        .await
        .refused(401, 42, "before it was issued");
    let odd = json!({ "user_id": "ana", "exp": "tomorrow" });
    with_claims(&server, odd).await.refused(401, 5, "exp");
}

#[tokio::test]
async fn a_call_token_reaches_its_calls_only() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let other = "/api/v2/video/call/default/other";
    assert_eq!(post(&server, CALL, json!({})).await.status, 201);
    assert_eq!(post(&server, other, json!({})).await.status, 201);
    let claims = json!({ "user_id": "ana", "call_cids": ["default:standup"] });
    let send = async |method: &str, target: &str, body: Option<Value>| {
        send_as(&server, &claims, method, target, body.as_ref()).await
    };
    assert_eq!(send("GET", CALL, None).await.status, 200);
    send("GET", other, None)
        .await
        .refused(403, 17, "default:other");
    let stats = "/api/v2/video/call_stats/default/other/s/map";
    send("GET", stats, None)
        .await
        .refused(403, 17, "default:other");

    let members = "/api/v2/video/call/members";
    let query = |id: &str| Some(json!({ "type": "default", "id": id }));
    assert_eq!(send("POST", members, query("standup")).await.status, 201);
    send("POST", members, query("other"))
        .await
        .refused(403, 17, "default:other");

    let calls = send("POST", "/api/v2/video/calls", Some(json!({}))).await;
    let cids: Vec<_> = calls.ok()["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|state| state["call"]["cid"].clone())
        .collect();
    assert_eq!(cids, ["default:standup"]);

    let odd = json!({ "user_id": "ana", "call_cids": ["standup"] });
    with_claims(&server, odd).await.refused(401, 5, "call_cids");
}

#[tokio::test]
async fn a_refused_request_changes_nothing_and_tells_no_secret() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let token = sign_with(Algorithm::HS256, "other", &json!({ "server": true }));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-type", "application/json"),
        ("content-length", "2"),
    ];
    let target = format!("{CALL}?api_key=local-api-key");
    let reply = bare(&server, "POST", &target, &headers, b"{}").await;
    assert_eq!(reply.status, 401);
    assert_eq!(get(&server, CALL).await.status, 404);
    let shown = format!("{reply:?} {:?}", server.recorded());
    assert!(!shown.contains(server.secret()));
    assert!(!shown.contains(&token));
}

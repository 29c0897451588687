//! The bytes of a request, on what a socket received.

use serde::Serialize;

use super::server::{Seen, json};
use super::*;

async fn server() -> Server {
    Server::always(|| Reply::Raw(json("200 OK", OK))).await
}

async fn sent(prepare: impl FnOnce(&mut RequestParts), operation: &'static Operation) -> Seen {
    let server = server().await;
    let mut parts = parts(&client(&server), operation);
    prepare(&mut parts);
    parts.send::<Thing>().await.unwrap();
    server.seen().remove(0)
}

#[tokio::test]
async fn key_token_and_identity() {
    let seen = sent(|_| {}, &GET).await;
    assert_eq!(
        seen.line(),
        "GET /api/v2/thing/default/one?api_key=key1 HTTP/1.1"
    );
    assert_eq!(seen.header("stream-auth-type"), ["jwt"]);
    assert_eq!(
        seen.header("x-stream-client"),
        [concat!("video-api-rust-", env!("CARGO_PKG_VERSION"))]
    );
    assert_eq!(seen.header("accept-encoding"), ["gzip"]);
    let id = seen.header("x-client-request-id")[0];
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    // {"server":true}, signed, and nothing around it.
    let token = seen.header("authorization")[0];
    assert_eq!(token.split('.').nth(1), Some("eyJzZXJ2ZXIiOnRydWV9"));
    assert!(token.starts_with("eyJ"));
}

#[tokio::test]
async fn bearer_when_asked_for() {
    let server = server().await;
    let client = builder(&server)
        .user_token("tok")
        .authorization_form(crate::AuthorizationForm::Bearer)
        .build()
        .unwrap();
    call(&client, &GET).await.unwrap();
    assert_eq!(server.seen()[0].header("authorization"), ["Bearer tok"]);
}

#[tokio::test]
async fn any_id_arrives_as_it_was() {
    let server = server().await;
    let id = "a/b?c#d %+ü:$&\\..";
    let parts = RequestParts::new(
        &client(&server).shared,
        &GET,
        vec!["default".into(), id.into()],
    );
    parts.send::<Thing>().await.unwrap();
    let seen = server.seen();
    let path = seen[0]
        .line()
        .split(' ')
        .nth(1)
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        path,
        "/api/v2/thing/default/a%2Fb%3Fc%23d%20%25%2B%C3%BC%3A%24%26%5C.."
    );
}

#[tokio::test]
async fn ids_that_change_the_path_are_never_sent() {
    let server = server().await;
    for bad in ["", ".", ".."] {
        let parts = RequestParts::new(
            &client(&server).shared,
            &GET,
            vec!["default".into(), bad.into()],
        );
        let error = parts.send::<Thing>().await.unwrap_err();
        assert!(error.is_invalid_request() && error.attempts() == 0);
        assert_eq!(error.operation(), Some("GetThing"));
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn queries_are_encoded_once() {
    let seen = sent(
        |parts| {
            parts.set_query_json("filter", &serde_json::json!({"ended_at": null, "a": "ü&"}));
            parts.set_query_list("severity", vec!["low".into(), "a b".into()]);
            parts.set_query("limit", "1".into());
            parts.set_query("limit", "25".into());
            parts.set_query("since", Timestamp::from_nanos(1).to_string());
            parts.set_query("empty", String::new());
        },
        &GET,
    )
    .await;
    let query = seen
        .line()
        .split_once('?')
        .unwrap()
        .1
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(
        query,
        "api_key=key1&filter=%7B%22a%22%3A%22%C3%BC%26%22%2C%22ended_at%22%3Anull%7D&severity=low%2Ca%20b\
         &limit=25&since=1970-01-01T00%3A00%3A00.000000001Z&empty="
    );
}

#[tokio::test]
async fn bodies_by_kind() {
    for (operation, body, length) in [
        (&GET, "", vec![]),
        (&DELETE, "", vec![]),
        (&POST_EMPTY, "", vec!["0"]),
        (&POST, "{}", vec!["2"]),
        (&PUT, "{}", vec!["2"]),
    ] {
        let seen = sent(|_| {}, operation).await;
        assert_eq!(seen.body, body.as_bytes(), "{}", operation.id);
        assert_eq!(seen.header("content-length"), length, "{}", operation.id);
        assert!(seen.header("transfer-encoding").is_empty());
        let kind = if body.is_empty() {
            vec![]
        } else {
            vec!["application/json"]
        };
        assert_eq!(seen.header("content-type"), kind, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_body_is_sent_as_it_serialises() {
    #[derive(Serialize)]
    struct Body {
        custom: crate::JsonObject,
        starts_at: Timestamp,
    }
    let server = server().await;
    let object = |value: Value| crate::IntoJsonObject::into_json_object(value);
    let body = Body {
        custom: object(serde_json::json!({"x": null, "y": []})),
        starts_at: Timestamp::from_nanos(1_500_000_000),
    };
    parts(&client(&server), &POST)
        .send_json::<_, Thing>(&body)
        .await
        .unwrap();
    let text = String::from_utf8(server.seen()[0].body.clone()).unwrap();
    assert_eq!(
        text,
        r#"{"custom":{"x":null,"y":[]},"starts_at":"1970-01-01T00:00:01.5Z"}"#
    );

    let body = Body {
        custom: object(serde_json::json!(1)),
        starts_at: Timestamp::UNIX_EPOCH,
    };
    let error = parts(&client(&server), &POST)
        .send_json::<_, Thing>(&body)
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_request()
            && error
                .to_string()
                .contains("expected a JSON object, got a number"),
        "{error}"
    );
    let mut bad = parts(&client(&server), &GET);
    bad.set_query_json("filter", &object(Value::Null));
    let error = bad.send::<Thing>().await.unwrap_err();
    assert!(error.to_string().contains("`filter`"), "{error}");
    assert_eq!(server.seen().len(), 1, "neither was sent");
}

#[tokio::test]
async fn what_comes_back_is_all_there() {
    let headers = "content-type: application/json; charset=utf-8\r\nx-ratelimit-limit: 60\r\nx-ratelimit-remaining: 59\r\nx-ratelimit-reset: 1700000000\r\n";
    let server =
        Server::always(move || Reply::Raw(server::response("201 Created", headers, OK))).await;
    let response = call(&client(&server), &POST).await.unwrap();
    assert_eq!(response.name, "x");
    assert_eq!(response.at.unwrap().as_nanos(), 1_718_896_965_123_456_789);
    assert_eq!(response.status(), 201);
    assert_eq!(response.attempts(), 1);
    assert_eq!(
        response.server_duration(),
        Some(Duration::from_micros(1500))
    );
    let limit = response.rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(60), Some(59)));
    assert_eq!(limit.reset.unwrap().as_seconds(), 1_700_000_000);
    assert_eq!(
        server.seen()[0].header("x-client-request-id"),
        [response.request_id()]
    );
    assert_eq!(response.headers()["x-ratelimit-limit"], "60");
    assert_eq!(response.map(|thing| thing.duration).into_inner(), "1.5ms");
}

#[tokio::test]
async fn a_base_url_with_a_path_is_kept() {
    let server = server().await;
    let client = builder(&server)
        .base_url(format!("{}/proxy/", server.url()))
        .build()
        .unwrap();
    call(&client, &GET).await.unwrap();
    assert!(
        server.seen()[0]
            .line()
            .starts_with("GET /proxy/api/v2/thing/default/one?")
    );
}

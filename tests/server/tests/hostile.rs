//! Requests that nobody means well: a response below 500, or a closed connection, and the server
//! goes on.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::time::Duration;

use common::{CALL, bare, get, post, send, sign, sign_with};
use jsonwebtoken::Algorithm;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use video_api_server::{Scripted, Server};

const TARGET: &str = "/api/v2/video/calls?api_key=local-api-key";

async fn still_there(server: &Server) {
    assert_eq!(get(server, "/api/v2/video/edges").await.status, 200);
}

#[tokio::test]
async fn tokens_that_fit_no_secret_are_refused() {
    let server = Server::start().await.unwrap();
    let claims = json!({ "server": true });
    let good = sign(&server, &claims);
    let parts: Vec<&str> = good.split('.').collect();
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let other = sign_with(Algorithm::HS512, server.secret(), &claims);
    let foreign = sign_with(Algorithm::HS256, "another secret", &claims);
    for token in [
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].to_uppercase()),
        other,
        foreign,
        "..".into(),
        ".".repeat(10_000),
        "ü.ü.ü".into(),
        "Bearer".into(),
        String::new(),
    ] {
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
            ("content-length", "2"),
        ];
        let reply = bare(&server, "POST", TARGET, &headers, b"{}").await;
        assert_eq!(reply.status, 401, "{token}");
    }
    still_there(&server).await;
}

#[tokio::test]
async fn deep_wide_and_odd_bodies_are_refused() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut nested = json!({ "id": "a" });
    for _ in 0..60 {
        nested = json!({ "$or": [nested] });
    }
    let too_deep = json!({ "filter_conditions": nested }).to_string();
    let token = sign(&server, &json!({ "server": true }));
    for body in [
        deep.as_str(),
        too_deep.as_str(),
        "nonsense",
        "\"text\"",
        "[]",
        "1e999",
        "{\"limit\": 1e400}",
        "{\"limit\": -9223372036854775808}",
        "{\"limit\": 18446744073709551616}",
        "{\"filter_conditions\": []}",
        "{\"sort\": [{\"field\": 7}]}",
        "{\"next\": \"ff\"}",
        "{\"next\": \"ü\"}",
        "\u{0}",
        "{\"a\":\"\\ud800\"}",
    ] {
        let length = body.len().to_string();
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
            ("content-length", &length),
        ];
        let reply = bare(&server, "POST", TARGET, &headers, body.as_bytes()).await;
        assert_eq!(reply.status, 400, "{}", &body[..body.len().min(60)]);
    }
    let wide: serde_json::Map<String, Value> =
        (0..20_000).map(|n| (n.to_string(), n.into())).collect();
    let data = json!({ "data": { "custom": wide } });
    assert_eq!(post(&server, CALL, data).await.status, 201);
    still_there(&server).await;
}

#[tokio::test]
async fn odd_paths_and_ids_reach_nothing_else() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    for id in ["%2e%2e", "..", "%00", "%ff", "%", "%zz", &"x".repeat(5000)] {
        let target = format!("/api/v2/video/call/default/{id}");
        let reply = send(&server, "POST", &target, Some(&json!({}))).await;
        assert!((200..500).contains(&reply.status), "{id}: {}", reply.status);
    }
    for id in ["a%2Fb", "a%20b", "%F0%9F%8E%A5", "a%3Ab", "a%3Fb", "a%25b"] {
        let target = format!("/api/v2/video/call/default/{id}");
        let created = send(&server, "POST", &target, Some(&json!({}))).await.ok();
        let read = get(&server, &target).await.ok();
        assert_eq!(created["call"]["id"], read["call"]["id"], "{id}");
    }
    still_there(&server).await;
}

/// The server stops reading where its response is not read, so that this client cannot write on
/// either: only the end of the connection ends the loop.
#[tokio::test]
async fn a_client_that_never_reads_is_let_go() {
    let timeout = Duration::from_millis(600);
    let builder = Server::builder().client_timeouts(timeout, timeout);
    let server = builder.start().await.unwrap();
    let request = format!(
        "GET /api/v2/video/calltypes?api_key={} HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\n\
         stream-auth-type: jwt\r\n\r\n",
        server.api_key(),
        sign(&server, &json!({ "server": true }))
    );
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    while stream.write_all(request.as_bytes()).await.is_ok() {}
    still_there(&server).await;
}

/// The client takes a little every now and then, so that the server never waits long for it.
#[tokio::test]
async fn a_client_that_reads_too_slowly_is_let_go() {
    let timeout = Duration::from_millis(500);
    let builder = Server::builder().client_timeouts(Duration::from_secs(60), timeout);
    let server = builder.start().await.unwrap();
    let body = vec![b'x'; 16 * 1024 * 1024];
    server.respond_with("GetEdges", Scripted::raw(200, "text/plain", body));
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address()).await.unwrap();
    let request = format!(
        "GET /api/v2/video/edges?api_key={} HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\n\
         stream-auth-type: jwt\r\n\r\n",
        server.api_key(),
        sign(&server, &json!({ "server": true }))
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut part = [0; 512];
    let mut taken = 0;
    loop {
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => break,
            Ok(count) => taken += count,
        }
        // Without an end of the connection, all of it would arrive at last.
        assert!(taken < 512 * 1024, "{taken} bytes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    still_there(&server).await;
}

#[tokio::test]
async fn broken_chunks_and_endless_heads_end() {
    let server = Server::start().await.unwrap();
    let endless = format!("GET / HTTP/1.1\r\n{}", "x: y\r\n".repeat(200_000));
    for request in [
        "POST /api/v2/video/calls HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/v2/video/calls HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        "POST /api/v2/video/calls HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET  HTTP/9.9\r\n\r\n",
        endless.as_str(),
    ] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        // The server may close before everything is written.
        drop(stream.write_all(request.as_bytes()).await);
        drop(stream.shutdown().await);
        let mut response = Vec::new();
        drop(stream.read_to_end(&mut response).await);
        let text = String::from_utf8_lossy(&response);
        assert!(!text.starts_with("HTTP/1.1 5"), "{text}");
    }
    still_there(&server).await;
}

/// JSON of any shape, small enough to be many.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
        Just(json!("2025-10-09T08:53:20Z")),
        Just(json!("ana")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name(), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "data", "members", "user_id", "custom", "created_by", "id", "settings_override",
            "backstage", "limits", "sort", "field", "direction", "filter_conditions", "$or", "$in",
            "users", "name", "numbers", "broadcasts", "user_ids", "set", "starts_at", "grants",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
    ]
}

proptest! {
    #![proptest_config(Config {
        cases: 40,
        rng_seed: RngSeed::Fixed(81),
        failure_persistence: None,
        ..Config::default()
    })]

    /// Sends any JSON to every operation of a server with a call in it: no 5xx, and it goes on.
    #[test]
    fn no_body_makes_the_server_fail(bodies in prop::collection::vec(any_json(), 16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::builder().create_users(true).recording(false).start().await.unwrap();
            post(&server, CALL, json!({ "data": { "created_by_id": "ana" } })).await.ok();
            let operations = server.api().operations().iter();
            for (operation, body) in operations.zip(bodies.iter().cycle()) {
                let mut target = operation.path().to_owned();
                for (name, value) in [("type", "default"), ("call_type", "default"), ("id", "standup"), ("call_id", "standup")] {
                    target = target.replace(&format!("{{{name}}}"), value);
                }
                let target = target.replace(['{', '}'], "");
                let body = (operation.method() != "GET").then_some(body);
                let reply = send(&server, operation.method(), &target, body).await;
                assert!(reply.status < 500, "{} {body:?}: {}", operation.id(), reply.status);
            }
            still_there(&server).await;
        });
    }
}

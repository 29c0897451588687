//! HTTP beside the operations: methods, browsers, limits, clients that never finish,
//! faults and rate limits.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::net::Ipv6Addr;
use std::time::{Duration, Instant};

use common::{CALL, Reply, bare, get, post, send, sign};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use video_api_server::{Effect, Fault, Server};

const EDGES: &str = "/api/v2/video/edges";

/// Sends what it is given and reads until the server ends the connection.
async fn exchange(server: &Server, request: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server.address()).await?;
    // The server may refuse before it has read everything.
    drop(stream.write_all(request).await);
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

#[tokio::test]
async fn it_says_that_it_is_healthy() {
    let server = Server::start().await.unwrap();
    let reply = bare(&server, "GET", "/health", &[], b"").await;
    assert_eq!(reply.ok(), json!({ "status": "ok" }));
}

#[tokio::test]
async fn localhost_is_served_by_ipv6_too() {
    let server = Server::start().await.unwrap();
    if TcpStream::connect((Ipv6Addr::LOCALHOST, server.address().port()))
        .await
        .is_err()
    {
        // Only a machine without IPv6 may do without.
        assert!(
            tokio::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn an_operation_outside_the_spec_is_named_as_such() {
    let server = Server::start().await.unwrap();
    let reply = get(&server, "/api/v2/video/longest_call").await;
    reply.refused(404, 16, "GET /api/v2/video/longest_call is not among the");
}

#[tokio::test]
async fn a_wrong_method_learns_the_right_ones() {
    let server = Server::start().await.unwrap();
    let reply = send(&server, "PUT", CALL, Some(&json!({}))).await;
    reply.refused(405, 4, "only GET, PATCH, POST");
    let mut allowed: Vec<&str> = reply.header("allow").unwrap().split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "PATCH", "POST"]);

    let reply = bare(&server, "OPTIONS", CALL, &[], b"").await;
    assert_eq!(reply.status, 204);
    assert!(reply.header("allow").unwrap().contains("PATCH"));
    assert_eq!(
        bare(&server, "OPTIONS", "/nothing", &[], b"").await.status,
        404
    );
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = Server::start().await.unwrap();
    let read = get(&server, EDGES).await;
    let head = send(&server, "HEAD", EDGES, None).await;
    assert_eq!((head.status, read.status), (200, 200));
    assert_eq!(head.header("content-type"), read.header("content-type"));
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn a_browser_may_call_from_any_page() {
    let server = Server::start().await.unwrap();
    let headers = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "PATCH"),
        (
            "access-control-request-headers",
            "authorization,stream-auth-type",
        ),
    ];
    let preflight = bare(&server, "OPTIONS", CALL, &headers, b"").await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        Some("authorization,stream-auth-type")
    );
    let methods = preflight.header("access-control-allow-methods").unwrap();
    assert!(methods.contains("PATCH"), "{methods}");

    // Refusals can be read, too.
    let refused = bare(&server, "GET", CALL, &headers[..1], b"").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    let exposed = refused.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("x-ratelimit-remaining"), "{exposed}");
}

#[tokio::test]
async fn endless_headers_end() {
    let server = Server::start().await.unwrap();
    let many: String = (0..10_000).map(|n| format!("x-{n}: y\r\n")).collect();
    let large = format!("x-large: {}\r\n", "y".repeat(1 << 20));
    for headers in [many, large] {
        let request = format!("GET {EDGES} HTTP/1.1\r\nhost: x\r\n{headers}");
        // The response may be lost to the reset that unread bytes cause; a hang is what must not be.
        if let Ok(response) = exchange(&server, request.as_bytes()).await {
            assert!(
                response.is_empty() || response.starts_with("HTTP/1.1 431"),
                "{response}"
            );
        }
    }
    get(&server, EDGES).await.ok();
}

#[tokio::test]
async fn sizes_are_limited() {
    let server = Server::start().await.unwrap();
    let token = sign(&server, &json!({ "server": true }));
    let headers = [
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
        ("content-type", "application/json"),
        ("content-length", "99999999999"),
    ];
    let target = format!("{CALL}?api_key={}", server.api_key());
    bare(&server, "POST", &target, &headers, b"{}")
        .await
        .refused(413, 22, "more than 16 MiB");
}

#[tokio::test]
async fn broken_chunks_are_refused() {
    let server = Server::start().await.unwrap();
    let head = format!(
        "POST {CALL}?api_key=k HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    );
    for chunks in [
        "zz\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}XX0\r\n\r\n",
        "ffffffffffffffffff\r\n{}",
    ] {
        let response = exchange(&server, format!("{head}{chunks}").as_bytes())
            .await
            .unwrap();
        assert!(
            response.starts_with("HTTP/1.1 400"),
            "{chunks:?}: {response}"
        );
    }
    get(&server, EDGES).await.ok();
}

#[tokio::test]
async fn clients_that_never_finish_are_let_go() {
    let short = Duration::from_millis(600);
    let builder = Server::builder().client_timeouts(short, short);
    let server = builder.start().await.unwrap();
    let unfinished_head = format!("GET {EDGES} HTTP/1.1\r\nhost: x\r\n");
    exchange(&server, unfinished_head.as_bytes()).await.unwrap();
    exchange(&server, b"").await.unwrap();
    let unfinished_body = format!(
        "POST {CALL} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nconnection: close\r\n\r\n{{"
    );
    let response = exchange(&server, unfinished_body.as_bytes()).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 408"), "{response}");
}

#[tokio::test]
async fn a_thousand_idle_connections_are_no_burden() {
    let server = Server::start().await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..1000 {
        idle.push(TcpStream::connect(server.address()).await.unwrap());
    }
    get(&server, EDGES).await.ok();
    assert_eq!(idle.len(), 1000);
}

#[tokio::test]
async fn stopping_lets_requests_under_way_end() {
    let server = Server::start().await.unwrap();
    let late = Fault::new(Effect::Latency { milliseconds: 300 });
    server.set_faults(0, vec![late.times(1)]).unwrap();
    let address = server.address();
    let token = sign(&server, &json!({ "server": true }));
    let request = format!(
        "GET {EDGES}?api_key={} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n\
         stream-auth-type: jwt\r\n\r\n",
        server.api_key()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    while !server.faults().is_empty() {
        tokio::task::yield_now().await;
    }
    server.stop().await;
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn faults_meet_the_operation_they_are_for() {
    let server = Server::start().await.unwrap();
    post(
        &server,
        CALL,
        json!({ "data": { "created_by": { "id": "ana" } } }),
    )
    .await;
    let fault = |effect| vec![Fault::new(effect).operation("GetCall").times(1)];

    server
        .set_faults(1, fault(Effect::Status { status: 503 }))
        .unwrap();
    get(&server, EDGES).await.ok();
    get(&server, CALL).await.refused(503, -1, "asked for");
    get(&server, CALL).await.ok();

    server
        .set_faults(1, fault(Effect::Status { status: 429 }))
        .unwrap();
    let limited = get(&server, CALL).await;
    limited.refused(429, 9, "Too many requests");
    assert_eq!(limited.header("x-ratelimit-remaining"), Some("0"));
    let seconds: i64 = limited.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");

    server.set_faults(1, fault(Effect::Garbage)).unwrap();
    let garbage = get(&server, CALL).await;
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&garbage.body).is_err());

    let begun = Instant::now();
    server
        .set_faults(1, fault(Effect::Latency { milliseconds: 60 }))
        .unwrap();
    get(&server, CALL).await.ok();
    assert!(begun.elapsed() >= Duration::from_millis(60));

    let last = server.recorded().pop().unwrap();
    assert_eq!(last.faults, ["Latency { milliseconds: 60 }"]);
}

#[tokio::test]
async fn connections_break_on_demand() {
    let server = Server::start().await.unwrap();
    let token = sign(&server, &json!({ "server": true }));
    let request = format!(
        "GET {EDGES}?api_key={} HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n\
         stream-auth-type: jwt\r\n\r\n",
        server.api_key()
    );
    server
        .set_faults(1, vec![Fault::new(Effect::Reset)])
        .unwrap();
    let reset = exchange(&server, request.as_bytes()).await.unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);

    server
        .set_faults(1, vec![Fault::new(Effect::Truncate)])
        .unwrap();
    let response = exchange(&server, request.as_bytes()).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    assert!(body.len() < length.parse().unwrap(), "{response}");
}

#[tokio::test]
async fn impossible_faults_are_refused() {
    let server = Server::start().await.unwrap();
    let refused = |fault| server.set_faults(0, vec![fault]).unwrap_err();
    assert!(refused(Fault::new(Effect::Status { status: 200 })).contains("400 to 599"));
    assert!(refused(Fault::new(Effect::Reset).probability(2.0)).contains("0 to 1"));
    assert!(refused(Fault::new(Effect::Reset).operation("Nope")).contains("Nope"));
}

#[tokio::test]
async fn a_rate_limit_is_enforced_where_it_is_asked_for() {
    let server = Server::builder().rate_limit(2).start().await.unwrap();
    let remaining = async || {
        let reply: Reply = get(&server, EDGES).await;
        let remaining = reply.header("x-ratelimit-remaining").unwrap().to_owned();
        (reply.status, remaining)
    };
    assert_eq!(remaining().await, (200, "1".into()));
    assert_eq!(remaining().await, (200, "0".into()));
    let refused = get(&server, EDGES).await;
    refused.refused(429, 9, "limit 2 per minute");
    assert!(refused.header("retry-after").is_some());
    server.clock().advance(Duration::from_secs(60));
    assert_eq!(remaining().await, (200, "1".into()));
}

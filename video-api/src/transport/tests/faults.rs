//! Faults × methods × expected outcome.

use std::time::Instant;

use super::server::{json, response};
use super::*;

/// The expected outcome for GET, PUT and DELETE, and for POST.
struct Expected {
    error_type: &'static str,
    status: Option<u16>,
    /// Attempts of idempotent methods and of POST; the policy allows 3.
    attempts: (u32, u32),
}

/// Generous, since other tests run at the same time.
const HANGS: Duration = Duration::from_secs(20);

fn expect(error_type: &'static str, status: Option<u16>, attempts: (u32, u32)) -> Expected {
    Expected {
        error_type,
        status,
        attempts,
    }
}

async fn check(name: &str, server: &Server, expected: &Expected) {
    check_with(builder(server), name, server, expected).await;
}

async fn check_with(builder: ClientBuilder, name: &str, server: &Server, expected: &Expected) {
    let client = builder.max_response_size(100_000).build().unwrap();
    for operation in [&GET, &PUT, &DELETE, &POST, &POST_EMPTY] {
        let before = server.seen().len();
        let started = Instant::now();
        let error = call(&client, operation).await.expect_err(name);
        let elapsed = started.elapsed();
        let about = format!("{name} {}: {error} {error:?}", operation.id);
        let attempts = if operation.method.is_idempotent() {
            expected.attempts.0
        } else {
            expected.attempts.1
        };
        assert_eq!(error.error_type(), expected.error_type, "{about}");
        assert_eq!(
            error.status().map(|s| s.as_u16()),
            expected.status,
            "{about}"
        );
        assert_eq!(error.attempts(), attempts, "{about}");
        assert!(elapsed < HANGS, "{about}: {elapsed:?}");
        assert_eq!(error.operation(), Some(operation.id), "{about}");
        assert_eq!(error.to_string().lines().count(), 1, "{about}");
        // Support can only find a request that has arrived.
        let id = error.request_id().unwrap();
        let is_told = error.to_string().contains(id);
        assert_eq!(is_told, !error.is_connect(), "{about}");
        // What the server saw agrees, except where nothing can have arrived.
        let seen = server.seen().len() - before;
        let arrived = if error.is_connect() {
            0
        } else {
            attempts as usize
        };
        assert_eq!(seen, arrived, "{about}");
        // Retryable is exactly what would have been repeated.
        assert_eq!(error.is_retryable(), attempts > 1, "{about}");
        println!(
            "{name:<28} {:<7} {:<10} {attempts} attempt(s) {elapsed:>12?}",
            operation.method.as_str(),
            error.error_type()
        );
    }
}

#[tokio::test]
async fn connection_faults() {
    let refused = Server::refusing().await;
    check("refused", &refused, &expect("unknown", None, (3, 3))).await;

    let head = || b"HTTP/1.1 200 OK\r\ncontent-le".to_vec();
    let part = || {
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{\"name\":"
            .to_vec()
    };
    let chunks =
        || b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"nam\r\n".to_vec();
    type Make = Box<dyn Fn() -> Reply + Send + Sync>;
    let broken: Vec<(&str, Option<u16>, Make)> = vec![
        (
            "closed before the response",
            None,
            Box::new(|| Reply::Close(vec![])),
        ),
        (
            "reset before the response",
            None,
            Box::new(|| Reply::Reset(vec![])),
        ),
        (
            "closed within the head",
            None,
            Box::new(move || Reply::Close(head())),
        ),
        (
            "closed within the body",
            Some(200),
            Box::new(move || Reply::Close(part())),
        ),
        (
            "reset within the body",
            Some(200),
            Box::new(move || Reply::Reset(part())),
        ),
        (
            "closed between chunks",
            Some(200),
            Box::new(move || Reply::Close(chunks())),
        ),
        (
            "not HTTP",
            None,
            Box::new(|| Reply::Close(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec())),
        ),
    ];
    for (name, status, make) in broken {
        let server = Server::always(make).await;
        let error_type = if name == "not HTTP" {
            "unknown"
        } else {
            "connection_reset"
        };
        check(name, &server, &expect(error_type, status, (3, 1))).await;
    }
}

#[tokio::test]
async fn slow_servers() {
    async fn impatient(name: &str, server: &Server, expected: &Expected) {
        let builder = builder(server).attempt_timeout(Duration::from_millis(150));
        check_with(builder, name, server, expected).await;
    }
    let part = || {
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"name\":".to_vec()
    };
    let silent = Server::always(|| Reply::Stall(vec![])).await;
    impatient("silent", &silent, &expect("timeout", None, (3, 1))).await;
    let stalled = Server::always(move || Reply::Stall(part())).await;
    impatient(
        "stalled within the body",
        &stalled,
        &expect("timeout", Some(200), (3, 1)),
    )
    .await;
    let trickle = Server::always(move || {
        Reply::Repeat(part(), b" ".to_vec(), 4000, Duration::from_millis(20))
    })
    .await;
    impatient("trickle", &trickle, &expect("timeout", Some(200), (3, 1))).await;
}

#[tokio::test]
async fn error_statuses() {
    let page = "<html>Bad gateway</html>";
    let html = "content-type: text/html\r\n";
    let api = |code: u16, more: &str| {
        format!(r#"{{"code":{code},"message":"m","StatusCode":500,"duration":"1ms"{more}}}"#)
    };
    let table: Vec<(&str, Vec<u8>, Expected)> = vec![
        (
            "HTML 502",
            response("502 Bad Gateway", html, page),
            expect("status", Some(502), (3, 1)),
        ),
        (
            "empty 503",
            response("503 Service Unavailable", "", ""),
            expect("status", Some(503), (3, 1)),
        ),
        (
            "API 504",
            json("504 Gateway Timeout", api(9, "")),
            expect("api", Some(504), (3, 1)),
        ),
        (
            "429 without headers",
            json("429 Too Many Requests", api(9, "")),
            expect("api", Some(429), (3, 3)),
        ),
        (
            "429 that says when",
            response("429 Too Many Requests", "retry-after: 0\r\n", ""),
            expect("status", Some(429), (3, 3)),
        ),
        (
            "unrecoverable 429",
            json("429 Too Many Requests", api(9, ",\"unrecoverable\":true")),
            expect("api", Some(429), (1, 1)),
        ),
        (
            "unrecoverable 503",
            json("503 Service Unavailable", api(9, ",\"unrecoverable\":true")),
            expect("api", Some(503), (1, 1)),
        ),
        (
            "API 500",
            json("500 Internal Server Error", api(0, "")),
            expect("api", Some(500), (1, 1)),
        ),
        (
            "API 404",
            json("404 Not Found", api(16, "")),
            expect("api", Some(404), (1, 1)),
        ),
        (
            "401",
            json("401 Unauthorized", api(43, "")),
            expect("api", Some(401), (1, 1)),
        ),
        (
            "400 without JSON",
            json("400 Bad Request", "{\"code\":"),
            expect("status", Some(400), (1, 1)),
        ),
        (
            "redirect",
            response("302 Found", "location: /elsewhere\r\n", ""),
            expect("redirect", Some(302), (1, 1)),
        ),
        (
            "permanent redirect",
            response(
                "308 Permanent Redirect",
                "location: https://evil.example/\r\n",
                "",
            ),
            expect("redirect", Some(308), (1, 1)),
        ),
        (
            "not modified",
            response("304 Not Modified", "", ""),
            expect("redirect", Some(304), (1, 1)),
        ),
    ];
    for (name, bytes, expected) in table {
        let server = Server::always(move || Reply::Raw(bytes.clone())).await;
        check(name, &server, &expected).await;
    }
    // A broken error body does not hide the status.
    let cut =
        || b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 500\r\n\r\n{\"code\"".to_vec();
    let server = Server::always(move || Reply::Close(cut())).await;
    check("503 cut off", &server, &expect("status", Some(503), (3, 1))).await;
}

#[tokio::test]
async fn unusable_successes() {
    let typed =
        |kind: &str, body: &str| response("200 OK", &format!("content-type: {kind}\r\n"), body);
    let table: Vec<(&str, Vec<u8>, &'static str)> = vec![
        ("empty 200", json("200 OK", ""), "body"),
        ("blank 200", json("200 OK", " \r\n"), "body"),
        ("204", b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), "body"),
        (
            "HTML 200",
            typed("text/html; charset=utf-8", "<html>hello</html>"),
            "body",
        ),
        ("JSON called text", typed("text/plain", OK), "body"),
        ("garbage JSON", json("200 OK", "{\"name\": nope}"), "body"),
        ("JSON cut short", json("200 OK", "{\"name\": \"x\""), "body"),
        (
            "JSON and more",
            json("200 OK", "{\"name\": \"x\"} trailing"),
            "body",
        ),
        ("not UTF-8", json("200 OK", b"{\"name\": \"\xff\"}"), "body"),
        ("another shape", json("200 OK", "{\"name\": 7}"), "decode"),
        ("a list", json("200 OK", "[]"), "decode"),
        (
            "error inside",
            json(
                "200 OK",
                r#"{"code":16,"message":"gone","StatusCode":404,"duration":"1ms"}"#,
            ),
            "api",
        ),
    ];
    for (name, bytes, error_type) in table {
        let status = if name == "204" { 204 } else { 200 };
        let server = Server::always(move || Reply::Raw(bytes.clone())).await;
        check(name, &server, &expect(error_type, Some(status), (1, 1))).await;
    }
}

#[tokio::test]
async fn error_types_are_those_of_the_vendor() {
    let quick = |url: &str| {
        Client::builder("key1")
            .secret(SECRET)
            .base_url(url)
            .retry_policy(RetryPolicy::none())
            .build()
            .unwrap()
    };
    let error_of = async |url: String| call(&quick(&url), &GET).await.unwrap_err().error_type();
    // The top-level domain is reserved for names that do not exist.
    let unknown_name = error_of("https://video.invalid".to_owned()).await;
    assert_eq!(unknown_name, "dns_failure");
    // A server that answers the handshake without TLS.
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    let answering = tokio::spawn(async move {
        let (mut socket, _) = plain.accept().await.unwrap();
        let response = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        tokio::io::AsyncWriteExt::write_all(&mut socket, response)
            .await
            .unwrap();
        socket
    });
    assert_eq!(error_of(url).await, "tls_handshake_failed");
    answering.await.unwrap();
    let closing = Server::always(|| Reply::Close(vec![])).await;
    assert_eq!(error_of(closing.url()).await, "connection_reset");
}

#[tokio::test]
async fn https_to_a_server_without_tls_is_told_and_not_repeated() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", plain.local_addr().unwrap());
    let refusing = tokio::spawn(async move {
        let refusal = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        let mut sockets = Vec::new();
        loop {
            let (mut socket, _) = plain.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut socket, refusal)
                .await
                .unwrap();
            sockets.push(socket);
        }
    });
    let client = Client::builder("key1")
        .secret(SECRET)
        .base_url(&url)
        .build()
        .unwrap();
    for operation in [&GET, &POST] {
        let error = call(&client, operation).await.unwrap_err();
        assert!(error.is_connect() && !error.is_retryable(), "{error:#?}");
        assert_eq!(error.attempts(), 1);
        let text = error.to_string();
        let told = "the TLS handshake failed, nothing was sent; check that the server speaks https";
        assert!(text.contains(told) && !text.contains("request"), "{text}");
    }
    refusing.abort();
}

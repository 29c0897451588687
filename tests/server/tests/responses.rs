//! Properties of all responses, dictated responses, and the server's own life.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::io::Read;
use std::time::{Duration, Instant};

use common::{CALL, bare, get, post, raw, sign};
use flate2::read::GzDecoder;
use serde_json::json;
use tokio::net::TcpStream;
use video_api_server::{BodyMode, Scripted, Server, embedded_spec};

#[tokio::test]
async fn successes_and_errors_carry_the_usual_headers() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let target = format!("{CALL}?api_key=local-api-key");
    let headers = [("x-client-request-id", "1-2-3")];
    let refused = bare(&server, "GET", &target, &headers, b"").await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("x-client-request-id"), Some("1-2-3"));
    let success = post(&server, CALL, json!({})).await;
    assert_eq!(success.status, 201);
    let number = |name| -> i64 { success.header(name).unwrap().parse().unwrap() };
    assert_eq!(number("x-ratelimit-limit"), 60_000);
    assert_eq!(number("x-ratelimit-remaining"), 59_999);
    let left = number("x-ratelimit-reset") - common::now();
    assert!((-1..=60).contains(&left), "{left}");
    for reply in [&refused, &success] {
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert!(reply.header("x-ratelimit-reset").is_some());
    }
    assert_ne!(
        refused.header("x-request-id"),
        success.header("x-request-id")
    );
    let duration = success.json()["duration"].as_str().unwrap().to_owned();
    let milliseconds: f64 = duration.strip_suffix("ms").unwrap().parse().unwrap();
    assert!(milliseconds > 0.0);
}

#[tokio::test]
async fn errors_have_the_documented_shape() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let spec = embedded_spec();
    let schema = &spec["components"]["schemas"]["APIError"];
    for reply in [
        get(&server, CALL).await,
        get(&server, "/nothing").await,
        post(&server, CALL, json!({ "nope": 1 })).await,
        bare(&server, "GET", CALL, &[], b"").await,
    ] {
        assert!(reply.status >= 400);
        let body = reply.json();
        let known = schema["properties"].as_object().unwrap();
        for name in body.as_object().unwrap().keys() {
            assert!(known.contains_key(name), "{name} in {body}");
        }
        for name in schema["required"].as_array().unwrap() {
            assert!(
                body.get(name.as_str().unwrap()).is_some(),
                "{name} in {body}"
            );
        }
    }
    let reply = get(&server, CALL).await;
    let expected = "GetCall failed with error: \"Can't find call with id default:standup\"";
    assert_eq!(reply.message(), expected);
}

#[tokio::test]
async fn dictated_responses_queue_per_operation() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let html = Scripted::raw(502, "text/html", "<h1>no</h1>").header("retry-after", "3");
    server.respond_with("GetCall", html.header("x-ratelimit-limit", "1"));
    server.respond_with("GetCall", Scripted::json(299, &json!({ "odd": null })));
    server.respond_with("EndCall", Scripted::status(503));
    let first = get(&server, CALL).await;
    assert_eq!(
        (first.status, first.body.as_slice()),
        (502, &b"<h1>no</h1>"[..])
    );
    assert_eq!(first.header("content-type"), Some("text/html"));
    assert_eq!(first.header("retry-after"), Some("3"));
    assert_eq!(first.header("x-ratelimit-limit"), Some("1"));
    assert!(first.header("x-request-id").is_some());
    let second = get(&server, CALL).await;
    assert_eq!(
        (second.status, second.json()),
        (299, json!({ "odd": null }))
    );
    assert_eq!(get(&server, CALL).await.status, 404);
    let recorded = server.recorded();
    assert_eq!(recorded.len(), 3);
    assert_eq!(recorded[0].status, 502);
    assert!(recorded[0].problems.is_empty());
    server.clear_recorded();
    assert!(server.recorded().is_empty());
}

#[tokio::test]
async fn a_dictated_body_means_nothing_was_processed() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    server.respond_with("GetOrCreateCall", Scripted::status(503));
    assert_eq!(post(&server, CALL, json!({})).await.status, 503);
    assert_eq!(get(&server, CALL).await.status, 404);
    let bent = Scripted {
        status: 200,
        ..Scripted::default()
    };
    server.respond_with("GetOrCreateCall", bent);
    let reply = post(&server, CALL, json!({})).await;
    assert_eq!(
        (reply.status, &reply.json()["created"]),
        (200, &json!(true))
    );
}

#[tokio::test]
async fn invalid_requests_use_no_dictated_response() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    server.respond_with("GetCall", Scripted::status(503));
    let reply = get(&server, &format!("{CALL}?nope=1")).await;
    assert_eq!(reply.status, 400);
    assert_eq!(get(&server, CALL).await.status, 503);
}

#[tokio::test]
async fn responses_can_be_held_back() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let delay = Duration::from_millis(80);
    server.respond_with("GetCall", Scripted::status(200).delay(delay));
    let started = Instant::now();
    assert_eq!(get(&server, CALL).await.status, 200);
    assert!(started.elapsed() >= delay);
}

#[tokio::test]
#[should_panic(expected = "no operation is called `GetCal`")]
async fn dictating_to_no_operation_is_a_mistake() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    server.respond_with("GetCal", Scripted::status(200));
}

#[tokio::test]
async fn compression_when_asked_for_and_accepted() {
    let edges = "/api/v2/video/edges?api_key=local-api-key";
    for (on, accepted, compressed) in [
        (true, Some("br, gzip;q=0.5"), true),
        (true, Some("br"), false),
        (true, None, false),
        (false, Some("gzip"), false),
    ] {
        let server = Server::builder()
            .strict(true)
            .create_users(true)
            .gzip(on)
            .start()
            .await
            .unwrap();
        let token = sign(&server, &json!({ "server": true }));
        let mut headers = vec![
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
        ];
        headers.extend(accepted.map(|accepted| ("accept-encoding", accepted)));
        let mut reply = bare(&server, "GET", edges, &headers, b"").await;
        let encoding = reply.header("content-encoding").map(str::to_owned);
        assert_eq!(encoding.as_deref(), compressed.then_some("gzip"));
        if compressed {
            let mut plain = Vec::new();
            GzDecoder::new(reply.body.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            reply.body = plain;
        }
        reply.ok();
    }
}

#[tokio::test]
async fn recording_keeps_the_bytes_and_can_be_off() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let body = json!({ "data": { "custom": { "n": null } } });
    post(&server, &format!("{CALL}?"), body.clone()).await.ok();
    let recorded = server.recorded().remove(0);
    assert_eq!(recorded.method, "POST");
    assert_eq!(recorded.path, CALL);
    assert_eq!(recorded.query, "&api_key=local-api-key");
    assert_eq!(recorded.header("stream-auth-type"), Some("jwt"));
    assert_eq!(recorded.body, body.to_string());
    assert_eq!(recorded.json(), body);
    let silent = Server::builder()
        .strict(true)
        .create_users(true)
        .recording(false)
        .start()
        .await
        .unwrap();
    post(&silent, CALL, json!({})).await.ok();
    assert!(silent.recorded().is_empty());
}

#[tokio::test]
async fn another_spec_can_be_served() {
    let spec = json!({
        "paths": { "/ping/{n}": {
            "parameters": [{ "name": "n", "in": "path", "required": true, "schema": { "type": "integer" } }],
            "get": {
                "operationId": "Ping",
                "parameters": [{ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }],
                "responses": { "2XX": { "content": { "application/json": { "schema": {
                    "type": "object", "required": ["at"],
                    "properties": { "at": { "type": "number", "format": "date-time" } },
                } } } } },
            },
            "delete": { "operationId": "Drop", "responses": { "204": { "description": "" } } },
        } },
    });
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .spec(spec)
        .start()
        .await
        .unwrap();
    let reply = get(&server, "/ping/7?q=x").await;
    assert_eq!(
        (reply.status, reply.json()),
        (200, json!({ "at": 1_760_000_000_123_456_790_i64 }))
    );
    get(&server, "/ping/7")
        .await
        .refused(400, 4, "query q: is required");
    get(&server, "/ping/x?q=x").await.refused(400, 4, "path n");
    let dropped = common::send(&server, "DELETE", "/ping/7", None).await;
    assert_eq!((dropped.status, dropped.body.len()), (204, 0));
    get(&server, CALL).await.refused(404, 16, "no operation");

    let broken = json!({ "paths": { "/x": { "get": {
        "operationId": "X", "parameters": [{ "$ref": "#/nowhere" }], "responses": {},
    } } } });
    let started = Server::builder()
        .strict(true)
        .create_users(true)
        .spec(broken)
        .start()
        .await;
    let message = started.err().map(|error| error.to_string()).unwrap();
    assert_eq!(
        message,
        "the spec cannot be served: /paths/~1x/get: $ref \"#/nowhere\" points to nothing in this document"
    );
}

#[tokio::test]
async fn bodies_from_the_schema_keep_nothing() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(BodyMode::Maximal)
        .start()
        .await
        .unwrap();
    let full = get(&server, CALL).await.ok();
    assert!(full["call"]["session"]["participants"][1]["user"]["id"].is_string());
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .body_mode(BodyMode::Minimal)
        .start()
        .await
        .unwrap();
    post(&server, CALL, json!({})).await.ok();
    let slim = get(&server, CALL).await.ok();
    assert!(slim["call"].get("session").is_none());
    assert_ne!(slim["call"]["id"], "standup");
}

#[tokio::test]
async fn too_large_bodies_are_refused() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let token = sign(&server, &json!({ "server": true }));
    let head = format!(
        "POST {CALL}?api_key=local-api-key HTTP/1.1\r\nhost: x\r\nauthorization: {token}\r\n\
         stream-auth-type: jwt\r\ncontent-type: application/json\r\nconnection: close\r\n"
    );
    let large = "x".repeat(16 * 1024 * 1024 + 1);
    let request = format!("{head}content-length: {}\r\n\r\n{large}", large.len());
    raw(&server, request.as_bytes())
        .await
        .refused(413, 22, "more than 16 MiB");
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = Server::builder()
        .strict(true)
        .create_users(true)
        .start()
        .await
        .unwrap();
    let address = server.address();
    assert_eq!(server.url(), format!("http://{address}"));
    assert!(TcpStream::connect(address).await.is_ok());
    drop(server);
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(address).await.is_ok() {
        assert!(Instant::now() < deadline, "still listening");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// An agreement of the two says something about the wire only if each reads and writes it alone.
#[test]
fn the_server_is_built_without_the_client_and_its_generator() {
    let manifest = include_str!("../Cargo.toml");
    let built = manifest.split("[dev-dependencies]").next().unwrap();
    assert!(built.contains("\nserde_json."));
    for shared in ["\nvideo-api.", "\ncodegen."] {
        assert!(!built.contains(shared), "{shared}");
    }
}

#[tokio::test]
async fn an_operation_without_json_is_refused_with_its_media_types() {
    let mut spec = embedded_spec();
    let response = json!({"201": {"description": "done"}});
    let upload = json!({"multipart/form-data": {"schema": {"type": "object"}}});
    spec["paths"]["/uploads"]["post"] = json!({
        "operationId": "Upload", "requestBody": {"content": upload}, "responses": response
    });
    let picture = json!({"200": {"description": "ok", "content": {"image/png": {}}}});
    spec["paths"]["/picture"]["get"] = json!({"operationId": "Picture", "responses": picture});
    let server = Server::builder().spec(spec).start().await.unwrap();
    for (reply, part) in [
        (
            post(&server, "/uploads", json!({})).await,
            "takes its body as multipart/form-data",
        ),
        (get(&server, "/picture").await, "responds as image/png"),
    ] {
        assert_eq!(reply.status, 501);
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(
            message.contains(part) && message.contains("knows JSON alone"),
            "{message}"
        );
    }
}

//! The local routes and their twins on `Server`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::time::Duration;

use common::{CALL, Reply, bare, get, local, post, raw, sign};
use serde_json::json;
use video_api_server::Server;

const ANA: &str = "ana";

async fn with_call() -> Server {
    let server = Server::start().await.unwrap();
    let seed = json!({
        "users": [{ "id": ANA, "name": "Ana", "custom": { "color": "blue" } }],
        "call_types": [{ "name": "webinar", "settings": { "backstage": { "enabled": true } } }],
        "calls": [
            {
                "type": "default",
                "id": "standup",
                "data": { "created_by_id": ANA, "members": [{ "user_id": ANA, "role": "host" }] },
            },
            { "type": "webinar", "id": "past", "data": { "created_by_id": ANA }, "ended": true },
        ],
    });
    server.seed(&seed).await.unwrap();
    server
}

#[tokio::test]
async fn a_seed_is_what_the_api_then_answers() {
    let server = with_call().await;
    let call = get(&server, CALL).await.ok();
    assert_eq!(call["call"]["created_by"]["name"], "Ana");
    assert_eq!(call["members"][0]["role"], "host");
    let ended = get(&server, "/api/v2/video/call/webinar/past").await.ok();
    assert!(ended["call"]["ended_at"].is_i64());
    assert_eq!(ended["call"]["settings"]["backstage"]["enabled"], true);
    assert!(server.webhooks().is_empty(), "seeding emits events");
}

#[tokio::test]
async fn an_export_is_a_seed_for_the_same_state() {
    let server = with_call().await;
    let export = local(&server, "GET", "/export", None).await.ok();
    assert_eq!(export, server.export());
    let other = Server::start().await.unwrap();
    local(&other, "POST", "/seed", Some(export.clone()))
        .await
        .ok();
    assert_eq!(other.export(), export);
    assert_eq!(export["calls"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_seed_that_does_not_fit_changes_nothing_and_says_where() {
    let server = Server::start().await.unwrap();
    let seed = json!({
        "users": [{ "id": ANA }],
        "calls": [{ "type": "default", "id": "x", "data": { "created_by_id": "nobody" } }],
    });
    let error = server.seed(&seed).await.unwrap_err().to_string();
    assert!(error.starts_with("calls/0: "), "{error}");
    assert!(error.contains("nobody"), "{error}");
    assert_eq!(server.export()["users"], json!([]));
    for (seed, place) in [
        (json!({ "users": [{ "id": ANA, "shoe": 1 }] }), "users/0"),
        (json!({ "callers": [] }), "callers"),
        (
            json!({ "call_types": [{ "settings": {} }] }),
            "call_types/0",
        ),
    ] {
        let reply = local(&server, "POST", "/seed", Some(seed)).await;
        assert_eq!(reply.status, 400);
        assert!(reply.message().contains(place), "{}", reply.message());
    }
}

#[tokio::test]
async fn reset_forgets_everything() {
    let server = with_call().await;
    server.clock().advance(Duration::from_secs(3600));
    let faults =
        json!({ "faults": [{ "operation": "GetEdges", "effect": "status", "status": 503 }] });
    local(&server, "PUT", "/faults", Some(faults)).await.ok();
    local(&server, "POST", "/reset", None).await.ok();
    get(&server, CALL).await.refused(404, 16, "Can't find call");
    get(&server, "/api/v2/video/edges").await.ok();
    assert_eq!(server.clock().offset(), 0);
    assert_eq!(server.recorded().len(), 2);
    assert_eq!(server.export(), Server::start().await.unwrap().export());
}

#[tokio::test]
async fn the_clock_decides_when_a_token_ends() {
    let server = Server::start().await.unwrap();
    let claims = json!({ "server": true, "exp": common::now() + 60 });
    let edges =
        async || common::send_as(&server, &claims, "GET", "/api/v2/video/edges", None).await;
    edges().await.ok();
    let moved = local(
        &server,
        "POST",
        "/clock",
        Some(json!({ "advance_seconds": 120 })),
    )
    .await
    .ok();
    assert_eq!(moved["ahead_seconds"], 120.0);
    edges().await.refused(401, 40, "expired");
    let moved = json!({ "now": "2001-01-01T01:00:00+01:00" });
    let moved = local(&server, "POST", "/clock", Some(moved)).await.ok();
    assert!(
        moved["now"]
            .as_str()
            .unwrap()
            .starts_with("2001-01-01T00:00:00"),
        "{moved}"
    );
    local(&server, "DELETE", "/clock", None).await.ok();
    edges().await.ok();
    for wrong in [
        json!({}),
        json!({ "now": "noon" }),
        json!({ "advance_seconds": -1 }),
    ] {
        assert_eq!(
            local(&server, "POST", "/clock", Some(wrong)).await.status,
            400
        );
    }
}

#[tokio::test]
async fn faults_come_and_go_by_route() {
    let server = Server::start().await.unwrap();
    let faults =
        json!({ "seed": 7, "faults": [{ "effect": "status", "status": 503, "times": 1 }] });
    let set = local(&server, "PUT", "/faults", Some(faults)).await.ok();
    assert_eq!(set["faults"][0]["times"], 1);
    assert_eq!(get(&server, "/api/v2/video/edges").await.status, 503);
    assert_eq!(
        local(&server, "GET", "/faults", None).await.ok()["faults"],
        json!([])
    );
    let wrong = json!({ "faults": [{ "operation": "Nope", "effect": "reset" }] });
    let refused = local(&server, "PUT", "/faults", Some(wrong)).await;
    assert!(refused.message().contains("Nope"));
}

#[tokio::test]
async fn requests_are_shown_without_secrets_and_can_be_repeated() {
    let server = with_call().await;
    get(&server, CALL).await.ok();
    let body = json!({ "custom": { "note": "it's" } });
    common::send(&server, "PATCH", CALL, Some(&body)).await.ok();
    post(
        &server,
        "/api/v2/video/sip/inbound_trunks",
        json!({ "name": 1, "password": "hush" }),
    )
    .await;
    let all = local(&server, "GET", "/requests", None).await.ok();
    let operations: Vec<&str> = all["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["operation"].as_str().unwrap())
        .collect();
    assert_eq!(operations, ["CreateSIPTrunk", "UpdateCall", "GetCall"]);
    let refused = &all["requests"][0];
    assert_eq!(refused["status"], 400);
    assert!(refused["problems"].to_string().contains("name"));

    let some = local(
        &server,
        "GET",
        "/requests?call_cid=default:standup&limit=1",
        None,
    )
    .await
    .ok();
    assert_eq!(some["requests"].as_array().unwrap().len(), 1);
    let number = some["requests"][0]["number"].as_u64().unwrap();
    let one = local(&server, "GET", &format!("/requests/{number}"), None)
        .await
        .ok();
    assert_eq!(one["body"], body);
    assert_eq!(one["response"]["call"]["custom"]["note"], "it's");
    let curl = one["curl"].as_str().unwrap();
    assert!(
        curl.starts_with("curl -X PATCH 'http://127.0.0.1:"),
        "{curl}"
    );
    assert!(
        curl.contains(r#"--data-raw '{"custom":{"note":"it'\''s"}}'"#),
        "{curl}"
    );

    for number in 1..=3 {
        let shown = local(&server, "GET", &format!("/requests/{number}"), None)
            .await
            .ok();
        let text = shown.to_string();
        let token = sign(&server, &json!({ "server": true }));
        assert!(!text.contains(&token) && !text.contains("hush"), "{text}");
    }
    assert_eq!(
        local(&server, "GET", "/requests/99", None).await.status,
        404
    );
}

#[tokio::test]
async fn tokens_for_trying_by_hand_are_accepted() {
    let server = with_call().await;
    for request in [
        json!({}),
        json!({ "user_id": ANA, "call_cids": ["default:standup"] }),
    ] {
        let token = local(&server, "POST", "/token", Some(request)).await.ok();
        let token = token["token"].as_str().unwrap().to_owned();
        let headers = [
            ("authorization", token.as_str()),
            ("stream-auth-type", "jwt"),
        ];
        let target = format!("{CALL}?api_key={}", server.api_key());
        bare(&server, "GET", &target, &headers, b"").await.ok();
    }
}

#[tokio::test]
async fn only_this_servers_page_may_use_the_local_routes() {
    let server = Server::start().await.unwrap();
    let own = server.url();
    for (origin, status) in [
        ("http://evil.example", 403),
        ("null", 403),
        ("http://localhost", 200),
    ] {
        let headers = [("origin", origin), ("content-length", "0")];
        let reply = bare(&server, "POST", "/_local/reset", &headers, b"").await;
        assert_eq!(reply.status, status, "{origin} {own}");
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}

#[tokio::test]
async fn every_local_route_is_documented_and_nothing_else() {
    let server = Server::start().await.unwrap();
    let openapi = local(&server, "GET", "/openapi.json", None).await.ok();
    let paths = openapi["paths"].as_object().unwrap();
    assert!(paths.len() > 15, "{}", paths.len());
    for (path, item) in paths {
        let path = path.strip_prefix("/_local").unwrap();
        for method in ["get", "post", "put", "delete"] {
            // Whatever the response is, the route is there exactly if it is documented.
            let target = path.replace("{number}", "1").replace("{action}", "join");
            let target = target.replace(['{', '}'], "");
            if target == "/live" {
                continue;
            }
            let status = local(&server, &method.to_uppercase(), &target, None)
                .await
                .status;
            assert_eq!(
                status != 405,
                item.get(method).is_some(),
                "{method} {path}: {status}"
            );
        }
    }
    let missing = local(&server, "GET", "/nothing", None).await;
    assert!(missing.message().contains("no local route"));
}

#[tokio::test]
async fn servers_run_beside_each_other_and_end_when_dropped() {
    let servers = futures_util::future::join_all((0..20).map(|_| Server::start())).await;
    let mut addresses = Vec::new();
    for server in servers {
        let server = server.unwrap();
        get(&server, "/api/v2/video/edges").await.ok();
        addresses.push(server.address());
    }
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(addresses.len(), 20);
}

/// Sends a request for a host name, as a page does whose DNS entry was pointed here.
async fn with_host(server: &Server, path: &str, host: &str) -> Reply {
    let token = sign(server, &json!({ "server": true }));
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {token}\r\n\
         stream-auth-type: jwt\r\nconnection: close\r\n\r\n"
    );
    raw(server, request.as_bytes()).await
}

#[tokio::test]
async fn local_routes_answer_to_loopback_names_and_allowed_ones_only() {
    let server = Server::builder().allow_host("video").start().await.unwrap();
    let port = server.address().port();
    for (host, status) in [
        ("localhost", 200),
        ("127.0.0.1", 200),
        ("[::1]", 200),
        ("video", 200),
        ("evil.example", 403),
        ("other", 403),
    ] {
        for path in ["/_local", "/_local/requests", "/_local/export"] {
            let reply = with_host(&server, path, &format!("{host}:{port}")).await;
            assert_eq!(reply.status, status, "{path} for {host}");
        }
        let edges = format!("/api/v2/video/edges?api_key={}", server.api_key());
        with_host(&server, &edges, host).await.ok();
    }
    let refused = with_host(&server, "/_local/export", "other").await;
    assert!(refused.message().contains("--allow-host other"));
}

#[tokio::test]
async fn the_clock_is_not_moved_out_of_its_range() {
    let server = Server::start().await.unwrap();
    for (moved, message) in [
        (json!({ "now": "9999-12-31T23:59:59Z" }), "out of range"),
        (json!({ "now": "0001-01-01T00:00:00Z" }), "out of range"),
        (json!({ "now": "1678-01-01T00:00:00Z" }), "too long ago"),
        (json!({ "now": "yesterday" }), "not an RFC 3339 timestamp"),
        (
            json!({ "advance_seconds": 9e9 }),
            "the range of the clock ends",
        ),
        (
            json!({ "advance_seconds": 1e18 }),
            "the range of the clock ends",
        ),
    ] {
        let reply = local(&server, "POST", "/clock", Some(moved.clone())).await;
        assert_eq!(reply.status, 400, "{moved}");
        assert!(reply.message().contains(message), "{}", reply.message());
        assert_eq!(server.clock().offset(), 0, "{moved}");
    }
}

#[tokio::test]
async fn an_export_keeps_storages_and_the_call_types_that_use_them() {
    let server = Server::start().await.unwrap();
    let seed = json!({
        "external_storages": [{ "name": "tapes", "bucket": "b", "path": "p/", "storage_type": "s3" }],
        "call_types": [{ "name": "webinar", "external_storage": "tapes" }],
    });
    server.seed(&seed).await.unwrap();
    let export = server.export();
    assert_eq!(export["external_storages"], seed["external_storages"]);
    assert_eq!(export["call_types"][0]["external_storage"], "tapes");
    let other = Server::start().await.unwrap();
    // A second time replaces what is there.
    for _ in 0..2 {
        other.seed(&export).await.unwrap();
        assert_eq!(other.export(), export);
    }
}

#[tokio::test]
async fn a_seed_by_request_may_be_as_large_as_an_export() {
    let server = Server::start().await.unwrap();
    let long = "x".repeat(4_000_000);
    let seed = json!({ "users": [{ "id": ANA, "custom": { "long": long } }] });
    local(&server, "POST", "/seed", Some(seed.clone()))
        .await
        .ok();
    assert_eq!(
        server.export()["users"][0]["custom"],
        seed["users"][0]["custom"]
    );
}

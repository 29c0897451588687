//! The local routes answer as their OpenAPI document says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{CALL, get, local};
use serde_json::{Value, json};
use video_api_server::Server;

const STANDUP: &str = "/calls/default/standup";

/// Documented operations that cannot be told by their path alone, in the order in which they work.
const LAST: [&str; 5] = [
    "DELETE /_local/clock",
    "DELETE /_local/faults",
    "DELETE /_local/requests",
    "DELETE /_local/webhooks",
    "POST /_local/reset",
];

/// A call with a participant, a recording under way, and an external storage.
async fn scenario() -> Server {
    let server = Server::builder()
        .webhook("http://127.0.0.1:9/hook")
        .start()
        .await
        .unwrap();
    let seed = json!({
        "users": [{ "id": "ana", "teams": ["blue"] }],
        "calls": [{ "type": "default", "id": "standup", "data": { "created_by_id": "ana" } }],
    });
    server.seed(&seed).await.unwrap();
    let storage = json!({
        "name": "mine", "storage_type": "s3", "bucket": "b", "path": "p",
        "aws_s3": { "s3_region": "us-east-1", "s3_api_key": "k", "s3_secret": "s" },
    });
    common::post(&server, "/api/v2/external_storage", storage)
        .await
        .ok();
    let join = format!("{STANDUP}/join");
    let ana = json!({ "user_id": "ana", "tracks": ["video"] });
    local(&server, "POST", &join, Some(ana)).await.ok();
    let recording = format!("{CALL}/recordings/composite/start");
    common::post(&server, &recording, json!({})).await.ok();
    get(&server, "/api/v2/video/call/default/missing").await;
    let ready = format!("{STANDUP}/ready_recording");
    local(&server, "POST", &ready, Some(json!({}))).await.ok();
    server
}

/// The target and body of a documented operation.
async fn request(server: &Server, path: &str) -> (String, Option<Value>) {
    let path = path.strip_prefix("/_local").unwrap();
    let body = match path {
        "/seed" => json!({ "users": [{ "id": "bo" }] }),
        "/token" => json!({ "user_id": "ana" }),
        "/clock" => json!({ "advance_seconds": 60 }),
        "/faults" => {
            json!({ "faults": [{ "effect": "latency", "milliseconds": 1, "times": 1 }] })
        }
        "/events/{event}/trigger" => json!({ "call_cid": "default:standup" }),
        "/calls/{type}/{id}/{action}" => json!({ "user_id": "ana" }),
        _ => Value::Null,
    };
    if path == "/files/{call}/{session}/{filename}" {
        let recordings = get(server, &format!("{CALL}/recordings")).await.ok();
        let url = recordings["recordings"][0]["url"].as_str().unwrap();
        let file = url.strip_prefix(&server.inspector_url()).unwrap();
        return (file.to_owned(), None);
    }
    let webhook = server.webhooks().pop().map(|last| last.id);
    let webhook = webhook.unwrap_or_default();
    let target = path
        .replace("{number}", "1")
        .replace("{name}", "mine")
        .replace("{event}", "call.created")
        .replace("{type}", "default")
        .replace("webhooks/{id}", &format!("webhooks/{webhook}"))
        .replace("{id}", "standup")
        .replace("{action}", "join");
    (target, Some(body).filter(|body| !body.is_null()))
}

/// Writes `nullable` as JSON Schema does.
fn allow_null(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(allow_null),
        Value::Object(fields) => {
            if fields.remove("nullable") == Some(true.into()) {
                let kind = fields["type"].take();
                fields.insert("type".into(), json!([kind, "null"]));
            }
            fields.values_mut().for_each(allow_null);
        }
        _ => {}
    }
}

#[tokio::test]
async fn local_routes_answer_as_documented() {
    let server = scenario().await;
    let mut document = local(&server, "GET", "/openapi.json", None).await.ok();
    allow_null(&mut document);
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["responses"]["200"]["content"];
            operations.push((method.to_uppercase(), path.as_str(), content));
        }
    }
    operations.retain(|(_, path, _)| *path != "/_local/live");
    operations.sort_by_key(|(method, path, _)| {
        LAST.iter()
            .position(|last| *last == format!("{method} {path}"))
    });
    assert!(operations.len() > 25, "{}", operations.len());
    for (method, path, content) in operations {
        let (target, body) = request(&server, path).await;
        let reply = local(&server, &method, &target, body).await;
        let text = String::from_utf8_lossy(&reply.body);
        assert_eq!(reply.status, 200, "{method} {target}: {text}");
        let kind = reply.header("content-type").unwrap();
        let kind = kind.split(';').next().unwrap();
        let schema = &content[kind]["schema"];
        assert!(
            schema.is_object(),
            "{method} {path} answers {kind}: {content}"
        );
        if kind == "application/json" {
            let mut schema = schema.clone();
            schema["components"] = document["components"].clone();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&reply.json())
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{method} {path}: {errors:?}\n{text}");
        }
    }
}

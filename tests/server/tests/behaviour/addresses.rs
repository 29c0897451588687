//! Every address that a response or event holds can be fetched, or says why not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use video_api_server::Delivery;

use super::api::Api;
use super::common::{Reply, bare, raw};

/// Every text that looks like an address.
fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.contains("://") => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
        _ => {}
    }
}

/// Everything of which there are files, once running and once done.
async fn story(api: &Api) {
    let path = api.call("default:tape", &["ben"]).await;
    api.join("default:tape", "ana").await;
    let broadcast = json!({ "name": "tv", "stream_url": "rtmps://live.invalid/app" });
    for (start, body) in [
        ("recordings/composite/start", json!({})),
        ("recordings/raw/start", json!({})),
        ("start_frame_recording", json!({})),
        ("start_transcription", json!({ "language": "en" })),
        ("start_broadcasting", Value::Null),
        ("rtmp_broadcasts", json!({ "broadcasts": [broadcast] })),
    ] {
        api.ask(&format!("POST {path}/{start}"), body).await;
    }
    let spoken = json!({ "action": "speak", "user_id": "ana", "text": "Hello" });
    api.act("default:tape", spoken).await;
    api.get(&path).await;
    api.ask(&format!("POST {path}/stop_broadcasting"), Value::Null)
        .await;
    api.ask(&format!("POST {path}/mark_ended"), Value::Null)
        .await;
    api.get(&format!("{path}/recordings")).await;
    api.get(&format!("{path}/transcriptions")).await;
    api.get("/video/edges").await;
    let storage =
        json!({ "name": "tapes", "bucket": "b", "storage_type": "gcs", "gcs_credentials": "{}" });
    api.ask("POST /external_storage", storage).await;
    api.get("/external_storage/tapes/check").await;
}

async fn fetch(api: &Api, address: &str) -> Reply {
    let target = address.strip_prefix(&api.server.url()).unwrap();
    bare(&api.server, "GET", target, &[], b"").await
}

#[tokio::test]
async fn every_address_of_a_story_is_served_or_says_that_media_are_not() {
    let api = Api::start().await;
    story(&api).await;
    let is_over = |one: &Delivery| one.event == "call.ended";
    while !api.server.webhooks().iter().any(is_over) {
        tokio::task::yield_now().await;
    }
    let mut found = BTreeSet::new();
    for request in api.server.recorded() {
        collect(
            &serde_json::from_slice(&request.response_body).unwrap(),
            &mut found,
        );
    }
    for webhook in api.server.webhooks() {
        collect(&serde_json::from_str(&webhook.body).unwrap(), &mut found);
    }
    let mut kinds = BTreeSet::new();
    for address in &found {
        let scheme = address.split("://").next().unwrap();
        if scheme != "http" {
            // Where media go in and out; the README says that nothing listens there.
            assert!(["rtmps", "srt"].contains(&scheme), "{address}");
            continue;
        }
        let reply = fetch(&api, address).await;
        if address.contains("/whip/") {
            reply.refused(404, 16, "media are not modelled");
            continue;
        }
        assert_eq!(reply.status, 200, "{address}");
        assert!(!reply.body.is_empty(), "{address}");
        kinds.insert(reply.header("content-type").unwrap().to_owned());
    }
    let expected = [
        "application/json",
        "application/jsonl",
        "application/vnd.apple.mpegurl",
        "image/png",
        "text/plain; charset=utf-8",
        "video/mp4",
    ];
    assert_eq!(
        kinds.iter().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn addresses_are_those_under_which_others_reach_the_server() {
    let builder = video_api_server::Server::builder().public_url("http://stream.internal:8787/");
    let api = Api::of(builder.start().await.unwrap());
    let path = api.call("default:show", &[]).await;
    api.join("default:show", "ana").await;
    let started = api
        .ask(&format!("POST {path}/start_broadcasting"), Value::Null)
        .await;
    let address = started["playlist_url"].as_str().unwrap();
    let target = address.strip_prefix("http://stream.internal:8787").unwrap();
    let reply = async |host: &str| {
        let head = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        raw(&api.server, head.as_bytes()).await
    };
    assert_eq!(reply("stream.internal:8787").await.status, 200);
    assert_eq!(reply("other.internal:8787").await.status, 403);
    let call = api.get(&path).await["call"].clone();
    let rtmp = call["ingress"]["rtmp"]["address"].as_str().unwrap();
    assert!(rtmp.starts_with("rtmps://stream.internal:443/"), "{rtmp}");
}

#[tokio::test]
async fn a_playlist_ends_with_its_broadcast() {
    let api = Api::start().await;
    let path = api.call("default:show", &[]).await;
    api.join("default:show", "ana").await;
    let started = api
        .ask(&format!("POST {path}/start_broadcasting"), Value::Null)
        .await;
    let address = started["playlist_url"].as_str().unwrap();
    let text = async || String::from_utf8(fetch(&api, address).await.body).unwrap();
    assert!(text().await.starts_with("#EXTM3U"));
    assert!(!text().await.contains("#EXT-X-ENDLIST"));
    api.ask(&format!("POST {path}/stop_broadcasting"), Value::Null)
        .await;
    assert!(text().await.ends_with("#EXT-X-ENDLIST\n"));
    let hard = json!({ "hard": true });
    api.ask(&format!("POST {path}/delete"), hard).await;
    assert_eq!(fetch(&api, address).await.status, 404);
}

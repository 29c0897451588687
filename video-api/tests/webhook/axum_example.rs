//! The example as it stands, over a real socket.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use video_api::Event;
use video_api::webhook::Verifier;

use crate::support::{SECRET, STOPPED, STOPPED_SIGNATURE, gzip, is_stopped};

#[path = "../../examples/webhook_axum.rs"]
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "its main is not called here"
)]
mod example;

async fn start(capacity: usize) -> (SocketAddr, mpsc::Receiver<Event>) {
    let (events, received) = mpsc::channel(capacity);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = example::router(Verifier::new(SECRET).with_max_size(1024), events);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, received)
}

async fn deliver(to: SocketAddr, body: impl Into<reqwest::Body>, signature: Option<&str>) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client
        .post(format!("http://{to}/webhooks/video"))
        .header("content-type", "application/json")
        .body(body);
    if let Some(signature) = signature {
        request = request.header("X-Signature", signature);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn genuine_deliveries_get_through_and_others_do_not() {
    let (address, mut events) = start(8).await;

    assert_eq!(
        deliver(address, STOPPED, Some(STOPPED_SIGNATURE)).await,
        200
    );
    assert!(is_stopped(&events.try_recv().unwrap()));
    let compressed = gzip(STOPPED.as_bytes());
    assert_eq!(
        deliver(address, compressed, Some(STOPPED_SIGNATURE)).await,
        200
    );
    assert!(is_stopped(&events.try_recv().unwrap()));

    assert_eq!(deliver(address, STOPPED, None).await, 401);
    let tampered = STOPPED.replace("standup", "payroll");
    assert_eq!(
        deliver(address, tampered, Some(STOPPED_SIGNATURE)).await,
        401
    );
    let upper = STOPPED_SIGNATURE.to_uppercase();
    assert_eq!(deliver(address, STOPPED, Some(&upper)).await, 401);
    let bomb = gzip(&[b' '; 4096]);
    assert_eq!(deliver(address, bomb, Some(STOPPED_SIGNATURE)).await, 413);
    assert!(events.try_recv().is_err());
}

/// Body and signature with `SECRET`, made with Python's `hmac` module.
#[tokio::test]
async fn what_is_genuine_but_no_known_event_is_answered_too() {
    let (address, mut events) = start(8).await;
    for (body, signature, status) in [
        (
            r#"{"type":"call.hls_broadcasting_stopped","call_cid":7}"#,
            "015a90b04d9c3daadcb73011594a6384f2390555f143981f4f6ca1e15143ba85",
            200,
        ),
        (
            r#"{"call_cid":"default:standup"}"#,
            "411fba0b19c04f5ff1a3b3ed6b3848abb438c2a34ddf8e2501041b11b3352718",
            400,
        ),
        (
            r#"{"type":"call.teleported"}"#,
            "35730e7c29ebad0dabc633da6925e97c08cce76d3e0e34a5e9a1375c242a9d3b",
            200,
        ),
    ] {
        assert_eq!(
            deliver(address, body, Some(signature)).await,
            status,
            "{body}"
        );
    }
    let event = events.try_recv().unwrap();
    assert_eq!(event.event_type(), "call.teleported");
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn a_full_queue_asks_for_another_delivery() {
    let (address, mut events) = start(1).await;
    assert_eq!(
        deliver(address, STOPPED, Some(STOPPED_SIGNATURE)).await,
        200
    );
    assert_eq!(
        deliver(address, STOPPED, Some(STOPPED_SIGNATURE)).await,
        503
    );
    assert!(is_stopped(&events.try_recv().unwrap()));
    assert_eq!(
        deliver(address, STOPPED, Some(STOPPED_SIGNATURE)).await,
        200
    );
}

//! Events reach the receiver: signed, in order, again if need be, and visibly.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post as on_post;
use common::{CALL, get, local, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use video_api::Event;
use video_api::webhook::Verifier;
use video_api_server::{DeliveryState, Server, WebhookTimestamps};

const TRIGGER: &str = "/events/call.recording_ready/trigger";

#[derive(Clone)]
struct Inbox {
    received: mpsc::UnboundedSender<(HeaderMap, String)>,
    /// How many are refused before one is accepted.
    refusals: Arc<AtomicUsize>,
}

async fn receive(State(inbox): State<Inbox>, headers: HeaderMap, body: String) -> StatusCode {
    inbox.received.send((headers, body)).unwrap();
    let refuse = |left: usize| left.checked_sub(1);
    match inbox
        .refusals
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, refuse)
    {
        Ok(_) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => StatusCode::OK,
    }
}

struct Scenario {
    server: Server,
    received: mpsc::UnboundedReceiver<(HeaderMap, String)>,
}

/// A server whose events go to a receiver that refuses some first.
async fn scenario(refusals: usize) -> Scenario {
    scenario_with(refusals, WebhookTimestamps::default()).await
}

async fn scenario_with(refusals: usize, timestamps: WebhookTimestamps) -> Scenario {
    let (sender, received) = mpsc::unbounded_channel();
    let inbox = Inbox {
        received: sender,
        refusals: Arc::new(AtomicUsize::new(refusals)),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/hook", on_post(receive))
        .with_state(inbox);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let builder = Server::builder()
        .webhook(url)
        .webhook_timestamps(timestamps)
        .webhook_pause(Duration::from_millis(1));
    let server = builder.start().await.unwrap();
    server
        .seed(&json!({ "users": [{ "id": "ana" }] }))
        .await
        .unwrap();
    Scenario { server, received }
}

impl Scenario {
    async fn next(&mut self) -> (HeaderMap, Value) {
        let (headers, body) = self.received.recv().await.unwrap();
        (headers, serde_json::from_str(&body).unwrap())
    }

    async fn create_call(&self) {
        post(
            &self.server,
            CALL,
            json!({ "data": { "created_by_id": "ana" } }),
        )
        .await
        .ok();
    }

    /// Waits until the first event has come to this.
    async fn until(&self, state: DeliveryState) {
        while self.server.webhooks()[0].state != state {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

#[tokio::test]
async fn the_receiver_of_our_own_client_accepts_what_is_sent() {
    let mut scenario = scenario(0).await;
    scenario.create_call().await;
    let (headers, body) = scenario.received.recv().await.unwrap();
    let signature = headers["x-signature"].to_str().unwrap();
    let verifier = Verifier::new(scenario.server.secret().to_owned());
    let event = verifier.event(body.as_bytes(), signature).unwrap();
    assert!(matches!(event, Event::CallCreated(created) if created.call_cid == "default:standup"));
    assert_eq!(headers["x-api-key"], scenario.server.api_key());
    assert_eq!(headers["x-webhook-attempt"], "1");
}

const MOMENTS: [&str; 3] = [
    "/created_at",
    "/call/created_at",
    "/call/created_by/updated_at",
];

#[tokio::test]
async fn timestamps_of_events_are_integers_unless_text_is_asked_for() {
    let mut as_integers = scenario(0).await;
    as_integers.create_call().await;
    let (_, integers) = as_integers.next().await;
    let mut as_text = scenario_with(0, WebhookTimestamps::Rfc3339).await;
    as_text.create_call().await;
    let (_, texts) = as_text.next().await;
    for place in MOMENTS {
        assert!(integers.pointer(place).unwrap().is_i64(), "{integers}");
        let text = texts.pointer(place).and_then(Value::as_str).unwrap();
        assert!(text.ends_with('Z'), "{place}: {text}");
    }
}

#[tokio::test]
async fn our_own_client_reads_both_forms_of_timestamps_as_the_same_moment() {
    for form in [WebhookTimestamps::Integer, WebhookTimestamps::Rfc3339] {
        let mut scenario = scenario_with(0, form).await;
        scenario.create_call().await;
        let (_, body) = scenario.received.recv().await.unwrap();
        let kept = scenario.server.webhooks().remove(0);
        let Event::CallCreated(event) = video_api::webhook::parse(&body).unwrap() else {
            unreachable!("{body}")
        };
        let nanoseconds = i128::from(kept.created_at);
        assert_eq!(event.created_at.as_nanos(), nanoseconds, "{form:?}");
    }
}

#[tokio::test]
async fn events_of_a_call_come_in_order_although_the_first_is_refused() {
    let mut scenario = scenario(2).await;
    scenario.create_call().await;
    let custom = json!({ "custom": { "n": 1 } });
    common::send(&scenario.server, "PATCH", CALL, Some(&custom))
        .await
        .ok();
    post(&scenario.server, &format!("{CALL}/mark_ended"), Value::Null)
        .await
        .ok();
    let mut received = Vec::new();
    for _ in 0..5 {
        let (headers, body) = scenario.next().await;
        let attempt = headers["x-webhook-attempt"].to_str().unwrap().to_owned();
        received.push(format!("{} {attempt}", body["type"].as_str().unwrap()));
    }
    assert_eq!(
        received,
        [
            "call.created 1",
            "call.created 2",
            "call.created 3",
            "call.updated 1",
            "call.ended 1"
        ]
    );
    scenario.until(DeliveryState::Delivered).await;
    let first = scenario.server.webhooks().remove(0);
    let statuses: Vec<_> = first
        .attempts
        .iter()
        .map(|attempt| attempt.status)
        .collect();
    assert_eq!(statuses, [Some(503), Some(503), Some(200)]);
}

#[tokio::test]
async fn what_fails_for_good_is_visible_and_can_be_sent_again() {
    let mut scenario = scenario(6).await;
    scenario.create_call().await;
    scenario.until(DeliveryState::Failed).await;
    let failed = scenario.server.webhooks().remove(0);
    assert_eq!(failed.attempts.len(), 6);
    while scenario.received.try_recv().is_ok() {}
    let resend = format!("/webhooks/{}/resend", failed.id);
    let resent = local(&scenario.server, "POST", &resend, None).await.ok();
    assert_eq!(resent["state"], "pending");
    let (headers, body) = scenario.next().await;
    assert_eq!(body["type"], "call.created");
    assert_eq!(headers["x-webhook-id"], failed.id.as_str());
    scenario.until(DeliveryState::Delivered).await;
    let unknown = local(&scenario.server, "POST", "/webhooks/x/resend", None).await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn an_event_by_hand_is_about_the_call_it_names() {
    let mut scenario = scenario(0).await;
    scenario.create_call().await;
    scenario.next().await;
    let ready = json!({ "call_cid": "default:standup", "fields": { "egress_id": "mine" } });
    let sent = local(&scenario.server, "POST", TRIGGER, Some(ready)).await;
    assert_eq!(sent.ok()["event"], "call.recording_ready");
    let (headers, body) = scenario.received.recv().await.unwrap();
    let signature = headers["x-signature"].to_str().unwrap();
    let verifier = Verifier::new(scenario.server.secret().to_owned());
    let event = verifier.event(body.as_bytes(), signature).unwrap();
    let Event::CallRecordingReady(ready) = event else {
        unreachable!("{event:?}")
    };
    assert_eq!(ready.call_cid, "default:standup");
    assert_eq!(ready.egress_id, "mine");
}

#[tokio::test]
async fn every_event_of_the_spec_can_be_sent_by_hand_and_fits_it() {
    let mut scenario = scenario(0).await;
    scenario.create_call().await;
    scenario.next().await;
    let events = local(&scenario.server, "GET", "/events", None).await.ok();
    let events = events["events"].as_array().unwrap().clone();
    assert!(events.len() > 50, "{}", events.len());
    for event in events {
        let name = event.as_str().unwrap();
        let about = json!({ "call_cid": "default:standup", "user_id": "ana" });
        let trigger = format!("/events/{name}/trigger");
        local(&scenario.server, "POST", &trigger, Some(about))
            .await
            .ok();
        let (_, body) = scenario.received.recv().await.unwrap();
        let event = video_api::webhook::parse(&body);
        assert!(event.is_ok(), "{name}: {event:?} {body}");
        assert!(!matches!(event, Ok(Event::Unknown(_))), "{name}");
    }
    let trigger = "/events/call.nope/trigger";
    let unknown = local(&scenario.server, "POST", trigger, None).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.message().contains("call.created"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_once_its_event_is_there() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    for number in 1..=200 {
        let path = format!("/api/v2/video/call/default/{number}");
        let data = json!({ "data": { "created_by_id": "ana" } });
        post(&server, &path, data).await.ok();
        assert_eq!(server.webhooks().len(), number);
    }
}

#[tokio::test]
async fn without_a_receiver_events_are_only_kept() {
    let server = Server::builder().create_users(true).start().await.unwrap();
    post(&server, CALL, json!({ "data": { "created_by_id": "ana" } }))
        .await
        .ok();
    get(&server, CALL).await.ok();
    while server.webhooks().is_empty() {
        tokio::task::yield_now().await;
    }
    let kept = server.webhooks().remove(0);
    assert_eq!(
        (kept.event.as_str(), kept.state),
        ("call.created", DeliveryState::Unsent)
    );
    let list = local(&server, "GET", "/webhooks", None).await.ok();
    assert_eq!(list["webhooks"][0]["call_cid"], "default:standup");
    assert_eq!(list["receiver"], Value::Null);
}

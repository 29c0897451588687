//! Spans, events and the metrics hook.

use std::sync::{Arc, Mutex};

use super::server::{json, response};
use super::*;
use crate::{AttemptEvent, CompletionEvent, Observer};

#[derive(Default, Clone)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Observer for Recorder {
    fn on_attempt(&self, event: &AttemptEvent<'_>) {
        let line = format!(
            "attempt {} {} {:?} error={:?} again={}",
            event.operation.id,
            event.attempt,
            event.status.map(|s| s.as_u16()),
            event.error.map(Error::is_retryable),
            event.retry_in.is_some()
        );
        self.0.lock().unwrap().push(line);
    }

    fn on_complete(&self, event: &CompletionEvent<'_>) {
        let line = format!(
            "complete {} {} {:?} error={} server={:?} remaining={:?}",
            event.operation.id,
            event.attempts,
            event.status.map(|s| s.as_u16()),
            event.error.is_some(),
            event.server_duration,
            event.rate_limit.and_then(|limit| limit.remaining)
        );
        assert!(!event.request_id.is_empty() && event.duration > Duration::ZERO);
        self.0.lock().unwrap().push(line);
    }
}

async fn recorded(server: &Server, operation: &'static Operation) -> Vec<String> {
    let recorder = Recorder::default();
    let client = builder(server).observer(recorder.clone()).build().unwrap();
    call(&client, operation).await.map(drop).ok();
    std::mem::take(&mut *recorder.0.lock().unwrap())
}

#[tokio::test]
async fn the_hook_sees_every_attempt_and_one_completion() {
    let server = Server::start(|n, _| match n {
        0 => Reply::Raw(response("429 Too Many Requests", "", "")),
        _ => Reply::Raw(response(
            "200 OK",
            "content-type: application/json\r\nx-ratelimit-remaining: 7\r\n",
            OK,
        )),
    })
    .await;
    assert_eq!(
        recorded(&server, &POST).await,
        [
            "attempt PostThing 1 Some(429) error=Some(true) again=true",
            "attempt PostThing 2 Some(200) error=None again=false",
            "complete PostThing 2 Some(200) error=false server=Some(1.5ms) remaining=Some(7)",
        ]
    );
}

#[tokio::test]
async fn the_hook_sees_failures_of_every_stage() {
    let refused = Server::refusing().await;
    let lines = recorded(&refused, &GET).await;
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[3],
        "complete GetThing 3 None error=true server=None remaining=None"
    );
    let mismatch = Server::always(|| Reply::Raw(json("200 OK", "{}"))).await;
    let lines = recorded(&mismatch, &GET).await;
    assert_eq!(
        lines,
        [
            "attempt GetThing 1 Some(200) error=None again=false",
            "complete GetThing 1 Some(200) error=true server=None remaining=None",
        ]
    );
}

#[tokio::test]
async fn spans_carry_the_conventional_names_and_no_query_or_token() {
    let log = super::secrets::Log::start();
    let server = Server::start(|n, _| match n {
        0 => Reply::Raw(response("503 Service Unavailable", "", "")),
        _ => Reply::Raw(json("200 OK", OK)),
    })
    .await;
    let mut parts = parts(&client(&server), &GET);
    parts.set_query("filter", "private-filter".into());
    let response = parts.send::<Thing>().await.unwrap();
    let text = log.text();
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    for expected in [
        "otel.name=GET /api/v2/thing/{type}/{id}".to_owned(),
        "otel.kind=client".to_owned(),
        "http.request.method=GET".to_owned(),
        "url.template=/api/v2/thing/{type}/{id}".to_owned(),
        "server.address=127.0.0.1".to_owned(),
        format!("server.port={port}"),
        "operation=GetThing".to_owned(),
        format!("request_id={}", response.request_id()),
        "http.response.status_code=200".to_owned(),
        "http.request.resend_count=1".to_owned(),
        "server_duration_ms=1.5".to_owned(),
        "duration_ms=".to_owned(),
        "attempt=2".to_owned(),
        "error.type=status".to_owned(),
    ] {
        assert!(text.contains(&expected), "{expected} in\n{text}");
    }
    for absent in ["private-filter", "api_key", "key1", "eyJ"] {
        assert!(!text.contains(absent), "{absent} in\n{text}");
    }
}

#[test]
fn one_event_tells_the_effective_settings_and_no_secret() {
    let log = super::secrets::Log::start();
    Client::new("key-of-the-app", SECRET).unwrap();
    let text = log.text();
    for line in [
        "message=client.initialized",
        "base_url=https://video.stream-io-api.com",
        "connect_timeout_s=10",
        "attempt_timeout_s=30",
        "pool_idle_timeout_s=55",
        "max_attempts=3",
    ] {
        assert_eq!(text.matches(line).count(), 1, "{line}: {text}");
    }
    assert!(
        !text.contains("key-of-the-app") && !text.contains(SECRET),
        "{text}"
    );
}

//! Behaviour under faults: a table of fault × method × expected outcome on real
//! sockets, and what holds for many callers together.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

mod bytes;
mod http1_rows;
mod http2_rows;
mod judge;
mod never_twice;
mod queries;
mod server;
mod slow_rows;
mod status_rows;
mod table;

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use video_api::{Client, RetryPolicy};
use video_api_tests::{FaultServer, Reply};

use bytes::response;

fn client(server: &FaultServer) -> Client {
    Client::builder("key")
        .secret("a-secret-only-for-tests-0123456789")
        .base_url(server.url())
        .retry_policy(RetryPolicy::default().base_delay(Duration::from_millis(1)))
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_with_every_method_has_its_outcome() {
    let mut rows = http1_rows::connections();
    rows.extend(http1_rows::bodies());
    rows.extend(http1_rows::keep_alive());
    rows.extend(slow_rows::rows());
    rows.extend(status_rows::errors());
    rows.extend(status_rows::limits());
    rows.extend(status_rows::redirects());
    rows.extend(http2_rows::rows());
    table::check(rows).await;
}

#[tokio::test]
async fn a_storm_of_429_is_not_multiplied_by_many_callers() {
    const CALLERS: usize = 200;
    let server =
        FaultServer::start(|_| Reply::Send(response("429 Too Many Requests", "", "slow down")))
            .await
            .unwrap();
    let client = client(&server);
    let started = Instant::now();
    let calls = (0..CALLERS).map(|n| {
        let call = client.call("default", n.to_string());
        async move { call.get().send().await.unwrap_err() }
    });
    let errors = join_all(calls).await;
    assert!(errors.iter().all(|e| e.is_rate_limited()));
    // The budget: 20, a tenth per operation, one per second.
    let allowed = CALLERS + 20 + CALLERS / 10 + started.elapsed().as_secs() as usize + 1;
    let sent = server.requests();
    assert!(sent >= CALLERS + 20, "too little was repeated: {sent}");
    assert!(sent <= allowed, "{sent} requests, {allowed} allowed");
    let attempts: usize = errors.iter().map(|e| e.attempts() as usize).sum();
    assert_eq!(attempts, sent, "errors count what was sent");
}

#[tokio::test]
async fn a_cancelled_operation_leaves_nothing_behind() {
    let server = FaultServer::start(|_| Reply::Stall(Vec::new()))
        .await
        .unwrap();
    let client = client(&server);
    let call = client.call("default", "x");
    let waiting = tokio::spawn(async move { call.get().send().await });
    until("the request is there", || server.requests() == 1).await;
    waiting.abort();
    until("the connection is gone", || server.open_connections() == 0).await;

    // Cancelled between two attempts.
    let failing = FaultServer::start(|_| Reply::Send(response("503 Service Unavailable", "", "")))
        .await
        .unwrap();
    let call = self::client(&failing).call("default", "x");
    let patient = RetryPolicy::default()
        .base_delay(Duration::from_millis(200))
        .max_attempts(100);
    let retrying = tokio::spawn(async move { call.get().with_retry_policy(patient).send().await });
    until("one attempt failed", || failing.requests() >= 1).await;
    retrying.abort();
    assert!(retrying.await.unwrap_err().is_cancelled());
    let sent = failing.requests();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(failing.requests(), sent, "sent after being cancelled");
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

//! Pacing, redirects of a client of one's own, and connecting.

use std::time::Instant;

use super::server::{json, response};
use super::*;

fn now() -> i64 {
    Timestamp::now().as_seconds()
}

fn limited(remaining: u32, reset: i64) -> Reply {
    let headers = format!(
        "content-type: application/json\r\nx-ratelimit-limit: 60\r\nx-ratelimit-remaining: {remaining}\r\nx-ratelimit-reset: {reset}\r\n"
    );
    Reply::Raw(response("200 OK", &headers, OK))
}

#[tokio::test]
async fn a_used_up_limit_is_waited_for_only_by_that_operation() {
    let server = Server::always(|| limited(0, now() + 3)).await;
    let client = builder(&server).pace_by_rate_limit(true).build().unwrap();
    call(&client, &GET).await.unwrap();
    let started = Instant::now();
    call(&client, &GET).await.unwrap();
    assert!(
        started.elapsed() > Duration::from_millis(1900),
        "{:?}",
        started.elapsed()
    );
    // It would be refused, as in the next test, if the other operation's limit were its own.
    let server = Server::always(|| limited(0, now() + 30)).await;
    let client = builder(&server).pace_by_rate_limit(true).build().unwrap();
    call(&client, &GET).await.unwrap();
    call(&client, &POST).await.unwrap();
}

#[tokio::test]
async fn waiting_too_long_is_refused_without_sending() {
    let server = Server::always(|| limited(0, now() + 30)).await;
    let client = builder(&server).pace_by_rate_limit(true).build().unwrap();
    call(&client, &GET).await.unwrap();
    let started = Instant::now();
    let error = call(&client, &GET).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(20));
    assert!(
        error.is_rate_limited() && error.is_retryable() && error.attempts() == 0,
        "{error:?}"
    );
    assert!(error.retry_after().unwrap() > Duration::from_secs(25));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn without_pacing_the_limit_is_only_reported() {
    let server = Server::always(|| limited(0, now() + 30)).await;
    let client = client(&server);
    for _ in 0..3 {
        assert_eq!(
            call(&client, &GET)
                .await
                .unwrap()
                .rate_limit()
                .unwrap()
                .remaining,
            Some(0)
        );
    }
}

#[tokio::test]
async fn a_client_that_follows_redirects_is_caught() {
    let server = Server::start(|_, seen| {
        if seen.line().contains("elsewhere") {
            Reply::Raw(json("200 OK", OK))
        } else {
            Reply::Raw(response("302 Found", "location: /elsewhere\r\n", ""))
        }
    })
    .await;
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = call(&builder(&server).http_client(own).build().unwrap(), &GET)
        .await
        .unwrap_err();
    assert_eq!(error.error_type(), "redirect");

    let looping =
        Server::always(|| Reply::Raw(response("302 Found", "location: /round\r\n", ""))).await;
    let own = reqwest::Client::builder().no_proxy().build().unwrap();
    let error = call(&builder(&looping).http_client(own).build().unwrap(), &GET)
        .await
        .unwrap_err();
    assert_eq!((error.error_type(), error.attempts()), ("redirect", 1));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_connect_error() {
    let server = Server::refusing().await;
    let client = builder(&server)
        .base_url("https://no-such-host.invalid")
        .build()
        .unwrap();
    let error = call(&client, &POST).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
}

#[tokio::test]
async fn tls_that_fails_is_a_connect_error() {
    let server = Server::always(|| Reply::Close(vec![])).await;
    // The server reads bytes that are not HTTP and sends no usable response.
    let plain = Server::always(|| Reply::Raw(json("200 OK", OK))).await;
    let url = plain.url().replace("http://", "https://");
    let client = builder(&server)
        .base_url(url)
        .connect_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = call(&client, &POST).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(plain.seen().is_empty());
}

#[tokio::test]
async fn connecting_too_slowly_is_told_from_a_slow_response() {
    // TLS is part of connecting: a server that never says hello stalls it.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = Server::refusing().await;
    let client = builder(&server)
        .base_url(url)
        .connect_timeout(Duration::from_millis(100))
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    let error = call(&client, &POST).await.unwrap_err();
    assert!(
        error.is_timeout() && error.is_connect() && error.is_retryable(),
        "{error:?}"
    );
}

#[tokio::test]
async fn many_callers_share_one_client() {
    let server = Server::always(|| Reply::Raw(json("200 OK", OK))).await;
    let client = client(&server);
    let calls = (0..200).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            call(&client, &POST)
                .await
                .map(|r| r.request_id().to_owned())
        })
    });
    let mut ids = std::collections::HashSet::new();
    for task in calls.collect::<Vec<_>>() {
        ids.insert(task.await.unwrap().unwrap());
    }
    assert_eq!(ids.len(), 200);
    assert_eq!(server.seen().len(), 200);
}

//! Repeating: identity, waits, overrides, budget, time, cancellation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::server::{json, response};
use super::*;

fn busy(headers: &str) -> Reply {
    Reply::Raw(response("429 Too Many Requests", headers, ""))
}

fn good() -> Reply {
    Reply::Raw(json("200 OK", OK))
}

#[tokio::test]
async fn succeeds_in_the_end_under_one_request_id() {
    let server = Server::start(|n, _| match n {
        0 => Reply::Close(vec![]),
        1 => Reply::Raw(response("503 Service Unavailable", "", "")),
        _ => good(),
    })
    .await;
    let response = call(&client(&server), &PUT).await.unwrap();
    assert_eq!(response.attempts(), 3);
    let seen = server.seen();
    let ids: Vec<_> = seen
        .iter()
        .map(|s| s.header("x-client-request-id")[0])
        .collect();
    assert_eq!(ids, [response.request_id(); 3]);
    assert!(
        seen.iter().all(|s| s.body == b"{}"),
        "the body is sent again"
    );
    call(&client(&server), &PUT).await.unwrap();
    assert_ne!(
        server.seen()[3].header("x-client-request-id"),
        [response.request_id()]
    );
}

#[tokio::test]
async fn a_get_that_rings_is_repeated_like_a_post() {
    for (value, attempts) in [("true", 1), ("false", 3)] {
        for name in ["ring", "notify"] {
            let server = Server::start(|_, _| Reply::Close(vec![])).await;
            let mut request = parts(&client(&server), &GET);
            request.set_query(name, value.to_owned());
            let error = request.send::<Thing>().await.unwrap_err();
            assert_eq!(error.attempts(), attempts, "{name}={value}");
            assert_eq!(error.is_retryable(), value == "false");
        }
    }
}

#[tokio::test]
async fn a_post_that_was_refused_by_the_limit_goes_again() {
    let server = Server::start(|n, _| if n == 0 { busy("") } else { good() }).await;
    assert_eq!(call(&client(&server), &POST).await.unwrap().attempts(), 2);
}

#[tokio::test]
async fn waits_as_long_as_the_server_says() {
    let server = Server::start(|n, _| {
        if n == 0 {
            busy("retry-after: 1\r\n")
        } else {
            good()
        }
    })
    .await;
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(2));
    let client = builder(&server).retry_policy(policy).build().unwrap();
    let started = Instant::now();
    call(&client, &POST).await.unwrap();
    let elapsed = started.elapsed();
    assert!(
        (Duration::from_secs(1)..Duration::from_secs(20)).contains(&elapsed),
        "{elapsed:?}"
    );
}

#[tokio::test]
async fn a_response_too_late_for_the_operation_is_not_waited_for() {
    let server = Server::always(|| busy("retry-after: 25\r\n")).await;
    let client = builder(&server)
        .retry_policy(RetryPolicy::default())
        .build()
        .unwrap();
    let started = Instant::now();
    let error = call(&client, &GET).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(
        (error.attempts(), error.retry_after()),
        (1, Some(Duration::from_secs(25)))
    );
    assert!(error.is_rate_limited() && error.is_retryable());
    assert!(error.to_string().contains("retry after 25 s"), "{error}");
}

#[tokio::test]
async fn each_request_may_have_its_own_policy_and_timeout() {
    let server = Server::always(|| busy("")).await;
    let client = client(&server);
    for (policy, attempts) in [
        (RetryPolicy::none(), 1),
        (quick().max_attempts(5), 5),
        (
            RetryPolicy::get_only().base_delay(Duration::from_millis(1)),
            1,
        ),
    ] {
        let mut parts = parts(&client, &POST);
        parts.set_retry_policy(policy);
        assert_eq!(
            parts.send::<Thing>().await.unwrap_err().attempts(),
            attempts
        );
    }
    let silent = Server::always(|| Reply::Stall(vec![])).await;
    let client = super::client(&silent);
    let mut short = parts(&client, &GET);
    short.set_timeout(Duration::from_millis(100));
    let started = Instant::now();
    let error = short.send::<Thing>().await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 1);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "less than an attempt usually may"
    );

    // Longer than an attempt usually may.
    let slow = Server::start(|_, _| {
        Reply::Repeat(vec![], json("200 OK", OK), 1, Duration::from_millis(600))
    })
    .await;
    let hasty = builder(&slow)
        .attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let mut long = parts(&hasty, &POST);
    long.set_timeout(Duration::from_secs(10));
    assert_eq!(long.send::<Thing>().await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn the_whole_operation_ends_in_time() {
    let server = Server::always(|| Reply::Stall(vec![])).await;
    let policy = quick().max_attempts(1000);
    let client = builder(&server)
        .retry_policy(policy)
        .attempt_timeout(Duration::from_millis(250))
        .timeout(Duration::from_millis(1000))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = call(&client, &GET).await.unwrap_err();
    let elapsed = started.elapsed();
    assert!(error.is_timeout() && error.attempts() >= 2, "{error:?}");
    assert!(
        (Duration::from_millis(900)..Duration::from_secs(20)).contains(&elapsed),
        "{elapsed:?}"
    );
}

#[tokio::test]
async fn the_budget_bounds_what_all_callers_add() {
    let server = Server::always(|| Reply::Raw(response("503 Service Unavailable", "", ""))).await;
    let budget = RetryBudget::new(10, 0.0, 0.0);
    let client = builder(&server).retry_budget(budget).build().unwrap();
    let calls = (0..100).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { call(&client, &GET).await.unwrap_err().attempts() })
    });
    let mut sent = 0;
    for call in calls.collect::<Vec<_>>() {
        sent += call.await.unwrap();
    }
    assert_eq!(sent, 110);
    assert_eq!(server.seen().len(), 110);
}

#[tokio::test]
async fn a_dropped_future_stops_everything() {
    let server = Server::always(|| busy("")).await;
    let policy = RetryPolicy::default()
        .max_attempts(1000)
        .base_delay(Duration::from_millis(20))
        .max_delay(Duration::from_millis(20));
    let client = builder(&server).retry_policy(policy).build().unwrap();
    let enough = async {
        while server.seen().len() < 4 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = call(&client, &GET) => panic!("ended by itself"),
        () = enough => {}
    }
    // What was on its way at that moment may still arrive.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let seen = server.seen().len();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.seen().len(), seen);
}

#[tokio::test]
async fn connections_are_kept_and_a_closed_one_is_replaced_unnoticed() {
    let server = Server::always(good).await;
    let client = client(&server);
    for _ in 0..10 {
        call(&client, &POST).await.unwrap();
    }
    assert_eq!(server.connections(), 1);

    // Closed by the server between two requests: nothing was sent on it yet.
    let closing = Server::always(|| Reply::Close(json("200 OK", OK))).await;
    let client = super::client(&closing);
    for _ in 0..5 {
        assert_eq!(call(&client, &POST).await.unwrap().attempts(), 1);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(closing.seen().len(), 5, "none was sent twice");
}

#[tokio::test]
async fn jitter_is_asked_for_once_per_wait_and_scales_it() {
    let server = Server::always(|| busy("")).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let policy = RetryPolicy::default()
        .base_delay(Duration::from_millis(100))
        .max_attempts(3);
    let client = builder(&server)
        .retry_policy(policy)
        .jitter(move || {
            counter.fetch_add(1, Ordering::SeqCst);
            1.0
        })
        .build()
        .unwrap();
    let started = Instant::now();
    call(&client, &GET).await.unwrap_err();
    let elapsed = started.elapsed();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert!(
        (Duration::from_millis(300)..Duration::from_secs(20)).contains(&elapsed),
        "100 + 200: {elapsed:?}"
    );
}

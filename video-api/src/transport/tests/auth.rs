//! Tokens from a source, over the wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::server::{Seen, json};
use super::*;
use crate::Token;

/// Tokens `t1`, `t2`, …
fn counting() -> (Arc<AtomicUsize>, impl crate::TokenSource) {
    let count = Arc::new(AtomicUsize::new(0));
    let source = {
        let count = count.clone();
        move || {
            let n = count.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(Token::new(format!("t{n}")))
            }
        }
    };
    (count, source)
}

/// Accepts only this token.
fn accepting(token: &'static str) -> impl Fn(usize, &Seen) -> Reply {
    move |_, seen| {
        if seen.header("authorization") == [token] {
            Reply::Raw(json("200 OK", OK))
        } else {
            Reply::Raw(json(
                "401 Unauthorized",
                r#"{"code":40,"message":"expired"}"#,
            ))
        }
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_even_for_a_post_and_without_retries() {
    let server = Server::start(accepting("t2")).await;
    let (count, source) = counting();
    let client = builder(&server)
        .token_source(source)
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    let response = call(&client, &POST).await.unwrap();
    assert_eq!(response.attempts(), 2);
    call(&client, &POST).await.unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 2, "the good one is kept");
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let server = Server::start(accepting("never")).await;
    let (count, source) = counting();
    let client = builder(&server).token_source(source).build().unwrap();
    let error = call(&client, &GET).await.unwrap_err();
    assert!(error.is_auth() && !error.is_retryable());
    assert_eq!(
        (error.attempts(), error.api().unwrap().code()),
        (2, Some(40))
    );
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn refused_callers_share_one_renewal() {
    let server = Server::start(accepting("t2")).await;
    let (count, source) = counting();
    let client = builder(&server).token_source(source).build().unwrap();
    let calls = (0..40).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { call(&client, &POST).await.map(drop) })
    });
    for task in calls.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_failing_source_is_an_auth_error_with_its_cause() {
    let server = Server::start(accepting("x")).await;
    let source = || async { Err("the vault is sealed".into()) };
    let client = builder(&server).token_source(source).build().unwrap();
    let error = call(&client, &GET).await.unwrap_err();
    assert!(error.is_auth() && error.attempts() == 0, "{error}");
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the vault is sealed"
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_source_that_hangs_is_bounded_by_the_operation() {
    let server = Server::start(accepting("x")).await;
    let source = || async {
        std::future::pending::<()>().await;
        Ok(Token::new("x"))
    };
    let client = builder(&server)
        .token_source(source)
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    assert!(call(&client, &GET).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_user_token_builder_is_a_source() {
    let server = Server::always(|| Reply::Raw(json("200 OK", OK))).await;
    let backend = client(&server);
    let source = backend
        .user_token("ana")
        .expires_in(Duration::from_secs(3600));
    let user = Client::builder("key1")
        .token_source(source)
        .base_url(server.url())
        .build()
        .unwrap();
    call(&user, &GET).await.unwrap();
    call(&user, &GET).await.unwrap();
    let seen = server.seen();
    let token = Token::new(seen[0].header("authorization")[0]);
    assert!(token.expires_at().is_some());
    assert_eq!(
        seen[1].header("authorization"),
        [token.as_str()],
        "signed once while it is valid"
    );
}

#[tokio::test]
async fn a_fixed_token_is_not_asked_for_again() {
    let server = Server::start(accepting("other")).await;
    let client = builder(&server).user_token("fixed").build().unwrap();
    let error = call(&client, &GET).await.unwrap_err();
    assert!(error.is_auth() && error.attempts() == 1, "{error}");
    assert!(error.to_string().contains("check the API key"), "{error}");
}

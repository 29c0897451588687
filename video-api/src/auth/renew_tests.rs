//! Renewal under time, refusal and concurrency.

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// A source that takes 50 ms and counts; its tokens live for `life`.
fn source(calls: &Arc<AtomicU32>, life: Option<Duration>, failing: u32) -> Credentials {
    let calls = calls.clone();
    let source = move || {
        let calls = calls.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let n = calls.fetch_add(1, Ordering::SeqCst) + 1;
            if n <= failing {
                return Err("issuer is down".into());
            }
            let token = Token::new(format!("token-{n}"));
            Ok(match life {
                Some(life) => token.with_expiry(Timestamp::now().saturating_add(life)),
                None => token,
            })
        }
    };
    Credentials::renewed(Box::new(source), AuthorizationForm::Bare)
}

async fn text(credentials: &Credentials) -> String {
    credentials
        .get()
        .await
        .unwrap()
        .header
        .to_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(start_paused = true)]
async fn callers_share_one_renewal() {
    let calls = Arc::new(AtomicU32::new(0));
    let credentials = Arc::new(source(&calls, None, 0));
    let all = (0..50).map(|_| {
        let credentials = credentials.clone();
        tokio::spawn(async move { text(&credentials).await })
    });
    for task in all.collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap(), "token-1");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);

    // All of them are refused: still one renewal, and a late refusal of the old one is none.
    let old = credentials.get().await.unwrap();
    assert!(credentials.refuse(&old) && credentials.refuse(&old));
    assert_eq!(text(&credentials).await, "token-2");
    assert!(credentials.refuse(&old));
    assert_eq!(text(&credentials).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn renews_before_expiry() {
    let calls = Arc::new(AtomicU32::new(0));
    let credentials = source(&calls, Some(Duration::from_secs(3600)), 0);
    assert_eq!(text(&credentials).await, "token-1");
    tokio::time::advance(Duration::from_secs(3600 - 35)).await;
    assert_eq!(text(&credentials).await, "token-1");
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(text(&credentials).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_short_lived_token_is_used_for_half_its_life() {
    let calls = Arc::new(AtomicU32::new(0));
    let credentials = source(&calls, Some(Duration::from_secs(10)), 0);
    assert_eq!(text(&credentials).await, "token-1");
    tokio::time::advance(Duration::from_secs(4)).await;
    assert_eq!(text(&credentials).await, "token-1");
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(text(&credentials).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_by_those_waiting_and_no_one_else() {
    let calls = Arc::new(AtomicU32::new(0));
    let credentials = Arc::new(source(&calls, None, 1));
    let all = (0..10).map(|_| {
        let credentials = credentials.clone();
        tokio::spawn(async move { credentials.get().await.map(drop) })
    });
    for task in all.collect::<Vec<_>>() {
        let error = task.await.unwrap().unwrap_err();
        assert!(error.is_auth(), "{error}");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(text(&credentials).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_renewal_is_taken_over() {
    let calls = Arc::new(AtomicU32::new(0));
    let credentials = Arc::new(source(&calls, None, 0));
    let first = tokio::time::timeout(Duration::from_millis(10), credentials.get()).await;
    assert!(first.is_err());
    assert_eq!(text(&credentials).await, "token-1");
}

#[test]
fn the_header_is_sensitive_and_in_the_form_asked_for() {
    let token = Token::new("abc.def");
    let bearer = header(&token, AuthorizationForm::Bearer).unwrap();
    assert_eq!(bearer, "Bearer abc.def");
    assert!(bearer.is_sensitive());
    assert_eq!(header(&token, AuthorizationForm::Bare).unwrap(), "abc.def");
    for bad in ["", "a\nb"] {
        let error = header(&Token::new(bad), AuthorizationForm::Bare).unwrap_err();
        assert!(error.is_auth());
    }
}

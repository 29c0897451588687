//! A request is repeated by the client's own decision alone, and every sending is counted.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::time::Duration;

use video_api::{Client, RetryPolicy};
use video_api_tests::{FaultServer, Http2Server, Reply, Step};

use crate::bytes::json;

const NO_ERROR: u32 = 0;
const GOOD: &[u8] = br#"{"duration":"1ms"}"#;

fn response() -> Vec<Step> {
    let bytes = GOOD.to_vec();
    vec![Step::Headers, Step::Data { bytes, end: true }]
}

/// A server that performs the first request, and then says GOAWAY as if it had not.
async fn forgetful() -> Http2Server {
    Http2Server::start(|request| match request.number {
        0 => vec![Step::GoAway {
            accepted: false,
            code: NO_ERROR,
        }],
        _ => response(),
    })
    .await
    .unwrap()
}

fn http2() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder.http2_prior_knowledge().build().unwrap()
}

fn client(url: String, http: Option<reqwest::Client>) -> Client {
    let mut builder = Client::builder("key")
        .secret("a-secret-only-for-tests-0123456789")
        .base_url(url);
    if let Some(http) = http {
        builder = builder.http_client(http);
    }
    let quick = RetryPolicy::default().base_delay(Duration::from_millis(1));
    builder.retry_policy(quick).build().unwrap()
}

#[tokio::test]
async fn reqwest_alone_sends_a_post_twice_when_it_meets_a_goaway() {
    let server = forgetful().await;
    let response = http2().post(server.url()).body("{}").send().await.unwrap();
    assert!(response.status().is_success());
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_post_that_meets_a_goaway_is_sent_once_also_with_an_http_client_of_the_users_own() {
    for with_body in [true, false] {
        let server = forgetful().await;
        let call = client(server.url(), Some(http2())).call("default", "x");
        let error = if with_body {
            call.get_or_create().send().await.unwrap_err()
        } else {
            call.end().send().await.unwrap_err()
        };
        assert_eq!((server.requests(), error.attempts()), (1, 1));
        assert!(!error.is_retryable());
        assert_eq!(error.error_type(), "connection_reset");
    }
}

#[tokio::test]
async fn a_get_that_meets_a_goaway_is_repeated_and_counted() {
    let server = forgetful().await;
    let call = client(server.url(), Some(http2())).call("default", "x");
    let response = call.get().send().await.unwrap();
    assert_eq!((server.requests(), response.attempts()), (2, 2));
}

/// The cause: hyper asks the connection for room right after it has sent a request, and passes an
/// error of the connection to that request's caller. Here the same steps are taken one by one.
#[tokio::test]
async fn h2_reports_a_goaway_to_the_sender_of_a_request_that_was_accepted() {
    let server = Http2Server::start(|_| {
        let accepted = Step::GoAway {
            accepted: true,
            code: NO_ERROR,
        };
        [vec![accepted], response()].concat()
    })
    .await
    .unwrap();
    let address: SocketAddr = server.url().trim_start_matches("http://").parse().unwrap();
    let socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = h2::client::handshake(socket).await.unwrap();
    let connection = tokio::spawn(connection);

    let request = http::Request::post(server.url()).body(()).unwrap();
    let (response, _) = sender.send_request(request, true).unwrap();
    let error = loop {
        match poll_fn(|cx| sender.poll_ready(cx)).await {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => break error,
        }
    };
    // This is what reqwest takes for a refusal …
    assert!(error.is_go_away() && error.is_remote());
    assert_eq!(error.reason(), Some(h2::Reason::NO_ERROR));
    // … of a request that was accepted and is answered.
    assert!(response.await.unwrap().status().is_success());
    drop(sender);
    let _ = connection.await;
}

/// Load balancers close idle connections after 60 s, at worst in the moment a request is sent. Here
/// the server closes each connection when a second request arrives on it.
#[tokio::test]
async fn connections_that_are_given_up_before_the_server_closes_them_lose_no_post() {
    async fn server() -> FaultServer {
        let seen_before = std::sync::Mutex::new(std::collections::HashSet::new());
        FaultServer::start(move |seen| {
            if seen_before.lock().unwrap().insert(seen.connection) {
                Reply::Send(json("200 OK", GOOD))
            } else {
                Reply::Close(Vec::new())
            }
        })
        .await
        .unwrap()
    }
    let idle = Duration::from_millis(100);
    for (pool_idle_timeout, lost) in [(Duration::from_secs(60), true), (idle, false)] {
        let server = server().await;
        let client = Client::builder("key")
            .secret("a-secret-only-for-tests-0123456789")
            .base_url(server.url())
            .pool_idle_timeout(pool_idle_timeout)
            .build()
            .unwrap();
        let call = client.call("default", "x");
        call.end().send().await.unwrap();
        tokio::time::sleep(idle * 3).await;
        let second = call.end().send().await;
        assert_eq!(second.is_err(), lost, "{pool_idle_timeout:?}");
        assert_eq!(server.requests(), 2, "a lost POST is not repeated");
    }
}

//! Paging with the generated requests, over a real socket.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // Test helpers fail by panicking.

use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use video_api::Client;
use video_api::page::{Cursor, Pages, Paginated};

/// Three pages with cursors `c0`, `c1`, `c2` both ways; keeps the bodies it was sent. It is
/// out of order for page 1 as often as `failures` says.
struct Server {
    client: Client,
    bodies: Arc<Mutex<Vec<Value>>>,
}

async fn server(failures: usize) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let failures = Arc::new(Mutex::new(failures));
    let kept = bodies.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, kept.clone(), failures.clone()));
        }
    });
    let client = Client::builder("key")
        .secret("secret")
        .base_url(url)
        .build()
        .unwrap();
    Server { client, bodies }
}

/// The required fields of all seven responses, null where that is allowed; two items of feedback.
fn response() -> Value {
    let fields = [
        "cid",
        "platform",
        "rating",
        "reason",
        "sdk",
        "sdk_version",
        "session_id",
        "user_id",
    ];
    let feedback: Value = fields
        .iter()
        .map(|field| ((*field).to_owned(), Value::Null))
        .collect();
    json!({
        "duration": null, "call_id": null, "call_session_id": null, "call_type": null,
        "total_participant_duration": null, "total_participant_sessions": null, "counts": null,
        "members": null, "reports": null, "call_stats": null, "participants_sessions": null,
        "participants": null, "calls": null, "user_feedback": [feedback, feedback],
    })
}

async fn serve(mut stream: TcpStream, bodies: Arc<Mutex<Vec<Value>>>, failures: Arc<Mutex<usize>>) {
    while let Some(body) = read(&mut stream).await {
        let cursor = body
            .get("next")
            .or(body.get("prev"))
            .and_then(Value::as_str);
        let page: usize = cursor.map_or(0, |cursor| cursor[1..].parse().unwrap());
        bodies.lock().unwrap().push(body);
        let fails = page == 1 && {
            let mut left = failures.lock().unwrap();
            *left > 0 && {
                *left -= 1;
                true
            }
        };
        let (status, response) = if fails {
            ("500 Oops", json!({"code": 1, "message": "out of order"}))
        } else {
            let mut response = response();
            if page < 2 {
                response["next"] = format!("c{}", page + 1).into();
            }
            if page > 0 {
                response["prev"] = format!("c{}", page - 1).into();
            }
            ("201 Created", response)
        };
        let response = response.to_string();
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            response.len()
        );
        stream
            .write_all((head + &response).as_bytes())
            .await
            .unwrap();
    }
}

async fn read(stream: &mut TcpStream) -> Option<Value> {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..at]).to_lowercase();
            if head.starts_with("get ") {
                return Some(query(head.split(' ').nth(1).unwrap()));
            }
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            if bytes.len() >= at + 4 + length {
                return serde_json::from_slice(&bytes[at + 4..at + 4 + length]).ok();
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// The query of a GET, as if it were a body.
fn query(target: &str) -> Value {
    let pairs = target.split_once('?').unwrap().1.split('&');
    pairs
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(k, v)| (k.to_owned(), Value::from(v)))
        .collect()
}

#[tokio::test]
async fn forwards_with_filter_and_limit_on_every_page() {
    let server = server(0).await;
    let request = server
        .client
        .query_user_feedback()
        .filter_conditions(json!({"ended_at": null}))
        .limit(2);
    let calls: Vec<_> = request.items().try_collect().await.unwrap();
    assert_eq!(calls.len(), 6);
    let filter = json!({"ended_at": null});
    let expected = [
        json!({"filter_conditions": filter, "limit": 2}),
        json!({"filter_conditions": filter, "limit": 2, "next": "c1"}),
        json!({"filter_conditions": filter, "limit": 2, "next": "c2"}),
    ];
    assert_eq!(*server.bodies.lock().unwrap(), expected);
}

#[tokio::test]
async fn backwards_from_a_cursor() {
    let server = server(0).await;
    let request = server.client.query_call_members("default", "standup");
    let from = request.pages().from_cursor(Cursor::Prev("c2".into()));
    let pages: Vec<_> = from.try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    let sent = server.bodies.lock().unwrap().clone();
    let cursors: Vec<_> = sent
        .iter()
        .map(|body| (body.get("prev"), body.get("next")))
        .collect();
    assert_eq!(
        cursors,
        [
            (Some(&json!("c2")), None),
            (Some(&json!("c1")), None),
            (Some(&json!("c0")), None)
        ]
    );
}

#[tokio::test]
async fn a_failing_page_keeps_the_place() {
    for prefetch in [false, true] {
        let server = server(1).await;
        let mut calls = server
            .client
            .query_user_feedback()
            .items()
            .prefetch(prefetch);
        assert!(calls.try_next().await.unwrap().is_some());
        assert!(calls.try_next().await.unwrap().is_some());
        let error = calls.try_next().await.unwrap_err();
        assert_eq!(
            (error.operation(), error.status().unwrap().as_u16()),
            (Some("QueryUserFeedback"), 500)
        );
        assert!(calls.try_next().await.unwrap().is_none());
        // Either the same stream goes on, or a new one from where this one stood.
        let kept = calls.cursor().cloned().unwrap();
        calls.resume();
        assert_eq!(calls.try_collect::<Vec<_>>().await.unwrap().len(), 4);
        let again = server
            .client
            .query_user_feedback()
            .items()
            .from_cursor(kept);
        assert_eq!(again.try_collect::<Vec<_>>().await.unwrap().len(), 4);
    }
}

/// Every operation that has a cursor today; the generated code decides, this only checks.
#[tokio::test]
async fn all_seven_operations_page() {
    async fn count<R: Paginated>(pages: Pages<R>) -> (&'static str, usize) {
        (
            R::OPERATION.id,
            pages.try_collect::<Vec<_>>().await.unwrap().len(),
        )
    }
    let server = server(0).await;
    let client = &server.client;
    let counts = [
        count(client.query_user_feedback().pages()).await,
        count(client.query_call_members("type", "id").pages()).await,
        count(client.query_call_stats().pages()).await,
        count(client.query_call_session_stats().pages()).await,
        count(
            client
                .query_call_participant_sessions("type", "id", "s")
                .pages(),
        )
        .await,
        count(
            client
                .query_call_session_participant_stats("type", "id", "s")
                .pages(),
        )
        .await,
        count(client.query_calls().pages()).await,
    ];
    for (operation, pages) in counts {
        assert_eq!(pages, 3, "{operation}");
    }
}

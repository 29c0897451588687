//! The same operation as a command, as a line of a batch and as a typed call puts the same bytes
//! on the wire: for every operation of the spec.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::future::Future;
use std::pin::Pin;

use serde_json::{Value, json};
use video_api::{Client, Error};
use video_api_server::{BodyMode, RecordedRequest};

mod admin;
mod calls;
#[path = "../common/mod.rs"]
mod common;
mod media;
mod statistics;
mod users;

type Sent = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// One operation in three ways.
struct Case {
    id: &'static str,
    cli: Vec<&'static str>,
    line: Value,
    typed: fn(Client) -> Sent,
}

/// The id, arguments of the command, the rest of the batch line, and the typed request.
macro_rules! case {
    ($id:literal, [$($arg:expr),*], $line:tt, |$client:ident| $request:expr) => {
        $crate::Case {
            id: $id,
            cli: vec![$($arg),*],
            line: serde_json::json!($line),
            typed: |$client| Box::pin(async move { $request.send().await.map(drop) }),
        }
    };
}
use case;

/// An id that needs encoding.
const ID: &str = "stand up/ü";

fn call() -> Value {
    json!({"type": "default", "id": ID})
}

/// The compared parts: everything but the id that is new for each request.
fn essence(request: &RecordedRequest) -> String {
    let mut headers: Vec<String> = request
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-client-request-id")
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    headers.sort();
    let body = String::from_utf8_lossy(&request.body);
    format!(
        "{} {}?{}\n{}\n\n{body}",
        request.method,
        request.path,
        request.query,
        headers.join("\n")
    )
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn command_batch_line_and_typed_call_are_the_same_on_the_wire() {
    let server = common::server(BodyMode::Minimal).await;
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .build()
        .unwrap();
    let cases: Vec<Case> = [
        calls::cases(),
        media::cases(),
        statistics::cases(),
        admin::cases(),
        users::cases(),
    ]
    .into_iter()
    .flatten()
    .collect();

    let mut covered: Vec<&str> = cases.iter().map(|case| case.id).collect();
    covered.sort_unstable();
    let mut all: Vec<&str> = video_api::operations::ALL
        .iter()
        .map(|operation| operation.id)
        .collect();
    all.sort_unstable();
    if video_api_server::is_adopted() {
        all.retain(|id| covered.contains(id));
    }
    assert_eq!(covered, all, "every operation once");

    let mut typed = Vec::new();
    for case in &cases {
        server.clear_recorded();
        (case.typed)(client.clone())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", case.id));
        typed.push(only(&server.recorded(), case.id));
    }

    for (case, typed) in cases.iter().zip(&typed) {
        server.clear_recorded();
        let operation = video_api::operations::ALL
            .iter()
            .find(|o| o.id == case.id)
            .unwrap();
        let command = kebab(operation.name);
        common::run(
            common::at(&server),
            [command.as_str()].iter().chain(&case.cli),
        )
        .ok();
        assert_eq!(
            &only(&server.recorded(), case.id),
            typed,
            "{} as a command",
            case.id
        );
    }

    server.clear_recorded();
    let input: String = cases
        .iter()
        .map(|case| {
            let mut line = case.line.clone();
            line.as_object_mut()
                .unwrap()
                .insert("operation_id".to_owned(), json!(case.id));
            format!("{line}\n")
        })
        .collect();
    // One at a time, so that the recording is in order.
    let ran = common::feed(common::at(&server), ["batch", "--concurrency", "1"], &input);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    let recorded = server.recorded();
    assert_eq!(recorded.len(), cases.len());
    for ((case, typed), request) in cases.iter().zip(&typed).zip(&recorded) {
        assert_eq!(&essence(request), typed, "{} in a batch", case.id);
    }
    println!("{} operations in three ways", cases.len());
}

/// The only request, which the server accepted.
fn only(recorded: &[RecordedRequest], id: &str) -> String {
    let [request] = recorded else {
        panic!("{id}: {} requests", recorded.len());
    };
    assert!(request.problems.is_empty(), "{id}: {:?}", request.problems);
    assert_eq!(request.operation_id.as_deref(), Some(id));
    essence(request)
}

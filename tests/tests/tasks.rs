//! Waiting for background tasks, against a server whose tasks are scripted.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests.

use std::time::Duration;

use serde_json::{Value, json};
use video_api::{Client, RetryPolicy, WaitForTask};
use video_api_server::{Scripted, Server};

async fn server() -> (Server, Client) {
    let server = Server::builder().start().await.unwrap();
    let client = Client::builder(server.api_key())
        .secret(server.secret())
        .base_url(server.url())
        .retry_policy(RetryPolicy::none())
        .build()
        .unwrap();
    (server, client)
}

/// The next `GetTask` answers with this status and these further fields.
fn next(server: &Server, status: &str, more: Value) {
    let mut task = json!({
        "task_id": "t1", "status": status, "duration": "1ms",
        "created_at": 1_700_000_000_000_000_000_i64, "updated_at": 1_700_000_000_000_000_000_i64,
    });
    if let (Some(task), Value::Object(more)) = (task.as_object_mut(), more) {
        task.extend(more);
    }
    server.respond_with("GetTask", Scripted::json(200, &task));
}

fn wait(client: &Client) -> WaitForTask {
    client
        .wait_for_task("t1")
        .with_interval(Duration::from_millis(1))
}

fn polls(server: &Server) -> usize {
    let recorded = server.recorded();
    let polls = recorded.iter().filter(|r| r.path == "/api/v2/tasks/t1");
    polls.count()
}

#[tokio::test]
async fn a_task_is_polled_until_it_is_completed() {
    let (server, client) = server().await;
    for status in ["waiting", "pending", "running"] {
        next(&server, status, json!({}));
    }
    next(&server, "completed", json!({"result": {"deleted": 2}}));
    let task = wait(&client).send().await.unwrap();
    assert_eq!(
        task.result.as_ref().unwrap().get("deleted"),
        Some(&json!(2))
    );
    assert_eq!(polls(&server), 4);
}

#[tokio::test]
async fn a_task_that_fails_is_an_error_with_its_reason() {
    let (server, client) = server().await;
    let reason = json!({"type": "not_allowed", "description": "user bo owns calls",
        "stacktrace": "at line 1", "version": "9.1"});
    next(&server, "failed", json!({"error": reason}));
    let error = wait(&client).send().await.unwrap_err();
    let task = error.task().unwrap();
    assert!(task.is_failed());
    assert_eq!(
        (
            task.task_id.as_str(),
            task.error_type.as_str(),
            task.description.as_str()
        ),
        ("t1", "not_allowed", "user bo owns calls")
    );
    assert_eq!(
        (task.stacktrace.as_deref(), task.version.as_deref()),
        (Some("at line 1"), Some("9.1"))
    );
    assert!(!error.is_timeout() && !error.is_retryable() && !error.is_api());
    let text = error.to_string();
    assert!(
        text.contains("task t1 failed: not_allowed \"user bo owns calls\""),
        "{text}"
    );
}

#[tokio::test]
async fn a_task_that_runs_on_after_the_deadline_is_a_timeout_with_its_status() {
    let (server, client) = server().await;
    next(&server, "running", json!({}));
    let error = wait(&client)
        .with_deadline(Duration::ZERO)
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(!error.task().unwrap().is_failed());
    assert_eq!(error.task().unwrap().status, "running");
    assert!(
        error.to_string().contains("t1 is still \"running\""),
        "{error}"
    );
    assert_eq!(polls(&server), 1);
}

#[tokio::test]
async fn a_failure_that_may_pass_does_not_end_the_waiting_and_another_does() {
    let (server, client) = server().await;
    server.respond_with("GetTask", Scripted::status(503));
    next(&server, "completed", json!({}));
    wait(&client).send().await.unwrap();
    assert_eq!(polls(&server), 2);

    server.respond_with("GetTask", Scripted::status(403));
    let error = wait(&client).send().await.unwrap_err();
    assert!(error.is_auth(), "{error}");
    assert_eq!(polls(&server), 3);
}

#[tokio::test]
async fn an_operation_that_starts_a_task_can_wait_for_it() {
    let (server, client) = server().await;
    let started = json!({"duration": "1ms", "task_id": "t1"});
    server.respond_with("DeleteUsers", Scripted::json(201, &started));
    next(&server, "completed", json!({"result": {"deleted": 1}}));
    let task = client.delete_users(["ana"]).send_and_wait().await.unwrap();
    assert_eq!(
        task.result.as_ref().unwrap().get("deleted"),
        Some(&json!(1))
    );

    server.respond_with("DeleteUsers", Scripted::json(201, &started));
    next(&server, "failed", json!({}));
    let error = client
        .delete_users(["ana"])
        .send_and_wait()
        .await
        .unwrap_err();
    assert_eq!(error.task().unwrap().task_id, "t1");
}

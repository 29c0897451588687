//! The transport against real sockets.

use std::time::Duration;

use serde_json::Value;

use crate::operation::{BodyKind, Method, Operation};
use crate::record::record;
use crate::request::RequestParts;
use crate::{Client, ClientBuilder, Error, Response, RetryBudget, RetryPolicy, Timestamp};

mod auth;
mod bodies;
mod faults;
mod limits;
mod observe;
mod retries;
mod secrets;
mod server;
mod wire;

use server::{Reply, Server};

const fn operation(id: &'static str, method: Method, body: BodyKind) -> Operation {
    Operation {
        id,
        name: "thing",
        method,
        path: "/api/v2/thing/{type}/{id}",
        tag: "test",
        summary: "",
        success: 200,
        path_params: &["type", "id"],
        query_params: &[],
        only_reads: false,
        non_idempotent_params: &["ring", "notify"],
        body,
        accept: "application/json",
    }
}

static GET: Operation = operation("GetThing", Method::Get, BodyKind::None);
static PUT: Operation = operation("PutThing", Method::Put, BodyKind::Json);
static DELETE: Operation = operation("DeleteThing", Method::Delete, BodyKind::None);
static POST: Operation = operation("PostThing", Method::Post, BodyKind::Json);
static POST_EMPTY: Operation = operation("EndThing", Method::Post, BodyKind::None);

#[derive(Clone, Default)]
struct Thing {
    at: Option<Timestamp>,
    duration: String,
    name: String,
}
record!(Thing { 0 at "at", 1 duration "duration" required, 2 name "name" required, } duration duration);

const SECRET: &str = "top-secret-of-the-app";

/// A client without randomness, patient enough for a busy machine.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder("key1")
        .secret(SECRET)
        .base_url(server.url())
        .connect_timeout(Duration::from_secs(5))
        .attempt_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(20))
        .retry_policy(quick())
        .retry_budget(RetryBudget::unlimited())
        .jitter(|| 0.5)
}

fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .base_delay(Duration::from_millis(2))
        .max_server_delay(Duration::from_millis(50))
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn parts(client: &Client, operation: &'static Operation) -> RequestParts {
    RequestParts::new(
        &client.shared,
        operation,
        vec!["default".into(), "one".into()],
    )
}

async fn call(client: &Client, operation: &'static Operation) -> Result<Response<Thing>, Error> {
    parts(client, operation).send().await
}

const OK: &str = r#"{"name":"x","at":1718896965123456789,"duration":"1.5ms"}"#;

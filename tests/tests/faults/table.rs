//! Running the table: each fault with each method, on a server and a client of its own.

use std::io::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use video_api::by_name::Arguments;
use video_api::operation::Method;
use video_api::{Client, ClientBuilder, RetryPolicy};
use video_api_server::{Api, Direction, SampleMode, embedded_spec, sample};
use video_api_tests::{OnAccept, Reply, Seen, Step, StreamRequest};

use crate::judge::judge;
use crate::server::Server;

pub(crate) const SECRET: &str = "a-secret-only-for-tests-0123456789";

/// One operation per method.
const OPERATIONS: [(&str, &[&str]); 5] = [
    ("GetCall", &["type", "id"]),
    ("UpdateCallType", &["name"]),
    ("DeleteCallType", &["name"]),
    ("GetOrCreateCall", &["type", "id"]),
    ("UpdateCall", &["type", "id"]),
];

type Script = dyn Fn(&Seen, &[u8]) -> Reply + Send + Sync;
type Http2Script = dyn Fn(StreamRequest, &[u8]) -> Vec<Step> + Send + Sync;

/// The place of the fault.
#[derive(Clone)]
pub(crate) enum Fault {
    Refused,
    Accept(OnAccept),
    /// The server expects HTTP, the client TLS.
    NoTls(OnAccept),
    Script(Arc<Script>),
    Http2(Arc<Http2Script>),
}

/// The expected outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// `ok`, or status, class and `retryable`, as [`describe`] writes them.
    pub(crate) outcome: &'static str,
    /// The attempts that the response or the error counts.
    pub(crate) attempts: u32,
    /// The requests that the server counted.
    pub(crate) arrived: usize,
}

pub(crate) const fn expect(outcome: &'static str, attempts: u32) -> Expected {
    Expected {
        outcome,
        attempts,
        arrived: attempts as usize,
    }
}

impl Expected {
    /// When the server does not count as many requests as the client.
    pub(crate) const fn arrived(mut self, arrived: usize) -> Self {
        self.arrived = arrived;
        self
    }
}

/// One fault.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    fault: Fault,
    tune: fn(ClientBuilder) -> ClientBuilder,
    /// A first operation, without a fault, leaves a connection to be used again.
    warm: bool,
    /// GET, PUT and DELETE.
    pub(crate) idempotent: Expected,
    /// POST and PATCH.
    pub(crate) other: Expected,
    /// PUT and PATCH, where they differ from both.
    pub(crate) replacing: Option<Expected>,
    pub(crate) at_least: Duration,
}

impl Row {
    pub(crate) fn new(
        name: &'static str,
        fault: Fault,
        idempotent: Expected,
        other: Expected,
    ) -> Self {
        Self {
            name,
            fault,
            tune: |builder| builder,
            warm: false,
            idempotent,
            other,
            replacing: None,
            at_least: Duration::ZERO,
        }
    }

    /// A server whose script is also given a good response.
    pub(crate) fn script(
        name: &'static str,
        script: impl Fn(&Seen, &[u8]) -> Reply + Send + Sync + 'static,
        idempotent: Expected,
        other: Expected,
    ) -> Self {
        Self::new(name, Fault::Script(Arc::new(script)), idempotent, other)
    }

    /// The same reply to every request.
    pub(crate) fn always(
        name: &'static str,
        reply: Reply,
        idempotent: Expected,
        other: Expected,
    ) -> Self {
        Self::script(name, move |_, _| reply.clone(), idempotent, other)
    }

    pub(crate) fn http2(
        name: &'static str,
        script: impl Fn(StreamRequest, &[u8]) -> Vec<Step> + Send + Sync + 'static,
        idempotent: Expected,
        other: Expected,
    ) -> Self {
        Self::new(name, Fault::Http2(Arc::new(script)), idempotent, other)
    }

    pub(crate) fn tune(mut self, tune: fn(ClientBuilder) -> ClientBuilder) -> Self {
        self.tune = tune;
        self
    }

    /// The outcome of PUT and PATCH.
    pub(crate) fn replacing(mut self, expected: Expected) -> Self {
        self.replacing = Some(expected);
        self
    }

    pub(crate) fn warm(mut self) -> Self {
        self.warm = true;
        self
    }

    pub(crate) fn takes(mut self, at_least: u64) -> Self {
        self.at_least = Duration::from_millis(at_least);
        self
    }
}

/// Runs all rows; fails with every cell that is not as expected.
pub(crate) async fn check(rows: Vec<Row>) {
    let api = Api::new(embedded_spec()).unwrap();
    let cells = rows
        .iter()
        .flat_map(|row| OPERATIONS.iter().map(move |operation| (row, operation)));
    let lines: Vec<(String, Vec<String>)> = stream::iter(cells)
        .map(|(row, (id, path))| cell(row, &api, id, path))
        .buffered(8)
        .collect()
        .await;
    let mut problems = Vec::new();
    // Past the test runner, which would swallow it.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(
        out,
        "{:<38} {:<7} {:<34} sent arrived  elapsed",
        "fault", "method", "outcome"
    );
    for (line, found) in lines {
        let _ = writeln!(
            out,
            "{line}{}",
            if found.is_empty() { "" } else { "  WRONG" }
        );
        problems.extend(found);
    }
    let _ = writeln!(out, "{} faults x {} methods", rows.len(), OPERATIONS.len());
    drop(out);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A line of the table, and what is wrong with it.
async fn cell(row: &Row, api: &Api, id: &str, path: &[&str]) -> (String, Vec<String>) {
    let operation = api.operation(id).unwrap();
    let method = video_api::by_name::operation(id).unwrap().method;
    let schema = operation.response_schema().unwrap();
    let body = sample(
        api.document(),
        schema,
        SampleMode::Minimal,
        Direction::Response,
    );
    let good = match row.fault {
        Fault::Http2(_) => body.to_string().into_bytes(),
        _ => crate::bytes::json("200 OK", body.to_string()),
    };
    let (server, url) = Server::start(&row.fault, Arc::new(good)).await;
    let client = (row.tune)(builder(&row.fault, method, url))
        .build()
        .unwrap();
    let arguments = path
        .iter()
        .fold(Arguments::new(), |all, name| all.path(*name, "x"));
    if row.warm {
        client
            .call_operation(id, arguments.clone())
            .await
            .unwrap_or_else(|error| panic!("{}: the first operation failed: {error}", row.name));
        // Time for the server to do something to the idle connection.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    let before = server.requests();
    let started = Instant::now();
    let result = client.call_operation(id, arguments).await;
    let elapsed = started.elapsed();
    let arrived = server.requests() - before;
    judge(row, &client, id, &server, result, elapsed, arrived)
}

fn builder(fault: &Fault, method: Method, url: String) -> ClientBuilder {
    let builder = Client::builder("key")
        .secret(SECRET)
        .base_url(url)
        .max_response_size(1024 * 1024)
        .attempt_timeout(Duration::from_secs(8))
        .timeout(Duration::from_secs(20))
        .jitter(|| 1.0)
        .retry_policy(policy());
    match (fault, method) {
        (Fault::Http2(_), _) => builder.http_client(http2()),
        // Setting up TLS hundreds of times would take longer than everything else.
        (Fault::Script(_), Method::Put | Method::Delete | Method::Patch) => {
            builder.http_client(http1())
        }
        _ => builder,
    }
}

/// One for all that may share it; pools are per server.
fn http1() -> reqwest::Client {
    static SHARED: OnceLock<reqwest::Client> = OnceLock::new();
    let build = || no_redirects().build().unwrap();
    SHARED.get_or_init(build).clone()
}

fn http2() -> reqwest::Client {
    static SHARED: OnceLock<reqwest::Client> = OnceLock::new();
    let build = || no_redirects().http2_prior_knowledge().build().unwrap();
    SHARED.get_or_init(build).clone()
}

fn no_redirects() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

/// The default policy with short waits.
pub(crate) fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .base_delay(Duration::from_millis(1))
        .max_server_delay(Duration::from_millis(40))
}

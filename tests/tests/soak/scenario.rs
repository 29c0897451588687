//! A scenario: a server with faults from a seed, restarted again and again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use video_api_tests::{FaultServer, Reply, Seen};

use crate::ledger::Ledger;
use crate::rng::{mix, permille};

/// The server and the task that restarts it.
pub(crate) struct Scenario {
    url: String,
    stop: oneshot::Sender<()>,
    restarting: JoinHandle<u32>,
}

impl Scenario {
    pub(crate) async fn start(seed: u64, ledger: Arc<Ledger>) -> Self {
        let good = Good::new();
        let server = FaultServer::forgetful(move |seen| reply(seed, seen, &good, &ledger))
            .await
            .unwrap();
        let (stop, stopped) = oneshot::channel();
        Self {
            url: server.url(),
            stop,
            restarting: tokio::spawn(restart(seed, server, stopped)),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends the server and says how often it was restarted.
    pub(crate) async fn stop(self) -> u32 {
        let _ = self.stop.send(());
        self.restarting.await.unwrap()
    }
}

async fn restart(seed: u64, mut server: FaultServer, mut stopped: oneshot::Receiver<()>) -> u32 {
    let mut restarts = 0;
    loop {
        let pause = 800 + mix(seed ^ u64::from(restarts)) % 800;
        tokio::select! {
            _ = sleep(Duration::from_millis(pause)) => {}
            _ = &mut stopped => break,
        }
        // Down for 150 to 199 ms; whoever connects then is refused.
        server.stop().await;
        sleep(Duration::from_millis(150 + pause % 50)).await;
        server.resume().await.unwrap();
        restarts += 1;
    }
    server.stop().await;
    restarts
}

/// Good responses, but for the id.
struct Good {
    call: [String; 2],
    call_type: [String; 2],
}

/// Stands where the id goes.
const ID: &str = "id-of-the-request";

impl Good {
    fn new() -> Self {
        use video_api_server::{Api, Direction, SampleMode, embedded_spec, sample};
        let api = Api::new(embedded_spec()).unwrap();
        let body = |operation: &str| {
            let schema = api.operation(operation).unwrap().response_schema().unwrap();
            sample(
                api.document(),
                schema,
                SampleMode::Minimal,
                Direction::Response,
            )
        };
        let split = |body: String| {
            let (before, after) = body.split_once(ID).unwrap();
            [before.to_owned(), after.to_owned()]
        };
        let mut call = body("GetOrCreateCall");
        call["call"]["id"] = ID.into();
        let mut call_type = body("UpdateCallType");
        call_type["name"] = ID.into();
        Self {
            call: split(call.to_string()),
            call_type: split(call_type.to_string()),
        }
    }

    fn body(&self, method: &str, id: &str) -> String {
        match method {
            "DELETE" => r#"{"duration":"1ms"}"#.to_owned(),
            "PUT" => self.call_type.join(id),
            _ => self.call.join(id),
        }
    }
}

/// Does to the request what the seed says for this id and attempt.
fn reply(seed: u64, seen: &Seen, good: &Good, ledger: &Ledger) -> Reply {
    let request = &seen.request;
    let method = request.head.split(' ').next().unwrap_or_default();
    let request_id = request
        .header("x-client-request-id")
        .first()
        .copied()
        .unwrap_or_default();
    let id = request.path().rsplit('/').next().unwrap_or_default();
    let done = || ledger.process(method, request_id);
    let ok = |extra: &str| {
        let body = good.body(method, id);
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{extra}content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    let status = |line: &str, headers: &str| {
        Reply::Send(format!("HTTP/1.1 {line}\r\n{headers}content-length: 0\r\n\r\n").into_bytes())
    };
    let chance = permille([seed, hash(id), hash(method), ledger.attempt(hash(id))]);
    // Some are never let through.
    let chance = match permille([seed, hash(id), 0, 0]) {
        0..15 => 0,
        _ => chance,
    };
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    // Per mille, one after the other; the rest works.
    let (fault, reply) = match chance {
        0..15 => ("429", status("429 Too Many Requests", "")),
        15..25 => (
            "429 with wait",
            status("429 Too Many Requests", "retry-after: 60\r\n"),
        ),
        25..35 => ("closed, not done", Reply::Close(vec![])),
        35..45 => ("reset, not done", Reply::Reset(vec![])),
        45..60 => ("503, not done", status("503 Service Unavailable", "")),
        60..75 => {
            done();
            ("502, done", status("502 Bad Gateway", ""))
        }
        75..85 => {
            done();
            ("closed, done", Reply::Close(vec![]))
        }
        85..95 => {
            done();
            ("reset within the body, done", Reply::Reset(half(ok(""))))
        }
        95..105 => {
            done();
            ("closed within the body, done", Reply::Close(half(ok(""))))
        }
        105..108 => {
            done();
            ("stalled, done", Reply::Stall(half(ok(""))))
        }
        108..111 => ("stalled, not done", Reply::Stall(vec![])),
        111..120 => {
            done();
            (
                "garbage, done",
                Reply::Send(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{\"a\":".to_vec()),
            )
        }
        120..125 => {
            done();
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
            (
                "too large, done",
                Reply::Stream {
                    head: head.into(),
                    piece: vec![b' '; 50_000],
                    times: 20,
                    every: Duration::ZERO,
                },
            )
        }
        125..140 => {
            done();
            let closing = Reply::SendThenClose(ok(""), Duration::from_millis(chance % 5), vec![]);
            ("fine, then closed", closing)
        }
        140..150 => {
            done();
            (
                "fine, and the last",
                Reply::Close(ok("connection: close\r\n")),
            )
        }
        150..190 => {
            done();
            let slow = Reply::After(
                Duration::from_millis(chance % 40),
                Box::new(Reply::Send(ok(""))),
            );
            ("fine, slowly", slow)
        }
        _ => {
            done();
            ("fine", Reply::Send(ok("")))
        }
    };
    ledger.fault(fault);
    reply
}

fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0, |hash, byte| mix(hash ^ u64::from(byte)))
}

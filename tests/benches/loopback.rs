//! Calls over loopback keep-alive: this client against the same calls hand-written on reqwest and
//! serde_json.
//!
//! The two take turns in short rounds, so that whatever else the machine does hits both alike. What
//! counts is the median of the pairs' ratios; the server's fixed response costs both the same.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub
)] // A benchmark.

mod plain_types;
mod samples;

use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use video_api::Client;

const KEY: &str = "bench-key";
const SECRET: &str = "bench-secret-0123456789-0123456789";

/// Responds to every request with the same bytes.
async fn serve(mut stream: TcpStream, response: &'static [u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    loop {
        buffer.clear();
        let length = loop {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
                let body = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length:"))
                    .map_or(0, |n| n.trim().parse::<usize>().unwrap());
                break end + 4 + body;
            }
        };
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        stream.write_all(response).await?;
    }
}

/// A server on a thread of its own; returns its base URL.
fn server(body: &[u8]) -> String {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-ratelimit-limit: 1000\r\n\
         x-ratelimit-remaining: 999\r\nx-ratelimit-reset: 1760000000\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let response: &'static [u8] = Box::leak([head.as_bytes(), body].concat().into_boxed_slice());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, response));
            }
        });
    });
    format!("http://{}", receiver.recv().unwrap())
}

/// The same request as somebody would write it for one program.
#[derive(Clone)]
struct ByHand {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl ByHand {
    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .query(&[("api_key", KEY)])
            .header("authorization", &self.token)
            .header("stream-auth-type", "jwt")
            .header("x-client-request-id", uuid::Uuid::new_v4().to_string())
    }

    async fn get_call(&self) -> usize {
        let response = self.request(reqwest::Method::GET, "/api/v2/video/call/default/standup");
        let response = response.send().await.unwrap().error_for_status().unwrap();
        let call: plain_types::GetCallResponse =
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        call.call.cid.len()
    }

    async fn query_calls(&self) -> usize {
        let response = self
            .request(reqwest::Method::POST, "/api/v2/video/calls")
            .json(&serde_json::json!({"limit": 100, "filter_conditions": {"ended_at": null}}));
        let response = response.send().await.unwrap().error_for_status().unwrap();
        let calls: plain_types::QueryCallsResponse =
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        calls.calls.len()
    }
}

async fn get_call(client: Client) -> usize {
    client
        .call("default", "standup")
        .get()
        .send()
        .await
        .unwrap()
        .call
        .cid
        .len()
}

async fn query_calls(client: Client) -> usize {
    let filter = serde_json::json!({"ended_at": null});
    client
        .query_calls()
        .limit(100)
        .filter_conditions(filter)
        .send()
        .await
        .unwrap()
        .calls
        .len()
}

/// Time of `count` requests with `in_flight` at once.
async fn time<F: Future<Output = usize>>(
    count: usize,
    in_flight: usize,
    one: impl Fn() -> F,
) -> Duration {
    let begun = Instant::now();
    let total: usize = stream::iter(0..count)
        .map(|_| one())
        .buffer_unordered(in_flight)
        .fold(0, |a, b| async move { a + b })
        .await;
    assert!(total > 0);
    begun.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Pairs of rounds; which of the two comes first changes from pair to pair.
const ROUNDS: usize = 100;

/// Writes the responses into a folder, for the peers of `cargo xtask bench`.
fn write_bodies(folder: &std::path::Path) {
    for (name, body) in [
        ("get-call", samples::get_call()),
        ("query-calls-100", samples::query_calls(100)),
        ("query-calls-200", samples::query_calls(200)),
    ] {
        std::fs::write(folder.join(format!("{name}.json")), body).unwrap();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments
        .iter()
        .position(|argument| argument == "--write-bodies")
    {
        return write_bodies(arguments[at + 1].as_ref());
    }
    // Tracing is on, as in production, with a subscriber that takes everything and prints nothing.
    tracing_subscriber::fmt()
        .with_writer(std::io::sink)
        .with_max_level(tracing::Level::INFO)
        .init();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    println!(
        "| call | in flight | by hand, µs | this client, µs | ratio |\n| --- | --- | --- | --- | --- |"
    );
    for (name, body) in [
        ("GetCall", samples::get_call()),
        ("QueryCalls, 100 calls", samples::query_calls(100)),
    ] {
        let url = server(&body);
        let client = Client::builder(KEY)
            .secret(SECRET)
            .base_url(&url)
            .build()
            .unwrap();
        let token = Client::new(KEY, SECRET)
            .unwrap()
            .user_token("bench")
            .sign()
            .unwrap();
        let hand = ByHand {
            http: reqwest::Client::builder().gzip(true).build().unwrap(),
            base: url,
            token: token.as_str().to_owned(),
        };
        let is_get = name == "GetCall";
        let count = if is_get { 256 } else { 64 };
        for in_flight in [1, 64] {
            let (mut by_hand, mut ours, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            let hand = || async {
                if is_get {
                    hand.get_call().await
                } else {
                    hand.query_calls().await
                }
            };
            let us = || async {
                if is_get {
                    get_call(client.clone()).await
                } else {
                    query_calls(client.clone()).await
                }
            };
            for round in 0..ROUNDS + 2 {
                let (a, b);
                if round % 2 == 0 {
                    a = runtime.block_on(time(count, in_flight, hand));
                    b = runtime.block_on(time(count, in_flight, us));
                } else {
                    b = runtime.block_on(time(count, in_flight, us));
                    a = runtime.block_on(time(count, in_flight, hand));
                }
                // The first rounds open connections and warm caches.
                if round > 1 {
                    ratios.push(b.as_secs_f64() / a.as_secs_f64());
                    by_hand.push(a.as_secs_f64());
                    ours.push(b.as_secs_f64());
                }
            }
            let per_call = |times| median(times) * 1e6 / count as f64;
            println!(
                "| {name} | {in_flight} | {:.1} | {:.1} | {:.3} |",
                per_call(by_hand),
                per_call(ours),
                median(ratios)
            );
        }
    }
}

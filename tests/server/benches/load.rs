//! The local server under load: `cargo bench -p video-api-server --bench load [CALLS]`.
//!
//! One client asks for single calls, another repeats filtered queries, both over loopback, while
//! the server has the runtime's one worker (and a thread for the query) to itself as far as the
//! machine allows. Pin it to one core with `taskset -c 0` to see what one core does.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for people to run"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use video_api_server::Server;

const MEASURED: Duration = Duration::from_secs(5);

/// A connection that is kept, and one request after the other on it.
struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    fn new(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream: BufReader::new(stream),
            token: token.to_owned(),
        }
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let request = format!(
            "{method} /api/v2{path}?api_key=local-api-key HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\n\
             stream-auth-type: jwt\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut length, mut line) = (0, String::new());
        let mut status = String::new();
        while self.stream.read_line(&mut line).unwrap() > 2 {
            if status.is_empty() {
                status = line.clone();
            }
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).unwrap();
        assert!(
            status.contains(" 20"),
            "{status} {}",
            String::from_utf8_lossy(&answer)
        );
        answer
    }
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

fn call(number: usize) -> String {
    let user = |offset: usize| format!("user-{}", (number * 7 + offset) % 1000);
    let data = json!({
        "created_by_id": user(0),
        "members": [{ "user_id": user(1), "role": "host" }, { "user_id": user(2) }],
        "custom": { "topic": format!("topic-{}", number % 50), "priority": number % 10 },
        "starts_at": format!("2030-01-{:02}T{:02}:00:00Z", number % 28 + 1, number % 24),
    });
    json!({ "data": data }).to_string()
}

fn fill(address: SocketAddr, token: &str, calls: usize) {
    let mut client = Client::new(address, token);
    let ids: Vec<String> = (0..1000).map(|n| format!("user-{n}")).collect();
    for chunk in ids.chunks(100) {
        let users: serde_json::Map<String, Value> = chunk
            .iter()
            .map(|id| (id.clone(), json!({ "id": id })))
            .collect();
        client.send("POST", "/users", &json!({ "users": users }).to_string());
    }
    for number in 0..calls {
        client.send(
            "POST",
            &format!("/video/call/default/call-{number}"),
            &call(number),
        );
    }
}

/// How often the requests can be made while `MEASURED` passes, and how long the slowest took.
fn measure(mut request: impl FnMut(usize)) -> (f64, Duration) {
    let (start, mut count, mut slowest) = (Instant::now(), 0, Duration::ZERO);
    while start.elapsed() < MEASURED {
        let before = Instant::now();
        request(count);
        slowest = slowest.max(before.elapsed());
        count += 1;
    }
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    let rate = count as f64 / start.elapsed().as_secs_f64();
    (rate, slowest)
}

fn queries() -> Vec<(&'static str, String)> {
    [
        ("newest", json!({ "limit": 25 })),
        ("running, by start", json!({ "limit": 25, "filter_conditions": { "ended_at": null }, "sort": [{ "field": "starts_at", "direction": 1 }] })),
        ("of a member", json!({ "limit": 25, "filter_conditions": { "members": { "$in": ["user-77"] } }, "sort": [{ "field": "created_at", "direction": -1 }] })),
        ("custom data, two sort fields", json!({ "limit": 25, "filter_conditions": { "custom.topic": "topic-7", "custom.priority": { "$gte": 5 } }, "sort": [{ "field": "custom.priority", "direction": -1 }, { "field": "cid", "direction": 1 }] })),
        ("nothing fits", json!({ "limit": 25, "filter_conditions": { "team": "none" } })),
    ]
    .into_iter()
    .map(|(name, body)| (name, body.to_string()))
    .collect()
}

fn main() {
    let calls = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .next();
    let calls: usize = calls.unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let before = Instant::now();
    let server = runtime
        .block_on(Server::builder().recording(false).start())
        .unwrap();
    println!("start: {:?}", before.elapsed());
    let address = server.address();
    let key = EncodingKey::from_secret(server.secret().as_bytes());
    let claims = json!({ "server": true });
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();

    let memory = resident_kilobytes();
    let before = Instant::now();
    fill(address, &token, calls);
    #[allow(clippy::cast_precision_loss, reason = "a rate")]
    let rate = calls as f64 / before.elapsed().as_secs_f64();
    let per_call = (resident_kilobytes() - memory) * 1024 / calls.max(1) as u64;
    println!("GetOrCreateCall: {rate:.0}/s; {calls} calls with two members, {per_call} bytes each");

    let mut client = Client::new(address, &token);
    for (name, body) in queries() {
        let (rate, slowest) = measure(|_| drop(client.send("POST", "/video/calls", &body)));
        println!(
            "QueryCalls, {name}: {:.1} ms each, {slowest:.1?} at most",
            1000.0 / rate
        );
    }
    let get = |client: &mut Client, n: usize| {
        let number = n * 7919 % calls;
        client.send("GET", &format!("/video/call/default/call-{number}"), "");
    };
    let (alone, slowest) = measure(|n| get(&mut client, n));
    println!("GetCall alone: {alone:.0}/s, {slowest:.1?} at most");

    let stop = Arc::new(AtomicBool::new(false));
    let querying = thread::spawn({
        let (stop, token, body) = (Arc::clone(&stop), token.clone(), queries()[1].1.clone());
        move || {
            let mut client = Client::new(address, &token);
            let (start, mut count) = (Instant::now(), 0);
            while !stop.load(Ordering::Relaxed) {
                client.send("POST", "/video/calls", &body);
                count += 1;
            }
            f64::from(count) / start.elapsed().as_secs_f64()
        }
    });
    let (beside, slowest) = measure(|n| get(&mut client, n));
    stop.store(true, Ordering::Relaxed);
    let queries = querying.join().unwrap();
    println!(
        "GetCall beside {queries:.0} filtered QueryCalls/s: {beside:.0}/s, {slowest:.1?} at most"
    );
}

//! The local server under load: `cargo bench -p video-api-server --bench load [CALLS]`.
//!
//! The server has a process of its own, on one core where `taskset` can pin it, and this program
//! takes another. It fills the server over HTTP, then queries, reads, and reads beside a client
//! that repeats a query. `--json` prints the figures for `cargo xtask bench serving`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for people to run"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use video_api_server::DEFAULT_SECRET;

const MEASURED: Duration = Duration::from_secs(1);
/// Connections that read calls at the same time.
const READERS: usize = 8;
const USERS: usize = 1000;

/// The server's process, killed when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let binary = env!("CARGO_BIN_EXE_video-api-server");
        let is_pinned = Command::new("taskset").arg("--version").output().is_ok();
        let mut command = if is_pinned {
            let mut command = Command::new("taskset");
            command.args(["-c", "0", binary]);
            let own = std::process::id().to_string();
            let pinned = Command::new("taskset").args(["-cp", "1", &own]).output();
            assert!(
                pinned.unwrap().status.success(),
                "this machine has one core"
            );
            command
        } else {
            Command::new(binary)
        };
        let mut child = command
            .args(["--port", "0", "--quiet"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let address = out.lines().find_map(|line| {
            let line = line.unwrap();
            let address = line.split_once("STREAM_BASE_URL=http://")?.1;
            Some(address.trim().to_owned())
        });
        Self {
            child,
            address: address.unwrap(),
        }
    }

    fn resident_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.unwrap().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A connection that is kept, and one request after the other on it.
struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    fn new(server: &str) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_nodelay(true).unwrap();
        let key = EncodingKey::from_secret(DEFAULT_SECRET.as_bytes());
        let claims = json!({ "server": true });
        Self {
            stream: BufReader::new(stream),
            token: jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap(),
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
                status.clone_from(&line);
            }
            if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = text.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut response = vec![0; length];
        self.stream.read_exact(&mut response).unwrap();
        let text = || String::from_utf8_lossy(&response);
        assert!(status.contains(" 20"), "{status} {}", text());
        response
    }
}

fn call(number: usize) -> String {
    // A field with one value in almost every call, another in a few, and none in as many.
    let state = match number % 10_000 {
        77 => Some("closed"),
        78 => None,
        _ => Some("open"),
    };
    let user = |offset: usize| format!("user-{}", (number * 7 + offset) % USERS);
    let data = json!({
        "created_by_id": user(0),
        "members": [{ "user_id": user(1), "role": "host" }, { "user_id": user(2) }],
        "custom": {
            "topic": format!("topic-{}", number % 50),
            "priority": number * 31 % 1009,
            "title": format!("Meeting {number} of group {}", number % 7),
            "state": state,
        },
        "starts_at": format!("2030-01-{:02}T{:02}:00:00Z", number % 28 + 1, number % 24),
    });
    json!({ "data": data }).to_string()
}

fn fill(client: &mut Client, calls: usize) {
    let ids: Vec<String> = (0..USERS).map(|n| format!("user-{n}")).collect();
    for chunk in ids.chunks(100) {
        let users = chunk.iter().map(|id| (id.clone(), json!({ "id": id })));
        let body = json!({ "users": users.collect::<Map<String, Value>>() });
        client.send("POST", "/users", &body.to_string());
    }
    for number in 0..calls {
        let path = format!("/video/call/default/call-{number}");
        client.send("POST", &path, &call(number));
    }
}

/// Queries by their filter and order: each kind of condition, and each way to find the order.
fn queries() -> Vec<(&'static str, String)> {
    let query = |filter: Value, field: &str, direction: i64| {
        let sort = json!([{ "field": field, "direction": direction }]);
        json!({ "limit": 25, "filter_conditions": filter, "sort": sort }).to_string()
    };
    vec![
        ("none, `created_at`", query(json!({}), "created_at", -1)),
        (
            "`ended_at` null, `starts_at`",
            query(json!({ "ended_at": null }), "starts_at", 1),
        ),
        (
            "`members` in, `created_at`",
            query(json!({ "members": { "$in": ["user-77"] } }), "created_at", -1),
        ),
        (
            "custom equal, custom and `cid`",
            json!({
                "limit": 25,
                "filter_conditions": { "custom.topic": "topic-7", "custom.priority": { "$gte": 500 } },
                "sort": [{ "field": "custom.priority", "direction": -1 }, { "field": "cid", "direction": 1 }],
            })
            .to_string(),
        ),
        (
            "custom range, custom",
            query(json!({ "custom.priority": { "$gt": 900 } }), "custom.priority", 1),
        ),
        (
            "`$autocomplete`, `created_at`",
            query(json!({ "id": { "$autocomplete": "call-9999" } }), "created_at", -1),
        ),
        (
            "`$ne` of almost all, `starts_at`",
            query(json!({ "custom.state": { "$ne": "open" } }), "starts_at", 1),
        ),
        (
            "`$nin` of almost all, `created_at`",
            query(json!({ "custom.state": { "$nin": ["open", "none"] } }), "created_at", -1),
        ),
        (
            "`$exists` false in few, `updated_at`",
            query(json!({ "custom.state": { "$exists": false } }), "updated_at", -1),
        ),
        (
            "`$nor` of almost all, `cid`",
            query(
                json!({ "$nor": [{ "custom.state": "open" }, { "custom.state": "closed" }] }),
                "cid",
                1,
            ),
        ),
        (
            "`$contains` in a unique text, `starts_at`",
            query(json!({ "custom.title": { "$contains": "99 of group 3" } }), "starts_at", -1),
        ),
        (
            "range of `id`, `created_at`",
            query(json!({ "id": { "$gt": "call-9998" } }), "created_at", -1),
        ),
        ("none, custom", query(json!({}), "custom.priority", -1)),
        (
            "equal to a list, `created_at`",
            query(json!({ "custom.topic": ["none"] }), "created_at", -1),
        ),
        (
            "none, `id`",
            query(json!({}), "id", -1),
        ),
        (
            "`$or` of custom, `cid`",
            query(
                json!({ "$or": [{ "custom.topic": "topic-3" }, { "custom.topic": "topic-4" }] }),
                "cid",
                -1,
            ),
        ),
        (
            "`team` of none, `created_at`",
            query(json!({ "team": "none" }), "created_at", -1),
        ),
        (
            "range of none, `updated_at`",
            query(json!({ "custom.priority": { "$gt": 5000 } }), "updated_at", 1),
        ),
    ]
}

/// Milliseconds that a request takes: the median, and the slowest in a hundred.
fn measure(mut request: impl FnMut()) -> (f64, f64) {
    let start = Instant::now();
    let mut times = Vec::new();
    while start.elapsed() < MEASURED {
        let before = Instant::now();
        request();
        times.push(before.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_unstable_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Calls that `READERS` connections read in a second.
fn reads(server: &str, calls: usize) -> f64 {
    let stop = AtomicBool::new(false);
    let count = AtomicU32::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for reader in 0..READERS {
            let (stop, count) = (&stop, &count);
            scope.spawn(move || {
                let mut client = Client::new(server);
                let mut number = reader;
                while !stop.load(Ordering::Relaxed) {
                    number = (number + 7919) % calls;
                    client.send("GET", &format!("/video/call/default/call-{number}"), "");
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(MEASURED);
        stop.store(true, Ordering::Relaxed);
    });
    f64::from(count.into_inner()) / start.elapsed().as_secs_f64()
}

/// Reads per second beside a client that repeats a query, and queries per second.
fn reads_beside(server: &str, calls: usize, query: String) -> (f64, f64) {
    let stop = Arc::new(AtomicBool::new(false));
    let querying = thread::spawn({
        let (stop, server) = (Arc::clone(&stop), server.to_owned());
        move || {
            let mut client = Client::new(&server);
            let (start, mut count) = (Instant::now(), 0);
            while !stop.load(Ordering::Relaxed) {
                client.send("POST", "/video/calls", &query);
                count += 1;
            }
            f64::from(count) / start.elapsed().as_secs_f64()
        }
    });
    let reads = reads(server, calls);
    stop.store(true, Ordering::Relaxed);
    (reads, querying.join().unwrap())
}

/// Milliseconds for leading a caller into the call whose number is dialled: the median.
fn resolve_time(client: &mut Client) -> f64 {
    let json = |response: Vec<u8>| serde_json::from_slice::<Value>(&response).unwrap();
    let trunk = json!({ "name": "trunk", "numbers": ["+1"] }).to_string();
    let trunk = json(client.send("POST", "/video/sip/inbound_trunks", &trunk));
    let rule = json!({
        "name": "pin", "trunk_ids": [trunk["sip_trunk"]["id"]], "caller_configs": { "id": "user-1" },
        "pin_routing_configs": {},
    });
    client.send(
        "POST",
        "/video/sip/inbound_routing_rules",
        &rule.to_string(),
    );
    let call = json(client.send("GET", "/video/call/default/call-77", ""));
    let body = json!({
        "sip_caller_number": "+2", "sip_trunk_number": "+1", "routing_number": call["call"]["routing_number"],
    });
    let body = body.to_string();
    measure(|| drop(client.send("POST", "/video/sip/resolve", &body))).0
}

/// Milliseconds for deleting a user who owns a thousandth of the calls: the median of 50.
fn deletion_time(client: &mut Client) -> f64 {
    let mut times: Vec<f64> = (0..50)
        .map(|number| {
            let body = json!({ "user_ids": [format!("user-{number}")], "user": "soft" });
            let before = Instant::now();
            client.send("POST", "/users/delete", &body.to_string());
            before.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Milliseconds from starting the process to its first response: the median of ten.
fn start_times() -> f64 {
    let time = |_| {
        let before = Instant::now();
        let server = Server::start();
        Client::new(&server.address).send("GET", "/video/edges", "");
        before.elapsed().as_secs_f64() * 1000.0
    };
    let mut times: Vec<f64> = (0..10).map(time).collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let calls = arguments.iter().find_map(|argument| argument.parse().ok());
    let calls: usize = calls.unwrap_or(100_000);
    let is_json = arguments.iter().any(|argument| argument == "--json");
    let mut figures = BTreeMap::new();
    let mut note = |name: String, value: f64, unit: &str| {
        if !is_json {
            println!("{name}: {value:.1} {unit}");
        }
        figures.insert(name, value);
    };

    note("start".into(), start_times(), "ms");
    let server = Server::start();
    let mut client = Client::new(&server.address);
    let (empty, before) = (server.resident_bytes(), Instant::now());
    fill(&mut client, calls);
    #[allow(clippy::cast_precision_loss, reason = "far from the limit")]
    let (count, grown) = (calls as f64, (server.resident_bytes() - empty) as f64);
    let created = count / before.elapsed().as_secs_f64();
    note("creates".into(), created, "per second");
    note("memory".into(), grown / count, "bytes per call");

    for (name, body) in queries() {
        let (median, slowest) = measure(|| drop(client.send("POST", "/video/calls", &body)));
        note(format!("query {name}"), median, "ms");
        note(format!("slowest {name}"), slowest, "ms");
    }
    note("reads".into(), reads(&server.address, calls), "per second");
    for (name, body) in queries() {
        let (reads, queries) = reads_beside(&server.address, calls, body);
        note(format!("reads beside {name}"), reads, "per second");
        note(format!("queries beside {name}"), queries, "per second");
    }
    note("resolve".into(), resolve_time(&mut client), "ms");
    note("delete user".into(), deletion_time(&mut client), "ms");
    if is_json {
        println!("{}", json!(figures));
    }
}

//! The binary serves, says where and what, and refuses what it cannot serve.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_video-api-server");

struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Running {
    fn next_line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    fn get(&self, target: &str) -> String {
        self.send("GET", target, "")
    }

    fn send(&self, method: &str, target: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

/// Starts it on a free port, with a banner in JSON.
fn start(arguments: &[&str]) -> Running {
    let mut child = Command::new(BINARY)
        .args(["--port", "0", "--json"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let banner: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let url = banner["url"].as_str().unwrap();
    Running {
        child,
        lines,
        address: url.strip_prefix("http://").unwrap().to_owned(),
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

#[track_caller]
fn refused(output: &Output, message: &str) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains(message), "{text}");
}

#[test]
fn prints_the_environment_and_one_line_per_request() {
    let mut child = Command::new(BINARY)
        .args(["--port", "0", "--api-key", "k", "--api-secret", "s"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let banner: Vec<String> = lines.by_ref().take(4).map(Result::unwrap).collect();
    let api = video_api_server::Api::new(video_api_server::embedded_spec()).unwrap();
    let count = api.operations().len();
    let address = banner[1]
        .strip_prefix("export STREAM_BASE_URL=http://")
        .unwrap_or_else(|| panic!("{banner:?}"))
        .to_owned();
    assert_eq!(
        banner[0],
        format!("# serving {count} operations; http://{address}/_local shows what happens")
    );
    assert_eq!(banner[2], "export STREAM_API_KEY=k");
    assert_eq!(banner[3], "export STREAM_API_SECRET=s");
    let mut running = Running {
        child,
        lines,
        address,
    };
    let response = running.get("/api/v2/video/edges?api_key=k");
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    let line = running.next_line();
    assert!(
        line.starts_with("401 GET    /api/v2/video/edges  GetEdges  "),
        "{line}"
    );
    let reason = running.next_line();
    assert!(reason.contains("stream-auth-type"), "{reason}");
}

#[test]
fn requests_can_be_lines_of_json() {
    let mut running = start(&[]);
    running.get("/nothing");
    let line: Value = serde_json::from_str(&running.next_line()).unwrap();
    assert_eq!(line["path"], "/nothing");
    assert_eq!(line["status"], 404);
    assert_eq!(line["operation"], Value::Null);
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let running = start(&[]);
    let port = running.address.rsplit_once(':').unwrap().1;
    let output = run(&["--port", port]);
    refused(&output, &format!("127.0.0.1:{port} cannot be bound"));
    refused(&output, "choose another port");
}

#[test]
fn a_missing_spec_or_seed_is_named() {
    for option in ["--spec", "--seed"] {
        let output = run(&["--port", "0", option, "/nowhere/file.json"]);
        refused(&output, "/nowhere/file.json");
    }
}

#[test]
fn flags_that_make_no_sense_are_one_clear_line() {
    for (arguments, message) in [
        (
            ["--webhook", "nonsense"],
            "webhook: `nonsense` is not an HTTP URL; give one such as http://",
        ),
        (
            ["--webhook", "localhost:3000"],
            "`localhost:3000` is not an HTTP URL",
        ),
        (
            ["--webhook", "file:///hook"],
            "`file:///hook` is not an HTTP URL",
        ),
        (
            ["--public-url", "stream"],
            "public-url: `stream` is not an HTTP URL; give one such as http://",
        ),
        (
            ["--host", "localhost"],
            "host: `localhost` is not an IP address; give one such as 127.0.0.1",
        ),
        (
            ["--allow-host", "http://video"],
            "allow-host: `http://video` is not a host name; give one such as video",
        ),
        (
            ["--data", "/nowhere/state.redb"],
            "the data file /nowhere/state.redb cannot be used: ",
        ),
        (["--data", "/"], "the data file / cannot be used: "),
        (
            ["--rate-limit", "0"],
            "rate-limit: 0 would refuse every request; give at least 1",
        ),
        (["--api-secret", ""], "api-secret: it must not be empty"),
        (["--api-key", ""], "api-key: it must not be empty"),
    ] {
        let mut all = vec!["--port", "0"];
        all.extend(arguments);
        refused(&run(&all), message);
    }
}

#[test]
fn the_banner_names_the_receiver_of_events_without_its_password() {
    let mut child = Command::new(BINARY)
        .args([
            "--port",
            "0",
            "--webhook",
            "http://ana:hush@127.0.0.1:9/hook",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let banner: Vec<String> = lines.take(5).map(Result::unwrap).collect();
    drop(child.kill());
    drop(child.wait());
    assert_eq!(banner[1], "# events go to http://127.0.0.1:9/hook");
}

#[test]
fn timestamps_of_webhooks_have_two_forms() {
    let trigger = "/_local/events/call.ended/trigger";
    for (form, is_text) in [("integer", false), ("rfc3339", true)] {
        let running = start(&["--webhook-timestamps", form]);
        let response = running.send("POST", trigger, "{}");
        let (_, sent) = response.split_once("\r\n\r\n").unwrap();
        let sent: Value = serde_json::from_str(sent).unwrap();
        let body: Value = serde_json::from_str(sent["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["created_at"].is_string(), is_text, "{form}: {body}");
    }
}

#[test]
fn it_starts_with_what_a_seed_says_and_refuses_one_it_cannot_read() {
    let folder = std::env::temp_dir().join(format!("video-api-seed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("seed.json");
    let seed = json!({
        "users": [{ "id": "ana" }],
        "calls": [{ "type": "default", "id": "standup", "data": { "created_by_id": "ana" } }],
    });
    std::fs::write(&file, seed.to_string()).unwrap();
    let running = start(&["--seed", file.to_str().unwrap()]);
    let response = running.get("/_local/export");
    assert!(response.contains("standup"), "{response}");

    std::fs::write(&file, r#"{"users":[{"name":"nobody"}]}"#).unwrap();
    let output = run(&["--port", "0", "--seed", file.to_str().unwrap()]);
    refused(&output, "users/0");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn nobody_is_answered_before_the_seed_is_loaded() {
    let folder = std::env::temp_dir().join(format!("video-api-ready-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("seed.json");
    let users: Vec<Value> = (0..20_000)
        .map(|number| json!({ "id": format!("user-{number}") }))
        .collect();
    std::fs::write(&file, json!({ "users": users }).to_string()).unwrap();
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let port = address.port().to_string();
    let mut child = Command::new(BINARY)
        .args(["--port", &port, "--json", "--seed", file.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut running = Running {
        child,
        lines,
        address: address.to_string(),
    };
    while TcpStream::connect(address).is_err() {
        assert!(running.child.try_wait().unwrap().is_none());
    }
    let health = running.get("/health");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    assert!(running.get("/_local/export").contains("user-19999"));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to() {
    let mut running = start(&[]);
    let told = Command::new("kill")
        .arg(running.child.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert!(running.child.wait().unwrap().success());
}

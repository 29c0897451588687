//! The binary serves, says where, and refuses what it cannot serve.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_video-api-server");

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn prints_the_environment_and_serves() {
    let mut child = Command::new(BINARY)
        .args(["--port", "0", "--api-key", "k", "--api-secret", "s"])
        .stdout(Stdio::piped())
        .spawn()
        .map(Running)
        .unwrap();
    let stdout = BufReader::new(child.0.stdout.take().unwrap());
    let lines: Vec<String> = stdout.lines().take(4).map(Result::unwrap).collect();
    let api = video_api_server::Api::new(video_api_server::embedded_spec()).unwrap();
    let count = api.operations().len();
    assert_eq!(lines[0], format!("# serving {count} operations"));
    let address = lines[1]
        .strip_prefix("export STREAM_BASE_URL=http://")
        .unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(lines[2], "export STREAM_API_KEY=k");
    assert_eq!(lines[3], "export STREAM_API_SECRET=s");
    assert!(address.starts_with("127.0.0.1:"));
    let mut stream = TcpStream::connect(address).unwrap();
    let request =
        b"GET /api/v2/video/edges?api_key=k HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("stream-auth-type"), "{answer}");
}

#[test]
fn a_missing_spec_is_named() {
    let output = Command::new(BINARY)
        .args(["--port", "0", "--spec", "/nowhere/spec.json"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("/nowhere/spec.json"), "{message}");
}

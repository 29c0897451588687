//! `kill -9` at any moment under load: what was answered is there.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use video_api_server::DEFAULT_SECRET;

const BINARY: &str = env!("CARGO_BIN_EXE_video-api-server");
const WRITERS: usize = 8;

struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(file: &Path) -> Self {
        let mut child = Command::new(BINARY)
            .args(["--port", "0", "--json", "--create-users", "--data"])
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let banner = lines.next().unwrap().unwrap();
        // Nobody reads the lines of requests, but somebody has to take them.
        std::thread::spawn(move || lines.for_each(drop));
        let banner: Value = serde_json::from_str(&banner).unwrap();
        let url = banner["url"].as_str().unwrap();
        Self {
            child,
            address: url.strip_prefix("http://").unwrap().to_owned(),
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Sends a request and reads its response; none when the server was killed meanwhile.
fn ask(address: &str, token: &str, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let request = format!(
        "{method} /api/v2/video{path}?api_key=local-api-key HTTP/1.1\r\nhost: x\r\n\
         authorization: {token}\r\nstream-auth-type: jwt\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut response = String::new();
    stream.read_to_string(&mut response).ok()?;
    let (head, body) = response.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    (length.parse() == Ok(body.len())).then(|| (status, body.to_owned()))
}

/// Acknowledged writes: calls with their last acknowledged number.
type Acknowledged = Arc<Mutex<Vec<(String, u64)>>>;

fn write(address: &str, token: &str, writer: &str, stop: &AtomicBool, acknowledged: &Acknowledged) {
    for number in 0_u64.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let id = format!("{writer}-{number}");
        let path = format!("/call/default/{id}");
        let create = json!({ "data": { "created_by_id": "ana", "custom": { "n": 0 } } });
        let Some((201, _)) = ask(address, token, "POST", &path, &create.to_string()) else {
            return;
        };
        acknowledged.lock().unwrap().push((id.clone(), 0));
        let change = json!({ "custom": { "n": 1 } });
        let Some((200, _)) = ask(address, token, "PATCH", &path, &change.to_string()) else {
            return;
        };
        acknowledged.lock().unwrap().push((id, 1));
    }
}

fn rounds(count: u64) {
    let folder =
        std::env::temp_dir().join(format!("video-api-kill-{count}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file: PathBuf = folder.join("state.redb");
    let key = EncodingKey::from_secret(DEFAULT_SECRET.as_bytes());
    let claims = json!({ "server": true });
    let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
    let mut random = fastrand::Rng::with_seed(count);
    let acknowledged = Acknowledged::default();
    for round in 0..count {
        let process = Process::start(&file);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let writer = format!("r{round}w{writer}");
                let (process, token, stop) = (&process, &token, &stop);
                let acknowledged = &acknowledged;
                scope.spawn(move || write(&process.address, token, &writer, stop, acknowledged));
            }
            std::thread::sleep(Duration::from_millis(random.u64(20..400)));
            let pid = process.child.id().to_string();
            assert!(
                Command::new("kill")
                    .args(["-9", &pid])
                    .status()
                    .unwrap()
                    .success()
            );
            stop.store(true, Ordering::SeqCst);
        });
        process.kill();

        let process = Process::start(&file);
        let answered = std::mem::take(&mut *acknowledged.lock().unwrap());
        for (id, n) in &answered {
            let path = format!("/call/default/{id}");
            let (status, body) = ask(&process.address, &token, "GET", &path, "").unwrap();
            assert_eq!(status, 200, "round {round}: {id} is lost");
            let body: Value = serde_json::from_str(&body).unwrap();
            // A later change may have been kept without being answered.
            assert!(
                body["call"]["custom"]["n"].as_u64() >= Some(*n),
                "round {round}: {id} {n}"
            );
        }
        process.kill();
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_was_answered_survives_a_few_kills() {
    rounds(5);
}

#[test]
#[ignore = "takes minutes"]
fn what_was_answered_survives_a_hundred_kills() {
    rounds(100);
}

//! A raw HTTP client: what it writes is what arrives, to the byte.
#![allow(
    dead_code,
    reason = "every test file compiles its own copy and uses a part"
)]
#![allow(
    unreachable_pub,
    reason = "one module, shared by crates that are nothing but tests"
)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests: a failure here is a failed test"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use video_api_server::Server;

pub const CALL: &str = "/api/v2/video/call/default/standup";

/// A response, taken apart.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub fn ok(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert!((200..300).contains(&self.status), "{} {text}", self.status);
        self.json()
    }

    /// Checks an error in full: line, code in the API's shape, and part of the message.
    #[track_caller]
    pub fn refused(&self, status: u16, code: i64, message: &str) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text}");
        let body = self.json();
        assert_eq!(body["code"], code, "{text}");
        assert_eq!(body["StatusCode"], status, "{text}");
        assert!(self.message().contains(message), "{text} lacks {message:?}");
    }
}

/// Seconds since the epoch.
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

pub fn sign_with(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap()
}

pub fn sign(server: &Server, claims: &Value) -> String {
    sign_with(Algorithm::HS256, server.secret(), claims)
}

/// Sends bytes as they are and reads one response.
pub async fn raw(server: &Server, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    let end = response.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no response: {response:?}"));
    let head = String::from_utf8(response[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Reply {
        status: status.parse().unwrap(),
        headers: headers.collect(),
        body: response[end + 4..].to_vec(),
    }
}

/// A request with nothing added but `host` and `connection: close`.
pub async fn bare(
    server: &Server,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut request = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "connection: close\r\n\r\n";
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    raw(server, &request).await
}

/// A request for a local route, whose path goes without the prefix.
pub async fn local(server: &Server, method: &str, path: &str, body: Option<Value>) -> Reply {
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let length = body.len().to_string();
    let headers = [("content-length", length.as_str())];
    let target = format!("/_local{path}");
    bare(server, method, &target, &headers, body.as_bytes()).await
}

/// A request as a good client makes it, signed with the given claims.
pub async fn send_as(
    server: &Server,
    claims: &Value,
    method: &str,
    target: &str,
    body: Option<&Value>,
) -> Reply {
    let separator = if target.contains('?') { '&' } else { '?' };
    let target = format!("{target}{separator}api_key={}", server.api_key());
    let token = sign(server, claims);
    let body = body.map(Value::to_string).unwrap_or_default();
    let length = body.len().to_string();
    let mut headers = vec![
        ("authorization", token.as_str()),
        ("stream-auth-type", "jwt"),
    ];
    if !body.is_empty() || !matches!(method, "GET" | "DELETE") {
        headers.push(("content-length", &length));
    }
    if !body.is_empty() {
        headers.push(("content-type", "application/json"));
    }
    bare(server, method, &target, &headers, body.as_bytes()).await
}

/// A request as a good client makes it, with a server token.
pub async fn send(server: &Server, method: &str, target: &str, body: Option<&Value>) -> Reply {
    send_as(server, &json!({ "server": true }), method, target, body).await
}

pub async fn get(server: &Server, target: &str) -> Reply {
    send(server, "GET", target, None).await
}

pub async fn post(server: &Server, target: &str, body: Value) -> Reply {
    send(server, "POST", target, Some(&body)).await
}

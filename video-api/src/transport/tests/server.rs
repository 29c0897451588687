//! A server that does exactly what a test says, down to the bytes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The reaction to a request.
pub(super) enum Reply {
    /// These bytes, and the connection stays.
    Raw(Vec<u8>),
    /// These bytes, then the end of the connection.
    Close(Vec<u8>),
    /// These bytes, then a reset.
    Reset(Vec<u8>),
    /// These bytes, then nothing more.
    Stall(Vec<u8>),
    /// These bytes at once, then the pieces over and over, `n` times, with a pause before each.
    Repeat(Vec<u8>, Vec<u8>, usize, Duration),
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Request line and headers.
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Seen {
    pub(super) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    /// All values of a header.
    pub(super) fn header(&self, name: &str) -> Vec<&str> {
        let headers = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        headers
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

pub(super) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

type Script = dyn Fn(usize, &Seen) -> Reply + Send + Sync;

impl Server {
    /// The script is given the number of the request, from 0.
    pub(super) async fn start(
        script: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let script: Arc<Script> = Arc::new(script);
        let task = tokio::spawn({
            let (seen, connections) = (seen.clone(), connections.clone());
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    connections.fetch_add(1, Ordering::SeqCst);
                    tokio::spawn(serve(stream, seen.clone(), script.clone()));
                }
            }
        });
        Self {
            port,
            seen,
            connections,
            task,
        }
    }

    /// Always the same response.
    pub(super) async fn always(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |_, _| reply()).await
    }

    /// An address where nobody listens.
    pub(super) async fn refusing() -> Self {
        let server = Self::always(|| Reply::Close(Vec::new())).await;
        server.task.abort();
        while !server.task.is_finished() {
            tokio::task::yield_now().await;
        }
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Seen>>>, script: Arc<Script>) {
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        match script(number, &request) {
            Reply::Raw(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Close(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                stream.shutdown().await.ok();
                return;
            }
            Reply::Reset(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                // What was written should arrive before the reset does.
                tokio::time::sleep(Duration::from_millis(30)).await;
                stream.set_zero_linger().unwrap();
                return;
            }
            Reply::Stall(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                let mut rest = [0; 64];
                while stream.read(&mut rest).await.is_ok_and(|n| n > 0) {}
                return;
            }
            Reply::Repeat(first, piece, n, pause) => {
                stream.write_all(&first).await.unwrap();
                for _ in 0..n {
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// One request; none at the end of the connection.
async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut request = Seen {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end..].to_vec(),
    };
    let length = request
        .header("content-length")
        .first()
        .map_or(0, |n| n.parse().unwrap());
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(request)
}

/// A response with headers of its own.
pub(super) fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A JSON response.
pub(super) fn json(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    response(status, "content-type: application/json\r\n", body)
}

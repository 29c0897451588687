//! A socket that shows what it received, byte for byte.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request as it was on the wire.
#[derive(Debug, Clone)]
pub struct RawRequest {
    /// The request line and the headers, without the empty line behind them.
    pub head: String,
    /// Everything behind the empty line.
    pub body: Vec<u8>,
}

impl RawRequest {
    /// The request target of the first line.
    pub fn target(&self) -> &str {
        self.head.split_whitespace().nth(1).unwrap_or_default()
    }

    /// The path of the target, as sent.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// The raw values of a query parameter.
    pub fn query(&self, name: &str) -> Vec<&str> {
        let query = self.target().split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// The values of a header, in the order sent.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .collect()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A server that gives every request the same response and keeps what it read.
#[derive(Debug)]
pub struct RawServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<RawRequest>>>,
    task: JoinHandle<()>,
}

impl RawServer {
    /// Listens on loopback and answers everything with `response`, a whole HTTP response.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(response: impl Into<Vec<u8>>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, response) = (Arc::clone(&seen), response.into());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, response) = (Arc::clone(&log), response.clone());
                tokio::spawn(async move {
                    // A connection that breaks shows in what was not received.
                    let _ = serve(stream, &log, &response).await;
                });
            }
        });
        Ok(Self {
            address,
            seen,
            task,
        })
    }

    /// Responds with JSON and status 200.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn json(body: &str) -> io::Result<Self> {
        Self::start(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<RawRequest> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<RawRequest>>,
    response: &[u8],
) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
        let mut request = RawRequest {
            head,
            body: Vec::new(),
        };
        let length = request
            .header("content-length")
            .first()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        while buffer.len() < end + 4 + length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        request.body = buffer
            .get(end + 4..end + 4 + length)
            .unwrap_or_default()
            .to_vec();
        buffer.drain(..end + 4 + length);
        log.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        stream.write_all(response).await?;
    }
}

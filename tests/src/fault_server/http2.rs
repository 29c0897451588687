//! HTTP/2 without TLS, written frame by frame, so that any frame can come at any time.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

/// The reactions to a request, one after the other.
#[derive(Debug, Clone)]
pub enum Step {
    /// Status 200 and the content type of JSON.
    Headers,
    /// A piece of the body.
    Data {
        /// The bytes.
        bytes: Vec<u8>,
        /// `true` if they are the last.
        end: bool,
    },
    /// No more streams are accepted on this connection. Comes a moment after a request that is
    /// accepted, because hyper reports one that comes while it still sends as the failure of that
    /// request.
    GoAway {
        /// `true` if this request is among the accepted ones.
        accepted: bool,
        /// The error code.
        code: u32,
    },
    /// The end of this stream alone.
    Reset {
        /// The error code.
        code: u32,
    },
    /// The end of the connection, after what came before has had time to be noticed.
    Close,
}

/// A request that came in whole.
#[derive(Debug, Clone, Copy)]
pub struct StreamRequest {
    /// Number of the request, from 0.
    pub number: usize,
    /// Number of its connection, from 0.
    pub connection: usize,
}

type Script = dyn Fn(StreamRequest) -> Vec<Step> + Send + Sync;

/// A server of HTTP/2 with prior knowledge.
pub struct Http2Server {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Http2Server {
    /// Listens on loopback and asks the script about every request.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(
        script: impl Fn(StreamRequest) -> Vec<Step> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let requests = Arc::new(AtomicUsize::new(0));
        let connections = Arc::new(AtomicUsize::new(0));
        let script: Arc<Script> = Arc::new(script);
        let (counter, accepted) = (Arc::clone(&requests), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            let mut tasks = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection {
                    stream,
                    number: accepted.fetch_add(1, Ordering::SeqCst),
                    requests: Arc::clone(&counter),
                    script: Arc::clone(&script),
                };
                // A connection that breaks is what the tests are about.
                tasks.spawn(async move { drop(connection.run().await) });
                while tasks.try_join_next().is_some() {}
            }
        });
        Ok(Self {
            address,
            requests,
            connections,
            task,
        })
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came in whole.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Http2Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// Frame types and flags of RFC 9113.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

struct Connection {
    stream: TcpStream,
    number: usize,
    requests: Arc<AtomicUsize>,
    script: Arc<Script>,
}

impl Connection {
    async fn run(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        let mut preface = [0; PREFACE.len()];
        self.stream.read_exact(&mut preface).await?;
        if preface != PREFACE {
            return self.stream.write_all(b"HTTP/1.1 505 No\r\n\r\n").await;
        }
        self.frame(SETTINGS, 0, 0, &[]).await?;
        loop {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head).await?;
            let [l0, l1, l2, kind, flags, s0, s1, s2, s3] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, l0, l1, l2]) as usize];
            self.stream.read_exact(&mut payload).await?;
            let stream = u32::from_be_bytes([s0, s1, s2, s3]) & 0x7fff_ffff;
            match kind {
                SETTINGS if flags & ACK == 0 => self.frame(SETTINGS, ACK, 0, &[]).await?,
                PING if flags & ACK == 0 => self.frame(PING, ACK, 0, &payload).await?,
                HEADERS | DATA if flags & END_STREAM != 0 => {
                    let goes_on = self.respond(stream).await?;
                    if !goes_on {
                        return Ok(());
                    }
                }
                // Whoever is told to go away says so too and leaves.
                GOAWAY => return self.stream.shutdown().await,
                _ => {}
            }
        }
    }

    /// Returns whether the connection goes on.
    async fn respond(&mut self, stream: u32) -> io::Result<bool> {
        let request = StreamRequest {
            number: self.requests.fetch_add(1, Ordering::SeqCst),
            connection: self.number,
        };
        for step in (self.script)(request) {
            match step {
                Step::Headers => {
                    // `:status: 200` and `content-type` by their places in the static table.
                    let mut block = vec![0x88, 0x0f, 0x10, 16];
                    block.extend_from_slice(b"application/json");
                    self.frame(HEADERS, END_HEADERS, stream, &block).await?;
                }
                Step::Data { bytes, end } => {
                    let flags = if end { END_STREAM } else { 0 };
                    // No frame may be larger than 16 KiB unless agreed upon.
                    let mut pieces = bytes.chunks(16 * 1024).peekable();
                    while let Some(piece) = pieces.next() {
                        let flags = if pieces.peek().is_none() { flags } else { 0 };
                        self.frame(DATA, flags, stream, piece).await?;
                    }
                }
                Step::GoAway { accepted, code } => {
                    let last = if accepted {
                        sleep(Duration::from_millis(20)).await;
                        stream
                    } else {
                        stream.saturating_sub(2)
                    };
                    let payload = [last.to_be_bytes(), code.to_be_bytes()].concat();
                    self.frame(GOAWAY, 0, 0, &payload).await?;
                }
                Step::Reset { code } => {
                    self.frame(RST_STREAM, 0, stream, &code.to_be_bytes())
                        .await?;
                }
                Step::Close => {
                    sleep(Duration::from_millis(100)).await;
                    self.stream.shutdown().await?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        let [_, l0, l1, l2] = length.to_be_bytes();
        let mut frame = vec![l0, l1, l2, kind, flags];
        frame.extend_from_slice(&stream.to_be_bytes());
        frame.extend_from_slice(payload);
        self.stream.write_all(&frame).await
    }
}

//! A server that does to each request what a test says, down to the bytes on the socket.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::{JoinHandle, JoinSet};

use crate::RawRequest;

mod http1;
mod http2;

pub use http2::{Http2Server, Step, StreamRequest};

/// The reaction to a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These bytes, and the connection stays.
    Send(Vec<u8>),
    /// These bytes, a moment of silence, more bytes, then the end of the connection.
    SendThenClose(Vec<u8>, Duration, Vec<u8>),
    /// These bytes, then the end of the connection.
    Close(Vec<u8>),
    /// These bytes, then a TCP reset.
    Reset(Vec<u8>),
    /// These bytes, then nothing more until the client leaves.
    Stall(Vec<u8>),
    /// These bytes, then one piece over and over with a pause before each.
    Stream {
        /// The bytes that come first.
        head: Vec<u8>,
        /// The bytes that are repeated.
        piece: Vec<u8>,
        /// How often.
        times: usize,
        /// The pause before each piece.
        every: Duration,
    },
    /// The same after a while.
    After(Duration, Box<Reply>),
}

/// A request, and where it came in.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Number of the request, from 0.
    pub number: usize,
    /// Number of its connection, from 0.
    pub connection: usize,
    /// The request as it arrived.
    pub request: RawRequest,
}

/// The reaction to a new connection, without reading from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnAccept {
    /// Serves it.
    Serve,
    /// Ends it once something was sent.
    Close,
    /// Resets it once something was sent.
    Reset,
    /// Keeps it and says nothing.
    Ignore,
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

/// The part of a server that outlives its restarts.
struct Shared {
    script: Box<Script>,
    on_accept: OnAccept,
    keep: bool,
    seen: Mutex<Vec<Seen>>,
    requests: AtomicUsize,
    connections: AtomicUsize,
    open: AtomicUsize,
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A server whose every response is dictated by a closure.
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// Listens on loopback and asks the script about every request.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::with(OnAccept::Serve, true, script).await
    }

    /// The same, but keeps no requests, so that its memory stays as it is.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn forgetful(
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::with(OnAccept::Serve, false, script).await
    }

    /// Accepts connections and treats all of them alike, without reading.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn accepting(on_accept: OnAccept) -> io::Result<Self> {
        Self::with(on_accept, true, |_| Reply::Close(Vec::new())).await
    }

    async fn with(
        on_accept: OnAccept,
        keep: bool,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = listen()?;
        let shared = Arc::new(Shared {
            script: Box::new(script),
            on_accept,
            keep,
            seen: Mutex::default(),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
        });
        Ok(Self {
            address: listener.local_addr()?,
            task: Some(tokio::spawn(accept(listener, Arc::clone(&shared)))),
            shared,
        })
    }

    /// Stops listening and drops every connection, as a crash would.
    pub async fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // An aborted task ends with an error, which is what was wanted.
            let _ = task.await;
        }
    }

    /// Listens again at the same address.
    ///
    /// # Errors
    /// When the port cannot be had again.
    pub async fn resume(&mut self) -> io::Result<()> {
        let listener = listen_at(self.address)?;
        self.task = Some(tokio::spawn(accept(listener, Arc::clone(&self.shared))));
        Ok(())
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of a client that expects TLS here.
    pub fn tls_url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Every request so far, unless the server is forgetful.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen().clone()
    }

    /// How many requests came in whole.
    pub fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// An address that is taken but where nobody listens: connecting is refused.
pub struct Refusing {
    address: SocketAddr,
    _socket: TcpSocket,
}

impl Refusing {
    /// Takes a port.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn new() -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self {
            address: socket.local_addr()?,
            _socket: socket,
        })
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A listener below the ports that outgoing connections are given. Otherwise a client that
/// connects while the server is down might be given the server's port and reach itself.
fn listen() -> io::Result<TcpListener> {
    const FIRST: u16 = 12_000;
    const PORTS: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % u32::from(PORTS)).unwrap_or(0);
    let mut last = None;
    for _ in 0..PORTS {
        let step = NEXT.fetch_add(1, Ordering::SeqCst);
        let port = FIRST + (start.wrapping_add(step)) % PORTS;
        match listen_at((Ipv4Addr::LOCALHOST, port).into()) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| io::Error::other("no port")))
}

fn listen_at(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // Connections of the past at this port do not matter.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(1024)
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with this task, and the connections with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                connections.spawn(http1::connection(stream, number, Arc::clone(&shared)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

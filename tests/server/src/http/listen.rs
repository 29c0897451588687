//! Sockets and connections, and the end of those whose clients never finish.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tower::ServiceExt;

use super::pace::Paced;

/// How many bytes the head of a request may have.
const MAX_HEAD: usize = 64 * 1024;
/// How many headers a request may have.
const MAX_HEADERS: usize = 128;
/// How long to wait when the process is out of sockets.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(50);
/// How long requests under way may take once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// How long clients may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeouts {
    /// For the head of a request, and between requests. Official clients keep idle
    /// connections for 55 seconds.
    pub(crate) head: Duration,
    /// For the body of a request, and for reading a response, a long one at 64 KiB per second.
    pub(crate) body: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            body: Duration::from_secs(30),
        }
    }
}

/// Resets the connection that a request came on, in place of a response.
#[derive(Clone, Debug)]
pub(super) struct Reset(Arc<Notify>);

impl Reset {
    /// Resets the connection; the future never ends, because nothing comes after it.
    pub(super) async fn now(&self) -> std::convert::Infallible {
        self.0.notify_one();
        std::future::pending().await
    }
}

/// The sockets of one server: one, or two on loopback.
pub(crate) struct Listeners {
    sockets: Vec<TcpListener>,
    address: SocketAddr,
}

impl Listeners {
    /// Binds `host` and, where that is the IPv4 loopback, the IPv6 one with the same port, because
    /// `localhost` means either.
    pub(crate) async fn bind(host: IpAddr, port: u16) -> io::Result<Self> {
        let socket = TcpListener::bind((host, port)).await?;
        let address = socket.local_addr()?;
        let mut sockets = vec![socket];
        if host == IpAddr::from([127, 0, 0, 1]) {
            // A machine without IPv6 is served without it.
            let beside = TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await;
            sockets.extend(beside.ok());
        }
        Ok(Self { sockets, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stopping` says so, then lets requests under way end.
    pub(crate) async fn serve(
        self,
        router: Router,
        timeouts: Timeouts,
        stopping: watch::Receiver<bool>,
    ) {
        let mut serving = tokio::task::JoinSet::new();
        for socket in self.sockets {
            serving.spawn(accept(socket, router.clone(), timeouts, stopping.clone()));
        }
        serving.join_all().await;
    }
}

async fn accept(
    socket: TcpListener,
    router: Router,
    timeouts: Timeouts,
    mut stopping: watch::Receiver<bool>,
) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            _ = stopping.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(connection(
                    stream,
                    router.clone(),
                    timeouts,
                    stopping.clone(),
                ));
            }
            Err(_) => tokio::time::sleep(OUT_OF_SOCKETS).await,
        }
    }
    drop(socket);
    // Whatever does not end in time is dropped with the set.
    drop(tokio::time::timeout(GRACE, connections.join_all()).await);
}

async fn connection(
    stream: TcpStream,
    router: Router,
    timeouts: Timeouts,
    mut stopping: watch::Receiver<bool>,
) {
    // Responses are written in one piece; waiting for more would only delay them.
    drop(stream.set_nodelay(true));
    let reset = Reset(Arc::default());
    let resetting = Arc::clone(&reset.0);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(reset.clone());
        request.extensions_mut().insert(timeouts);
        request.map(axum::body::Body::new)
    });
    // Without this, the system would go on delivering what it has taken over.
    let cut_off = |stream: &TcpStream| drop(stream.set_zero_linger());
    let stream = Paced::new(stream, timeouts.body, cut_off);
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.head)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut told = false;
    loop {
        tokio::select! {
            // A failed connection is the client's business.
            _ = &mut connection => return,
            () = resetting.notified() => {
                let stream = connection.into_parts().io.into_inner();
                drop(stream.stream.set_zero_linger());
                return;
            }
            _ = stopping.wait_for(|stop| *stop), if !told => {
                told = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
}

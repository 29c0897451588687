//! The server that has the fault.

use std::sync::Arc;

use video_api_tests::{FaultServer, Http2Server, OnAccept, Refusing, Reply};

use crate::table::Fault;

pub(crate) enum Server {
    None(#[allow(dead_code)] Refusing),
    Http1(FaultServer),
    Http2(Http2Server),
}

impl Server {
    pub(crate) async fn start(fault: &Fault, good: Arc<Vec<u8>>) -> (Self, String) {
        match fault.clone() {
            Fault::Refused => {
                let refusing = Refusing::new().unwrap();
                let url = refusing.url();
                (Self::None(refusing), url)
            }
            Fault::Accept(how) => {
                let server = FaultServer::accepting(how).await.unwrap();
                let url = server.url();
                (Self::Http1(server), url)
            }
            Fault::NoTls(how) => {
                let server = match how {
                    OnAccept::Serve => FaultServer::start(|_| Reply::Close(Vec::new())).await,
                    other => FaultServer::accepting(other).await,
                };
                let server = server.unwrap();
                let url = server.tls_url();
                (Self::Http1(server), url)
            }
            Fault::Script(script) => {
                let server = FaultServer::start(move |seen| script(seen, &good));
                let server = server.await.unwrap();
                let url = server.url();
                (Self::Http1(server), url)
            }
            Fault::Http2(script) => {
                let server = Http2Server::start(move |request| script(request, &good));
                let server = server.await.unwrap();
                let url = server.url();
                (Self::Http2(server), url)
            }
        }
    }

    pub(crate) fn requests(&self) -> usize {
        match self {
            Self::None(_) => 0,
            Self::Http1(server) => server.requests(),
            Self::Http2(server) => server.requests(),
        }
    }
}

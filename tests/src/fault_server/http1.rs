//! One HTTP/1.1 connection.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::{OnAccept, Reply, Seen, Shared};
use crate::RawRequest;

/// Counts a connection while it lives, also when its task is aborted.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(shared))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

pub(super) async fn connection(mut stream: TcpStream, number: usize, shared: Arc<Shared>) {
    let _open = Open::new(&shared);
    // A connection that breaks is what most tests are about.
    let _ = match shared.on_accept {
        OnAccept::Serve => serve(&mut stream, number, &shared).await,
        // Not before the client has begun, or it would look as if it had never connected.
        OnAccept::Close => stream.peek(&mut [0]).await.map(drop),
        OnAccept::Reset => match stream.peek(&mut [0]).await {
            Ok(_) => stream.set_zero_linger(),
            Err(error) => Err(error),
        },
        OnAccept::Ignore => until_left(&mut stream).await,
    };
}

async fn serve(stream: &mut TcpStream, connection: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read(stream, &mut buffer).await? {
        let seen = Seen {
            number: shared.requests.fetch_add(1, Ordering::SeqCst),
            connection,
            request,
        };
        if shared.keep {
            shared.seen().push(seen.clone());
        }
        let mut reply = (shared.script)(&seen);
        while let Reply::After(pause, then) = reply {
            sleep(pause).await;
            reply = *then;
        }
        if !perform(stream, reply).await? {
            break;
        }
    }
    Ok(())
}

/// Returns whether the connection goes on.
async fn perform(stream: &mut TcpStream, reply: Reply) -> io::Result<bool> {
    match reply {
        Reply::After(..) => Ok(true),
        Reply::Send(bytes) => {
            stream.write_all(&bytes).await?;
            Ok(true)
        }
        Reply::SendThenClose(bytes, pause, more) => {
            stream.write_all(&bytes).await?;
            sleep(pause).await;
            stream.write_all(&more).await?;
            stream.shutdown().await?;
            Ok(false)
        }
        Reply::Close(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await?;
            Ok(false)
        }
        Reply::Reset(bytes) => {
            if !bytes.is_empty() {
                stream.write_all(&bytes).await?;
                // What was written should arrive before the reset does.
                sleep(Duration::from_millis(100)).await;
            }
            stream.set_zero_linger()?;
            Ok(false)
        }
        Reply::Stall(bytes) => {
            stream.write_all(&bytes).await?;
            until_left(stream).await?;
            Ok(false)
        }
        Reply::Stream {
            head,
            piece,
            times,
            every,
        } => {
            stream.write_all(&head).await?;
            for _ in 0..times {
                if !every.is_zero() {
                    sleep(every).await;
                }
                stream.write_all(&piece).await?;
            }
            Ok(true)
        }
    }
}

async fn until_left(stream: &mut TcpStream) -> io::Result<()> {
    let mut rest = [0; 256];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// One request; none at the end of the connection.
async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<RawRequest>> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        // A TLS greeting: no HTTP will come.
        if buffer.first() == Some(&0x16) {
            return Ok(None);
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
    let mut request = RawRequest {
        head,
        body: Vec::new(),
    };
    let length: usize = request
        .header("content-length")
        .first()
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    let whole = end + 4 + length;
    while buffer.len() < whole {
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
    request.body = buffer.get(end + 4..whole).unwrap_or_default().to_vec();
    buffer.drain(..whole);
    Ok(Some(request))
}

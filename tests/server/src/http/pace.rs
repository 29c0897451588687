//! The pace at which clients have to take what is written for them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// Bytes that a client has to take in a second, apart from the time it has anyway.
const BYTES_PER_SECOND: u32 = 64 * 1024;

/// A stream that fails once its other end has taken too long to read. Each byte that is read gives a
/// little time, so that nobody holds a response back for ever by reading a byte now and then.
pub(super) struct Paced<S> {
    pub(super) stream: S,
    allowed: Duration,
    /// Called when the other end took too long.
    give_up: fn(&S),
    /// The time by which the waiting bytes have to be taken; `None` while none wait.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Paced<S> {
    /// A stream whose other end has `allowed` for each response, and longer for a long one.
    pub(super) fn new(stream: S, allowed: Duration, give_up: fn(&S)) -> Self {
        Self {
            stream,
            allowed,
            give_up,
            deadline: None,
        }
    }

    /// Judges an attempt to write: progress moves the deadline, waiting for too long is an error.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(result) = written {
            let taken = result.as_ref().copied().unwrap_or_default();
            if let Some(deadline) = &mut self.deadline {
                let taken = u32::try_from(taken).unwrap_or(u32::MAX);
                let more = Duration::from_secs(taken.into()) / BYTES_PER_SECOND;
                let later = deadline.deadline() + more;
                deadline.as_mut().reset(later);
            }
            return Poll::Ready(result);
        }
        let allowed = self.allowed;
        let start = || Box::pin(tokio::time::sleep_until(Instant::now() + allowed));
        let deadline = self.deadline.get_or_insert_with(start);
        ready!(deadline.as_mut().poll(context));
        (self.give_up)(&self.stream);
        let message = "the client takes too long to read the response";
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, message)))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.judge(context, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Everything was taken: the next response gets a deadline of its own.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(context))?;
        this.deadline = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{Instant, sleep};

    use super::{BYTES_PER_SECOND, Paced};

    const ALLOWED: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_is_not_enough() {
        let (stream, mut client) = duplex(16);
        let mut stream = Paced::new(stream, ALLOWED, |_| ());
        tokio::spawn(async move {
            while client.read_u8().await.is_ok() {
                sleep(Duration::from_secs(29)).await;
            }
        });
        let start = Instant::now();
        let error = stream.write_all(&[0; 1000]).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert_eq!(start.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_response_may_take_long() {
        let second = usize::try_from(BYTES_PER_SECOND).unwrap();
        let (stream, mut client) = duplex(second);
        let mut stream = Paced::new(stream, ALLOWED, |_| ());
        let reading = tokio::spawn(async move {
            let mut part = vec![0; second];
            while client.read_exact(&mut part).await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
        });
        stream.write_all(&vec![0; second * 100]).await.unwrap();
        drop(stream);
        reading.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn every_response_has_a_deadline_of_its_own() {
        let (stream, mut client) = duplex(16);
        let mut stream = Paced::new(stream, ALLOWED, |_| ());
        tokio::spawn(async move {
            loop {
                sleep(Duration::from_secs(20)).await;
                client.read_exact(&mut [0; 32]).await.unwrap();
            }
        });
        for _ in 0..3 {
            stream.write_all(&[0; 32]).await.unwrap();
            stream.flush().await.unwrap();
        }
    }
}

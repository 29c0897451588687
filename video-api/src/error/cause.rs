//! Classifies the causes of a transport error.

use std::error::Error as StdError;
use std::io;

/// Tells whether the server refused an HTTP/2 stream, which means that it did not process the
/// request (RFC 9113, 8.7).
///
/// GOAWAY says the same of streams beyond its last stream id, but hyper also reports the GOAWAY for
/// a stream that was accepted, when it arrives while hyper checks for room after sending. So it
/// proves nothing.
pub(crate) fn is_refused_stream(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|cause| {
        cause.downcast_ref::<h2::Error>().is_some_and(|error| {
            error.is_reset()
                && error.is_remote()
                && error.reason() == Some(h2::Reason::REFUSED_STREAM)
        })
    })
}

/// The vendor's word for the cause of a failure without a response.
pub(super) fn error_type(source: &(dyn StdError + 'static), connecting: bool) -> &'static str {
    // hyper-util keeps the type of this error to itself.
    if connecting && chain(source).any(|cause| cause.to_string() == "dns error") {
        return "dns_failure";
    }
    match io_kind(source) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) if connecting => {
            "tls_handshake_failed"
        }
        Some(
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof,
        ) => "connection_reset",
        Some(io::ErrorKind::TimedOut) => "timeout",
        // A connection that was closed in between: hyper has no I/O error then.
        None if chain(source).any(is_closed) => "connection_reset",
        _ => "unknown",
    }
}

/// Returns true if the server's answer to the TLS handshake is not TLS, or is refused, such as an
/// unknown certificate.
pub(super) fn is_tls_mismatch(source: &(dyn StdError + 'static)) -> bool {
    io_kind(source) == Some(io::ErrorKind::InvalidData)
}

fn io_kind(source: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let mut errors = chain(source).filter_map(|cause| cause.downcast_ref::<io::Error>());
    errors.next().map(inner_kind)
}

/// An I/O error may wrap another one, which is not its source then.
fn inner_kind(error: &io::Error) -> io::ErrorKind {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    inner.map_or_else(|| error.kind(), inner_kind)
}

fn is_closed(error: &(dyn StdError + 'static)) -> bool {
    let h2 = |error: &h2::Error| error.is_reset() || error.is_go_away();
    let hyper = |error: &hyper::Error| {
        error.is_incomplete_message() || error.is_canceled() || error.is_closed()
    };
    error.downcast_ref().is_some_and(h2) || error.downcast_ref().is_some_and(hyper)
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&(dyn StdError + 'static)| {
        (*error).source()
    })
}

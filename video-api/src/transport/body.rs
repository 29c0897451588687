//! Reading a body up to a limit.
//!
//! Bodies are decompressed here and not by reqwest: webhooks need the same function anyway, so
//! dependents build no second one, and the body of every response is one layer thinner.

use std::error::Error as _;
use std::io;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use crate::error::{BodyFault, Error, Kind, Phase};
use crate::gzip;

/// Reads a whole body of at most `limit` bytes, counted after decompression. The header of a
/// compression that is undone is removed.
pub(super) async fn read(response: &mut Response, limit: usize) -> Result<Bytes, Error> {
    let body = collect(response, limit).await?;
    if !is_gzip(response) || body.is_empty() {
        return Ok(body);
    }
    response.headers_mut().remove(CONTENT_ENCODING);
    let mut json = Vec::new();
    gzip::decompress(&body, limit, &mut json)
        .map_err(|error| Error::new(damaged(&error)).with_source(error))?;
    if json.len() > limit {
        return Err(too_large(limit));
    }
    Ok(json.into())
}

/// A compressed stream that just ends was cut off.
fn damaged(error: &io::Error) -> Kind {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Kind::Transport,
        _ => Kind::Body(BodyFault::Compression),
    }
}

/// Returns true if the body is still compressed: reqwest removes the header when it decompresses.
fn is_gzip(response: &Response) -> bool {
    let encoding = response.headers().get(CONTENT_ENCODING);
    encoding.is_some_and(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"gzip"))
}

/// Reads a body of at most `limit` bytes as it was sent.
async fn collect(response: &mut Response, limit: usize) -> Result<Bytes, Error> {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let Some(first) = chunk(response).await? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(too_large(limit));
    }
    if announced == Some(first.len() as u64) {
        // The usual small response arrives in one piece: nothing to copy.
        drain(response).await?;
        return Ok(first);
    }
    let Some(second) = chunk(response).await? else {
        return Ok(first);
    };
    // The announced length is trusted only up to a point.
    let expected = announced.map_or(first.len() * 4, |length| length as usize);
    let mut body = BytesMut::with_capacity(
        expected
            .min(limit)
            .min(1024 * 1024)
            .max(first.len() + second.len()),
    );
    body.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(piece) = next {
        if body.len() + piece.len() > limit {
            return Err(too_large(limit));
        }
        body.extend_from_slice(&piece);
        next = chunk(response).await?;
    }
    Ok(body.freeze())
}

/// Reads what can be read of a body, at most `limit` bytes before and after decompression.
pub(super) async fn read_start(response: &mut Response, limit: usize) -> Bytes {
    let body = collect_start(response, limit).await;
    if !is_gzip(response) {
        return body;
    }
    let mut text = Vec::new();
    // Of a body that is damaged or cut off, what comes before that counts.
    let _ = gzip::decompress(&body, limit, &mut text);
    text.into()
}

async fn collect_start(response: &mut Response, limit: usize) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(piece)) = chunk(response).await {
        let room = limit - body.len();
        body.extend_from_slice(piece.get(..room).unwrap_or(&piece));
        if body.len() >= limit {
            break;
        }
    }
    body.freeze()
}

/// Reads to the end, which lets the connection be used again.
async fn drain(response: &mut Response) -> Result<(), Error> {
    while chunk(response).await?.is_some() {}
    Ok(())
}

async fn chunk(response: &mut Response) -> Result<Option<Bytes>, Error> {
    response
        .chunk()
        .await
        .map_err(|error| classify(error.without_url()))
}

fn too_large(limit: usize) -> Error {
    Error::new(Kind::Body(BodyFault::TooLarge { limit }))
}

fn classify(error: reqwest::Error) -> Error {
    let kind = if error.is_timeout() {
        Kind::Timeout(Phase::Attempt)
    } else {
        // A client of the application's own may decompress. Its decompressor fails with an I/O error
        // of its own, where errors of the connection come wrapped in the HTTP library's error.
        let own = error
            .source()
            .and_then(|cause| cause.downcast_ref::<io::Error>());
        own.map_or(Kind::Transport, damaged)
    };
    Error::new(kind).with_source(error)
}

//! Reading a body, but not more than allowed.

use std::error::Error as _;
use std::io;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// Why a body could not be read to its end.
pub(super) enum ReadError {
    TooLarge,
    /// The compressed data makes no sense.
    Corrupt(reqwest::Error),
    Timeout(reqwest::Error),
    Broken(reqwest::Error),
}

/// Reads a whole body of at most `limit` bytes, counted after decompression.
pub(super) async fn read(response: &mut Response, limit: usize) -> Result<Bytes, ReadError> {
    // Absent when compressed.
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(ReadError::TooLarge);
    }
    let Some(first) = chunk(response).await? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(ReadError::TooLarge);
    }
    if announced == Some(first.len() as u64) {
        // The usual small response arrives in one piece: nothing to copy.
        drain(response).await?;
        return Ok(first);
    }
    let Some(second) = chunk(response).await? else {
        return Ok(first);
    };
    // What is announced is believed only up to a point.
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
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&piece);
        next = chunk(response).await?;
    }
    Ok(body.freeze())
}

/// Reads what can be read of a body, at most `limit` bytes.
pub(super) async fn read_start(response: &mut Response, limit: usize) -> Bytes {
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

/// Takes note of the end, which lets the connection be used again.
async fn drain(response: &mut Response) -> Result<(), ReadError> {
    while chunk(response).await?.is_some() {}
    Ok(())
}

async fn chunk(response: &mut Response) -> Result<Option<Bytes>, ReadError> {
    response
        .chunk()
        .await
        .map_err(|error| classify(error.without_url()))
}

fn classify(error: reqwest::Error) -> ReadError {
    if error.is_timeout() {
        return ReadError::Timeout(error);
    }
    // A decompressor fails with an I/O error of its own; what the connection does comes
    // wrapped in the HTTP library's error. A compressed stream that just ends was cut off.
    let own = error
        .source()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    match own.map(io::Error::kind) {
        None | Some(io::ErrorKind::UnexpectedEof) => ReadError::Broken(error),
        Some(_) => ReadError::Corrupt(error),
    }
}

//! From the bytes of a success to the typed response.

use bytes::Bytes;
use serde_json::error::Category;

use super::span::OperationSpan;
use crate::Timestamp;
use crate::decode::{Decoded, Decoder, Mismatch};
use crate::error::{BodyFault, Error, Kind, scrub};
use crate::response::{Meta, Response};

/// Decodes the body. As little as possible is generic here.
pub(super) fn decode<T>(
    response: Response<Bytes>,
    span: &OperationSpan,
    decoder: Decoder<T>,
) -> Result<Response<T>, Error> {
    // The encoding of all of it is checked at once, which takes a fraction of what checking
    // string by string does.
    let decoded = match std::str::from_utf8(&response.body) {
        Ok(json) => (decoder.decode)(json).map_err(|mismatch| kind(&mismatch, span)),
        Err(error) => Err(Kind::Body(BodyFault::Syntax(error.to_string()))),
    };
    finish(decoded, response, span)
}

/// Decodes a body whose form depends on the status, or that is not JSON.
pub(super) fn decode_as<T>(
    response: Response<Bytes>,
    span: &OperationSpan,
    read: fn(u16, Bytes) -> Result<Decoded<T>, Mismatch>,
) -> Result<Response<T>, Error> {
    let decoded = read(response.status().as_u16(), response.body.clone());
    let decoded = decoded.map_err(|mismatch| kind(&mismatch, span));
    finish(decoded, response, span)
}

fn finish<T>(
    decoded: Result<Decoded<T>, Kind>,
    response: Response<Bytes>,
    span: &OperationSpan,
) -> Result<Response<T>, Error> {
    let Response { body, mut meta } = response;
    match decoded {
        Ok(decoded) => {
            meta.server_duration = decoded.server_duration;
            meta.corrected = decoded.corrected;
            span.succeeded(&meta);
            Ok(Response {
                body: decoded.value,
                meta,
            })
        }
        Err(kind) => Err(unusable(kind, &body, &meta, span)),
    }
}

#[cold]
fn kind(mismatch: &Mismatch, span: &OperationSpan) -> Kind {
    let secrets = span.shared().secrets();
    // The message may quote values of the body.
    let reason = scrub::line(&scrub::secrets(&mismatch.error.to_string(), &secrets));
    match mismatch.error.classify() {
        Category::Data => Kind::Mismatch {
            path: scrub::secrets(&mismatch.path, &secrets),
            reason,
        },
        Category::Syntax | Category::Eof | Category::Io => Kind::Body(BodyFault::Syntax(reason)),
    }
}

#[cold]
fn unusable(kind: Kind, body: &[u8], meta: &Meta, span: &OperationSpan) -> Error {
    let error = Error::new(kind)
        .with_status(meta.status)
        .with_headers(&meta.headers, Timestamp::now())
        .with_excerpt(scrub::excerpt(body, &span.shared().secrets()))
        .for_operation(span.operation())
        .for_request(&meta.request_id, meta.attempts);
    span.failed(&error);
    error
}

//! Responses as bytes.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A whole response; each header line ends with `\r\n`.
pub(crate) fn response(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A whole response with a JSON body.
pub(crate) fn json(status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    response(status, "content-type: application/json\r\n", body)
}

/// The body of an API error.
pub(crate) fn api(code: i64, more: &str) -> String {
    format!(r#"{{"code":{code},"message":"no","StatusCode":500,"duration":"1ms"{more}}}"#)
}

pub(crate) fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A whole success with a body that says it is compressed.
pub(crate) fn gzipped(status: &str, compressed: impl AsRef<[u8]>) -> Vec<u8> {
    let headers = "content-type: application/json\r\ncontent-encoding: gzip\r\n";
    response(status, headers, compressed)
}

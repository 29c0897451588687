//! URLs of the files that calls leave behind.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Path below which files are served.
const FILES: &str = "/_local/files";

/// The name of the playlist of an HLS broadcast.
pub(crate) const PLAYLIST: &str = "playlist.m3u8";

/// Everything in a segment but the unreserved characters and the colon of a cid.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':');

/// The URL of a file of a call.
pub(crate) fn of_call(base_url: &str, cid: &str, session_id: &str, filename: &str) -> String {
    let segments = [cid, session_id, filename];
    let segments = segments.map(|text| utf8_percent_encode(text, SEGMENT).to_string());
    format!("{base_url}{FILES}/{}", segments.join("/"))
}

/// The URL of the file that tries an external storage.
pub(crate) fn storage_check(base_url: &str, name: &str) -> String {
    let name = utf8_percent_encode(name, SEGMENT);
    format!("{base_url}{FILES}/storage/{name}/check.txt")
}

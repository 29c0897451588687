//! Addresses of what calls leave behind.

/// Path below which files are served.
pub(crate) const FILES: &str = "/_local/files";
/// Path of WHIP in the addresses of calls; it is not served.
pub(crate) const WHIP: &str = "/whip/";

/// The address of a file of a call.
pub(crate) fn url(base_url: &str, cid: &str, session_id: &str, filename: &str) -> String {
    let segments = [cid, session_id, filename].map(encode);
    format!("{base_url}{FILES}/{}", segments.join("/"))
}

/// The name of the playlist of an HLS broadcast.
pub(crate) const PLAYLIST: &str = "playlist.m3u8";

/// The address of the file that tries an external storage.
pub(crate) fn storage_check_url(base_url: &str, name: &str) -> String {
    format!("{base_url}{FILES}/storage/{}/check.txt", encode(name))
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

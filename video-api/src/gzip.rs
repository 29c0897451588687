//! Decompression up to a limit.

use std::io::{self, Read as _};

use flate2::bufread::MultiGzDecoder;

/// Appends the decompressed bytes of all members to `out`: at most one more than `limit`, which is
/// enough to know that it was passed. After an error `out` has what could be read.
pub(crate) fn decompress(body: &[u8], limit: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let limit = (limit as u64).saturating_add(1);
    let mut decoder = MultiGzDecoder::new(body).take(limit);
    decoder.read_to_end(out).map(drop)
}

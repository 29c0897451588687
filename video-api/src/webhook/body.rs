//! From the body of a delivery to its JSON.

use std::borrow::Cow;

use super::error::{Error, Kind};
use crate::gzip;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The body without compression, of at most `limit` bytes.
#[inline]
pub(super) fn expand(body: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, Error> {
    let json = if body.starts_with(&GZIP_MAGIC) {
        let mut json = Vec::new();
        // All members, so that nothing behind the first one goes by unsigned.
        gzip::decompress(body, limit, &mut json).map_err(Kind::Gzip)?;
        Cow::Owned(json)
    } else {
        Cow::Borrowed(body)
    };
    if json.len() > limit {
        return Err(Kind::TooLarge { limit }.into());
    }
    Ok(json)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_limit_is_inclusive_compressed_or_not() {
        let body = [b'x'; 100];
        assert_eq!(*expand(&body, 100).unwrap(), body);
        assert_eq!(*expand(&gzip(&body), 100).unwrap(), body);
        assert!(expand(&body, 99).unwrap_err().is_too_large());
        assert!(expand(&gzip(&body), 99).unwrap_err().is_too_large());
        assert_eq!(*expand(&gzip(&body), usize::MAX).unwrap(), body);
    }

    #[test]
    fn plain_bodies_are_not_copied() {
        assert!(matches!(expand(b"{}", 16), Ok(Cow::Borrowed(b"{}"))));
    }

    #[test]
    fn members_are_joined_and_leftovers_refused() {
        let mut two = gzip(b"{\"a\":");
        two.extend(gzip(b"1}"));
        assert_eq!(*expand(&two, 64).unwrap(), *b"{\"a\":1}");

        let mut leftover = gzip(b"{}");
        leftover.extend(b"{}");
        assert!(expand(&leftover, 64).unwrap_err().is_encoding());
    }

    #[test]
    fn damaged_gzip_is_an_encoding_error() {
        let whole = gzip(b"{\"type\":\"call.created\"}");
        for end in 2..whole.len() {
            let cut = whole.get(..end).unwrap();
            assert!(expand(cut, 1024).unwrap_err().is_encoding(), "{end}");
        }
        let mut wrong_checksum = whole.clone();
        let at = whole.len() - 8;
        wrong_checksum[at] ^= 1;
        assert!(expand(&wrong_checksum, 1024).unwrap_err().is_encoding());
    }
}

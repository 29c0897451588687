//! JSON whose encoding is checked once.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Value};

/// Reads JSON as `serde_json::from_slice` does, but checks the encoding of all of it at once, which
/// takes a fraction of what checking string by string does.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(error) => Err(undecodable(json, error)),
    }
}

/// Finds the place once more, since an encoding error does not know of lines.
#[cold]
fn undecodable(json: &[u8], error: std::str::Utf8Error) -> Error {
    match serde_json::from_slice::<Value>(json) {
        Err(error) => error,
        Ok(_) => Error::custom(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_text_is_an_error_with_a_place() {
        assert_eq!(read::<Vec<u8>>(b"[1, 2]").unwrap(), [1, 2]);
        let error = read::<Vec<String>>(b"[\"a\",\n \"\xff\"]").unwrap_err();
        assert_eq!(
            (error.line(), error.classify()),
            (2, serde_json::error::Category::Syntax)
        );
        assert!(read::<Vec<u8>>(b"[1]\xff").is_err());
    }
}

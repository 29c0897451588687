//! Percent-decoding, exactly once and without guessing.

/// Decodes one path segment or query component. A `%` that starts no escape and
/// bytes that are not UTF-8 are errors; `+` is a space only in queries.
pub(crate) fn decode(text: &str, plus_is_space: bool) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let high = rest.next().and_then(hex);
                let low = rest.next().and_then(hex);
                match (high, low) {
                    (Some(high), Some(low)) => bytes.push(high << 4 | low),
                    _ => return Err(format!("`{text}` has a `%` that starts no escape")),
                }
            }
            b'+' if plus_is_space => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("`{text}` does not decode to UTF-8"))
}

/// Whether a value, already decoded once, is exactly what an encoder would have
/// written: then the client most likely encoded twice.
pub(crate) fn looks_encoded_twice(decoded: &str) -> bool {
    let mut escapes = 0;
    let mut rest = decoded.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = rest.next().and_then(hex);
            let low = rest.next().and_then(hex);
            match (high, low) {
                (Some(high), Some(low)) if !is_unreserved(high << 4 | low) => escapes += 1,
                _ => return false,
            }
        } else if !is_unreserved(byte) {
            return false;
        }
    }
    escapes > 0
}

/// Splits a raw query into decoded pairs, in order, repetitions kept.
pub(crate) fn parse_query(raw: &str) -> Result<Vec<(String, String)>, String> {
    if raw.contains(';') {
        return Err("the query holds a bare `;`, which ends a parameter for some parsers".into());
    }
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name, true)?, decode(value, true)?))
        })
        .collect()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::{decode, looks_encoded_twice, parse_query};

    #[test]
    fn decodes_once() {
        let id = "a/b?c#d %+ü:$&";
        let encoded = "a%2Fb%3Fc%23d%20%25%2B%C3%BC%3A%24%26";
        assert_eq!(decode(encoded, false).unwrap(), id);
        assert_eq!(decode("%2541", false).unwrap(), "%41");
        assert_eq!(decode("a+b", false).unwrap(), "a+b");
        assert_eq!(decode("a+b", true).unwrap(), "a b");
    }

    #[test]
    fn malformed_escapes_are_errors() {
        for text in ["%", "%4", "%zz", "a%+1", "%FF"] {
            assert!(decode(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn double_encoding_is_told_from_a_percent_sign() {
        assert!(looks_encoded_twice("a%2Fb"));
        assert!(looks_encoded_twice("%C3%BC"));
        for text in ["a/b", "100%", "100%25 sure", "a%2Fb c", "plain", "%41"] {
            assert!(!looks_encoded_twice(text), "{text}");
        }
    }

    #[test]
    fn queries_keep_order_and_repetitions() {
        let pairs = parse_query("b=1&a=x%26y&b=2&flag").unwrap();
        let expected = [("b", "1"), ("a", "x&y"), ("b", "2"), ("flag", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs, expected);
        assert!(parse_query("a=1;b=2").is_err());
        assert!(parse_query("a=%").is_err());
    }
}

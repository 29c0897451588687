//! Percent-decoding, exactly once and without guessing.

use percent_encoding::percent_decode_str;

/// Decodes a query component. A `%` that starts no escape and bytes that are not UTF-8 are errors.
fn decode(text: &str) -> Result<String, String> {
    check_escapes(text)?;
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| format!("`{text}` does not decode to UTF-8"))
}

/// Refuses a `%` that starts no escape, which lenient decoders leave as it is.
pub(crate) fn check_escapes(text: &str) -> Result<(), String> {
    let mut parts = text.split('%');
    parts.next();
    for part in parts {
        if !part
            .bytes()
            .take(2)
            .filter(u8::is_ascii_hexdigit)
            .count()
            .eq(&2)
        {
            return Err(format!("`{text}` has a `%` that starts no escape"));
        }
    }
    Ok(())
}

/// Returns true if a value, already decoded once, is exactly what an encoder would have
/// written: then the client most likely encoded twice.
pub(crate) fn looks_encoded_twice(decoded: &str) -> bool {
    let is_unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let encoded_again: String = percent_decode_str(decoded)
        .flat_map(|byte| {
            if is_unreserved(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
            .chars()
            .collect::<Vec<_>>()
        })
        .collect();
    decoded.contains('%') && encoded_again.eq_ignore_ascii_case(decoded)
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
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{check_escapes, decode, looks_encoded_twice, parse_query};

    #[test]
    fn decodes_once() {
        let encoded = "a%2Fb%3Fc%23d+%25%2B%C3%BC%3A%24%26";
        assert_eq!(decode(encoded).unwrap(), "a/b?c#d %+ü:$&");
        assert_eq!(decode("%2541").unwrap(), "%41");
    }

    #[test]
    fn malformed_escapes_are_errors() {
        for text in ["%", "%4", "%zz", "a%+1", "a%4%41"] {
            assert!(check_escapes(text).is_err(), "{text}");
        }
        assert!(decode("%FF").is_err());
    }

    #[test]
    fn double_encoding_is_told_from_a_percent_sign() {
        assert!(looks_encoded_twice("a%2Fb"));
        assert!(looks_encoded_twice("a%2fb"));
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

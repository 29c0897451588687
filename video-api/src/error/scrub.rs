//! Removing secrets from text that ends up in errors, and cutting it to size.

use secrecy::{ExposeSecret, SecretString};

const REPLACEMENT: &str = "[redacted]";

/// Shorter runs that look like the beginning of a JWT are left alone.
const JWT_CHARS: usize = 16;

/// Longest excerpt of a body in an error, in characters.
pub(crate) const EXCERPT_CHARS: usize = 512;

/// Removes the given secrets and everything that looks like a JWT.
pub(crate) fn secrets(text: &str, secrets: &[SecretString]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let secret = secret.expose_secret();
        // Shorter ones would match by chance and hide half the text.
        if secret.len() >= 4 {
            text = text.replace(secret, REPLACEMENT);
        }
    }
    jwts(&text)
}

/// The beginning of a body: scrubbed, on one line, cut to size.
pub(crate) fn excerpt(body: &[u8], known: &[SecretString]) -> String {
    // Scrubbed before cutting, so that no secret survives because only half of it is there;
    // the half at the very end is dropped.
    const WINDOW: usize = EXCERPT_CHARS * 16;
    let (start, dropped) = match body.get(..WINDOW) {
        Some(start) => {
            let lengths = known.iter().map(|secret| secret.expose_secret().len());
            (start, lengths.fold(JWT_CHARS, usize::max))
        }
        None => (body, 0),
    };
    let text = secrets(&String::from_utf8_lossy(start), known);
    let kept = text.chars().count().saturating_sub(dropped);
    cut(&line(&text), EXCERPT_CHARS.min(kept))
}

/// Text on one line without control characters.
pub(crate) fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// At most `max` characters, with an ellipsis where something was cut.
pub(crate) fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Every JWT begins with `eyJ`, the base64 of `{"`.
fn jwts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("eyJ") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=')))
            .unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        // A cut-off token has no dot yet, so its length decides.
        if run.len() >= JWT_CHARS {
            out.push_str(REPLACEMENT);
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_and_jwts_disappear() {
        let known = [SecretString::from("s3cr3t-value")];
        let text =
            "key=s3cr3t-value token eyJhbGciOiJIUzI1NiJ9.eyJzZXJ2ZXIiOnRydWV9.abc-_ end eyJx";
        assert_eq!(
            secrets(text, &known),
            "key=[redacted] token [redacted] end eyJx"
        );
    }

    #[test]
    fn a_token_across_the_cut_is_still_removed() {
        let mut body = "x".repeat(EXCERPT_CHARS - 10);
        body.push(' ');
        body.push_str("eyJhbGciOiJIUzI1NiJ9.eyJzZXJ2ZXIiOnRydWV9.abcdef");
        let shown = excerpt(body.as_bytes(), &[]);
        assert!(!shown.contains("eyJ"), "{shown}");
    }

    proptest::proptest! {
        #[test]
        fn no_part_of_a_secret_is_ever_shown(
            before in "[a-z {}\":]{0,600}",
            long_jwt in 0_usize..9000,
            filler in 0_usize..9000,
            after in "[a-z ]{0,50}",
        ) {
            let secret = "QZ7KXW9VQZ7KXW9VQZ7KXW9V";
            let body = format!("{before} eyJ{} {}{secret}{after}", "A".repeat(long_jwt), " ".repeat(filler));
            let shown = excerpt(body.as_bytes(), &[SecretString::from(secret)]);
            proptest::prop_assert!(!shown.contains("QZ7K"), "{}", shown);
            proptest::prop_assert!(!shown.contains("AAAAAAAAAAAAAAAA"), "{}", shown);
        }

        #[test]
        fn any_text_is_survived(bytes: Vec<u8>, known in ".{0,8}") {
            let shown = excerpt(&bytes, &[SecretString::from(known)]);
            proptest::prop_assert!(shown.chars().count() <= EXCERPT_CHARS + 1);
        }
    }

    #[test]
    fn an_excerpt_is_one_line_of_bounded_length() {
        let shown = excerpt("é\n\r\t\u{1b}".repeat(1000).as_bytes(), &[]);
        assert_eq!(shown.chars().count(), EXCERPT_CHARS + 1);
        assert!(!shown.chars().any(char::is_control));
        assert_eq!(excerpt(&[0xff, b'a'], &[]), "\u{fffd}a");
    }
}

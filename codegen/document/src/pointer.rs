//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// Escapes one token: `~` and `/` are special.
pub fn escape(token: &str) -> Cow<'_, str> {
    if token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        token.replace('~', "~0").replace('/', "~1").into()
    } else {
        token.into()
    }
}

/// Reverses [`escape`].
pub fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}

/// Appends one token and returns the former length, to truncate back to.
pub fn push(pointer: &mut String, token: &str) -> usize {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&escape(token));
    length
}

/// Appends tokens to a pointer.
pub fn join(base: &str, tokens: &[&str]) -> String {
    let mut pointer = base.to_owned();
    for token in tokens {
        push(&mut pointer, token);
    }
    pointer
}

/// The tokens of a pointer, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped_and_unescaped() {
        let pointer = join("/paths", &["/a~b/{c}", "get"]);
        assert_eq!(pointer, "/paths/~1a~0b~1{c}/get");
        assert_eq!(
            tokens(&pointer).collect::<Vec<_>>(),
            ["paths", "/a~b/{c}", "get"]
        );
        assert_eq!(unescape("~01"), "~1");
    }

    #[test]
    fn push_returns_the_length_to_truncate_to() {
        let mut pointer = String::from("/a");
        let length = push(&mut pointer, "b/c");
        assert_eq!(pointer, "/a/b~1c");
        pointer.truncate(length);
        assert_eq!(pointer, "/a");
    }
}

//! JSON pointers, as every message of this command shows them.

/// `at` extended by one key, escaped as RFC 6901 asks.
pub(super) fn child(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::child;

    #[test]
    fn keys_are_escaped() {
        assert_eq!(child("/paths", "/a~b/{c}"), "/paths/~1a~0b~1{c}");
    }
}

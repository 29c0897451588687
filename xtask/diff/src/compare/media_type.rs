//! Media types as they are compared.

/// A media type as it is compared: parameters sorted, without a charset that says the default.
pub(super) struct MediaType {
    essence: String,
    parameters: Vec<String>,
}

impl MediaType {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let mut parameters: Vec<String> = parts
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| match parameter.split_once('=') {
                Some((name, value)) => {
                    let name = name.trim().to_ascii_lowercase();
                    let value = value.trim().trim_matches('"');
                    if name == "charset" {
                        format!("{name}={}", value.to_ascii_lowercase())
                    } else {
                        format!("{name}={value}")
                    }
                }
                None => parameter.to_owned(),
            })
            .collect();
        // `q` is the preference of a client, not part of the type.
        parameters.retain(|parameter| !parameter.starts_with("q="));
        if !essence.starts_with("text/") || essence == "text/event-stream" {
            parameters.retain(|parameter| parameter != "charset=utf-8");
        }
        parameters.sort();
        Self {
            essence,
            parameters,
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.essence == other.essence && self.parameters == other.parameters
    }

    /// True for the same type and for a range that contains it.
    pub(super) fn allows(&self, other: &Self) -> bool {
        self.is_same(other) || self.contains(other)
    }

    /// A range such as `application/*` contains another type.
    pub(super) fn contains(&self, other: &Self) -> bool {
        if self.is_same(other) || !self.parameters.is_empty() {
            return false;
        }
        match self.essence.split_once('*') {
            Some(("", "/*")) => true,
            // `application/*`, and all types with a suffix as in `application/*+json`.
            Some((start, end)) => {
                start.ends_with('/')
                    && other.essence.starts_with(start)
                    && other.essence.ends_with(end)
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    fn same(one: &str, other: &str) -> bool {
        MediaType::parse(one).is_same(&MediaType::parse(other))
    }

    #[test]
    fn parameters_count_except_a_charset_that_is_the_default() {
        assert!(same(
            "application/json",
            "Application/JSON; charset=\"UTF-8\""
        ));
        assert!(same("a/b; x=1; y=2", "a/b;y=2;x=1"));
        assert!(!same(
            "application/json; version=1",
            "application/json; version=2"
        ));
        assert!(same(
            "text/csv;q=0.8;header=present",
            "text/csv; header=present"
        ));
        assert!(!same("text/plain", "text/plain; charset=utf-8"));
        assert!(!same(
            "application/json",
            "application/json; charset=latin1"
        ));
    }

    #[test]
    fn ranges_contain_types() {
        let contains =
            |range: &str, media: &str| MediaType::parse(range).contains(&MediaType::parse(media));
        assert!(contains("application/*", "application/json"));
        assert!(contains("*/*", "text/plain; charset=utf-8"));
        assert!(contains("*/*", "text/*"));
        assert!(contains("application/*+json", "application/vnd.api+json"));
        assert!(!contains("application/*+json", "application/json"));
        assert!(!contains("text/*", "application/json"));
        assert!(!contains("application/json", "application/json"));
    }
}

//! The kinds of bodies (JSON, forms, text, bytes), by their media types.

/// Format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    /// Fields as in the URL.
    Form,
    /// Fields and files.
    Multipart,
    Text,
    Bytes,
}

impl Format {
    pub(crate) fn of(media: &str) -> Self {
        let words = [
            "xml",
            "yaml",
            "csv",
            "javascript",
            "ndjson",
            "jsonl",
            "json-seq",
        ];
        match essence(media).as_str() {
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            "application/json" | "text/json" | "application/*" | "*/*" => Self::Json,
            it if it.ends_with("+json") => Self::Json,
            it if it.starts_with("text/") => Self::Text,
            it if words.iter().any(|word| it.ends_with(word)) => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// The media type without its parameters, in lower case.
pub(crate) fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or(media);
    essence.trim().to_ascii_lowercase()
}

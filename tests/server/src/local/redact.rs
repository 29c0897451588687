//! Secrets are not shown.

use axum::http::{HeaderMap, HeaderName};
use serde_json::{Map, Value};

const HIDDEN: &str = "[redacted]";
const SECRET_HEADERS: [HeaderName; 3] = [
    axum::http::header::AUTHORIZATION,
    axum::http::header::COOKIE,
    axum::http::header::SET_COOKIE,
];
/// Parts of the names of fields that hold secrets.
const SECRET_FIELDS: [&str; 4] = ["secret", "password", "credentials", "stream_key"];

/// Headers as a list of names and values, in their order.
pub(super) fn headers(headers: &HeaderMap) -> Value {
    let shown = headers.iter().map(|(name, value)| {
        let text = if SECRET_HEADERS.contains(name) {
            HIDDEN.into()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        Value::from(vec![name.as_str().to_owned(), text])
    });
    shown.collect()
}

/// A body as JSON where it is, as text otherwise.
pub(super) fn body(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            hide(&mut value);
            value
        }
        Err(_) => String::from_utf8_lossy(bytes).into(),
    }
}

fn hide(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => hide_fields(fields),
        _ => {}
    }
}

fn hide_fields(fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        let is_secret = SECRET_FIELDS.iter().any(|part| name.contains(part));
        match value {
            Value::String(text) if is_secret && !text.is_empty() => *value = HIDDEN.into(),
            other => hide(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{body, headers};
    use axum::http::HeaderMap;
    use serde_json::json;

    #[test]
    fn secrets_are_hidden_at_any_depth_and_the_rest_is_not() {
        let shown =
            body(br#"{"name":"n","aws_s3":{"s3_secret":"hush"},"list":[{"password":"hush"}]}"#);
        let expected = json!({
            "name": "n",
            "aws_s3": { "s3_secret": "[redacted]" },
            "list": [{ "password": "[redacted]" }],
        });
        assert_eq!(shown, expected);
        let mut all = HeaderMap::new();
        all.insert("authorization", "hush".parse().unwrap());
        all.insert("accept", "*/*".parse().unwrap());
        assert!(!headers(&all).to_string().contains("hush"));
        assert!(headers(&all).to_string().contains("*/*"));
    }
}

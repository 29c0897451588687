//! The error body of the API, read whatever its shape.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The error the API itself reported.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    code: Option<i64>,
    message: String,
    status_code: Option<u16>,
    more_info: String,
    duration: String,
    details: Value,
    exception_fields: BTreeMap<String, String>,
    unrecoverable: bool,
}

/// The keys an error body consists of.
const KEYS: [&str; 8] = [
    "code",
    "message",
    "StatusCode",
    "duration",
    "more_info",
    "details",
    "exception_fields",
    "unrecoverable",
];

impl ApiError {
    /// Reads the body of an error status. None when it is no JSON object, or says neither
    /// code nor message.
    pub(crate) fn from_error_body(text: &str) -> Option<Self> {
        let Value::Object(body) = serde_json::from_slice(text.as_bytes()).ok()? else {
            return None;
        };
        // Some gateways wrap the body once more.
        if let (Some(Value::Object(inner)), false) =
            (body.get("error"), body.contains_key("message"))
        {
            return Self::from_map(inner.clone());
        }
        Self::from_map(body)
    }

    /// Recognises an error inside the body of a success: nothing but the keys of an error,
    /// with a code and a message.
    pub(crate) fn inside_success(body: &[u8]) -> Option<Self> {
        // Ends at the first key of something else, which most often is the first one; that one is
        // looked at before anything is parsed, since every success comes here.
        let first = body.trim_ascii_start().strip_prefix(b"{")?;
        let first = first.trim_ascii_start().strip_prefix(b"\"")?;
        if !KEYS.iter().any(|key| first.starts_with(key.as_bytes())) {
            return None;
        }
        let OnlyErrorKeys(map) = serde_json::from_slice(body).ok()?;
        let complete = map.contains_key("message") && map.contains_key("code");
        if complete { Self::from_map(map) } else { None }
    }

    fn from_map(mut map: Map<String, Value>) -> Option<Self> {
        let code = map.get("code").and_then(number);
        let message = map.remove("message").map(text).unwrap_or_default();
        if code.is_none() && message.is_empty() {
            return None;
        }
        let exception_fields = match map.remove("exception_fields") {
            Some(Value::Object(fields)) => fields
                .into_iter()
                .map(|(key, value)| (key, text(value)))
                .collect(),
            _ => BTreeMap::new(),
        };
        Some(Self {
            code,
            message,
            status_code: map
                .get("StatusCode")
                .and_then(number)
                .and_then(|code| u16::try_from(code).ok()),
            more_info: map.remove("more_info").map(text).unwrap_or_default(),
            duration: map.remove("duration").map(text).unwrap_or_default(),
            details: map.remove("details").unwrap_or_default(),
            exception_fields,
            unrecoverable: matches!(map.get("unrecoverable"), Some(Value::Bool(true))),
        })
    }

    /// The API's code, for example 4 (invalid input) or 16 (does not exist).
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// What the API says went wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The status the body names; the HTTP status line is the truth.
    pub fn status_code(&self) -> Option<u16> {
        self.status_code
    }

    /// Where the API explains the code, usually an address.
    pub fn more_info(&self) -> &str {
        &self.more_info
    }

    /// How long the server worked on the request, as text.
    pub fn duration(&self) -> &str {
        &self.duration
    }

    /// Further codes, usually a list of integers; `Null` when there are none.
    pub fn details(&self) -> &Value {
        &self.details
    }

    /// Which field of the request is wrong, and how.
    pub fn exception_fields(&self) -> &BTreeMap<String, String> {
        &self.exception_fields
    }

    /// The API asks never to repeat this request.
    pub fn unrecoverable(&self) -> bool {
        self.unrecoverable
    }
}

/// An object that has no other keys than those of an error.
struct OnlyErrorKeys(Map<String, Value>);

impl<'de> Deserialize<'de> for OnlyErrorKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Self(Map::new()))
    }
}

impl<'de> Visitor<'de> for OnlyErrorKeys {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error body")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if !KEYS.contains(&key.as_str()) {
                return Err(de::Error::custom("this is no error body"));
            }
            self.0.insert(key, map.next_value()?);
        }
        Ok(self)
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0).then_some(float as i64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_documented_body() {
        let body = r#"{"code":4,"message":"bad id","StatusCode":400,"duration":"1.2ms","more_info":"https://x.io/4",
            "details":[1,2],"exception_fields":{"id":"too long"},"unrecoverable":true}"#;
        let error = ApiError::from_error_body(body).unwrap();
        assert_eq!(
            (error.code(), error.message(), error.status_code()),
            (Some(4), "bad id", Some(400))
        );
        assert_eq!(
            (error.more_info(), error.duration()),
            ("https://x.io/4", "1.2ms")
        );
        assert_eq!(error.details(), &serde_json::json!([1, 2]));
        assert_eq!(
            error.exception_fields().get("id").map(String::as_str),
            Some("too long")
        );
        assert!(error.unrecoverable());
    }

    #[test]
    fn every_field_may_be_missing_or_of_another_shape() {
        let odd = r#"{"code":"17","message":null,"details":{"a":1},"exception_fields":{"x":[1]},"unrecoverable":null}"#;
        let error = ApiError::from_error_body(odd).unwrap();
        assert_eq!(
            (error.code(), error.message(), error.unrecoverable()),
            (Some(17), "", false)
        );
        assert_eq!(
            error.exception_fields().get("x").map(String::as_str),
            Some("[1]")
        );
        assert!(ApiError::from_error_body(r#"{"message":"only this"}"#).is_some());
        assert!(ApiError::from_error_body(r#"{"error":{"code":9,"message":"wrapped"}}"#).is_some());
        for none in [
            "",
            "<html>",
            "[]",
            "null",
            "{}",
            r#"{"detail":"not found"}"#,
            r#"{"code":"x"}"#,
        ] {
            assert_eq!(ApiError::from_error_body(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_value_in_any_field_is_survived(
            field in proptest::sample::select(&KEYS[..]),
            value in proptest::sample::select(vec!["null", "true", "-1", "1.5", "1e400", "99999999999999999999", "\"x\"", "[]", "[null]", "{}", "{\"a\":[1]}"]),
        ) {
            let body = format!(r#"{{"code":4,"message":"m","{field}":{value}}}"#);
            if let Some(error) = ApiError::from_error_body(&body) {
                proptest::prop_assert!(error.code().is_some() || !error.message().is_empty());
            }
        }

        #[test]
        fn any_text_is_survived(text in ".{0,200}", bytes: Vec<u8>) {
            ApiError::from_error_body(&text);
            ApiError::inside_success(&bytes);
        }
    }

    #[test]
    fn an_error_inside_a_success_is_told_from_data() {
        let yes = br#"{"code":16,"message":"gone","StatusCode":404,"duration":"0ms","more_info":"","details":[]}"#;
        assert_eq!(
            ApiError::inside_success(yes).unwrap().status_code(),
            Some(404)
        );
        for no in [
            &br#"{"duration":"1ms"}"#[..],
            br#"{"message":"hi","duration":"1ms"}"#,
            br#"{"code":1,"message":"hi","call":{}}"#,
            br#"{"warnings":[{"code":1,"message":"x"}],"duration":"1ms"}"#,
        ] {
            assert_eq!(ApiError::inside_success(no), None);
        }
    }
}

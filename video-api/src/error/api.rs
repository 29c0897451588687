//! The error body of the API, read whatever its shape.

use std::borrow::Cow;

use serde_json::Value;

/// The error the API itself reported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ApiError {
    code: Option<i64>,
    message: String,
    status_code: Option<u16>,
    more_info: String,
    duration: String,
    details: Value,
    exception_fields: Vec<(String, String)>,
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

/// A longer body is not an error inside a success.
const LARGEST: usize = 64 * 1024;

impl ApiError {
    /// Reads the body of an error status. `None` unless it is a JSON object with a code or a
    /// message.
    pub(crate) fn from_error_body(text: &str) -> Option<Self> {
        let body = Body::read(text.parse().ok()?);
        // Some gateways wrap the body once more.
        let error = match body.wrapped {
            Some(inner @ Value::Object(_)) if !body.has_message => Body::read(inner).error,
            _ => body.error,
        };
        (error.code.is_some() || !error.message.is_empty()).then_some(error)
    }

    /// Recognises an error inside the body of a success: nothing but the keys of an error,
    /// with a code and a message.
    pub(crate) fn inside_success(body: &[u8]) -> Option<Self> {
        // Every success comes here, and its first key is rarely one of an error's. The rest is a
        // search, so that only what may well be an error is parsed.
        let first = body.trim_ascii_start().strip_prefix(b"{")?;
        let first = first.trim_ascii_start().strip_prefix(b"\"")?;
        if body.len() > LARGEST || !KEYS.iter().any(|key| first.starts_with(key.as_bytes())) {
            return None;
        }
        let json = std::str::from_utf8(body).ok()?;
        if !json.contains("\"message\"") {
            return None;
        }
        let body = Body::read(json.parse().ok()?);
        let is_error = body.has_message && body.error.code.is_some() && !body.has_others;
        is_error.then_some(body.error)
    }

    /// The API's code, for example 4 (invalid input) or 16 (does not exist).
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// The API's own description of the failure.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The message without the name of the operation that the API begins most messages with,
    /// `GetCall failed with error: "…"`: for a response of your own.
    pub fn reason(&self) -> Cow<'_, str> {
        let whole = Cow::Borrowed(self.message.as_str());
        let Some((operation, rest)) = self.message.split_once(" failed with error: ") else {
            return whole;
        };
        if !operation.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return whole;
        }
        // A text quoted by Go reads as JSON, but for rare escapes.
        serde_json::from_str(rest).map_or(Cow::Borrowed(rest), Cow::Owned)
    }

    /// The status the body names; the HTTP status line is the truth.
    pub fn status_code(&self) -> Option<u16> {
        self.status_code
    }

    /// A link to the explanation of the code.
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

    /// The fields of the request that are wrong, each with its problem.
    pub fn exception_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.exception_fields.iter();
        fields.map(|(field, problem)| (field.as_str(), problem.as_str()))
    }

    /// `true` if the API asks never to repeat this request.
    pub fn unrecoverable(&self) -> bool {
        self.unrecoverable
    }
}

/// The parts of a body that may be an error's.
#[derive(Default)]
struct Body {
    error: ApiError,
    has_message: bool,
    has_others: bool,
    wrapped: Option<Value>,
}

impl Body {
    // From a `Value`, whose own parser is compiled with serde_json and not once more here.
    fn read(json: Value) -> Self {
        let mut body = Self::default();
        let Value::Object(map) = json else {
            return body;
        };
        let error = &mut body.error;
        for (key, value) in map {
            match key.as_str() {
                "code" => error.code = number(&value),
                "message" => {
                    body.has_message = true;
                    error.message = text(value);
                }
                "StatusCode" => {
                    error.status_code = number(&value).and_then(|code| u16::try_from(code).ok());
                }
                "duration" => error.duration = text(value),
                "more_info" => error.more_info = text(value),
                "details" => error.details = value,
                "exception_fields" => {
                    if let Value::Object(fields) = value {
                        for (field, problem) in fields {
                            error.exception_fields.push((field, text(problem)));
                        }
                    }
                }
                "unrecoverable" => error.unrecoverable = matches!(value, Value::Bool(true)),
                other => {
                    body.has_others = true;
                    if other == "error" {
                        body.wrapped = Some(value);
                    }
                }
            }
        }
        body
    }
}

fn number(value: &Value) -> Option<i64> {
    let written: Value;
    let number = match value {
        Value::String(text) => {
            written = text.parse().ok()?;
            written.as_number()?
        }
        other => other.as_number()?,
    };
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        (float.fract() == 0.0).then_some(float as i64)
    })
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
            error.exception_fields().collect::<Vec<_>>(),
            [("id", "too long")]
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
        assert_eq!(error.exception_fields().collect::<Vec<_>>(), [("x", "[1]")]);
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
    fn an_error_inside_a_success_is_distinguished_from_data() {
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

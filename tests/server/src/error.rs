//! Errors in the API's own shape.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The API's own error codes, as far as this server uses them.
pub(crate) mod code {
    /// The API key is missing or unknown.
    pub(crate) const ACCESS_KEY: i32 = 2;
    /// The request does not fit the operation.
    pub(crate) const INPUT: i32 = 4;
    /// The token is missing or says nothing usable.
    pub(crate) const AUTH_FAILED: i32 = 5;
    /// The rate limit is used up.
    pub(crate) const RATE_LIMITED: i32 = 9;
    /// The thing that is named does not exist.
    pub(crate) const NOT_FOUND: i32 = 16;
    /// The token does not reach this far.
    pub(crate) const NOT_ALLOWED: i32 = 17;
    /// The body is too large.
    pub(crate) const TOO_LARGE: i32 = 22;
    /// The token has expired.
    pub(crate) const TOKEN_EXPIRED: i32 = 40;
    /// The token is not valid yet.
    pub(crate) const TOKEN_NOT_YET: i32 = 41;
    /// The token is used before it was issued.
    pub(crate) const TOKEN_IAT: i32 = 42;
    /// The signature does not fit the secret.
    pub(crate) const SIGNATURE: i32 = 43;
    /// The server itself is at fault.
    pub(crate) const INTERNAL: i32 = -1;
}

/// A failure, before it is written as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: i32,
    pub(crate) message: String,
    /// By place in the request: what is wrong there.
    pub(crate) fields: BTreeMap<String, String>,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: i32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: BTreeMap::new(),
        }
    }

    /// The request does not fit.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(400, code::INPUT, message)
    }

    /// The request comes with no usable authentication.
    pub(crate) fn auth(code: i32, message: impl Into<String>) -> Self {
        Self::new(401, code, message)
    }

    /// The thing that is named does not exist.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, code::NOT_FOUND, message)
    }

    /// The body, with the operation in front of the message as the API has it.
    pub(crate) fn body(&self, operation: Option<&str>, duration: &str) -> Value {
        let message = match operation {
            Some(operation) => format!("{operation} failed with error: \"{}\"", self.message),
            None => self.message.clone(),
        };
        let mut body = json!({
            "code": self.code,
            "message": message,
            "StatusCode": self.status,
            "duration": duration,
            "more_info": "https://getstream.io/chat/docs/api_errors_response",
            "details": [],
        });
        if let (false, Some(body)) = (self.fields.is_empty(), body.as_object_mut()) {
            body.insert("exception_fields".into(), json!(self.fields));
        }
        body
    }
}

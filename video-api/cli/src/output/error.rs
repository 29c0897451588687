//! Errors, for people and as JSON.

use std::error::Error as _;
use std::io::Write as _;

use clap::builder::styling::AnsiColor;
use serde_json::{Map, Value, json};
use video_api::Error;

use super::plain;
use crate::exit::{Exit, Failure};

/// Prints to standard error.
pub(crate) fn print(failure: &Failure, as_json: bool) {
    let mut out = anstream::stderr();
    // Nobody to tell when this fails.
    let _ = if as_json {
        writeln!(out, "{}", json!({"error": json(failure)}))
    } else {
        let style = AnsiColor::Red.on_default().bold();
        let result = writeln!(out, "{style}error:{style:#} {}", plain(&failure.message));
        let mut cause = failure.error.as_ref().and_then(|error| error.source());
        while let Some(error) = cause {
            let _ = writeln!(out, "  because: {}", plain(&error.to_string()));
            cause = error.source();
        }
        result
    };
}

fn json(failure: &Failure) -> Value {
    match &failure.error {
        Some(error) => of(error),
        None => {
            let kind = if failure.exit == Exit::Credentials {
                "credentials"
            } else {
                "usage"
            };
            json!({"kind": kind, "message": failure.message})
        }
    }
}

/// An error of the library as JSON.
pub(crate) fn of(error: &Error) -> Value {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            fields.insert(name.to_owned(), value);
        }
    };
    set("kind", kind(error).into());
    set("message", error.to_string().into());
    set(
        "status",
        error.status().map(|status| status.as_u16()).into(),
    );
    set("retryable", error.is_retryable().into());
    set(
        "retry_after_seconds",
        error.retry_after().map(|wait| wait.as_secs_f64()).into(),
    );
    set("attempts", error.attempts().into());
    set("request_id", error.request_id().into());
    if let Some(api) = error.api() {
        set("code", api.code().into());
        set("api_message", api.message().into());
        let fields: Map<_, _> = api
            .exception_fields()
            .map(|(field, problem)| (field.to_owned(), Value::from(problem)))
            .collect();
        if !fields.is_empty() {
            set("exception_fields", fields.into());
        }
    }
    Value::Object(fields)
}

/// The kind of failure in one word.
pub(crate) fn kind(error: &Error) -> &'static str {
    if error.attempts() == 0 && error.is_invalid_request() {
        "invalid"
    } else if error.is_rate_limited() {
        "rate_limited"
    } else if error.is_auth() {
        "credentials"
    } else if error.is_api() {
        "api"
    } else if error.is_connect() {
        "connect"
    } else if error.is_timeout() {
        "timeout"
    } else if error.is_decode() {
        "decode"
    } else {
        "transport"
    }
}

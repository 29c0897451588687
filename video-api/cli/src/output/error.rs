//! Errors, for people and as JSON.

use std::error::Error as _;
use std::io::Write as _;

use serde_json::{Map, Value, json};
use video_api::Error;

use super::plain;
use super::style::ERROR;
use crate::exit::{Exit, Failure};

/// Prints to standard error.
pub(crate) fn print(failure: &Failure, as_json: bool) {
    let text = if as_json {
        json!({"error": json(failure)}).to_string()
    } else {
        let mut text = format!("{ERROR}error:{ERROR:#} {}", plain(&failure.message));
        if let Some(cause) = failure.error.as_deref().and_then(root_cause) {
            text = text + "\n  because: " + &plain(&cause);
        }
        if let Some(help) = &failure.help {
            text = text + "\n\n" + help;
        }
        text
    };
    // A failure to write to standard error cannot be reported anywhere.
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// The innermost cause that the message does not mention already.
fn root_cause(error: &Error) -> Option<String> {
    let mut cause = error.source()?;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause = cause.to_string();
    let message = error.to_string();
    (!message.contains(&cause) && !cause.contains(&message)).then_some(cause)
}

fn json(failure: &Failure) -> Value {
    let mut value = match &failure.error {
        Some(error) => of(error),
        None => {
            let kind = match failure.exit {
                Exit::Credentials => "credentials",
                Exit::Output => "output",
                Exit::Transport => "transport",
                _ => "usage",
            };
            json!({"kind": kind, "message": failure.message})
        }
    };
    if let (Some(help), Value::Object(fields)) = (&failure.help, &mut value) {
        fields.insert("help".to_owned(), Value::from(help.as_str()));
    }
    value
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
    // Nobody knows the id of a request that was not sent.
    if error.attempts() > 0 && !error.is_connect() {
        set("request_id", error.request_id().into());
    }
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

/// The kind of an error in one word.
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
    } else if error.status().is_some() {
        "status"
    } else {
        "transport"
    }
}

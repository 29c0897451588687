//! Kinds of errors.

use super::api::ApiError;
use super::task::TaskError;

#[derive(Debug)]
pub(crate) enum Kind {
    /// Refused before sending: an argument or a setting.
    Invalid(String),
    /// No token could be obtained or signed.
    Token(String),
    /// No connection, so nothing was sent.
    Connect,
    /// The server said that it did not process the request (HTTP/2 `REFUSED_STREAM`).
    Refused,
    /// A timeout.
    Timeout(Phase),
    /// The connection broke while the request was on its way.
    Transport,
    /// The server answered with a redirect.
    Redirect,
    /// The API's own error.
    Api(ApiError),
    /// An error status without the API's error body.
    Status,
    /// A success whose body cannot be used.
    Body(BodyFault),
    /// A body that is JSON but does not fit the type.
    Mismatch { path: String, reason: String },
    /// The client's own pacing would have waited too long.
    Paced,
    /// A cursor that was followed before.
    Cursor,
    /// A background task failed or is still running at the deadline.
    #[cfg_attr(other_spec, allow(dead_code))] // Only this API's specification has tasks.
    Task(TaskError),
}

/// The timeout that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Connect,
    Attempt,
    Total,
}

/// Why the body of a success cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyFault {
    Empty,
    TooLarge { limit: usize },
    ContentType(String),
    Compression,
    Syntax(String),
}

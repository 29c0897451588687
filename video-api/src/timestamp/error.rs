//! Why text or a number is not a timestamp.

use std::error::Error as StdError;
use std::fmt;

/// A value that cannot be a [`Timestamp`](crate::Timestamp): malformed text, or a time out of range.
///
/// Converts into [`Error`](crate::Error), so that `?` works next to requests.
#[derive(Debug, Clone)]
pub struct InvalidTimestamp(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Malformed(jiff::Error),
    OutOfRange,
    BeyondSystemClock,
}

impl InvalidTimestamp {
    pub(super) fn malformed(error: jiff::Error) -> Self {
        Self(Kind::Malformed(error))
    }

    pub(super) fn out_of_range() -> Self {
        Self(Kind::OutOfRange)
    }

    pub(super) fn beyond_system_clock() -> Self {
        Self(Kind::BeyondSystemClock)
    }
}

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Malformed(error) => write!(f, "not an RFC 3339 time: {error}"),
            Kind::OutOfRange => f.write_str("the time is outside the years -9999 to 9999"),
            Kind::BeyondSystemClock => f.write_str("the system clock cannot represent the time"),
        }
    }
}

impl StdError for InvalidTimestamp {}

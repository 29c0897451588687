//! Violations of a schema, and the direction that decides what is one.

/// Which way a body travels: timestamps and strictness differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server: RFC 3339 timestamps, unknown fields refused.
    Request,
    /// From server to client: timestamps are integers, in nanoseconds.
    Response,
}

/// A violation of a schema and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON pointer into the value.
    pub(crate) pointer: String,
    /// The violation.
    pub(crate) message: String,
}

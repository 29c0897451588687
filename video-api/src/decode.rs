//! Lenient decoding: a response survives an older, newer or careless server.
//!
//! - A documented value that is missing reads as its zero value, at any depth. Its path is noted
//!   in the [`Context`].
//! - `null` counts as missing, and in a list or map of values that are not nullable it is dropped.
//!   The server is written in Go, where `null` is how an empty string, list or map is written, so
//!   of those it is not noted.
//! - An integer may be written as `1.0`.
//! - Everything else that does not fit is an error, whose path the [`Context`] has as well.

mod context;
mod document;
mod integer;
mod value;

pub(crate) use context::{Context, Document};
#[allow(unused_imports)] // By webhook events and by name.
pub(crate) use document::part;
pub(crate) use document::{Decoded, Decoder, Mismatch, deserialize, document, foreign};
pub(crate) use value::{Decode, Seed, decode_with_serde};

#[cfg(test)]
mod tests;

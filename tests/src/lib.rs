//! Helpers of the end-to-end tests.

mod raw_server;

pub use raw_server::{RawRequest, RawServer};

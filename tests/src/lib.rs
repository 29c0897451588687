//! Helpers of the end-to-end tests.

mod fault_server;
mod raw_server;

pub use fault_server::{
    FaultServer, Http2Server, OnAccept, Refusing, Reply, Seen, Step, StreamRequest,
};
pub use raw_server::{RawRequest, RawServer};

/// The code in the README, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

//! Any JSON that fits a response's schema decodes, and so does the JSON of older, newer and careless
//! servers: missing and unknown fields, nulls, unknown enum values, integers written as floats. A
//! value of a wrong type is an error that names its path.
//!
//! Each case is made from one number; a failure names it. `PROPTEST_CASES` asks for more of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Helpers of tests.

mod arbitrary;
mod compare;
mod damage;
mod disturb;
mod events;
mod responses;
mod rng;
mod timestamps;
mod versions;

use proptest::test_runner::Config;

/// Few enough for every test run, unless the environment says otherwise.
fn cases(few: u32) -> Config {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => Config {
            cases: few,
            ..config
        },
    }
}

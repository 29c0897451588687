//! Webhooks from the outside: signatures, encodings, queues, events, and the axum example.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

mod anything;
mod axum_example;
mod bodies;
mod events;
mod queues;
mod signatures;
mod support;

//! Instructions and cache misses of decoding and encoding, counted by callgrind: the same on every
//! run, whatever else the machine does.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub
)] // A benchmark.

mod plain_types;
mod samples;

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use serde_json::Value;

fn body() -> Vec<u8> {
    samples::query_calls(200)
}

#[library_benchmark]
#[bench::query_calls_200(setup = body)]
fn generated_types(body: Vec<u8>) -> video_api::types::QueryCallsResponse {
    serde_json::from_slice(black_box(&body)).unwrap()
}

// As the client reads a body: its encoding is checked once.
#[library_benchmark]
#[bench::query_calls_200(setup = body)]
fn generated_types_from_text(body: Vec<u8>) -> video_api::types::QueryCallsResponse {
    serde_json::from_str(std::str::from_utf8(black_box(&body)).unwrap()).unwrap()
}

#[library_benchmark]
#[bench::query_calls_200(setup = body)]
fn hand_written_structs_from_text(body: Vec<u8>) -> plain_types::QueryCallsResponse {
    serde_json::from_str(std::str::from_utf8(black_box(&body)).unwrap()).unwrap()
}

#[library_benchmark]
#[bench::query_calls_200(setup = body)]
fn hand_written_structs(body: Vec<u8>) -> plain_types::QueryCallsResponse {
    serde_json::from_slice(black_box(&body)).unwrap()
}

#[library_benchmark]
#[bench::query_calls_200(setup = body)]
fn json_value(body: Vec<u8>) -> Value {
    serde_json::from_slice(black_box(&body)).unwrap()
}

library_benchmark_group!(
    name = decode,
    benchmarks = [
        generated_types,
        hand_written_structs,
        generated_types_from_text,
        hand_written_structs_from_text,
        json_value,
    ]
);
main!(library_benchmark_groups = decode);

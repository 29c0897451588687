//! Decoding a QueryCalls response of 200 calls: the generated types against hand-written structs and
//! against `serde_json::Value`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub
)] // A benchmark.

mod plain_types;
mod samples;

use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| samples::query_calls(200));

fn main() {
    println!("{} bytes of JSON", BODY.len());
    divan::main();
}

#[divan::bench]
fn generated_types(bencher: Bencher) {
    bencher
        .counter(BytesCount::of_slice(BODY.as_slice()))
        .bench(|| {
            serde_json::from_slice::<video_api::types::QueryCallsResponse>(black_box(&BODY))
                .unwrap()
        });
}

/// As the client reads a body: its encoding is checked once.
#[divan::bench]
fn generated_types_from_text(bencher: Bencher) {
    bencher
        .counter(BytesCount::of_slice(BODY.as_slice()))
        .bench(|| {
            let text = std::str::from_utf8(black_box(&BODY)).unwrap();
            serde_json::from_str::<video_api::types::QueryCallsResponse>(text).unwrap()
        });
}

#[divan::bench]
fn hand_written_structs(bencher: Bencher) {
    bencher
        .counter(BytesCount::of_slice(BODY.as_slice()))
        .bench(|| {
            serde_json::from_slice::<plain_types::QueryCallsResponse>(black_box(&BODY)).unwrap()
        });
}

#[divan::bench]
fn json_value(bencher: Bencher) {
    bencher
        .counter(BytesCount::of_slice(BODY.as_slice()))
        .bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&BODY)).unwrap());
}

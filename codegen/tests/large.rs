//! A specification larger than any vendor's: 1,000 operations, 3,000 schemas with cycles.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)] // Helpers of tests.

mod synthetic;

use std::time::Instant;

use codegen::Spec;

const SEED: u64 = 2026;

#[test]
fn a_thousand_operations_and_three_thousand_schemas_generate() {
    let document = synthetic::document(1_000, 3_000, SEED);
    let started = Instant::now();
    let spec = Spec::from_value(document).unwrap();
    let generated = codegen::generate(&spec).unwrap_or_else(|error| panic!("{error}"));
    println!(
        "{} lines in {} ms",
        generated.code.lines().count(),
        started.elapsed().as_millis()
    );
    assert_eq!(generated.left_out, []);
    let surface = generated.surface.to_string();
    let count = |start: &str| {
        surface
            .lines()
            .filter(|line| line.starts_with(start))
            .filter(|line| start.starts_with("fn") || !line.contains('.'))
            .count()
    };
    assert_eq!(count("fn Client::"), 1_000);
    assert_eq!(count("fn Call::"), 1_000);
    assert_eq!(count("struct requests::"), 1_000);
    // Aliases and types that no operation reaches are not generated.
    assert!(
        count("struct types::") > 1_500,
        "{}",
        count("struct types::")
    );
    assert!(
        generated.code.contains("Option<Box<"),
        "there are no cycles"
    );
    assert!(
        generated.code.contains("tagged_union!"),
        "there are no unions"
    );
}

/// Writes the document for the check that its Rust compiles; see CONTRIBUTING.md.
#[test]
#[ignore = "only writes a file: cargo test -p codegen --test large -- --ignored"]
fn write_the_large_specification() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/large-spec.json");
    let document = synthetic::document(1_000, 3_000, SEED);
    std::fs::write(&path, serde_json::to_vec_pretty(&document).unwrap()).unwrap();
    println!(
        "VIDEO_API_SPEC={} cargo check -p video-api --lib",
        path.display()
    );
}

//! The quickstart, run as a program without credentials, and the crates it is built from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

#[test]
fn the_quickstart_tells_its_story_without_an_account() {
    // Cargo builds examples together with tests.
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(Path::parent).unwrap();
    let program = target.join("examples/quickstart");
    let output = Command::new(&program)
        .env_remove("STREAM_API_KEY")
        .env_remove("STREAM_API_SECRET")
        .output()
        .unwrap_or_else(|error| {
            panic!("{}: {error}; run cargo build --examples", program.display())
        });
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for line in [
        "Member ana is a host.",
        "Member ben is a participant.",
        "5 calls are open, read two a page.",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}:\n{text}");
    }
}

#[test]
fn the_quickstart_is_built_from_what_it_uses() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "quickstart"])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        names.contains("video-api-server") && names.contains("tokio"),
        "{names:?}"
    );
    for unused in ["chrono", "clap", "fantoccini", "jsonschema", "proptest"] {
        assert!(!names.contains(unused), "{unused}");
    }
}

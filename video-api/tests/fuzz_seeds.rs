//! The seeds of the fuzz targets once more, through the public functions and without a fuzzer.
#![cfg(feature = "webhooks")]

use std::path::Path;
use std::{fs, io};

use video_api::types::GetCallResponse;
use video_api::webhook::{Decoder, Error, Verifier};
use video_api::{Event, Timestamp};

const MANIFEST: &str = include_str!("../fuzz/Cargo.toml");
const LIMIT: usize = 64 * 1024;

/// The seeds of one target, by name.
fn seeds(target: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut seeds = Vec::new();
    for entry in fs::read_dir(folder.join(target))? {
        let path = entry?.path();
        seeds.push((path.display().to_string(), fs::read(&path)?));
    }
    seeds.sort();
    Ok(seeds)
}

#[test]
fn each_target_has_seeds_that_are_read_here() {
    let targets: Vec<&str> = MANIFEST
        .split("[[bin]]")
        .skip(1)
        .filter_map(|bin| bin.split('"').nth(1))
        .collect();
    assert_eq!(targets, ["webhook", "timestamp", "error_body"]);
}

fn outcome(name: &str, result: Result<Event, Error>) -> bool {
    match result {
        Ok(event) => {
            let known = Event::KNOWN_TYPES.contains(&event.event_type());
            assert_ne!(known, matches!(event, Event::Unknown(_)), "{name}");
            true
        }
        Err(error) => {
            assert!(!error.is_signature(), "{name}");
            assert_eq!(error.to_string().lines().count(), 1, "{name}");
            assert_eq!(error.is_misfit(), error.path().is_some(), "{name}");
            false
        }
    }
}

#[test]
fn webhook_seeds() {
    let decoder = Decoder::new().with_max_size(LIMIT);
    let mut events = 0;
    for (name, body) in seeds("webhook").unwrap() {
        let ways = [decoder.parse(&body), decoder.sqs(&body), decoder.sns(&body)];
        events += ways
            .into_iter()
            .filter_map(|result| outcome(&name, result).then_some(()))
            .count();
        let signature = String::from_utf8_lossy(body.get(..64).unwrap_or(&body));
        let verifier = Verifier::new("secret").with_max_size(LIMIT);
        assert!(verifier.event(&body, &signature).is_err(), "{name}");
    }
    assert!(events > 0);
}

#[test]
fn timestamp_seeds() {
    let mut times = 0;
    for (name, bytes) in seeds("timestamp").unwrap() {
        let text = String::from_utf8_lossy(&bytes);
        let read = [
            text.parse::<Timestamp>().ok(),
            serde_json::from_slice(&bytes).ok(),
            serde_json::from_value(text.as_ref().into()).ok(),
        ];
        for time in read.into_iter().flatten() {
            assert_eq!(
                time.to_string().parse::<Timestamp>().unwrap(),
                time,
                "{name}"
            );
            let json = serde_json::to_string(&time).unwrap();
            assert_eq!(
                serde_json::from_str::<Timestamp>(&json).unwrap(),
                time,
                "{name}"
            );
            times += 1;
        }
    }
    assert!(times > 0);
}

#[test]
fn error_body_seeds_that_are_no_errors() {
    let mut calls = 0;
    for (name, body) in seeds("error_body").unwrap() {
        let Ok(call) = serde_json::from_slice::<GetCallResponse>(&body) else {
            continue;
        };
        let json = serde_json::to_vec(&call).unwrap();
        let again: GetCallResponse = serde_json::from_slice(&json).unwrap();
        assert_eq!(again, call, "{name}");
        calls += 1;
    }
    assert!(calls > 0);
}

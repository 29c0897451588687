//! Reads a QueryCalls response with several readers (`decode FILE`), and serves it (`serve FILE STATUS`).

mod plain_types;
mod serve;

use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve", file, status] => serve::run(file, status),
        ["decode", file] => decode(file),
        _ => Err("usage: serve FILE STATUS | decode FILE".into()),
    }
}

/// Prints the median time of reading a QueryCalls response, in nanoseconds, for each reader.
fn decode(file: &str) -> Result<(), Failure> {
    let body = std::fs::read(file)?;
    let readers: [(&str, fn(&[u8]) -> Result<usize, Failure>); 7] = [
        ("video-api", |body| {
            let text = std::str::from_utf8(body)?;
            let calls: video_api::types::QueryCallsResponse = serde_json::from_str(text)?;
            Ok(calls.calls.len())
        }),
        ("derives", |body| Ok(serde_json::from_slice::<plain_types::QueryCallsResponse>(body)?.calls.len())),
        ("derives, text", |body| {
            let text = std::str::from_utf8(body)?;
            Ok(serde_json::from_str::<plain_types::QueryCallsResponse>(text)?.calls.len())
        }),
        ("progenitor", |body| {
            Ok(serde_json::from_slice::<progenitor_peer::types::QueryCallsResponse>(body)?.calls.len())
        }),
        ("Value", |body| {
            let value: serde_json::Value = serde_json::from_slice(body)?;
            Ok(value["calls"].as_array().map_or(0, Vec::len))
        }),
        ("sonic-rs", |body| Ok(sonic_rs::from_slice::<video_api::types::QueryCallsResponse>(body)?.calls.len())),
        ("simd-json", |body| {
            let mut body = body.to_vec();
            Ok(simd_json::serde::from_slice::<video_api::types::QueryCallsResponse>(&mut body)?.calls.len())
        }),
    ];
    const ROUNDS: usize = 60;
    let mut times = vec![Vec::new(); readers.len()];
    let mut failures = vec![None; readers.len()];
    for round in 0..ROUNDS + 5 {
        for (index, (_, read)) in readers.iter().enumerate() {
            let started = Instant::now();
            match std::hint::black_box(read(std::hint::black_box(&body))) {
                Ok(0) => failures[index] = Some("no calls".to_owned()),
                Ok(_) => {}
                Err(error) => failures[index] = Some(error.to_string()),
            }
            // The first rounds warm up.
            if round >= 5 {
                times[index].push(started.elapsed().as_nanos() as u64);
            }
        }
    }
    let mut out = serde_json::Map::new();
    for (((name, _), mut times), failure) in readers.iter().zip(times).zip(failures) {
        times.sort_unstable();
        out.insert(
            (*name).to_owned(),
            match failure {
                Some(failure) => serde_json::json!({"failure": failure}),
                None => serde_json::json!({"median": times[ROUNDS / 2], "low": times[ROUNDS / 10], "high": times[ROUNDS * 9 / 10]}),
            },
        );
    }
    println!("{}", serde_json::json!({"bytes": body.len(), "readers": out}));
    Ok(())
}

//! Reading a QueryCalls response of 200 calls by several readers.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use super::Args;
use super::bodies::bodies;
use super::group::Group;
use super::peers::{self, package};
use super::plot::{Panel, Plot};
use super::process::{folder, output};

/// The readers, this project's first.
const READERS: [(&str, &str); 7] = [
    ("video-api", "video-api's types, serde_json"),
    ("derives", "plain derives, serde_json"),
    ("derives, text", "derives, text checked at once"),
    ("progenitor", "progenitor's types, serde_json"),
    ("Value", "serde_json::Value"),
    ("sonic-rs", "video-api's types, sonic-rs"),
    ("simd-json", "video-api's types, simd-json"),
];

#[derive(Deserialize)]
struct Report {
    bytes: f64,
    readers: BTreeMap<String, Reader>,
}

/// Nanoseconds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reader {
    Read { median: f64, low: f64, high: f64 },
    Failed { failure: String },
}

/// Builds the program that reads, and writes what it reads.
pub(super) fn prepare(args: &Args) -> Result<(PathBuf, PathBuf), Box<dyn Error>> {
    Ok((program(args)?, bodies(args)?.query_calls_200))
}

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let (program, body) = prepare(args)?;
    let report = output(Command::new(program).arg("decode").arg(body))?;
    let report: Report = serde_json::from_str(&report)?;
    let own = match report.readers.get("video-api") {
        Some(Reader::Read { median, .. }) => *median,
        _ => return Err("video-api cannot read the response".into()),
    };
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for (name, title) in READERS {
        rows.push(match report.readers.get(name) {
            Some(Reader::Read { median, low, high }) => {
                bars.push((title.to_owned(), *median, format!("{:.2} ms", median / 1e6)));
                vec![
                    title.to_owned(),
                    format!("{:.2} ms", median / 1e6),
                    format!("{:.2} to {:.2} ms", low / 1e6, high / 1e6),
                    format!("{:.0} MB/s", report.bytes / median * 1e3),
                    format!("{:.2}", median / own),
                ]
            }
            Some(Reader::Failed { failure }) => {
                vec![
                    title.to_owned(),
                    format!("fails: {failure}"),
                    String::new(),
                    String::new(),
                    String::new(),
                ]
            }
            None => continue,
        });
    }
    Ok(Group {
        name: "decoding",
        headings: vec!["reader", "median", "10 to 90 %", "throughput", "ratio"],
        rows,
        notes: vec![format!(
            "{:.2} MB; 60 rounds in which the readers take turns.",
            report.bytes / 1e6
        )],
        plot: Plot {
            title: "Reading a response of 200 calls",
            panels: vec![Panel {
                title: "Median time".to_owned(),
                bars,
                logarithmic: false,
            }],
        },
    })
}

/// Builds the program that reads, and that serves responses.
pub(super) fn program(args: &Args) -> Result<PathBuf, Box<dyn Error>> {
    let folder = folder().join("decode");
    if !args.prepared {
        peers::Peer::VideoApi.prepare()?;
        peers::write_progenitor()?;
        let dependencies = "progenitor-peer = { path = \"../progenitor-peer\" }\n\
            serde = { version = \"1\", features = [\"derive\"] }\nserde_json = { version = \"1\", features = [\"float_roundtrip\"] }\nsimd-json = \"0.17\"\nsonic-rs = \"0.5\"\n\
            tokio = { version = \"1\", features = [\"io-util\", \"net\", \"rt\"] }\nvideo-api = { path = \"../../package/video-api\" }\n";
        package(&folder, "decode", dependencies, &[("decode.rs", "main.rs")])?;
        println!("building the readers");
        peers::build(&folder)?;
    }
    Ok(peers::target().join("release/decode"))
}

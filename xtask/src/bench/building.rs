//! Building a program with two calls, from clean and after a change of it.

use std::error::Error;
use std::fs;

use super::Args;
use super::group::Group;
use super::peers::Peer;
use super::plot::{Panel, Plot};
use super::process::{Used, cargo, output, time};

struct Built {
    peer: Peer,
    clean: Used,
    incremental: Used,
    crates: usize,
    /// In megabytes.
    binary: f64,
}

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let mut built = Vec::new();
    let mut notes = vec![
        "`cargo build --release` of a program with GetCall and QueryCalls, without downloads; the \
         crates are those that are compiled, build dependencies included."
            .to_owned(),
    ];
    for peer in Peer::all(args) {
        match build(peer) {
            Ok(figures) => built.push(figures),
            Err(error) if peer == Peer::VideoApi => return Err(error),
            Err(error) => {
                println!("{error}");
                notes.push(format!("{} did not build.", peer.title()));
            }
        }
    }
    let rows = built.iter().map(|built| {
        vec![
            built.peer.title().to_owned(),
            format!("{:.0} s", built.clean.cpu),
            format!("{:.0} s", built.clean.wall),
            format!("{:.0} MB", built.clean.memory),
            built.crates.to_string(),
            format!("{:.1} MB", built.binary),
            format!("{:.1} s", built.incremental.cpu),
            format!("{:.1} s", built.incremental.wall),
        ]
    });
    let panel = |title: &str, value: fn(&Built) -> f64, unit: &str| Panel {
        title: title.to_owned(),
        bars: built
            .iter()
            .map(|built| {
                let value = value(built);
                (
                    built.peer.title().to_owned(),
                    value,
                    format!("{value:.0}{unit}"),
                )
            })
            .collect(),
        logarithmic: false,
    };
    Ok(Group {
        name: "building",
        headings: vec![
            "client",
            "CPU",
            "wall",
            "memory of the largest process",
            "crates",
            "binary",
            "CPU after a change",
            "wall after a change",
        ],
        rows: rows.collect(),
        notes,
        plot: Plot {
            title: "Building a program with two calls",
            panels: vec![
                panel(
                    "CPU of a clean release build",
                    |built| built.clean.cpu,
                    " s",
                ),
                panel("Crates that are compiled", |built| built.crates as f64, ""),
            ],
        },
    })
}

fn build(peer: Peer) -> Result<Built, Box<dyn Error>> {
    peer.prepare()?;
    let folder = peer.folder();
    println!("building {} from clean", peer.title());
    if folder.join("target").exists() {
        fs::remove_dir_all(folder.join("target"))?;
    }
    let release = || {
        let mut command = cargo(&folder);
        command.args(["build", "--release", "--target-dir", "target"]);
        command
    };
    let clean = time(&release())?;
    let source = folder.join("src/main.rs");
    let changed = fs::read_to_string(&source)?.replace("\"standup\"", "\"changed\"");
    fs::write(&source, changed + "\n// Changed.\n")?;
    let incremental = time(&release())?;
    Ok(Built {
        clean,
        incremental,
        crates: crates(&output(
            release().args(["--message-format", "json-render-diagnostics"]),
        )?),
        binary: fs::metadata(peer.program())?.len() as f64 / 1e6,
        peer,
    })
}

/// The number of packages in cargo's messages, the program itself left aside.
fn crates(messages: &str) -> usize {
    let packages: std::collections::BTreeSet<String> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| {
            message
                .get("reason")
                .is_some_and(|reason| reason == "compiler-artifact")
        })
        .filter_map(|message| Some(message.get("package_id")?.as_str()?.to_owned()))
        .collect();
    packages.len().saturating_sub(1)
}

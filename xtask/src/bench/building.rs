//! Building a program with two calls, from clean and after a change of it.
//!
//! The figures of each client are kept in target/bench, because all of them take ten minutes: with
//! `--peer` one is measured again, beside the last figures of the others.

use std::error::Error;
use std::fs;

use serde::{Deserialize, Serialize};

use super::Args;
use super::group::Group;
use super::peers::Peer;
use super::plot::{Panel, Plot};
use super::process::{Used, cargo, folder, median, output, time};
use crate::workspace::{self, Done};

/// Changes that are built after a clean build.
const CHANGES: usize = 3;

#[derive(Serialize, Deserialize)]
struct Built {
    clean: Used,
    changed: Vec<Used>,
    crates: usize,
    /// In megabytes.
    binary: f64,
}

/// Downloads what the peers need.
pub(super) fn prepare(args: &Args) -> Done {
    Peer::all(args).into_iter().try_for_each(Peer::prepare)
}

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let mut built = Vec::new();
    let mut notes = vec![format!(
        "`cargo build --release` of a program with GetCall and QueryCalls, without downloads; the \
         crates are those that are compiled, build dependencies included. A change is one of the \
         program; the median of {CHANGES}, with the lowest and the highest."
    )];
    for peer in Peer::all(args) {
        let path = folder().join(format!("building-{}.json", peer.name()));
        if args.peers.is_empty() || args.peers.contains(&peer) {
            match build(peer, args) {
                Ok(figures) => fs::write(&path, serde_json::to_string(&figures)?)?,
                Err(error) if peer == Peer::VideoApi => return Err(error),
                Err(error) => {
                    println!("{error}");
                    notes.push(format!("{} did not build.", peer.title()));
                    continue;
                }
            }
        }
        if path.exists() {
            let figures: Built = serde_json::from_str(&workspace::read(&path)?)?;
            built.push((peer, figures));
        }
    }
    let Some((_, own)) = built.first() else {
        return Err("nothing is measured yet; leave --peer out".into());
    };
    let rows = built.iter().map(|(peer, figures)| {
        let ratio = |value: f64, own: f64| format!("{:.2}", value / own);
        let cpu = || figures.changed.iter().map(|used| used.cpu);
        let low = cpu().fold(f64::INFINITY, f64::min);
        let high = cpu().fold(0.0, f64::max);
        vec![
            peer.title().to_owned(),
            format!("{:.0} s", figures.clean.cpu),
            ratio(figures.clean.cpu, own.clean.cpu),
            format!("{:.0} s", figures.clean.wall),
            format!("{:.0} MB", figures.clean.memory),
            figures.crates.to_string(),
            format!("{:.1} MB", figures.binary),
            format!("{:.1} s, {low:.1} to {high:.1}", median(cpu())),
            format!(
                "{:.1} s",
                median(figures.changed.iter().map(|used| used.wall))
            ),
        ]
    });
    let panel = |title: &str, value: fn(&Built) -> f64, unit: &str| Panel {
        title: title.to_owned(),
        bars: built
            .iter()
            .map(|(peer, figures)| {
                let value = value(figures);
                (peer.title().to_owned(), value, format!("{value:.0}{unit}"))
            })
            .collect(),
        logarithmic: false,
    };
    Ok(Group {
        name: "building",
        headings: vec![
            "client",
            "CPU",
            "ratio",
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

fn build(peer: Peer, args: &Args) -> Result<Built, Box<dyn Error>> {
    if !args.prepared {
        peer.prepare()?;
    }
    let folder = peer.folder();
    println!("building {} from clean", peer.title());
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let release = || {
        let mut command = cargo(&folder);
        command.args(["build", "--release", "--target-dir", "target"]);
        command
    };
    let clean = time(&release())?;
    let source = folder.join("src/main.rs");
    let original = workspace::read(&source)?;
    let mut changed = Vec::new();
    for change in 0..CHANGES {
        let text = original.replace("standup", &format!("changed-{change}"));
        fs::write(&source, text)?;
        changed.push(time(&release())?);
    }
    fs::write(&source, original)?;
    Ok(Built {
        clean,
        changed,
        crates: crates(&output(
            release().args(["--message-format", "json-render-diagnostics"]),
        )?),
        binary: fs::metadata(peer.program(&target))?.len() as f64 / 1e6,
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

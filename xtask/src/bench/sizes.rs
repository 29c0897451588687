//! The generator and the diff over the size of a specification.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Args;
use super::group::Group;
use super::plot::{Panel, Plot};
use super::process::{Used, cargo, folder, output, time};
use super::synthetic::document;
use crate::workspace;

const SIZES: [usize; 5] = [50, 200, 1000, 2000, 5000];
/// The fastest of a few runs, since other programs can only slow one down.
const RUNS: usize = 3;

/// Builds this program for release.
pub(super) fn prepare(args: &Args) -> Result<PathBuf, Box<dyn Error>> {
    let root = workspace::root();
    if !args.prepared {
        println!("building xtask for release");
        let mut command = cargo(&root);
        command.args(["build", "--release", "--package", "xtask"]);
        output(command.args(["--target-dir", "target"]))?;
    }
    Ok(root.join("target/release/xtask"))
}

pub(super) fn measure(args: &Args) -> Result<Group, Box<dyn Error>> {
    let xtask = prepare(args)?;
    let folder = folder().join("sizes");
    fs::create_dir_all(&folder)?;
    let mut rows = Vec::new();
    let (mut generate_bars, mut diff_bars) = (Vec::new(), Vec::new());
    for size in SIZES {
        let [old, new] = [("old", false), ("new", true)].map(|(name, changed)| {
            let path = folder.join(format!("{size}-{name}.json"));
            fs::write(&path, document(size, changed).to_string()).map(|()| path)
        });
        let (old, new) = (old?, new?);
        let generate = fastest(&mut || {
            let mut command = Command::new(&xtask);
            command.args(["generate", "--spec"]).arg(&old);
            command.arg("--out").arg(folder.join("generated"));
            command
        })?;
        let diff = fastest(&mut || {
            let mut command = Command::new(&xtask);
            command.args(["diff", "--no-generate", "--fail-on", "none"]);
            command.arg(&old).arg(&new);
            command
        })?;
        let lines = fs::read_to_string(folder.join("generated/generated.rs"))?
            .lines()
            .count();
        rows.push(vec![
            size.to_string(),
            format!("{:.1} MB", megabytes(&old)?),
            lines.to_string(),
            format!("{:.0} ms", generate.wall * 1e3),
            format!("{:.0} MB", generate.memory),
            format!("{:.0} ms", diff.wall * 1e3),
            format!("{:.0} MB", diff.memory),
        ]);
        let bar = |used: Used| {
            let text = format!("{:.0} ms", used.wall * 1e3);
            (format!("{size} schemas"), used.wall.max(1e-3), text)
        };
        generate_bars.push(bar(generate));
        diff_bars.push(bar(diff));
    }
    let panel = |title: &str, bars| Panel {
        title: title.to_owned(),
        bars,
        logarithmic: true,
    };
    Ok(Group {
        name: "sizes",
        headings: vec![
            "schemas",
            "document",
            "generated lines",
            "generate",
            "memory",
            "diff",
            "memory",
        ],
        rows,
        notes: vec![format!(
            "Release build, whole processes, the fastest of {RUNS} runs. A schema has ten properties, \
             three of them other schemas, also in cycles; there is one operation for four schemas. \
             In the diff one schema in ten has changed."
        )],
        plot: Plot {
            title: "Time over the size of the specification (logarithmic)",
            panels: vec![
                panel("cargo xtask generate", generate_bars),
                panel("cargo xtask diff", diff_bars),
            ],
        },
    })
}

fn fastest(command: &mut dyn FnMut() -> Command) -> Result<Used, Box<dyn Error>> {
    let mut best = time(&command())?;
    for _ in 1..RUNS {
        let used = time(&command())?;
        if used.wall < best.wall {
            best = used;
        }
    }
    Ok(best)
}

fn megabytes(path: &Path) -> Result<f64, Box<dyn Error>> {
    Ok(fs::metadata(path)?.len() as f64 / 1e6)
}

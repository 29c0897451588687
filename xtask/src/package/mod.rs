//! `cargo xtask package`: `video-api` as plain source that can be published, and the proof that it
//! is the same as what the workspace builds. Only the staged folder is published.

mod cargo;
mod generated;
mod manifest;
mod measure;
mod place;
#[cfg(test)]
mod semver;
mod stage;
#[cfg(test)]
mod tests;
mod verify;

use std::path::Path;
use std::process::Command;

use crate::workspace::{self, Done};

/// Arguments of `package`. Without any: stage, verify and measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only check that the package can be staged; write and build nothing.
    #[arg(long, conflicts_with = "measure")]
    check: bool,
    /// Stage, but neither test nor measure.
    #[arg(long)]
    no_verify: bool,
    /// Stage and measure what a dependent pays, without the tests.
    #[arg(long)]
    measure: bool,
    /// Public address of the repository, for `package.repository`; the release workflow gives it.
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
}

pub(crate) fn run(args: &Args) -> Done {
    let root = workspace::root();
    let mut staged = stage::stage(&root)?;
    match &args.repository {
        Some(url) => staged.name_repository(url)?,
        None => println!("{NO_REPOSITORY}"),
    }
    for line in &staged.left_out {
        println!("left out {line}");
    }
    // The published API must be the one that was reviewed.
    let golden = root.join("tests/golden/surface.txt");
    workspace::write_or_check(&golden, &staged.surface, true, "cargo xtask surface")?;
    let summary = format!(
        "video-api {}: {} files, {} kB",
        staged.version,
        staged.files.len(),
        staged.files.values().map(Vec::len).sum::<usize>() / 1000
    );
    if args.check {
        println!("{summary} can be staged");
        return Ok(());
    }

    let package = cargo::Cargo {
        folder: place::folder(&root).join("video-api"),
        target: place::folder(&root).join("build"),
    };
    place::sync(&package.folder, &staged.files)?;
    package.lock_as(&root)?;
    println!("staged {summary}, in {}", package.folder.display());
    warn_of_uncommitted(&root);

    let mut report = String::new();
    if !args.no_verify && !args.measure {
        for outcome in verify::verify(&root, &staged)? {
            report.push_str(&format!("{outcome}\n"));
        }
        report.push_str("to publish: cargo publish, in the folder it is staged in\n");
    }
    if args.measure || !args.no_verify {
        report.push_str(&format!("\n{}", measure::measure(&root)?));
    }
    if !report.is_empty() {
        println!("\n{report}");
    }
    Ok(())
}

const NO_REPOSITORY: &str = "left out package.repository: this checkout has no public address; \
                             the release workflow gives its own with --repository";

/// A package of what no commit holds cannot be traced back; cargo cannot see that from the copy.
fn warn_of_uncommitted(root: &Path) {
    let sources = ["video-api", "codegen", "spec", "Cargo.toml", "Cargo.lock"];
    let status = Command::new("git")
        .args(["status", "--porcelain", "--"])
        .args(sources)
        .current_dir(root)
        .output();
    if let Ok(output) = status
        && output.status.success()
        && !output.stdout.is_empty()
    {
        println!("warning: staged from files that are not committed; do not publish this");
    }
}

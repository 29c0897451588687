//! Development commands: `cargo xtask …`. A module for each command, but for `surface`, which is in
//! `generate`; `workspace` is shared.

mod adopt;
mod bench;
mod changelog;
mod compose;
mod counts;
mod diff;
mod dist;
mod extract;
mod generate;
mod package;
mod picture;
mod show;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Documents are trees of small values, which the allocator of glibc makes a third slower to read on
/// two threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Development commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Let a vendor's OpenAPI document take the place of the documentation page.
    Adopt(adopt::Args),
    /// Measure calls, builds, decoding, sizes and the local server beside the alternatives.
    Bench(bench::Args),
    /// Write the changes of the specification since the last release into CHANGELOG.md.
    Changelog(changelog::Args),
    /// Build the command line with its manual pages and completions into target/dist.
    Dist(dist::Args),
    /// Read the documentation page and write spec/documented.json.
    Extract(extract::Args),
    /// Apply spec/amendments to spec/documented.json and write spec/video-api.json.
    Compose(compose::Args),
    /// Compare two specifications: what breaks callers, and what breaks Rust code.
    Diff(diff::Args),
    /// Write the generated Rust and its API as text into a folder.
    Generate(generate::Args),
    /// Stage video-api as plain source that can be published, and prove that it works.
    Package(package::Args),
    /// Make the pictures of the README from a real run, with Chromium.
    Picture(picture::Args),
    /// Print the generated Rust of one operation or type.
    Show(show::Args),
    /// Write the generated API as text to tests/golden/surface.txt.
    Surface(generate::SurfaceArgs),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Adopt(args) => adopt::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Changelog(args) => changelog::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Compose(args) => compose::run(&args),
        Command::Diff(args) => return diff::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Package(args) => package::run(&args),
        Command::Picture(args) => picture::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Surface(args) => generate::surface(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

//! Development commands: `cargo xtask …`. One module a command.

mod compose;
mod counts;
mod extract;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development commands of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read the documentation page and write spec/documented.json.
    Extract(extract::Args),
    /// Apply spec/amendments to spec/documented.json and write spec/video-api.json.
    Compose(compose::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Extract(args) => extract::run(&args),
        Command::Compose(args) => compose::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

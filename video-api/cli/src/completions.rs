//! Completion scripts for shells.

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use clap::ArgMatches;
use clap_complete::Shell;

use crate::commands;
use crate::exit::Failure;

pub(crate) fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        _ => Shell::Bash,
    };
    let mut script = Vec::new();
    clap_complete::generate(
        shell,
        &mut commands::program(|_| true),
        "video-api",
        &mut script,
    );
    stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

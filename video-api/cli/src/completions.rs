//! Completion scripts for shells, and manual pages.

use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use clap_complete::Shell;

use crate::commands::{self, Detail};
use crate::exit::Failure;

/// Prints a completion script.
pub(crate) fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    let shell = match matches.get_one::<String>("shell").map(String::as_str) {
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        _ => Shell::Bash,
    };
    let mut script = Vec::new();
    let mut program = commands::program(Detail::All).bin_name(NAME);
    clap_complete::generate(shell, &mut program, NAME, &mut script);
    stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// The name under which the program is installed.
const NAME: &str = "video-api";

/// Prints the manual page of the program or a command, or writes all pages into a folder.
pub(crate) fn manual(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    // Otherwise there would be a second page for the help of every command.
    let mut program = commands::program(Detail::All)
        .bin_name(NAME)
        .disable_help_subcommand(true);
    program.build();
    if let Some(folder) = matches.get_one::<String>("output") {
        return clap_mangen::generate_to(program, Path::new(folder))
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| Failure::input(folder, &error));
    }
    let page = match matches.get_one::<String>("command") {
        None => program,
        Some(name) => find(&program, name)?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn find(program: &Command, name: &str) -> Result<Command, Failure> {
    let command = program.find_subcommand(name).cloned();
    command.ok_or_else(|| Failure::usage(format!("there is no command `{name}`")))
}

//! Command line for the Stream Video REST API: every operation of the embedded spec as a command,
//! and batches of them.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;

mod batch;
mod commands;
mod completions;
mod credentials;
mod exact;
mod exit;
mod flags;
mod index;
mod input;
mod operation;
mod output;
mod pages;
mod token;

use exit::{Exit, Failure};
use index::OPERATIONS;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let wanted = |operation: &index::Operation| arguments.iter().any(|a| a == operation.command);
    let matches = match commands::program(wanted).try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(mut error) => {
            commands::only_nearest(&mut error);
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(&matches) {
        Ok(code) => code,
        Err(failure) if failure.silent => ExitCode::SUCCESS,
        Err(failure) => {
            output::error::print(&failure, matches.get_flag("json"));
            failure.exit.into()
        }
    }
}

fn run(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    match matches.subcommand() {
        Some(("batch", matches)) => batch::run(matches),
        Some(("token", matches)) => token::run(matches),
        Some(("completions", matches)) => completions::run(matches),
        Some((name, matches)) => match OPERATIONS.iter().find(|o| o.command == name) {
            Some(operation) => operation::run(operation, matches),
            None => Err(Failure::usage(format!("there is no command {name}"))),
        },
        None => Err(Failure::usage("a command is missing")),
    }
}

/// Says something that does not stop the program.
fn warn(text: &str) {
    let style = clap::builder::styling::AnsiColor::Yellow
        .on_default()
        .bold();
    // Nobody to tell when this fails.
    let _ = writeln!(anstream::stderr(), "{style}warning:{style:#} {text}");
}

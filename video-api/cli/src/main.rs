//! Command line for the Stream Video REST API: every operation of the embedded specification as a
//! command, and batches of them.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;

mod arguments;
mod base_url;
mod batch;
mod commands;
mod completions;
mod credentials;
mod duration;
mod exit;
mod index;
mod input;
mod local;
mod lossless;
mod operation;
mod output;
mod pages;
mod program;
mod runtime;
mod settings;
mod token;

use commands::Detail;
use exit::{Exit, Failure};
use index::OPERATIONS;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let program = commands::program(Detail::Named(&arguments));
    let matches = match program.try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(mut error) => {
            commands::suggest(&mut error, &arguments);
            // A failure to write cannot be reported anywhere.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            let text = commands::render(&error, &arguments);
            if arguments.iter().any(|word| word == "--json") {
                output::error::print(&Failure::of_arguments(&text), true);
            } else {
                let _ = write!(anstream::stderr(), "{text}");
            }
            return Exit::Usage.into();
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
        Some(("man", matches)) => completions::manual(matches),
        Some(("open", matches)) => local::open(matches),
        Some(("tail", matches)) => local::tail(matches),
        Some((name, matches)) => match OPERATIONS.iter().find(|o| o.command == name) {
            Some(operation) => operation::run(operation, matches),
            None => Err(Failure::usage(format!("there is no command `{name}`"))),
        },
        None => Err(Failure::usage("a command is missing")),
    }
}

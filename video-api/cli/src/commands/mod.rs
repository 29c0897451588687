//! The commands and their options, built from the index of operations; `main.rs` runs them.

use std::ffi::OsString;

use clap::builder::styling::{Style, Styles};
use clap::{Arg, ArgAction, Command, ValueHint};

use crate::index::{OPERATIONS, Operation};
use crate::output::style::{ERROR, HEADING, NAME};
use crate::{duration, program};

mod listing;
mod operation;
mod suggest;
mod tools;

pub(crate) use suggest::suggest;

const STYLES: Styles = Styles::styled()
    .header(HEADING)
    .usage(HEADING)
    .literal(NAME)
    .placeholder(Style::new().dimmed())
    .error(ERROR);

/// The list of operations is part of `after-help`: clap cannot group commands.
fn template() -> String {
    format!(
        "{{about-with-newline}}
{{usage-heading}} {{usage}}{{after-help}}

{HEADING}{COMMON}:{HEADING:#}
{{options}}"
    )
}

/// Global options have this heading, in the help of every command.
const COMMON: &str = "Options of every command";

/// Other names of commands: the library's conveniences over these operations.
const ALIASES: [(&str, &str); 1] = [("update-users", "upsert-users")];

fn alias(operation: &Operation) -> Option<&'static str> {
    let mut aliases = ALIASES.iter();
    let found = aliases.find(|(command, _)| *command == operation.command);
    found.map(|(_, alias)| *alias)
}

/// The operations that get their arguments: building all of them would slow down the start.
pub(crate) enum Detail<'a> {
    /// Those named here.
    Named(&'a [OsString]),
    All,
}

impl Detail<'_> {
    fn includes(&self, operation: &Operation) -> bool {
        match self {
            Self::Named(words) => words.iter().any(|word| {
                word == operation.command || alias(operation).is_some_and(|a| word == a)
            }),
            Self::All => true,
        }
    }

    /// Returns whether the arguments are only described, and not parsed.
    fn is_for_help(&self) -> bool {
        match self {
            Self::Named(words) => words
                .iter()
                .any(|word| word == "help" || word == "--help" || word == "-h"),
            Self::All => true,
        }
    }
}

/// The whole program.
pub(crate) fn program(detail: Detail<'_>) -> Command {
    let operations = OPERATIONS.iter().map(|operation| {
        let command = Command::new(operation.command)
            .about(operation.summary)
            .visible_aliases(alias(operation));
        match detail.includes(operation) {
            true => operation::full(command, operation, detail.is_for_help()),
            false => command,
        }
    });
    Command::new("video-api")
        .bin_name(program::name())
        .version(env!("CARGO_PKG_VERSION"))
        .about("Every operation of the Stream Video API from the command line")
        .styles(STYLES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .help_template(template())
        .after_help(listing::listing())
        .args(common())
        .subcommands(operations)
        .subcommands(tools::tools())
}

fn common() -> [Arg; 8] {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(help)
            .global(true)
            .help_heading(COMMON)
    };
    [
        Arg::new("json")
            .long("json")
            .action(ArgAction::SetTrue)
            .global(true)
            .help_heading(COMMON)
            .help("Print JSON, errors included"),
        option("api-key", "KEY", "API key [env: STREAM_API_KEY]"),
        option(
            "api-secret",
            "SECRET",
            "API secret; better in STREAM_API_SECRET or the configuration file",
        ),
        option(
            "user-token",
            "TOKEN",
            "Act as a user; better in STREAM_USER_TOKEN or the configuration file",
        ),
        option(
            "base-url",
            "URL",
            "Base URL of the API [env: STREAM_BASE_URL]",
        )
        .value_hint(ValueHint::Url),
        Arg::new("allow-insecure-http")
            .long("allow-insecure-http")
            .action(ArgAction::SetTrue)
            .global(true)
            .help_heading(COMMON)
            .help(
                "Allow a base URL with plain http on another machine; the network can read tokens",
            ),
        option(
            "config",
            "FILE",
            "Configuration file [default: ~/.config/video-api/config.json]",
        )
        .value_hint(ValueHint::FilePath),
        option(
            "timeout",
            "DURATION",
            "Limit for one request with all retries, such as 30s or 5m",
        )
        // Otherwise the value -5s would be taken for flags.
        .allow_hyphen_values(true)
        .value_parser(duration::seconds),
    ]
}

/// The text of an error, in which the help to look at is that of the command.
pub(crate) fn render(error: &clap::Error, arguments: &[OsString]) -> String {
    let text = error.render().ansi().to_string();
    match text.rsplit_once("--help") {
        Some((before, after)) if before.contains("try '") => {
            format!("{before}{} --help{after}", command(arguments))
        }
        _ => text,
    }
}

/// The program with the command that these arguments name, as far as they name one.
fn command(arguments: &[OsString]) -> String {
    let whole = program(Detail::Named(&[]));
    let mut words = program::name();
    let mut at = &whole;
    for argument in arguments.iter().skip(1) {
        if let Some(found) = argument.to_str().and_then(|word| at.find_subcommand(word)) {
            words = words + " " + found.get_name();
            at = found;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_sound() {
        program(Detail::All).debug_assert();
        let names: Vec<OsString> = OPERATIONS.iter().map(|o| o.command.into()).collect();
        program(Detail::Named(&names)).debug_assert();
    }
}

//! The commands and their options, built from the index of operations; `main.rs` runs them.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::builder::styling::{Style, Styles};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, ValueHint};

use crate::index::{OPERATIONS, Operation};
use crate::output::style::{ERROR, HEADING, NAME};
use crate::{arguments, credentials, exit, input, program};

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

/// Commands that are not operations.
const TOOLS: [(&str, &str); 6] = [
    (
        "batch",
        "Sends requests from a file, one JSON object a line",
    ),
    ("token", "Signs tokens for users"),
    ("completions", "Prints a completion script for a shell"),
    ("man", "Prints a manual page, or writes all of them"),
    ("open", "Prints the address of the local server's inspector"),
    (
        "tail",
        "Follows the requests and webhooks of the local server",
    ),
];

/// The operations that get their arguments: building all of them would slow down the start.
pub(crate) enum Detail<'a> {
    /// Those named here.
    Named(&'a [OsString]),
    All,
}

impl Detail<'_> {
    fn includes(&self, operation: &Operation) -> bool {
        match self {
            Self::Named(words) => words.iter().any(|word| word == operation.command),
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
        let command = Command::new(operation.command).about(operation.summary);
        match detail.includes(operation) {
            true => full(command, operation, detail.is_for_help()),
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
        .after_help(listing())
        .args(common())
        .subcommands(operations)
        .subcommands([batch(), token(), completions(), manual()])
        .subcommands(local())
}

fn full(command: Command, operation: &Operation, for_help: bool) -> Command {
    let mut long = operation.summary.to_owned();
    for part in [
        operation.description,
        &format!("{} {}", operation.method, operation.path),
    ] {
        if !part.is_empty() {
            let _ = write!(long, "\n\n{part}");
        }
    }
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    let mut command = command
        .long_about(long)
        .override_usage(arguments::synopsis(operation))
        .args(arguments::define(operation, for_help));
    if operation.has_body {
        command = command.arg(
            Arg::new("body")
                .long("body")
                .value_name(match operation.raw_body {
                    true => "TEXT|@FILE|-",
                    false => "JSON|@FILE|-",
                })
                .value_hint(ValueHint::AnyPath)
                .help_heading("Body")
                .help(match operation.raw_body {
                    true => "The body, byte for byte",
                    false => "The whole body; flags replace single fields of it",
                }),
        );
    }
    if operation.raw_answer {
        command = command.arg(
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .help("File to write the response into, instead of standard output"),
        );
    }
    if operation.pages.is_some() {
        command = command.arg(flag(
            "all",
            "Print every item of every page; with --json one a line",
        ));
    }
    if let Some(list) = operation.list.and_then(|path| operation.list_at(path)) {
        command = command.arg(
            Arg::new("columns")
                .long("columns")
                .value_name("NAME,…")
                .value_delimiter(',')
                .help(format!(
                    "Columns of the table instead of {}",
                    list.columns.join(",")
                )),
        );
    }
    command.args([
        flag(
            "full",
            "Print everything instead of a table or the main fields",
        ),
        flag(
            "dry-run",
            "Print the request, also as curl, without sending it",
        ),
    ])
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
        .value_parser(input::seconds),
    ]
}

fn batch() -> Command {
    let [(name, about), ..] = TOOLS;
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    Command::new(name)
        .about(about)
        .long_about(BATCH)
        .args([
            Arg::new("input")
                .value_name("FILE")
                .default_value("-")
                .value_hint(ValueHint::FilePath)
                .help("Requests; - is standard input"),
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("FILE")
                .value_hint(ValueHint::FilePath)
                .help("File for the results instead of standard output"),
            flag("resume", "Continue an interrupted batch: lines that have a response in the output file are not sent again")
                .requires("output"),
            flag("retry-uncertain", "When resuming, also repeat requests that may have been processed although no response arrived")
                .requires("resume"),
            Arg::new("concurrency")
                .long("concurrency")
                .value_name("N")
                .default_value("16")
                .value_parser(clap::value_parser!(u16).range(1..=512))
                .help("Number of requests in flight at the same time"),
            flag("in-order", "Send each line after the response to the line before, for lines that depend on each other")
                .conflicts_with("concurrency"),
            flag("dry-run", "Check every line and print the requests without sending them").conflicts_with("resume"),
        ])
}

const BATCH: &str = "\
Sends requests from a file, one JSON object a line:

  {\"operation_id\": \"GetCall\", \"path\": {\"type\": \"default\", \"id\": \"standup\"}, \"query\": {}, \"body\": {}}

Lines are sent concurrently, so a line must not depend on an earlier one; --in-order sends them one \
after the other, also after one that failed.

Each line is checked by the types of the library first. Lines that cannot be sent as they are, for \
example with an unknown field, are reported with their number and not sent. Results are printed in \
the order of the input, one JSON object a line, with line, status, body or error, and timing. The \
rate limits that the server reports are respected. Ctrl-C lets the requests in flight finish; with \
--output, --resume continues later. The exit code is 0 only if every line has succeeded, in this run \
or an earlier one.";

fn token() -> Command {
    let [_, (name, about), ..] = TOOLS;
    let user = || {
        Arg::new("user")
            .value_name("USER_ID")
            .required(true)
            .help("User that the token is for")
    };
    let options = || {
        [
            Arg::new("expires-in")
                .long("expires-in")
                .value_name("DURATION")
                .default_value("1h")
                .help("Lifetime, such as 30m, 12h or 7d, or never for no end"),
            Arg::new("role")
                .long("role")
                .value_name("ROLE")
                .help("The role of the user"),
            Arg::new("claim")
                .long("claim")
                .value_name("NAME=JSON")
                .action(ArgAction::Append)
                .help("Custom claim; may be repeated"),
        ]
    };
    Command::new(name)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            Command::new("user")
                .about("Signs a token for a user")
                .arg(user())
                .args(options()),
            Command::new("call")
                .about("Signs a token for a user that is limited to some calls")
                .arg(user())
                .arg(
                    Arg::new("cid")
                        .value_name("TYPE:ID")
                        .required(true)
                        .num_args(1..)
                        .help("The calls"),
                )
                .args(options()),
        ])
}

fn completions() -> Command {
    let [_, _, (name, about), ..] = TOOLS;
    Command::new(name).about(about).arg(
        Arg::new("shell")
            .required(true)
            .value_parser(["bash", "zsh", "fish"])
            .help("The shell"),
    )
}

fn manual() -> Command {
    let [_, _, _, (name, about), ..] = TOOLS;
    Command::new(name).about(about).args([
        Arg::new("command")
            .value_name("COMMAND")
            .help("Command to print the page of, instead of the program's"),
        Arg::new("output")
            .long("output")
            .short('o')
            .value_name("FOLDER")
            .value_hint(ValueHint::DirPath)
            .conflicts_with("command")
            .help("Folder to write the pages of all commands into"),
    ])
}

fn local() -> [Command; 2] {
    let [.., open, tail] = TOOLS;
    [open, tail].map(|(name, about)| Command::new(name).about(about))
}

/// All commands, by tag, with credentials and exit codes.
fn listing() -> String {
    let mut text = String::new();
    let mut tag = "";
    for operation in OPERATIONS {
        if operation.tag != tag {
            tag = operation.tag;
            let _ = writeln!(text, "\n{HEADING}{tag}:{HEADING:#}");
        }
        entry(&mut text, operation.command, operation.summary);
    }
    let _ = writeln!(text, "\n{HEADING}Tools:{HEADING:#}");
    for (name, about) in TOOLS {
        entry(&mut text, name, about);
    }
    let _ = writeln!(
        text,
        "\n{HEADING}Credentials:{HEADING:#}\n{}",
        credentials::HELP
    );
    let _ = write!(text, "\n{HEADING}Exit codes:{HEADING:#}\n{}", exit::HELP);
    text.trim_start().to_owned()
}

fn entry(text: &mut String, name: &str, about: &str) {
    /// The longest command that does not push its description to the next line.
    const WIDTH: usize = 28;
    let about = about.trim_end_matches('.');
    if name.len() > WIDTH {
        let _ = writeln!(text, "  {NAME}{name}{NAME:#}\n  {:WIDTH$}  {about}", "");
    } else {
        let _ = writeln!(text, "  {NAME}{name:WIDTH$}{NAME:#}  {about}");
    }
}

/// Keeps one suggestion: the most similar name, which clap lists last, unless an operation is
/// described in the words that were given (`create-user`: "Creates users, …").
pub(crate) fn keep_nearest_suggestion(error: &mut clap::Error) {
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        if let Some(ContextValue::Strings(names)) = error.get(kind)
            && let Some(nearest) = names.last().cloned()
        {
            error.insert(kind, ContextValue::Strings(vec![nearest]));
        }
    }
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let described = described_by(given);
    let kept = match error.get(ContextKind::SuggestedSubcommand) {
        Some(ContextValue::Strings(names)) => {
            names.iter().any(|name| described.contains(&name.as_str()))
        }
        _ => false,
    };
    if let Some(name) = described.first().filter(|_| !kept) {
        let name = ContextValue::Strings(vec![(*name).to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, name);
    }
}

/// The commands whose name or summary has all words of a name that is not a command.
fn described_by(given: &str) -> Vec<&'static str> {
    let given: Vec<String> = given.split('-').map(str::to_lowercase).collect();
    let matches = |operation: &&Operation| {
        let text = format!("{} {}", operation.command, operation.summary).to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        // As beginnings, so that `user` is found in `users`.
        let has = |given: &String| words.iter().any(|word| word.starts_with(given.as_str()));
        given.iter().all(|word| word.len() > 2 && has(word))
    };
    OPERATIONS
        .iter()
        .filter(matches)
        .map(|o| o.command)
        .collect()
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

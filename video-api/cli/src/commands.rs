//! The commands, built from the index of operations.

use std::fmt::Write as _;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, ValueHint};

use crate::credentials;
use crate::exit;
use crate::flags;
use crate::index::{OPERATIONS, Operation};
use crate::input;

pub(crate) const HEADING: Style = AnsiColor::Green.on_default().bold();
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();

const STYLES: Styles = Styles::styled()
    .header(HEADING)
    .usage(HEADING)
    .literal(NAME)
    .placeholder(Style::new().dimmed())
    .error(AnsiColor::Red.on_default().bold());

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
const TOOLS: [(&str, &str); 3] = [
    (
        "batch",
        "Performs requests from a file, one JSON object a line",
    ),
    ("token", "Signs tokens for users"),
    ("completions", "Prints a completion script for a shell"),
];

/// The whole program. Arguments are only built for the operations that are `wanted`, which keeps
/// the start fast.
pub(crate) fn program(wanted: impl Fn(&Operation) -> bool) -> Command {
    let operations = OPERATIONS.iter().map(|operation| {
        let command = Command::new(operation.command).about(operation.summary);
        if wanted(operation) {
            full(command, operation)
        } else {
            command
        }
    });
    Command::new("video-api")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Every operation of the Stream Video API from the command line")
        .styles(STYLES)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .help_template(template())
        .after_help(listing())
        .args(common())
        .subcommands(operations)
        .subcommands([batch(), token(), completions()])
}

fn full(command: Command, operation: &Operation) -> Command {
    let mut long = format!("{}\n\n{}", operation.summary, operation.description);
    if operation.description.is_empty() {
        long.truncate(operation.summary.len());
    }
    let _ = write!(long, "\n\n{} {}", operation.method, operation.path);
    let mut command = command.long_about(long).args(flags::arguments(operation));
    if operation.body.is_some() {
        command = command.arg(
            Arg::new("body")
                .long("body")
                .value_name("JSON|@FILE|-")
                .value_hint(ValueHint::AnyPath)
                .help_heading("Body")
                .help("The whole body; flags replace single fields of it"),
        );
    }
    if operation.pages.is_some() {
        command =
            command.arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help(
                "Follow the cursors and print every item of every page; with --json one a line",
            ));
    }
    command.arg(
        Arg::new("dry-run")
            .long("dry-run")
            .action(ArgAction::SetTrue)
            .help("Print the request, also as curl, without sending it"),
    )
}

fn common() -> [Arg; 7] {
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
            "Where the API lives [env: STREAM_BASE_URL]",
        )
        .value_hint(ValueHint::Url),
        option(
            "config",
            "FILE",
            "Configuration file [default: ~/.config/video-api/config.json]",
        )
        .value_hint(ValueHint::FilePath),
        option(
            "timeout",
            "DURATION",
            "The longest that one request may take with all retries",
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
                .help("Where results go instead of standard output"),
            flag("resume", "Continue an interrupted batch: lines that have an answer in the output file are not sent again")
                .requires("output"),
            flag("retry-uncertain", "When resuming, also repeat requests that may have been processed without an answer")
                .requires("resume"),
            Arg::new("concurrency")
                .long("concurrency")
                .value_name("N")
                .default_value("16")
                .value_parser(clap::value_parser!(u16).range(1..=512))
                .help("How many requests are under way at the same time"),
            flag("dry-run", "Check every line and print the requests without sending them").conflicts_with("resume"),
        ])
}

const BATCH: &str = "\
Performs requests from a file, one JSON object a line:

  {\"operation_id\": \"GetCall\", \"path\": {\"type\": \"default\", \"id\": \"standup\"}, \"query\": {}, \"body\": {}}

Each line is checked by the types of the library first. Lines that cannot be sent as they are, for \
example with an unknown field, are reported with their number, and nothing is sent for them. \
Results are printed in the order of the input, one JSON object a line, with line, status, body or \
error, and timing. Rate limits that the server tells are kept. Ctrl-C lets the requests under way \
finish; with --output, --resume continues later.";

fn token() -> Command {
    let [_, (name, about), _] = TOOLS;
    let user = || {
        Arg::new("user")
            .value_name("USER_ID")
            .required(true)
            .help("Who the token is for")
    };
    let options = || {
        [
            Arg::new("expires-in")
                .long("expires-in")
                .value_name("DURATION")
                .default_value("1h")
                .help("How long it is valid, such as 30m, 12h or 7d, or never for no end"),
            Arg::new("role")
                .long("role")
                .value_name("ROLE")
                .help("The role of the user"),
            Arg::new("claim")
                .long("claim")
                .value_name("NAME=JSON")
                .action(ArgAction::Append)
                .help("A claim of your own; may be repeated"),
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
                .about("Signs a token for a user that is only good for some calls")
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
    let [.., (name, about)] = TOOLS;
    Command::new(name).about(about).arg(
        Arg::new("shell")
            .required(true)
            .value_parser(["bash", "zsh", "fish"])
            .help("The shell"),
    )
}

/// All commands, by tag, and how the program ends.
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

/// Of the similar names that clap finds, the last one is the nearest.
pub(crate) fn only_nearest(error: &mut clap::Error) {
    for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
        if let Some(ContextValue::Strings(names)) = error.get(kind)
            && let Some(nearest) = names.last().cloned()
        {
            error.insert(kind, ContextValue::Strings(vec![nearest]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_sound() {
        program(|_| true).debug_assert();
    }
}

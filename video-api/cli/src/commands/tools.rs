//! The commands that are not operations.

use clap::{Arg, ArgAction, Command, ValueHint};

/// All of them, in the order in which they are listed.
pub(super) fn tools() -> [Command; 6] {
    [
        batch(),
        token(),
        completions(),
        manual(),
        Command::new("open").about("Prints the address of the local server's inspector"),
        Command::new("tail").about("Follows the requests and webhooks of the local server"),
    ]
}

fn batch() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    Command::new("batch")
        .about("Sends requests from a file, one JSON object a line")
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
or an earlier one.

Resuming does not send lines with an error response again. For that, make a new batch of them:

  jq -r 'select(.status and (.ok | not)) | \"\\(.line)p\"' responses.jsonl |
    sed -nf - requests.jsonl > again.jsonl";

fn token() -> Command {
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
                .allow_hyphen_values(true)
                .help("Lifetime, such as 30m, 12h or 7d; never for no end, which is the default of the library; negative for a token that has expired"),
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
    Command::new("token")
        .about("Signs tokens for users, or for another program such as curl")
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
            Command::new("server")
                .about("Prints the token that the commands here send, for another program such as curl")
                .long_about(SERVER_TOKEN),
        ])
}

const SERVER_TOKEN: &str = "\
Prints the token that the commands here send, for another program such as curl:

  export STREAM_TOKEN=\"$(video-api token server)\"

It is as powerful as the API secret and does not expire: give it to no device.";

fn completions() -> Command {
    Command::new("completions")
        .about("Prints a completion script for a shell")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_parser(["bash", "zsh", "fish"])
                .help("The shell"),
        )
}

fn manual() -> Command {
    Command::new("man")
        .about("Prints a manual page, or writes all of them")
        .args([
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

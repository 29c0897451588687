//! The command of one operation.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, ValueHint};

use crate::arguments;
use crate::index::Operation;

/// Adds the arguments and the long description.
pub(super) fn full(command: Command, operation: &Operation, for_help: bool) -> Command {
    let mut long = operation.summary.to_owned();
    let alias = super::alias(operation).map(|alias| format!("Also called {alias}."));
    for part in [
        operation.description,
        &alias.unwrap_or_default(),
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
    if operation.raw_response {
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

//! Explains what a command takes when it was called wrongly.

use std::fmt::Write as _;

use super::names::placeholder;
use crate::exit::Failure;
use crate::index::{Kind, Operation, Parameter};
use crate::program;

/// The command with its required arguments: `video-api block-user [OPTIONS] <TYPE> <ID> <USER_ID>`.
pub(crate) fn synopsis(operation: &Operation) -> String {
    let mut text = format!("{} {} [OPTIONS]", program::name(), operation.command);
    let mut required = operation.required().peekable();
    while let Some(parameter) = required.next() {
        text = text + " " + &placeholder(parameter);
        if required.peek().is_none() && parameter.kind == Kind::TextList {
            text.push('…');
        }
    }
    text
}

/// All required arguments, with the shape of those that are JSON.
pub(super) fn missing(operation: &Operation, is_missing: impl Fn(&&Parameter) -> bool) -> Failure {
    let names: Vec<String> = operation
        .required()
        .filter(|p| is_missing(p))
        .map(placeholder)
        .collect();
    let width = operation.required().map(|p| placeholder(p).len()).max();
    let width = width.unwrap_or_default();
    let mut help = format!("Usage: {}\n", synopsis(operation));
    for parameter in operation.required() {
        let state = if is_missing(&parameter) {
            "missing"
        } else {
            "given"
        };
        let about = parameter.help.trim_end_matches('.');
        let name = placeholder(parameter);
        let _ = write!(help, "\n  {name:width$}  {state:7}  {about}");
        if !parameter.values.is_empty() {
            let _ = write!(help, " ({})", parameter.values.join(", "));
        }
        if parameter.kind == Kind::Json {
            let shape = shape(parameter).replace('\n', &format!("\n  {:width$}  {:7}  ", "", ""));
            let _ = write!(help, "\n  {:width$}  {:7}  {shape}", "", "");
        }
    }
    Failure::usage(format!("{} needs {}", operation.command, names.join(", ")))
        .with_help(help + "\n\n" + &more(operation))
}

/// An error: the operation needs at least one of these flags.
pub(super) fn missing_choice(operation: &Operation, flags: &[&str]) -> Failure {
    let flags: Vec<String> = flags.iter().map(|flag| format!("--{flag}")).collect();
    let message = format!("{} needs one of {}", operation.command, flags.join(", "));
    Failure::usage(message).with_help(more(operation))
}

/// A position too many.
pub(super) fn unexpected(operation: &Operation, text: &str) -> Failure {
    let help = format!("Usage: {}\n\n{}", synopsis(operation), more(operation));
    Failure::usage(format!("unexpected argument {text:?}")).with_help(help)
}

/// The shape of a JSON argument, with an example.
pub(super) fn shape(parameter: &Parameter) -> String {
    format!("JSON: {}\nsuch as '{}'", parameter.shape, parameter.example)
}

/// Adds the shape of the argument that the library refused.
pub(crate) fn explain(operation: &Operation, failure: Failure) -> Failure {
    let refused = operation.parameters.iter().find(|parameter| {
        let place = format!("{:?}", parameter.place).to_lowercase();
        let path = format!("`{place}.{}", parameter.name);
        failure.message.split_once(&path).is_some_and(|(_, rest)| {
            parameter.kind == Kind::Json && rest.starts_with(['`', '.', '['])
        })
    });
    match refused {
        Some(parameter) if failure.help.is_none() => {
            let flag = parameter.flag;
            failure.with_help(format!("--{flag} takes {}", shape(parameter)))
        }
        _ => failure,
    }
}

fn more(operation: &Operation) -> String {
    format!(
        "For more information, try '{} {} --help'.",
        program::name(),
        operation.command
    )
}

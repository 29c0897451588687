//! The arguments of an operation's command.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, ArgAction, Command, ValueHint};

use super::names::{flag_id, position_id};
use crate::index::{Kind, Operation, Parameter, Place};

/// Every parameter is a flag; required ones can be given by position as well.
///
/// Only for a help text is a position required: parsing leaves that to [`super::read`], which knows
/// that a flag or `--body` may have been used instead.
pub(crate) fn define(operation: &Operation, for_help: bool) -> Vec<Arg> {
    let last = operation.required().last().map(flag_id);
    let positions = operation.required().map(|parameter| {
        let arg = Arg::new(position_id(parameter))
            .value_name(parameter.name.to_uppercase())
            .required(for_help);
        let arg = described(arg, parameter);
        match last == Some(flag_id(parameter)) && parameter.kind == Kind::TextList {
            true => arg.num_args(usize::from(for_help)..),
            false => arg,
        }
    });
    positions
        .chain(operation.parameters.iter().map(flag))
        .collect()
}

fn flag(parameter: &'static Parameter) -> Arg {
    let arg = Arg::new(flag_id(parameter))
        .long(parameter.flag)
        // The position is listed.
        .hide(parameter.required)
        .help_heading(match parameter.place {
            Place::Body => "Body",
            Place::Path | Place::Query => "Query",
            Place::Header => "Headers",
        });
    let arg = described(arg, parameter);
    match parameter.kind {
        Kind::Boolean => arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_name("BOOL"),
        Kind::Integer | Kind::Number => arg.allow_negative_numbers(true).value_name("NUMBER"),
        Kind::Time => arg.value_name("TIME"),
        Kind::TextList => arg.action(ArgAction::Append).value_name("TEXT"),
        // So that -created_at is a value.
        Kind::Sort => arg
            .allow_hyphen_values(true)
            .value_name("\"FIELD [asc|desc], …\""),
        Kind::Json => arg
            .value_name("JSON|@FILE|-")
            .value_hint(ValueHint::AnyPath),
        Kind::File => arg
            .value_name("TEXT|@FILE|-")
            .value_hint(ValueHint::AnyPath),
        Kind::FileList => arg
            .action(ArgAction::Append)
            .value_name("TEXT|@FILE")
            .value_hint(ValueHint::AnyPath),
        Kind::Text => arg.value_name("TEXT"),
    }
}

fn described(arg: Arg, parameter: &'static Parameter) -> Arg {
    /// Longer lists of values are completed but not listed.
    const LISTED: usize = 12;
    let mut help = parameter.help.trim_end_matches('.').to_owned();
    match parameter.kind {
        Kind::TextList => help.push_str("; several with commas or repeated"),
        Kind::FileList => help.push_str("; may be repeated"),
        Kind::Time => help.push_str(", such as 2026-01-31T12:00:00Z"),
        Kind::Sort => {
            help.push_str(". Written in words, such as \"created_at desc, cid\", or as JSON")
        }
        _ => {}
    }
    let long = match parameter.kind {
        Kind::Json => format!(
            "{help}\n\n{}\nsuch as '{}'",
            parameter.shape, parameter.example
        ),
        _ => help.clone(),
    };
    arg.help(help)
        .long_help(long)
        .value_parser(Open(parameter.values))
        .hide_possible_values(parameter.values.len() > LISTED)
}

/// Text with known values: they are shown and completed, but the server may know more.
#[derive(Clone)]
struct Open(&'static [&'static str]);

impl TypedValueParser for Open {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.0.is_empty() {
            return None;
        }
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

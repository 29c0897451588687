//! Parameters and body fields as arguments of a command, and back.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Map, Value};
use video_api::Timestamp;

use crate::exit::Failure;
use crate::index::{Kind, Operation, Parameter, Place};
use crate::{exact, input, warn};

/// What a command was given, by the names on the wire.
#[derive(Debug, Default, Clone)]
pub(crate) struct Given {
    pub(crate) path: Map<String, Value>,
    pub(crate) query: Map<String, Value>,
    pub(crate) body: Option<Value>,
}

impl Given {
    /// As the library takes it.
    pub(crate) fn arguments(self) -> video_api::by_name::Arguments {
        let mut arguments = video_api::by_name::Arguments::new();
        for (name, value) in self.path {
            arguments = arguments.path(name, value);
        }
        for (name, value) in self.query {
            arguments = arguments.query(name, value);
        }
        match self.body {
            Some(body) => arguments.body(body),
            None => arguments,
        }
    }

    /// Sets a field of the query or the body, or removes it.
    pub(crate) fn set(&mut self, place: Place, name: &str, value: Option<Value>) {
        let fields = match place {
            Place::Query => &mut self.query,
            Place::Body => match self.body.get_or_insert_with(|| Value::Object(Map::new())) {
                Value::Object(fields) => fields,
                _ => return,
            },
        };
        match value {
            Some(value) => drop(fields.insert(name.to_owned(), value)),
            None => drop(fields.remove(name)),
        }
    }
}

/// The arguments of an operation's command.
pub(crate) fn arguments(operation: &Operation) -> Vec<Arg> {
    let path = operation.path_parameters.iter().map(|parameter| {
        let arg = Arg::new(id("path", parameter))
            .required(true)
            .value_name(shout(parameter.name));
        described(arg, parameter)
    });
    let query = operation
        .query
        .iter()
        .map(|parameter| flag("query", parameter, "Query"));
    let body = operation.body.unwrap_or_default().iter().map(|parameter| {
        let arg = flag("body", parameter, "Body");
        if parameter.required {
            // Unlike the usage of an argument, this does not show in the help by itself.
            let help = format!("{}; required", arg.get_help().cloned().unwrap_or_default());
            arg.help(help).required_unless_present("body")
        } else {
            arg
        }
    });
    path.chain(query).chain(body).collect()
}

fn flag(place: &str, parameter: &'static Parameter, heading: &'static str) -> Arg {
    let arg = Arg::new(id(place, parameter))
        .long(parameter.flag)
        .help_heading(heading);
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
        Kind::Json => arg.value_name("JSON|@FILE|-"),
        Kind::Text => arg.value_name("TEXT"),
    }
}

fn described(arg: Arg, parameter: &'static Parameter) -> Arg {
    /// More values than this are completed but not listed.
    const LISTED: usize = 12;
    let mut help = parameter.help.trim_end_matches('.').to_owned();
    match parameter.kind {
        Kind::TextList => help.push_str("; may be repeated"),
        Kind::Time => help.push_str(", such as 2026-01-31T12:00:00Z"),
        _ => {}
    }
    let parser: ValueParser = match parameter.kind {
        Kind::Text | Kind::TextList => Open {
            values: parameter.values,
        }
        .into(),
        Kind::Integer => ValueParser::new(integer),
        Kind::Number => ValueParser::new(float),
        Kind::Boolean => ValueParser::new(boolean),
        Kind::Time => ValueParser::new(time),
        Kind::Json => StringValueParser::new().map(Value::String).into(),
    };
    arg.help(help)
        .value_parser(parser)
        .hide_possible_values(parameter.values.len() > LISTED)
}

/// What a command was given.
pub(crate) fn read(operation: &Operation, matches: &ArgMatches) -> Result<Given, Failure> {
    let mut given = Given::default();
    for parameter in operation.path_parameters {
        if let Some(value) = value("path", parameter, matches)? {
            given.path.insert(parameter.name.to_owned(), value);
        }
    }
    for parameter in operation.query {
        if let Some(value) = value("query", parameter, matches)? {
            given.query.insert(parameter.name.to_owned(), value);
        }
    }
    let Some(fields) = operation.body else {
        return Ok(given);
    };
    if let Some(text) = matches.get_one::<String>("body") {
        let body = input::json("--body", text)?;
        if !body.is_object() {
            return Err(Failure::usage("--body: must be a JSON object"));
        }
        given.body = Some(body);
    }
    for parameter in fields {
        if let Some(value) = value("body", parameter, matches)? {
            if is_secret(parameter.name) {
                let flag = parameter.flag;
                warn(&format!(
                    "--{flag} leaves a secret in the shell's history; use --body @FILE"
                ));
            }
            given.set(Place::Body, parameter.name, Some(value));
        }
    }
    Ok(given)
}

fn value(
    place: &str,
    parameter: &Parameter,
    matches: &ArgMatches,
) -> Result<Option<Value>, Failure> {
    let id = id(place, parameter);
    let Some(values) = matches.get_many::<Value>(&id) else {
        return Ok(None);
    };
    let mut values: Vec<Value> = values.cloned().collect();
    Ok(match (parameter.kind, values.pop()) {
        (Kind::TextList, Some(last)) => {
            values.push(last);
            Some(Value::Array(values))
        }
        (Kind::Json, Some(Value::String(text))) => {
            Some(input::json(&format!("--{}", parameter.flag), &text)?)
        }
        (_, value) => value,
    })
}

fn id(place: &str, parameter: &Parameter) -> String {
    format!("{place}:{}", parameter.name)
}

fn shout(name: &str) -> String {
    name.to_uppercase()
}

fn is_secret(name: &str) -> bool {
    ["password", "secret", "token"]
        .iter()
        .any(|word| name.contains(word))
}

fn integer(text: &str) -> Result<Value, String> {
    let number = text
        .parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<u64>().map(Value::from));
    number.map_err(|_| "must be a whole number".to_owned())
}

fn float(text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Number(_)) if exact::number(text) => Ok(value),
        Ok(Value::Number(_)) => Err("has more digits than can be sent".to_owned()),
        _ => Err("must be a number".to_owned()),
    }
}

fn boolean(text: &str) -> Result<Value, String> {
    text.parse()
        .map(Value::Bool)
        .map_err(|_| "must be true or false".to_owned())
}

fn time(text: &str) -> Result<Value, String> {
    match text.parse::<Timestamp>() {
        Ok(_) => Ok(Value::String(text.to_owned())),
        Err(_) => Err("must be an RFC 3339 time such as 2026-01-31T12:00:00Z".to_owned()),
    }
}

/// Text with known values: they are shown and completed, but the server may know more.
#[derive(Clone)]
struct Open {
    values: &'static [&'static str],
}

impl TypedValueParser for Open {
    type Value = Value;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Value, clap::Error> {
        StringValueParser::new()
            .parse_ref(command, arg, value)
            .map(Value::String)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        if self.values.is_empty() {
            return None;
        }
        Some(Box::new(self.values.iter().map(PossibleValue::new)))
    }
}

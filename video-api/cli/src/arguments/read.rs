//! Reads the values that a command was given.

use std::collections::{HashSet, VecDeque};

use clap::ArgMatches;
use serde_json::{Map, Value, json};
use video_api::{Timestamp, Upload};

use super::names::{flag_id, position_id};
use super::{choices, usage};
use crate::exit::Failure;
use crate::index::{Kind, Operation, Parameter, Place};
use crate::output::{plain, warn};
use crate::{input, lossless};

/// The values of a request, by their names on the wire.
#[derive(Debug, Default, Clone)]
pub(crate) struct Given {
    path: Map<String, Value>,
    query: Map<String, Value>,
    header: Map<String, Value>,
    body: Option<Value>,
    /// A body that is text or bytes.
    bytes: Option<Vec<u8>>,
    /// Files by the names of their fields.
    files: Vec<(&'static str, Upload)>,
}

impl Given {
    /// The arguments as the library takes them.
    pub(crate) fn arguments(self) -> video_api::by_name::Arguments {
        let mut arguments = video_api::by_name::Arguments::new();
        for (name, value) in self.path {
            arguments = arguments.path(name, value);
        }
        for (name, value) in self.query {
            arguments = arguments.query(name, value);
        }
        for (name, value) in self.header {
            arguments = arguments.header(name, value);
        }
        for (name, file) in self.files {
            arguments = arguments.file(name, file);
        }
        if let Some(bytes) = self.bytes {
            arguments = arguments.bytes(bytes);
        }
        match self.body {
            Some(body) => arguments.body(body),
            None => arguments,
        }
    }

    /// Sets a value, or removes it.
    pub(crate) fn set(&mut self, place: Place, name: &str, value: Option<Value>) {
        let fields = match place {
            Place::Path => &mut self.path,
            Place::Query => &mut self.query,
            Place::Header => &mut self.header,
            Place::Body => match self.body.get_or_insert_with(|| json!({})) {
                Value::Object(fields) => fields,
                _ => return,
            },
        };
        match value {
            Some(value) => drop(fields.insert(name.to_owned(), value)),
            None => drop(fields.remove(name)),
        }
    }

    fn has(&self, parameter: &Parameter) -> bool {
        let is_file = self.files.iter().any(|(name, _)| *name == parameter.name);
        self.get(parameter).is_some() || (parameter.place == Place::Body && is_file)
    }

    /// A value that is short enough to repeat: a text, a number or a boolean.
    pub(crate) fn word(&self, parameter: &Parameter) -> Option<String> {
        let value = self.get(parameter).filter(|_| !is_secret(parameter.name))?;
        match value {
            Value::String(text) => Some(plain(text)),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        }
    }

    /// A value other than a file.
    fn get(&self, parameter: &Parameter) -> Option<&Value> {
        let fields = match parameter.place {
            Place::Path => Some(&self.path),
            Place::Query => Some(&self.query),
            Place::Header => Some(&self.header),
            Place::Body => self.body.as_ref().and_then(Value::as_object),
        };
        fields?.get(parameter.name)
    }
}

/// Reads flags, `--body` and positions. Positions are the required parameters that no flag gives,
/// in their order.
pub(crate) fn read(operation: &Operation, matches: &ArgMatches) -> Result<Given, Failure> {
    let mut given = Given::default();
    if operation.has_body
        && let Some(text) = matches.get_one::<String>("body")
    {
        if operation.raw_body {
            given.bytes = Some(input::bytes("--body", text)?);
            return fill(operation, matches, given);
        }
        let body = input::json("--body", text)?;
        if !body.is_object() {
            return Err(Failure::usage("--body: must be a JSON object"));
        }
        given.body = Some(body);
    }
    fill(operation, matches, given)
}

/// Reads flags and positions.
fn fill(operation: &Operation, matches: &ArgMatches, mut given: Given) -> Result<Given, Failure> {
    let mut positions: VecDeque<String> = operation
        .required()
        .flat_map(|parameter| texts(matches, &position_id(parameter)))
        .collect();
    let from_body = |parameter: &Parameter, given: &Given| {
        parameter.place == Place::Body && given.has(parameter)
    };
    let mut open: Vec<&Parameter> = operation
        .required()
        .filter(|p| texts(matches, &flag_id(p)).is_empty())
        .collect();
    split_cid(&mut positions, &open);
    // A position replaces a field of `--body` only when there are more of them than other places.
    let unset = open.iter().filter(|p| !from_body(p, &given)).count();
    if positions.len() <= unset {
        open.retain(|parameter| !from_body(parameter, &given));
    }
    let last = open.last().map(|parameter| flag_id(parameter));
    for parameter in operation.parameters {
        let mut values = texts(matches, &flag_id(parameter));
        if open.iter().any(|p| flag_id(p) == flag_id(parameter)) {
            let rest = parameter.kind == Kind::TextList && last == Some(flag_id(parameter));
            let count = if rest {
                positions.len()
            } else {
                1.min(positions.len())
            };
            values.extend(positions.drain(..count));
        }
        if values.is_empty() {
            continue;
        }
        if is_secret(parameter.name) {
            warn(&format!(
                "--{} leaves a secret in the shell's history; use --body @FILE",
                parameter.flag
            ));
        }
        if matches!(parameter.kind, Kind::File | Kind::FileList) {
            for text in &values {
                let file = input::file(&format!("--{}", parameter.flag), text)?;
                given.files.push((parameter.name, file));
            }
            continue;
        }
        let value = value(parameter, values)?;
        let value = match (operation.id, parameter.name) {
            ("UpdateUsers", "users") => by_id(value),
            _ => value,
        };
        given.set(parameter.place, parameter.name, Some(value));
    }
    if let Some(extra) = positions.front() {
        return Err(usage::unexpected(operation, extra));
    }
    let missing = |parameter: &&Parameter| !given.has(parameter);
    if operation.required().any(|parameter| missing(&parameter)) {
        return Err(usage::missing(operation, missing));
    }
    match choices::missing(operation, |parameter| given.get(parameter)) {
        Some(flags) => Err(usage::missing_choice(operation, &flags)),
        None => Ok(given),
    }
}

fn texts(matches: &ArgMatches, id: &str) -> Vec<String> {
    let values = matches.get_many::<String>(id);
    values.into_iter().flatten().cloned().collect()
}

/// Takes `default:standup` for the two positions of type and id, when a position is missing. A type
/// holds no colon.
fn split_cid(positions: &mut VecDeque<String>, open: &[&Parameter]) {
    let [first, second, ..] = open else {
        return;
    };
    let names = [first.name, second.name];
    let is_call = matches!(names, ["type", "id"] | ["call_type", "call_id"]);
    if !is_call || positions.len() >= open.len() {
        return;
    }
    let first = positions.front().and_then(|cid| cid.split_once(':'));
    if let Some((kind, id)) = first.map(|(kind, id)| (kind.to_owned(), id.to_owned())) {
        positions.pop_front();
        positions.push_front(id);
        positions.push_front(kind);
    }
}

/// A list of objects as the map by their ids; any other value as it is.
fn by_id(value: Value) -> Value {
    let Value::Array(items) = &value else {
        return value;
    };
    let ids: Option<Vec<&str>> = items.iter().map(|item| item.get("id")?.as_str()).collect();
    let Some(ids) = ids.filter(|ids| ids.iter().collect::<HashSet<_>>().len() == ids.len()) else {
        return value;
    };
    let users = ids
        .into_iter()
        .map(str::to_owned)
        .zip(items.iter().cloned());
    Value::Object(users.collect())
}

/// The texts of a list, which may be given in one argument with commas between them.
fn list(texts: &[String]) -> Result<Value, String> {
    let mut list = Vec::new();
    for text in texts {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if parts.len() > 1 && parts.contains(&"") {
            return Err(format!("{text:?} has nothing between two commas"));
        }
        match parts.as_slice() {
            [_] => list.push(Value::from(text.as_str())),
            several => list.extend(several.iter().copied().map(Value::from)),
        }
    }
    Ok(list.into())
}

fn value(parameter: &'static Parameter, mut texts: Vec<String>) -> Result<Value, Failure> {
    let flag = format!("--{}", parameter.flag);
    if parameter.kind == Kind::TextList {
        return list(&texts).map_err(|reason| Failure::usage(format!("{flag}: {reason}")));
    }
    let text = texts.pop().unwrap_or_default();
    let parsed = match parameter.kind {
        Kind::Text | Kind::TextList | Kind::File | Kind::FileList => Ok(Value::String(text)),
        Kind::Integer => integer(&text),
        Kind::Number => float(&text),
        Kind::Boolean => boolean(&text),
        Kind::Time => time(&text),
        Kind::Sort if !text.starts_with(['[', '@']) && text != "-" => sort(&text),
        Kind::Json | Kind::Sort => {
            return input::json(&flag, &text)
                .map_err(|failure| failure.with_help(usage::shape(parameter)));
        }
    };
    parsed.map_err(|reason| Failure::usage(format!("{flag}: {reason}")))
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
        Ok(value @ Value::Number(_)) if lossless::is_exact(text) => Ok(value),
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

/// Sort keys in words: `created_at desc, cid`; also `-created_at` for the descending order.
fn sort(text: &str) -> Result<Value, String> {
    let key = |key: &str| {
        let mut words = key.split_whitespace();
        let direction = match (words.next(), words.next(), words.next()) {
            (Some(field), None, None) if field.starts_with('-') => field
                .strip_prefix('-')
                .filter(|field| !field.is_empty() && !field.starts_with('-'))
                .map(|field| (field, -1)),
            (Some(field), direction, None) if !field.starts_with('-') => match direction {
                None | Some("asc" | "ascending") => Some((field, 1)),
                Some("desc" | "descending") => Some((field, -1)),
                Some(_) => None,
            },
            _ => None,
        };
        let (field, direction) = direction.ok_or_else(|| {
            format!(
                "`{}` must be a field, optionally with asc or desc",
                key.trim()
            )
        })?;
        Ok(json!({"field": field, "direction": direction}))
    };
    text.split(',').map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_keys_are_written_in_words() {
        assert_eq!(
            sort("created_at desc, cid,  user.id asc, team descending").unwrap(),
            json!([
                {"field": "created_at", "direction": -1},
                {"field": "cid", "direction": 1},
                {"field": "user.id", "direction": 1},
                {"field": "team", "direction": -1},
            ])
        );
        assert_eq!(
            sort("-created_at,cid").unwrap(),
            sort("created_at desc, cid").unwrap()
        );
        for bad in ["", "a,", "a down", "a desc b", "-", "- a", "--a", "-a desc"] {
            assert!(sort(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists_are_split_at_commas() {
        let list = |texts: &[&str]| {
            super::list(&texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            list(&["ana,bo", "eve"]).unwrap(),
            json!(["ana", "bo", "eve"])
        );
        assert_eq!(list(&["ana, bo"]).unwrap(), json!(["ana", "bo"]));
        assert_eq!(list(&[""]).unwrap(), json!([""]));
        for bad in [",", "ana,", "ana,,bo"] {
            assert!(list(&[bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn users_are_a_map_also_when_given_as_a_list() {
        let users = json!([{"id": "ana", "name": "Ana"}, {"id": "bo"}]);
        let map = json!({"ana": {"id": "ana", "name": "Ana"}, "bo": {"id": "bo"}});
        assert_eq!(by_id(users), map);
        assert_eq!(by_id(map.clone()), map);
        // The library says what is wrong with these.
        for odd in [
            json!([{"name": "Ana"}]),
            json!([{"id": "ana"}, {"id": "ana"}]),
        ] {
            assert_eq!(by_id(odd.clone()), odd);
        }
    }

    #[test]
    fn numbers_and_booleans() {
        assert_eq!(integer("-5").unwrap(), json!(-5));
        assert_eq!(integer("18446744073709551615").unwrap(), json!(u64::MAX));
        assert_eq!(float("1.50").unwrap(), json!(1.5));
        assert!(integer("1.0").is_err() && float("NaN").is_err() && float("1e999").is_err());
        assert!(boolean("yes").is_err());
    }
}

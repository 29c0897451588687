//! Whether JSON goes through a type unharmed.
//!
//! A value is read as its type, written again and compared: what is unknown, lost or changed on
//! that way would reach the server as something else than what was given.

use serde_json::Value;

use crate::Timestamp;
use crate::json_path;

/// Reads bytes as some type and writes them again.
pub(super) type Again = fn(&[u8]) -> Result<Vec<u8>, serde_json::Error>;

/// Where something does not fit, and why. Never shows a value, only names and kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    path: String,
    reason: String,
}

impl Problem {
    /// The problem of a value that is found under this name.
    pub(super) fn below(&self, name: &str) -> String {
        let joined = match (name, self.path.as_str()) {
            ("", path) => path.to_owned(),
            (name, "") => name.to_owned(),
            (name, path) if path.starts_with('[') => format!("{name}{path}"),
            (name, path) => format!("{name}.{path}"),
        };
        if joined.is_empty() {
            self.reason.clone()
        } else {
            format!("`{joined}` {}", self.reason)
        }
    }
}

/// The bytes that the type writes for a value, when they mean the same.
pub(super) fn encode(given: &Value, again: Again) -> Result<Vec<u8>, Problem> {
    let json = serde_json::to_vec(given).map_err(|error| unreadable(&[], &error))?;
    let written = again(&json).map_err(|error| unreadable(&json, &error))?;
    let encoded = serde_json::from_slice(&written).map_err(|error| unreadable(&written, &error))?;
    let mut comparison = Comparison::default();
    comparison.compare(given, &encoded)?;
    for null in &comparison.nulls {
        left_out(given, null, again)?;
    }
    Ok(written)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

#[derive(Default)]
struct Comparison {
    path: Vec<Step>,
    /// Where `null` was given and nothing is written.
    nulls: Vec<Vec<Step>>,
}

impl Comparison {
    fn compare(&mut self, given: &Value, encoded: &Value) -> Result<(), Problem> {
        match (given, encoded) {
            (Value::Object(given), Value::Object(encoded)) => {
                for (key, value) in given {
                    self.path.push(Step::Key(key.clone()));
                    match encoded.get(key) {
                        Some(other) => self.compare(value, other)?,
                        None if value.is_null() => self.nulls.push(self.path.clone()),
                        None => return self.problem("is not known here"),
                    }
                    self.path.pop();
                }
                match encoded.keys().find(|key| !given.contains_key(*key)) {
                    None => Ok(()),
                    Some(key) => {
                        self.path.push(Step::Key(key.clone()));
                        self.problem("is required but missing")
                    }
                }
            }
            (Value::Array(given), Value::Array(encoded)) => {
                if given.len() != encoded.len() {
                    return self.problem("has an item that would be left out; is it `null`?");
                }
                for (index, (value, other)) in given.iter().zip(encoded).enumerate() {
                    self.path.push(Step::Index(index));
                    self.compare(value, other)?;
                    self.path.pop();
                }
                Ok(())
            }
            (Value::Number(given), Value::Number(encoded)) if same_number(given, encoded) => Ok(()),
            (Value::String(given), Value::String(encoded)) if same_time(given, encoded) => Ok(()),
            _ if given == encoded => Ok(()),
            (Value::Null, _) => self.problem("is required and cannot be `null`"),
            (Value::Number(_), Value::String(time)) if time.parse::<Timestamp>().is_ok() => {
                self.problem("is a time, written as RFC 3339 text such as \"2026-01-31T12:00:00Z\"")
            }
            _ => self.problem("would be changed on the way to the server"),
        }
    }

    fn problem<T>(&self, reason: &str) -> Result<T, Problem> {
        Err(Problem {
            path: text(&self.path),
            reason: reason.to_owned(),
        })
    }
}

/// A `null` that is not written: fine for an optional field, but not for a field that does not
/// exist or for an entry of a map. Putting another value there tells which of these it is.
fn left_out(given: &Value, path: &[Step], again: Again) -> Result<(), Problem> {
    const PROBE: &str = "\u{1}probe";
    let Some((Step::Key(_), parent)) = path.split_last() else {
        return Ok(());
    };
    let sibling: Vec<Step> = parent
        .iter()
        .cloned()
        .chain([Step::Key(PROBE.to_owned())])
        .collect();
    let reason = if takes(given, &sibling, again) {
        "is an entry with `null`, which would be left out"
    } else if takes(given, path, again) {
        return Ok(());
    } else {
        "is not known here"
    };
    Err(Problem {
        path: text(path),
        reason: reason.to_owned(),
    })
}

/// Whether the type looks at this place: it refuses a value there, or writes it again.
fn takes(given: &Value, path: &[Step], again: Again) -> bool {
    let mut probed = given.clone();
    let Some((Step::Key(key), parent)) = path.split_last() else {
        return false;
    };
    let Some(Value::Object(object)) = at(&mut probed, parent) else {
        return false;
    };
    object.insert(key.clone(), Value::Bool(true));
    let written = serde_json::to_vec(&probed).and_then(|json| again(&json));
    match written.and_then(|json| serde_json::from_slice::<Value>(&json)) {
        Err(_) => true,
        Ok(mut written) => at(&mut written, path).is_some(),
    }
}

fn at<'a>(value: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Index(index) => value.get_mut(index),
    })
}

/// `5` and `5.0` are the same number, as long as no digit is lost.
fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    let whole = |n: &serde_json::Number| {
        n.as_i128().or_else(|| {
            let float = n.as_f64()?;
            // Every integral float within this range is an exact i128.
            (float.fract() == 0.0 && float.abs() < 1e38).then_some(float as i128)
        })
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.as_f64() == b.as_f64(),
        _ => false,
    }
}

/// The same text, or the same point in time written otherwise.
fn same_time(a: &str, b: &str) -> bool {
    a == b
        || (a.contains(':')
            && matches!((a.parse::<Timestamp>(), b.parse()), (Ok(a), Ok(b)) if a == b))
}

fn text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// A decoding error without the values that serde quotes in it.
fn unreadable(json: &[u8], error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    let path = json_path::of(error, json);
    let path = if path == "." { String::new() } else { path };
    let reason = match message.rsplit_once(", expected ") {
        Some((found, expected)) => format!("must be {}, not {}", wanted(expected), kind(found)),
        None if message.starts_with("missing field `") => format!("has a {message}"),
        None => "is not of the expected form".to_owned(),
    };
    let reason = reason.replacen("has a missing field", "misses the field", 1);
    Problem { path, reason }
}

/// What serde expected, in the words of JSON.
fn wanted(expected: &str) -> &str {
    match expected {
        "i32" | "u32" | "i64" | "u64" | "an integer" => "an integer in range",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        "nanoseconds since the Unix epoch or an RFC 3339 time" => "a time as RFC 3339 text",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// The kind that serde found, without the value that follows it.
fn kind(found: &str) -> &'static str {
    let found = found.split_once(": ").map_or(found, |(_, found)| found);
    match found.split([' ', '`']).next().unwrap_or_default() {
        "string" => "this text",
        "integer" | "floating" => "this number",
        "boolean" => "a boolean",
        "null" => "null",
        "sequence" => "a list",
        "map" => "an object",
        _ => "this",
    }
}

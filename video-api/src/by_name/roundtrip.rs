//! Checks that JSON survives the round trip through a type.
//!
//! A value is decoded as its type, encoded again and compared: anything unknown, lost or changed on
//! that way would reach the server as something else than what was given.

use serde_json::Value;

use crate::decode::Mismatch;
use crate::timestamp::Timestamp;

/// Decodes JSON as some type and encodes it again.
pub(super) type Encode = fn(&str) -> Result<String, Mismatch>;

/// A place that does not fit, and the reason. Never shows a value, only names and kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    path: String,
    reason: String,
}

impl Problem {
    /// Describes the problem of a value that is found under this name.
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

/// Encodes a value by its type. An error when the result does not mean the same.
pub(super) fn check(given: &Value, encode: Encode) -> Result<String, Problem> {
    let json = encode(&given.to_string()).map_err(|mismatch| misfit(given, &mismatch))?;
    let encoded: Value = json.parse().map_err(|_| Problem {
        path: String::new(),
        reason: "cannot be encoded".to_owned(),
    })?;
    let mut comparison = Comparison::default();
    comparison.compare(given, &encoded)?;
    for null in &comparison.nulls {
        check_omitted_null(given, null, encode)?;
    }
    Ok(json)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

#[derive(Default)]
struct Comparison {
    path: Vec<Step>,
    /// The paths where `null` was given and nothing is written.
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
                    return self.problem("has an item with `null`, which would be left out");
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
fn check_omitted_null(given: &Value, path: &[Step], encode: Encode) -> Result<(), Problem> {
    const PROBE: &str = "\u{1}probe";
    let Some((Step::Key(_), parent)) = path.split_last() else {
        return Ok(());
    };
    let sibling: Vec<Step> = parent
        .iter()
        .cloned()
        .chain([Step::Key(PROBE.to_owned())])
        .collect();
    let reason = if takes(given, &sibling, encode) {
        "is an entry with `null`, which would be left out"
    } else if takes(given, path, encode) {
        return Ok(());
    } else {
        "is not known here"
    };
    Err(Problem {
        path: text(path),
        reason: reason.to_owned(),
    })
}

/// Returns whether the type has a field at this place: it refuses a value there, or encodes it again.
fn takes(given: &Value, path: &[Step], encode: Encode) -> bool {
    let mut probed = given.clone();
    let Some((Step::Key(key), parent)) = path.split_last() else {
        return false;
    };
    let Some(Value::Object(object)) = at(&mut probed, parent) else {
        return false;
    };
    object.insert(key.clone(), Value::Bool(true));
    match encode(&probed.to_string()) {
        Err(_) => true,
        Ok(json) => json
            .parse()
            .is_ok_and(|mut encoded| at(&mut encoded, path).is_some()),
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

/// The problem of a value that does not fit its type.
fn misfit(given: &Value, mismatch: &Mismatch) -> Problem {
    let found = match lookup(given, &mismatch.path) {
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "this number",
        Some(Value::String(_)) => "this text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
        None => "this",
    };
    let path = mismatch.path.trim_matches('.').to_owned();
    let reason = match mismatch.expected {
        Some(expected) => format!("must be {expected}, not {found}"),
        None => "cannot be encoded".to_owned(),
    };
    Problem { path, reason }
}

/// Finds the value at a path such as `members[0].user_id`. Keys that contain a dot are not found.
fn lookup<'a>(given: &'a Value, path: &str) -> Option<&'a Value> {
    path.split(['.', '['])
        .filter(|step| !step.is_empty())
        .try_fold(given, |value, step| match step.strip_suffix(']') {
            Some(index) => value.get(index.parse::<usize>().ok()?),
            None => value.get(step),
        })
}

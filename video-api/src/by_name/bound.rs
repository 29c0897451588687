//! Arguments bound to their operation; generated code reads them through here.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::{nearest, roundtrip};
use crate::decode::{self, Decode, Mismatch};
use crate::error::Error;
use crate::operation::Operation;
use crate::request::RequestParts;
use crate::shared::Shared;

/// The arguments of one operation.
pub(crate) struct BoundArguments<'a> {
    operation: &'static Operation,
    arguments: &'a Arguments,
}

#[allow(dead_code)] // The spec decides which of these are used.
impl<'a> BoundArguments<'a> {
    pub(super) fn new(operation: &'static Operation, arguments: &'a Arguments) -> Self {
        Self {
            operation,
            arguments,
        }
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Path values in path order. Checks all names, those of the query included.
    pub(crate) fn parts(
        &self,
        shared: &Arc<Shared>,
        operation: &'static Operation,
    ) -> Result<RequestParts, Error> {
        self.check_names("path", self.arguments.path_values(), operation.path_params)?;
        self.check_names(
            "query",
            self.arguments.query_values(),
            operation.query_params,
        )?;
        let values = operation.path_params.iter().map(|name| {
            let value = self.arguments.path_values().get(*name);
            match value.map(scalar) {
                Some(Some(text)) => Ok(text),
                Some(None) => Err(self.invalid(format!(
                    "the path parameter `{name}` must be a string, a number or a boolean"
                ))),
                None => Err(self.invalid(format!("the path parameter `{name}` is missing"))),
            }
        });
        Ok(RequestParts::new(
            shared,
            operation,
            values.collect::<Result<_, _>>()?,
        ))
    }

    pub(crate) fn required_query<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: Decode + Serialize,
    {
        self.query(name)?
            .ok_or_else(|| self.invalid(format!("the query parameter `{name}` is missing")))
    }

    pub(crate) fn query<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: Decode + Serialize,
    {
        let Some(value) = self.arguments.query_values().get(name) else {
            return Ok(None);
        };
        if value.is_null() {
            return Ok(None);
        }
        let mut problem = None;
        for reading in readings(value) {
            match roundtrip::check(&reading, encode_as::<T>).map(|json| decode_checked(&json)) {
                Ok(Some(value)) => return Ok(Some(value)),
                Ok(None) => {}
                Err(reason) => problem = problem.or(Some(reason)),
            }
        }
        let reason = problem.map(|problem| problem.below("")).unwrap_or_default();
        Err(self.invalid(format!("invalid query parameter `{name}`: {reason}")))
    }

    /// The typed body. An error when the type cannot represent all of the given one.
    pub(crate) fn body<B>(&self) -> Result<B, Error>
    where
        B: Decode + Serialize,
    {
        let empty = Value::Object(Map::new());
        let given = match self.arguments.body_value() {
            None | Some(Value::Null) => &empty,
            Some(given) => given,
        };
        if !given.is_object() {
            return Err(self.invalid("the body must be a JSON object".to_owned()));
        }
        let json = roundtrip::check(given, encode_as::<B>)
            .map_err(|problem| self.invalid(format!("invalid body: {}", problem.below("body"))))?;
        // Cannot fail: it was decoded and encoded a moment ago.
        decode_checked(&json)
            .ok_or_else(|| self.invalid("the body does not survive encoding".to_owned()))
    }

    /// The typed body of an operation that may go without one.
    #[allow(dead_code)] // Used where the spec has optional bodies.
    pub(crate) fn optional_body<B>(&self) -> Result<Option<B>, Error>
    where
        B: Decode + Serialize,
    {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(given)) if given.is_empty() => Ok(None),
            Some(_) => self.body().map(Some),
        }
    }

    pub(crate) fn no_body(&self) -> Result<(), Error> {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(self.invalid("the operation takes no body".to_owned())),
        }
    }

    /// For a match that the compiler cannot know to be exhaustive.
    pub(crate) fn not_generated(id: &str) -> Error {
        Error::invalid(format!("unknown operation `{id}`"))
    }

    fn check_names(
        &self,
        place: &str,
        given: &Map<String, Value>,
        names: &[&str],
    ) -> Result<(), Error> {
        match given.keys().find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let hint = nearest::hint(name, names.iter().copied());
                Err(self.invalid(format!("unknown {place} parameter `{name}`{hint}")))
            }
        }
    }

    fn invalid(&self, reason: String) -> Error {
        Error::invalid(reason).for_operation(self.operation)
    }
}

/// Decodes JSON as a type and encodes it again.
fn encode_as<T: Decode + Serialize>(json: &str) -> Result<String, Mismatch> {
    let value: T = decode::part(json, &mut Vec::new())?;
    serde_json::to_string(&value).map_err(|error| Mismatch {
        path: ".".to_owned(),
        expected: None,
        error,
    })
}

fn decode_checked<T: Decode>(json: &str) -> Option<T> {
    decode::part(json, &mut Vec::new()).ok()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The possible readings of a query value, the literal one first: a shell has only text and writes
/// `"5"` for a number, and a program may write `5` for an id.
fn readings(value: &Value) -> Vec<Value> {
    let mut readings = vec![value.clone()];
    match value {
        Value::String(text) => {
            readings.extend(
                serde_json::from_str::<Value>(text)
                    .ok()
                    .filter(|v| !v.is_string()),
            );
            readings.push(Value::Array(vec![value.clone()]));
        }
        Value::Number(_) | Value::Bool(_) => readings.push(Value::String(value.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => {}
    }
    readings
}

//! Arguments bound to their operation; what generated code reads them through.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Arguments, faithful, nearest};
use crate::operation::Operation;
use crate::request::Parts;
use crate::{Client, Error};

/// The arguments of one operation.
pub(crate) struct Named<'a> {
    operation: &'static Operation,
    arguments: &'a Arguments,
}

#[allow(dead_code)] // Which of these are used is up to the generated dispatch.
impl<'a> Named<'a> {
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
        client: &Client,
        operation: &'static Operation,
    ) -> Result<Parts, Error> {
        self.known("path", self.arguments.path_values(), operation.path_params)?;
        self.known(
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
        Ok(Parts::new(
            client,
            operation,
            values.collect::<Result<_, _>>()?,
        ))
    }

    pub(crate) fn required_query<T>(&self, name: &'static str) -> Result<T, Error>
    where
        T: DeserializeOwned + Serialize,
    {
        self.query(name)?
            .ok_or_else(|| self.invalid(format!("the query parameter `{name}` is missing")))
    }

    pub(crate) fn query<T>(&self, name: &'static str) -> Result<Option<T>, Error>
    where
        T: DeserializeOwned + Serialize,
    {
        let Some(value) = self.arguments.query_values().get(name) else {
            return Ok(None);
        };
        if value.is_null() {
            return Ok(None);
        }
        let mut problem = None;
        for reading in readings(value) {
            match faithful::encode(&reading, again::<T>).map(|bytes| serde_json::from_slice(&bytes))
            {
                Ok(Ok(value)) => return Ok(Some(value)),
                Ok(Err(_)) => {}
                Err(reason) => problem = problem.or(Some(reason)),
            }
        }
        let reason = problem.map(|problem| problem.below("")).unwrap_or_default();
        Err(self.invalid(format!(
            "the query parameter `{name}` does not fit: {reason}"
        )))
    }

    /// The typed body, when nothing of what was given is lost in it.
    pub(crate) fn body<B>(&self) -> Result<B, Error>
    where
        B: DeserializeOwned + Serialize,
    {
        let empty = Value::Object(Map::new());
        let given = match self.arguments.body_value() {
            None | Some(Value::Null) => &empty,
            Some(given) => given,
        };
        if !given.is_object() {
            return Err(self.invalid("the body must be a JSON object".to_owned()));
        }
        let bytes = faithful::encode(given, again::<B>).map_err(|problem| {
            self.invalid(format!("the body does not fit: {}", problem.below("body")))
        })?;
        // Cannot fail: it was read and written a moment ago.
        serde_json::from_slice(&bytes)
            .map_err(|_| self.invalid("the body does not survive encoding".to_owned()))
    }

    pub(crate) fn no_body(&self) -> Result<(), Error> {
        match self.arguments.body_value() {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(self.invalid("the operation takes no body".to_owned())),
        }
    }

    /// Every listed operation is generated, so this is for the compiler's exhaustiveness only.
    pub(crate) fn not_generated(id: &str) -> Error {
        Error::invalid(format!("there is no request for the operation `{id}`"))
    }

    fn known(&self, place: &str, given: &Map<String, Value>, names: &[&str]) -> Result<(), Error> {
        match given.keys().find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => {
                let hint = nearest::hint(name, names.iter().copied());
                Err(self.invalid(format!("there is no {place} parameter `{name}`{hint}")))
            }
        }
    }

    fn invalid(&self, reason: String) -> Error {
        Error::invalid(reason).for_operation(self.operation)
    }
}

/// Reads bytes as a type and writes them again.
fn again<T: DeserializeOwned + Serialize>(json: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&serde_json::from_slice::<T>(json)?)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// How a query value may be meant, the literal reading first: whoever has only text writes `"5"`
/// for a number, and whoever has numbers writes `5` for an id.
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

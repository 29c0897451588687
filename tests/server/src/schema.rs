//! OpenAPI 3.0 schemas as JSON Schema draft 4, the dialect they were made from:
//! boolean `exclusiveMinimum`, `$ref` without siblings, and `1.0` is not an integer.

mod convert;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::time;

/// Which way a body travels: timestamps and strictness differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server: RFC 3339 timestamps, unknown fields refused.
    Request,
    /// From server to client: timestamps are integers, in nanoseconds.
    Response,
}

/// The prefix of every schema reference in an OpenAPI document.
const COMPONENTS: &str = "#/components/schemas/";
/// Our name for the timestamp format of requests; it shows up in messages.
const UTC_TIMESTAMP: &str = "RFC 3339 timestamp in UTC ending in Z";
/// Depth at which a chain of references is taken for a cycle.
const MAX_CHAIN: usize = 16;

/// A violation of a schema and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON pointer into the value.
    pub(crate) pointer: String,
    /// The violation.
    pub(crate) message: String,
}

/// A schema that is compiled when it is first needed.
pub(crate) struct Checker {
    schema: Value,
    direction: Direction,
    compiled: OnceLock<Result<Validator, String>>,
}

impl Checker {
    pub(crate) fn new(schema: Value, direction: Direction) -> Self {
        Self {
            schema,
            direction,
            compiled: OnceLock::new(),
        }
    }

    /// The OpenAPI schema, as in the document.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Everything about `value` that the schema does not allow.
    pub(crate) fn check(&self, document: &Value, value: &Value) -> Vec<Problem> {
        let compiled = self
            .compiled
            .get_or_init(|| compile(document, &self.schema, self.direction));
        match compiled {
            Ok(validator) => validator
                .iter_errors(value)
                .map(|error| Problem {
                    pointer: error.instance_path().as_str().to_owned(),
                    message: message(&error),
                })
                .collect(),
            Err(reason) => vec![Problem {
                pointer: String::new(),
                message: format!("the schema in the spec cannot be used: {reason}"),
            }],
        }
    }
}

fn compile(document: &Value, schema: &Value, direction: Direction) -> Result<Validator, String> {
    let schema = convert::to_json_schema(document, schema, direction)?;
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format(UTC_TIMESTAMP, |text| time::parse_utc(text).is_some())
        .build(&schema)
        .map_err(|error| error.to_string())
}

/// Follows `$ref` and `allOf` with a single entry to the schema that says something.
pub(crate) fn resolve<'a>(document: &'a Value, schema: &'a Value) -> Result<&'a Value, String> {
    let mut current = schema;
    for _ in 0..MAX_CHAIN {
        let next = match (current.get("$ref"), current.get("allOf")) {
            (Some(Value::String(reference)), _) => lookup(document, reference)?,
            (None, Some(Value::Array(branches))) => match branches.as_slice() {
                [only] => only,
                _ => return Ok(current),
            },
            _ => return Ok(current),
        };
        current = next;
    }
    Err("references go round in circles".into())
}

fn lookup<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, String> {
    reference
        .strip_prefix('#')
        .and_then(|pointer| document.pointer(pointer))
        .ok_or_else(|| format!("`{reference}` leads nowhere"))
}

/// Quotes the value where that helps: a long one would bury what is wrong with it.
fn message(error: &ValidationError<'_>) -> String {
    const LIMIT: usize = 100;
    if error.instance().to_string().len() > LIMIT {
        error.masked_with("the value").to_string()
    } else {
        error.to_string()
    }
}

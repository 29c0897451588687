//! OpenAPI 3.0 schemas as JSON Schema draft 4, the dialect they were made from:
//! boolean `exclusiveMinimum`, `$ref` without siblings, and `1.0` is not an integer.

#[cfg(feature = "validation")]
mod compiled;
#[cfg(feature = "validation")]
mod convert;
#[cfg(all(test, feature = "validation"))]
mod tests;

use serde_json::Value;

#[cfg(feature = "validation")]
use compiled::Compiled;

/// Which way a body travels: timestamps and strictness differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server: RFC 3339 timestamps, unknown fields refused.
    Request,
    /// From server to client: timestamps are integers, in nanoseconds.
    Response,
}

/// The prefix of every schema reference in an OpenAPI document.
#[cfg(feature = "validation")]
const COMPONENTS: &str = "#/components/schemas/";
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

/// A schema that values are checked by.
pub(crate) struct Checker {
    schema: Value,
    #[cfg(feature = "validation")]
    compiled: Compiled,
}

impl Checker {
    #[cfg_attr(not(feature = "validation"), allow(unused_variables))]
    pub(crate) fn new(schema: Value, direction: Direction) -> Self {
        Self {
            schema,
            #[cfg(feature = "validation")]
            compiled: Compiled::new(direction),
        }
    }

    /// The OpenAPI schema, as in the document.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Everything about `value` that the schema does not allow; nothing without the feature
    /// `validation`.
    #[cfg(feature = "validation")]
    pub(crate) fn check(&self, document: &Value, value: &Value) -> Vec<Problem> {
        self.compiled.check(document, &self.schema, value)
    }

    #[cfg(not(feature = "validation"))]
    pub(crate) fn check(&self, _: &Value, _: &Value) -> Vec<Problem> {
        Vec::new()
    }
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

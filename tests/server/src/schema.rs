//! OpenAPI 3.0 schemas as JSON Schema draft 4, the dialect they were made from:
//! boolean `exclusiveMinimum`, `$ref` without siblings, and `1.0` is not an integer.

#[cfg(feature = "validation")]
mod compiled;
#[cfg(feature = "validation")]
mod convert;
mod problem;
mod reference;
#[cfg(all(test, feature = "validation"))]
mod tests;

use serde_json::Value;

#[cfg(feature = "validation")]
use compiled::Compiled;

pub use problem::Direction;
pub(crate) use problem::Problem;
pub(crate) use reference::resolve;

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

//! JSON Schema validators made from OpenAPI schemas.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use super::convert::{self, UTC_TIMESTAMP};
use super::problem::{Direction, Problem};
use crate::time;

/// A validator that is made when it is first needed.
pub(super) struct Compiled {
    direction: Direction,
    validator: OnceLock<Result<Validator, String>>,
}

impl Compiled {
    pub(super) fn new(direction: Direction) -> Self {
        Self {
            direction,
            validator: OnceLock::new(),
        }
    }

    pub(super) fn check(&self, document: &Value, schema: &Value, value: &Value) -> Vec<Problem> {
        let validator = self
            .validator
            .get_or_init(|| compile(document, schema, self.direction));
        match validator {
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

/// Returns the message for a timestamp that is too far away, which is not badly written.
fn out_of_range(error: &ValidationError<'_>) -> Option<String> {
    let ValidationErrorKind::Format { format } = error.kind() else {
        return None;
    };
    let text = error.instance().as_str()?;
    let is_far = format == UTC_TIMESTAMP && time::is_out_of_range(text);
    is_far.then(|| time::why_unread(text))
}

/// Quotes the value where that helps: a long one would bury what is wrong with it.
fn message(error: &ValidationError<'_>) -> String {
    const LIMIT: usize = 100;
    if let Some(message) = out_of_range(error) {
        return message;
    }
    if error.instance().to_string().len() > LIMIT {
        error.masked_with("the value").to_string()
    } else {
        error.to_string()
    }
}

//! Bounds that every value of a schema satisfies anyway.

use serde_json::{Number, Value};

use super::numbers::{is_multiple, order};
use crate::read::Schema;

/// True for a bound that every value satisfies.
pub(super) fn is_idle(schema: &Schema<'_>, key: &str, value: &Value) -> bool {
    match key {
        "minLength" | "minItems" => value.as_f64() == Some(0.0),
        "minProperties" => {
            // As many properties have to be there by name.
            let required = schema.required().len();
            value.as_f64().is_some_and(|count| count <= required as f64)
        }
        "multipleOf" => {
            let whole = schema.get("type").and_then(Value::as_str) == Some("integer");
            let one = Number::from(1);
            whole
                && value
                    .as_number()
                    .is_some_and(|step| is_multiple(&one, step))
        }
        "pattern" => value.as_str().is_some_and(matches_everything),
        _ => *value == Value::Bool(false),
    }
}

/// True for patterns that find a match in every text. A dot matches no line break, so that patterns
/// with both anchors are not among them.
pub(super) fn matches_everything(pattern: &str) -> bool {
    matches!(pattern, "" | "^" | "$" | ".*" | "^.*" | ".*$")
}

/// True for a bound of a range that the size of the format keeps anyway.
pub(super) fn is_size_of_format(schema: &Schema<'_>, lower: bool, bound: &Number) -> bool {
    let range = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return false,
    };
    if lower {
        order(bound, &range.0.into()).is_le()
    } else {
        order(bound, &range.1.into()).is_ge()
    }
}

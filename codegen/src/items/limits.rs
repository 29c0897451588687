//! Limits, values and defaults of a schema as sentences: the client does not check them.

use serde_json::Value;

use super::inline::{code, inline};
use super::text::{continued, list};
use crate::extensions::{FILE, MEANINGS, VALUES};
use crate::schema::flag;

/// Formats that are types of their own, or say nothing to a reader.
const TYPES: [&str; 16] = [
    "binary",
    "date-time",
    "double",
    "float",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "password",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    FILE,
];

/// Sentences about the limits, the values and the default of a value.
pub(super) fn limits(schema: &Value) -> Vec<String> {
    let mut sentences = Vec::new();
    if flag(schema, "readOnly") {
        sentences.push("Set by the server.".to_owned());
    }
    if flag(schema, "writeOnly") {
        sentences.push("Only sent, never in a response.".to_owned());
    }
    sentences.extend(ranges(schema));
    sentences.extend(values(schema));
    let word = |key: &str| schema.get(key).and_then(Value::as_str);
    if let Some(step) = number(schema, "multipleOf") {
        sentences.push(format!("A multiple of {step}."));
    }
    if flag(schema, "uniqueItems") {
        sentences.push("No item twice.".to_owned());
    }
    if let Some(pattern) = word("pattern") {
        sentences.push(format!("Matches {}.", code(pattern)));
    }
    if let Some(format) = word("format").filter(|format| !TYPES.contains(format)) {
        sentences.push(format!("In the format {}.", code(format)));
    }
    for (key, each) in [
        ("items", "Each item"),
        ("additionalProperties", "Each value"),
    ] {
        let inner = schema.get(key).map(limits).unwrap_or_default();
        sentences.extend(inner.iter().map(|it| format!("{each}: {}", continued(it))));
    }
    let default = schema.get("default").filter(|value| says_something(value));
    if let Some(default) = default {
        sentences.push(format!(
            "The server's default is {}.",
            code(&default.to_string())
        ));
    }
    sentences
}

fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty())
}

fn ranges(schema: &Value) -> Vec<String> {
    let limit = |key: &str| number(schema, key);
    let mut sentences = Vec::new();
    let is_open = |key: &str| flag(schema, key);
    let (low, high) = (limit("minimum"), limit("maximum"));
    match (
        low,
        high,
        is_open("exclusiveMinimum"),
        is_open("exclusiveMaximum"),
    ) {
        (low, high, false, false) => sentences.extend(range(low, high, "")),
        (low, high, above, below) => {
            let low = low.map(|low| {
                if above {
                    format!("Greater than {low}.")
                } else {
                    format!("At least {low}.")
                }
            });
            let high = high.map(|high| {
                if below {
                    format!("Less than {high}.")
                } else {
                    format!("At most {high}.")
                }
            });
            sentences.extend(low.into_iter().chain(high));
        }
    }
    for (low, high, noun) in [
        ("minLength", "maxLength", "character"),
        ("minItems", "maxItems", "item"),
        ("minProperties", "maxProperties", "member"),
    ] {
        sentences.extend(range(limit(low), limit(high), noun));
    }
    sentences
}

fn range(low: Option<String>, high: Option<String>, noun: &str) -> Option<String> {
    let unit = |count: &str| match (noun, count) {
        ("", _) => String::new(),
        (noun, "1") => format!(" {noun}"),
        (noun, _) => format!(" {noun}s"),
    };
    Some(match (low, high) {
        (Some(low), Some(high)) if low == high => format!("Exactly {low}{}.", unit(&low)),
        (Some(low), Some(high)) => format!("From {low} to {high}{}.", unit(&high)),
        (Some(low), None) => format!("At least {low}{}.", unit(&low)),
        (None, Some(high)) => format!("At most {high}{}.", unit(&high)),
        (None, None) => return None,
    })
}

fn number(schema: &Value, key: &str) -> Option<String> {
    let value = schema.get(key)?;
    match value.as_f64()? {
        // Beyond 64 bits a whole number is kept as a float.
        float if value.is_f64() && float.fract() == 0.0 => Some(format!("{float:.0}")),
        _ => Some(value.to_string()),
    }
}

/// The values that a number or a boolean may have.
fn values(schema: &Value) -> Option<String> {
    let values = schema.get(VALUES)?.as_array()?;
    let meaning = |value: &Value| schema.get(MEANINGS)?.get(value.to_string())?.as_str();
    let text = |value: &Value| match meaning(value) {
        Some(meaning) => format!("{value} ({})", inline(meaning.trim_end_matches('.'))),
        None => value.to_string(),
    };
    let texts: Vec<String> = values.iter().map(text).collect();
    Some(match texts.as_slice() {
        [] => return None,
        [only] => format!("Always {only}."),
        [first @ .., last] => format!("One of {} and {last}.", list(first)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_beside_the_type_is_said() {
        for (schema, sentence) in [
            (
                json!({"minimum": 0, "exclusiveMinimum": true, "maximum": 1}),
                "Greater than 0. At most 1.",
            ),
            (
                json!({"minimum": 0, "maximum": 1, "exclusiveMaximum": true}),
                "At least 0. Less than 1.",
            ),
            (
                json!({"minLength": 1, "maxLength": 1}),
                "Exactly 1 character.",
            ),
            (
                json!({"minProperties": 1, "maxProperties": 3}),
                "From 1 to 3 members.",
            ),
            (json!({"multipleOf": 0.5}), "A multiple of 0.5."),
            (
                json!({"type": "array", "uniqueItems": true}),
                "No item twice.",
            ),
            (json!({"pattern": "^a`b$"}), "Matches `` ^a`b$ ``."),
            (
                json!({"pattern": "a``<b>", "default": ""}),
                "Matches ``` a``<b> ```. The server's default is `\"\"`.",
            ),
            (json!({"pattern": ""}), "Matches `  `."),
            (
                json!({"type": "string", "format": "email"}),
                "In the format `email`.",
            ),
            (json!({"type": "string", "format": "date-time"}), ""),
            (
                json!({"items": {"maxLength": 3, "pattern": "X"}}),
                "Each item: at most 3 characters. Each item: matches `X`.",
            ),
            (
                json!({"additionalProperties": {"minimum": 2}}),
                "Each value: at least 2.",
            ),
            (json!({VALUES: [1]}), "Always 1."),
            (json!({VALUES: [0.5, 1, 2]}), "One of 0.5, 1 and 2."),
            (
                json!({VALUES: [0, 1], MEANINGS: {"1": "On <air>."}}),
                r"One of 0 and 1 (On \<air\>).",
            ),
            (json!({"default": {}}), ""),
            (
                json!({"default": {"a": 1}}),
                "The server's default is `{\"a\":1}`.",
            ),
        ] {
            assert_eq!(limits(&schema).join(" "), sentence, "{schema}");
        }
    }
}

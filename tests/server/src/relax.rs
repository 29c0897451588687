//! Brings what official clients send beside the spec into the form that the spec has:
//! `null` for what is optional, fields of other versions, timestamps with any offset or as
//! nanoseconds since the epoch.

use serde_json::{Map, Number, Value};

use crate::schema;
use crate::time;

/// Depth at which a schema inside itself is no longer followed.
const MAX_DEPTH: usize = 64;

/// Rewrites `value` in place; names what it takes away in `ignored`.
pub(crate) fn relax(
    document: &Value,
    schema: &Value,
    value: &mut Value,
    ignored: &mut Vec<String>,
) {
    Relaxing { document, ignored }.value(schema, value, "", 0);
}

struct Relaxing<'a> {
    document: &'a Value,
    ignored: &'a mut Vec<String>,
}

impl<'a> Relaxing<'a> {
    fn value(&mut self, schema: &'a Value, value: &mut Value, place: &str, depth: usize) {
        let Ok(schema) = schema::resolve(self.document, schema) else {
            return;
        };
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Object(fields) => self.object(schema, fields, place, depth),
            Value::Array(items) => {
                if let Some(item_schema) = schema.get("items") {
                    for (index, item) in items.iter_mut().enumerate() {
                        self.value(item_schema, item, &format!("{place}/{index}"), depth + 1);
                    }
                }
            }
            Value::String(text) => {
                if let Some(moment) = time::parse(text).filter(|_| is_moment(schema)) {
                    *text = time::format_utc(moment);
                }
            }
            // The SDKs for PHP and .NET write the form that responses have.
            Value::Number(number) if is_moment(schema) => {
                if let Some(moment) = number.as_i64().and_then(time::from_nanoseconds) {
                    *value = time::format_utc(moment).into();
                }
            }
            Value::Number(number) if number.is_f64() => {
                let is_integer = schema.get("type").and_then(Value::as_str) == Some("integer");
                if let Some(whole) = whole(number).filter(|_| is_integer) {
                    *value = whole.into();
                }
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        schema: &'a Value,
        fields: &mut Map<String, Value>,
        place: &str,
        depth: usize,
    ) {
        let mut properties = Vec::new();
        self.properties(schema, &mut properties, depth);
        let rest = schema.get("additionalProperties");
        let is_free = properties.is_empty() && !matches!(rest, Some(Value::Object(_)));
        if is_free {
            return;
        }
        let names: Vec<String> = fields.keys().cloned().collect();
        for name in names {
            let known = properties.iter().find(|(known, _)| **known == name);
            let inner = known
                .map(|(_, schema)| *schema)
                .or(rest.filter(|rest| rest.is_object()));
            let inner_place = format!("{place}/{name}");
            match (inner, fields.get_mut(&name)) {
                (Some(inner), Some(Value::Null)) if !self.allows_null(inner) => {
                    fields.remove(&name);
                }
                (Some(inner), Some(value)) => self.value(inner, value, &inner_place, depth + 1),
                (None, _) if rest == Some(&Value::Bool(true)) => {}
                (None, _) => {
                    fields.remove(&name);
                    self.ignored.push(inner_place);
                }
                (Some(_), None) => {}
            }
        }
    }

    /// The properties of an object, those of joined schemas too.
    fn properties(
        &self,
        schema: &'a Value,
        found: &mut Vec<(&'a String, &'a Value)>,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let Ok(schema) = schema::resolve(self.document, schema) else {
            return;
        };
        let own = schema.get("properties").and_then(Value::as_object);
        found.extend(own.into_iter().flatten());
        for branch in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.properties(branch, found, depth + 1);
        }
    }

    /// Returns true where `null` is a value: where it is documented, and where anything goes.
    fn allows_null(&self, schema: &Value) -> bool {
        let nullable = |schema: &Value| schema.get("nullable") == Some(&Value::Bool(true));
        let resolved = schema::resolve(self.document, schema);
        let says_something = |schema: &Value| {
            ["type", "enum", "properties", "allOf", "oneOf", "anyOf"]
                .iter()
                .any(|keyword| schema.get(keyword).is_some())
        };
        nullable(schema) || resolved.is_ok_and(|schema| nullable(schema) || !says_something(schema))
    }
}

fn is_moment(schema: &Value) -> bool {
    schema.get("format").and_then(Value::as_str) == Some("date-time")
}

/// The integer that a number with a fraction of zero is.
fn whole(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9e15;
    let number = number.as_f64()?;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::relax;

    fn relaxed(mut value: Value) -> (Value, Vec<String>) {
        let document = json!({ "components": { "schemas": { "User": {
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "age": { "type": "integer" },
                "born": { "type": "number", "format": "date-time" },
                "custom": { "type": "object", "additionalProperties": {} },
                "friends": { "type": "array", "items": { "$ref": "#/components/schemas/User" } },
            },
        } } } });
        let schema = json!({ "$ref": "#/components/schemas/User" });
        let mut ignored = Vec::new();
        relax(&document, &schema, &mut value, &mut ignored);
        (value, ignored)
    }

    #[test]
    fn null_where_nothing_is_due_is_taken_for_nothing() {
        let request =
            json!({ "name": null, "custom": { "kept": null }, "friends": [{ "age": null }] });
        let (value, ignored) = relaxed(request);
        assert_eq!(
            value,
            json!({ "custom": { "kept": null }, "friends": [{}] })
        );
        assert_eq!(ignored, [""; 0]);
    }

    #[test]
    fn timestamps_with_any_offset_become_utc() {
        let (value, _) = relaxed(json!({ "born": "2025-10-09T10:53:20.5+02:00", "age": 7.0 }));
        assert_eq!(value, json!({ "born": "2025-10-09T08:53:20.5Z", "age": 7 }));
        let (value, _) = relaxed(json!({ "born": "yesterday", "age": 7.5 }));
        assert_eq!(value, json!({ "born": "yesterday", "age": 7.5 }));
    }

    #[test]
    fn nanoseconds_become_timestamps_where_one_is_due() {
        let nanoseconds = 1_760_000_000_123_456_789_i64;
        let (value, _) = relaxed(json!({ "born": nanoseconds, "age": 3, "custom": { "born": 3 } }));
        let born = "2025-10-09T08:53:20.123456789Z";
        assert_eq!(
            value,
            json!({ "born": born, "age": 3, "custom": { "born": 3 } })
        );
        for other_unit in [json!(1_760_000_000), json!(1.5)] {
            let request = json!({ "born": other_unit });
            assert_eq!(relaxed(request.clone()).0, request);
        }
    }

    #[test]
    fn fields_of_other_versions_are_skipped_and_named() {
        let (value, ignored) = relaxed(json!({ "name": "ana", "friends": [{ "shoe_size": 40 }] }));
        assert_eq!(value, json!({ "name": "ana", "friends": [{}] }));
        assert_eq!(ignored, ["/friends/0/shoe_size"]);
    }
}

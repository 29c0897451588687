//! Values made from schemas: the smallest and the fullest that fit.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::schema::Direction;
use crate::time;

/// How much of a schema a sample fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleMode {
    /// Required fields and no others.
    Minimal,
    /// Every field, two items a list, one entry a map.
    Maximal,
}

/// The moment that sampled timestamps count from: it needs all nine digits.
const EPOCH: i64 = 1_760_000_000_123_456_789;
/// Start of sampled 64-bit integers: beyond what a double holds exactly.
const BEYOND_DOUBLE: i64 = 9_007_199_254_740_993;
/// Depth at which even a maximal sample keeps to what is required.
const MAX_DEPTH: usize = 24;

/// A value that fits `schema`, the same for the same arguments.
///
/// Every string, number and timestamp in it is different, so that swapped fields show,
/// and enum values take turns. A type inside itself is left out where it may be. In
/// requests timestamps are RFC 3339 strings, in responses integers. `pattern` is not
/// looked at.
pub fn sample(spec: &Value, schema: &Value, mode: SampleMode, direction: Direction) -> Value {
    let mut sampler = Sampler {
        spec,
        mode,
        direction,
        counter: 0,
        turns: HashMap::new(),
        open: Vec::new(),
    };
    sampler.value(schema, "value", 0).unwrap_or_default()
}

struct Sampler<'a> {
    spec: &'a Value,
    mode: SampleMode,
    direction: Direction,
    counter: i64,
    /// Index of the next enum value, per list of values.
    turns: HashMap<String, usize>,
    /// References being followed, outermost first.
    open: Vec<&'a str>,
}

impl<'a> Sampler<'a> {
    /// Makes a value that fits the schema; `None` when the schema leads back into itself.
    fn value(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if self.open.contains(&reference) {
                return None;
            }
            let target = self.spec.pointer(reference.strip_prefix('#')?)?;
            self.open.push(reference);
            let value = self.value(target, name, depth);
            self.open.pop();
            return value;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let value = self.enum_value(values)?;
            let is_integer = schema.get("type").and_then(Value::as_str) == Some("integer");
            return match value.as_str().map(str::parse::<i64>) {
                Some(Ok(number)) if is_integer => Some(number.into()),
                _ => Some(value),
            };
        }
        if let Some(branches) = schema.get("allOf").and_then(Value::as_array) {
            return self.joined(schema, branches, name, depth);
        }
        for keyword in ["oneOf", "anyOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            if let Some(first) = branches.and_then(|branches| branches.first()) {
                return self.value(first, name, depth);
            }
        }
        let format = schema.get("format").and_then(Value::as_str);
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Some(self.string(schema, format, name)),
            Some("integer") => Some(self.integer(schema, format)),
            Some("number") if format == Some("date-time") => Some(self.timestamp()),
            Some("number") => Some(self.number(schema)),
            Some("boolean") => Some(Value::Bool(self.is_maximal())),
            Some("array") => self.array(schema, name, depth),
            Some("object") => self.object(schema, name, depth),
            _ if schema.get("properties").is_some() => self.object(schema, name, depth),
            _ => Some(self.anything()),
        }
    }

    fn is_maximal(&self) -> bool {
        self.mode == SampleMode::Maximal
    }

    fn count(&mut self) -> i64 {
        self.counter += 1;
        self.counter
    }

    fn enum_value(&mut self, values: &[Value]) -> Option<Value> {
        let key = values.iter().map(Value::to_string).collect();
        let turn = self.turns.entry(key).or_default();
        let value = values.get(*turn % values.len().max(1)).cloned();
        *turn += 1;
        value
    }

    fn string(&mut self, schema: &Value, format: Option<&str>, name: &str) -> Value {
        let number = self.count();
        match format {
            Some("date-time") => return time::format_utc(EPOCH + number).into(),
            Some("date") => return "2025-10-09".into(),
            Some("uuid") => return format!("00000000-0000-4000-8000-{number:012}").into(),
            // Clients read the duration that the server reports.
            _ if name == "duration" && self.direction == Direction::Response => {
                return format!("{number}.25ms").into();
            }
            _ => {}
        }
        let mut text = format!("{name}-{number}");
        let limit = |key| schema.get(key).and_then(Value::as_u64);
        if let Some(longest) = limit("maxLength").and_then(|limit| usize::try_from(limit).ok()) {
            // The number at the end is what tells samples apart.
            while text.chars().count() > longest {
                text.remove(0);
            }
        }
        if let Some(shortest) = limit("minLength").and_then(|limit| usize::try_from(limit).ok()) {
            while text.chars().count() < shortest {
                text.push('x');
            }
        }
        text.into()
    }

    fn integer(&mut self, schema: &Value, format: Option<&str>) -> Value {
        let number = self.count();
        let base = if format == Some("int32") {
            1000
        } else {
            BEYOND_DOUBLE
        };
        let wanted = if self.is_maximal() {
            base + number
        } else {
            number
        };
        clamp(schema, wanted).into()
    }

    fn number(&mut self, schema: &Value) -> Value {
        let number = self.count();
        let limit = |key| schema.get(key).and_then(Value::as_f64);
        // A quarter is exact in single precision too.
        let wanted = f64::from(i32::try_from(number).unwrap_or(i32::MAX)) + 0.25;
        let wanted = limit("maximum").map_or(wanted, |maximum| wanted.min(maximum));
        json!(limit("minimum").map_or(wanted, |minimum| wanted.max(minimum)))
    }

    fn timestamp(&mut self) -> Value {
        let nanoseconds = EPOCH + self.count();
        match self.direction {
            Direction::Request => time::format_utc(nanoseconds).into(),
            Direction::Response => nanoseconds.into(),
        }
    }

    fn anything(&mut self) -> Value {
        if self.is_maximal() {
            json!({ "text": "ü", "list": [1, null, false], "none": null, "empty": {} })
        } else {
            Value::Null
        }
    }

    fn array(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        let limit = |key| {
            let limit = schema.get(key).and_then(Value::as_u64);
            limit.and_then(|limit| usize::try_from(limit).ok())
        };
        let wanted = if self.is_maximal() && depth < MAX_DEPTH {
            2
        } else {
            0
        };
        let fewest = limit("minItems").unwrap_or(0);
        let count = wanted.min(limit("maxItems").unwrap_or(wanted)).max(fewest);
        let mut items = Vec::new();
        for _ in 0..count {
            match schema.get("items") {
                Some(item) => match self.value(item, name, depth + 1) {
                    Some(item) => items.push(item),
                    None if fewest > 0 => return None,
                    None => break,
                },
                None => items.push(self.anything()),
            }
        }
        Some(Value::Array(items))
    }

    fn object(&mut self, schema: &'a Value, name: &str, depth: usize) -> Option<Value> {
        let mut fields = Map::new();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (field, property) in properties.into_iter().flatten() {
            let is_required = required.contains(&field.as_str());
            if is_required || (self.is_maximal() && depth < MAX_DEPTH) {
                match self.value(property, field, depth + 1) {
                    Some(value) => {
                        fields.insert(field.clone(), value);
                    }
                    None if is_required => return None,
                    None => {}
                }
            }
        }
        if self.is_maximal() && depth < MAX_DEPTH && properties.is_none() {
            self.map_entries(schema, name, depth, &mut fields);
        }
        Some(Value::Object(fields))
    }

    fn map_entries(
        &mut self,
        schema: &'a Value,
        name: &str,
        depth: usize,
        fields: &mut Map<String, Value>,
    ) {
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            // Something a filter accepts, because the field is one for the query operations.
            Some(Value::Object(_)) if name == "filter_conditions" => {
                fields.insert("custom.color".into(), json!({ "$in": ["blue", null] }));
            }
            Some(entry @ Value::Object(_)) => {
                if let Some(value) = self.value(entry, name, depth + 1) {
                    fields.insert(format!("{name} key"), value);
                }
            }
            _ => {
                let value = self.anything();
                fields.insert(format!("{name} key"), value);
            }
        }
    }

    fn joined(
        &mut self,
        schema: &'a Value,
        branches: &'a [Value],
        name: &str,
        depth: usize,
    ) -> Option<Value> {
        let mut joined = match schema.get("properties") {
            Some(_) => self.object(schema, name, depth)?,
            None => Value::Null,
        };
        for branch in branches {
            match (&mut joined, self.value(branch, name, depth)?) {
                (Value::Object(known), Value::Object(new)) => known.extend(new),
                (joined, value) => *joined = value,
            }
        }
        Some(joined)
    }
}

fn clamp(schema: &Value, wanted: i64) -> i64 {
    let limit = |key| schema.get(key).and_then(Value::as_i64);
    let low = limit("minimum").unwrap_or(i64::MIN);
    let high = limit("maximum").unwrap_or(i64::MAX);
    wanted.min(high).max(low)
}

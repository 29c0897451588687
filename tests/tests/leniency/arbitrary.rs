//! Any JSON that fits a schema.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Depth below which only what is required is filled in.
const DEEP: usize = 7;

pub(crate) struct Arbitrary<'a> {
    spec: &'a Value,
    pub(crate) rng: Rng,
}

/// The schema that a reference, or a list of one, stands for.
pub(crate) fn resolve<'a>(spec: &'a Value, mut schema: &'a Value) -> &'a Value {
    loop {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            schema = spec.pointer(&reference[1..]).expect(reference);
        } else if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            schema = only;
        } else {
            return schema;
        }
    }
}

impl<'a> Arbitrary<'a> {
    pub(crate) fn new(spec: &'a Value, seed: u64) -> Self {
        Self {
            spec,
            rng: Rng::new(seed),
        }
    }

    pub(crate) fn value(&mut self, schema: &'a Value, depth: usize) -> Value {
        let schema = resolve(self.spec, schema);
        if let Some(values) = schema["enum"].as_array() {
            return self.rng.pick(values).clone();
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[keyword].as_array() {
                let branch = self.rng.pick(branches);
                return self.value(branch, depth);
            }
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), _) => self.string(schema).into(),
            (Some("integer"), format) => {
                let low = if format == Some("int32") {
                    i32::MIN.into()
                } else {
                    i64::MIN
                };
                let high = if format == Some("int32") {
                    i32::MAX.into()
                } else {
                    i64::MAX
                };
                let low = schema["minimum"].as_i64().unwrap_or(low);
                let high = schema["maximum"].as_i64().unwrap_or(high);
                self.rng.between(low, high).into()
            }
            (Some("number"), Some("date-time")) => self.rng.between(i64::MIN, i64::MAX).into(),
            (Some("number"), _) => {
                let limit = |key: &str| schema[key].as_f64();
                match (limit("minimum"), limit("maximum")) {
                    (None, None) => self.number(),
                    (low, high) => {
                        let value = self.number().as_f64().unwrap_or_default();
                        let value = low.map_or(value, |low| value.max(low));
                        high.map_or(value, |high| value.min(high)).into()
                    }
                }
            }
            (Some("boolean"), _) => self.rng.chance(50).into(),
            (Some("array"), _) => {
                let fewest = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX) as usize;
                let wanted = if depth > DEEP { 0 } else { self.rng.below(4) };
                let count = wanted.min(most).max(fewest);
                (0..count)
                    .map(|_| self.value(&schema["items"], depth + 1))
                    .collect()
            }
            (Some("object"), _) if schema.get("properties").is_some() => self.object(schema, depth),
            (Some("object"), _) => {
                let entries = if depth > DEEP { 0 } else { self.rng.below(4) };
                let entry = &schema["additionalProperties"];
                let mut map = Map::new();
                for _ in 0..entries {
                    let value = match entry {
                        Value::Object(_) => self.value(entry, depth + 1),
                        _ => self.anything(3),
                    };
                    map.insert(self.text(), value);
                }
                map.into()
            }
            (None, _) if schema.get("properties").is_some() => self.object(schema, depth),
            _ => self.anything(3),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Value {
        let required = schema["required"].as_array();
        // Everything, nothing, or some of it.
        let filled = *self.rng.pick(&[0, 50, 80, 100]);
        let mut map = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let needed = required.is_some_and(|names| names.iter().any(|n| n == name));
            if needed || (depth <= DEEP && self.rng.chance(filled)) {
                map.insert(name.clone(), self.value(property, depth + 1));
            }
        }
        map.into()
    }

    fn string(&mut self, schema: &Value) -> String {
        let mut text = self.text();
        if let Some(most) = schema["maxLength"].as_u64() {
            text = text.chars().take(most as usize).collect();
        }
        if let Some(fewest) = schema["minLength"].as_u64() {
            while (text.chars().count() as u64) < fewest {
                text.push('x');
            }
        }
        text
    }

    pub(crate) fn text(&mut self) -> String {
        match self.rng.below(8) {
            0 => String::new(),
            1 => "\u{0}\"\\\n\t\u{7f}/\u{2028}".to_owned(),
            2 => "🦀 e\u{301} ü 漢字 \u{202e}".to_owned(),
            3 => "null".to_owned(),
            4 => "long ".repeat(self.rng.below(100)),
            5 => "2025-10-09T08:53:20.5Z".to_owned(),
            _ => format!("{:x}", self.rng.number()),
        }
    }

    /// Quarters are exact in any precision, and so is what comes back.
    fn number(&mut self) -> Value {
        let quarters = self.rng.between(-4_000_000, 4_000_000);
        if quarters % 4 == 0 && self.rng.chance(50) {
            return (quarters / 4).into();
        }
        json!(quarters as f64 / 4.0)
    }

    pub(crate) fn anything(&mut self, depth: usize) -> Value {
        match self.rng.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => self.rng.chance(50).into(),
            2 => self.rng.between(i64::MIN, i64::MAX).into(),
            3 => self.rng.number().into(),
            4 => self.number(),
            5 => self.text().into(),
            6 => {
                let count = self.rng.below(3);
                (0..count).map(|_| self.anything(depth - 1)).collect()
            }
            _ => {
                let count = self.rng.below(3);
                let entries = (0..count).map(|_| (self.text(), self.anything(depth - 1)));
                Value::Object(entries.collect())
            }
        }
    }
}

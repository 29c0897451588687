//! Changes of a valid value that must decode all the same.

use serde_json::{Value, json};
use video_api::Timestamp;

use crate::arbitrary::{Arbitrary, resolve};

pub(crate) struct Disturb<'a> {
    spec: &'a Value,
    arbitrary: Arbitrary<'a>,
    /// A field at the top that must stay as it is.
    keep: Option<&'static str>,
    /// The disturbance and its place.
    pub(crate) done: Vec<String>,
}

impl<'a> Disturb<'a> {
    pub(crate) fn new(spec: &'a Value, seed: u64, keep: Option<&'static str>) -> Self {
        Self {
            spec,
            arbitrary: Arbitrary::new(spec, seed),
            keep,
            done: Vec::new(),
        }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.arbitrary.rng.chance(percent)
    }

    fn note(&mut self, at: &str, what: &str) {
        self.done.push(format!("{what} at {at}"));
    }

    pub(crate) fn value(&mut self, schema: &'a Value, value: &mut Value, at: &str) {
        let schema = resolve(self.spec, schema);
        if schema.get("enum").is_some() {
            if value.is_string() && self.chance(15) {
                *value = format!("value-of-tomorrow-{}", self.arbitrary.rng.below(10)).into();
                self.note(at, "unknown enum value");
            }
            return;
        }
        let format = schema["format"].as_str();
        match value {
            Value::Object(_) if schema.get("properties").is_some() => {
                self.object(schema, value, at);
            }
            Value::Object(map) => {
                // Free-form data is kept as it is, so there is nothing to disturb.
                let entry = &schema["additionalProperties"];
                if entry.as_object().is_some_and(|entry| !entry.is_empty()) {
                    for (name, value) in map {
                        self.or_null(entry, value, &format!("{at}/{name:?}"));
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.or_null(&schema["items"], item, &format!("{at}/{index}"));
                }
            }
            Value::Number(number) if format == Some("date-time") => {
                let Some(nanos) = number.as_i64() else { return };
                if self.chance(15) {
                    *value = Timestamp::from_nanos(nanos).to_string().into();
                    self.note(at, "time as text");
                }
            }
            Value::Number(number) => {
                let exact = number.as_i64().filter(|n| n.unsigned_abs() < 1 << 53);
                if let Some(exact) = exact
                    && self.chance(15)
                {
                    *value = json!(exact as f64);
                    self.note(at, "integer as float");
                }
            }
            _ => {}
        }
    }

    fn or_null(&mut self, schema: &'a Value, value: &mut Value, at: &str) {
        if self.chance(10) {
            *value = Value::Null;
            self.note(at, "null");
        } else {
            self.value(schema, value, at);
        }
    }

    fn object(&mut self, schema: &'a Value, value: &mut Value, at: &str) {
        let properties = schema["properties"].as_object().unwrap();
        let Value::Object(map) = value else { return };
        for (name, property) in properties {
            let here = format!("{at}/{name}");
            let is_list = resolve(self.spec, property)["type"] == "array";
            if at.is_empty() && self.keep == Some(name.as_str()) {
                continue;
            }
            // What is empty is left out by some servers, and a list may be.
            if is_list && map.contains_key(name) && self.chance(5) {
                map.remove(name);
                self.note(&here, "missing list");
            } else if let Some(value) = map.get_mut(name) {
                self.or_null(property, value, &here);
            } else if self.chance(20) {
                map.insert(name.clone(), Value::Null);
                self.note(&here, "null of what is optional");
            }
        }
        if self.chance(30) {
            let name = format!("field_of_tomorrow_{}", self.arbitrary.rng.below(100));
            map.insert(name, self.arbitrary.anything(3));
            self.note(at, "unknown field");
        }
    }
}

//! From OpenAPI 3.0 to JSON Schema draft 4, per direction.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::problem::Direction;
use super::reference::{COMPONENTS, MAX_CHAIN, lookup, resolve};

/// Our name for the timestamp format of requests; it shows up in messages.
pub(super) const UTC_TIMESTAMP: &str = "RFC 3339 timestamp in UTC ending in Z";

/// A self-contained JSON Schema with the components it reaches as definitions.
pub(super) fn to_json_schema(
    document: &Value,
    schema: &Value,
    direction: Direction,
) -> Result<Value, String> {
    let mut converter = Converter {
        document,
        direction,
        pending: Vec::new(),
    };
    let root = converter.convert(schema)?;
    let mut definitions = BTreeMap::new();
    while let Some(name) = converter.pending.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        let component = lookup(document, &format!("{COMPONENTS}{name}"))?;
        let converted = converter.convert(component)?;
        definitions.insert(name, converted);
    }
    Ok(json!({ "allOf": [root], "definitions": definitions }))
}

struct Converter<'a> {
    document: &'a Value,
    direction: Direction,
    pending: Vec<String>,
}

impl Converter<'_> {
    fn convert(&mut self, schema: &Value) -> Result<Value, String> {
        let Some(source) = schema.as_object() else {
            return Ok(json!({}));
        };
        if let Some(Value::String(reference)) = source.get("$ref") {
            let name = reference
                .strip_prefix(COMPONENTS)
                .ok_or_else(|| format!("`{reference}` is not a component schema"))?;
            self.pending.push(name.to_owned());
            return Ok(json!({ "$ref": format!("#/definitions/{name}") }));
        }
        if let Some(merged) = self.merge_branches(source, 0)? {
            return self.convert(&Value::Object(merged));
        }
        let kind = source.get("type").and_then(Value::as_str);
        let format = source.get("format").and_then(Value::as_str);
        let mut target = match (kind, format) {
            (Some("number"), Some("date-time")) => self.timestamp(),
            _ => self.keywords(source, kind, format)?,
        };
        if source.get("nullable") == Some(&Value::Bool(true)) {
            make_nullable(&mut target);
        }
        Ok(Value::Object(target))
    }

    fn timestamp(&self) -> Map<String, Value> {
        let mut target = Map::new();
        if self.direction == Direction::Request {
            target.insert("type".into(), "string".into());
            target.insert("format".into(), UTC_TIMESTAMP.into());
        } else {
            target.insert("type".into(), "integer".into());
            target.insert("minimum".into(), i64::MIN.into());
            target.insert("maximum".into(), i64::MAX.into());
        }
        target
    }

    fn keywords(
        &mut self,
        source: &Map<String, Value>,
        kind: Option<&str>,
        format: Option<&str>,
    ) -> Result<Map<String, Value>, String> {
        let mut target = Map::new();
        for (key, value) in source {
            let converted = match key.as_str() {
                "type" | "enum" | "minimum" | "maximum" | "exclusiveMinimum"
                | "exclusiveMaximum" | "multipleOf" | "minLength" | "maxLength" | "pattern"
                | "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" => {
                    value.clone()
                }
                "items" | "not" => self.convert(value)?,
                "additionalProperties" if value.is_boolean() => value.clone(),
                "additionalProperties" => self.convert(value)?,
                "properties" => self.convert_map(value)?,
                "allOf" | "anyOf" | "oneOf" => self.convert_list(value)?,
                _ => continue,
            };
            target.insert(key.clone(), converted);
        }
        if let Some(required) = required_with_property(source) {
            target.insert("required".into(), required);
        }
        if self.direction == Direction::Response {
            // What a response may leave out may also be null in it: the API is written in Go.
            let required = target.get("required").cloned().unwrap_or_default();
            let properties = target.get_mut("properties").and_then(Value::as_object_mut);
            for (name, property) in properties.into_iter().flatten() {
                let is_required = required
                    .as_array()
                    .is_some_and(|names| names.contains(&json!(name)));
                if let (false, Some(property)) = (is_required, property.as_object_mut()) {
                    make_nullable(property);
                }
            }
        }
        let closed = self.direction == Direction::Request
            && source.contains_key("properties")
            && !source.contains_key("additionalProperties");
        if closed {
            target.insert("additionalProperties".into(), Value::Bool(false));
        }
        if let (Some("integer"), Some(values)) = (kind, source.get("enum")) {
            target.insert("enum".into(), integer_values(values));
        }
        match (kind, format) {
            (Some("string"), Some("date-time")) if self.direction == Direction::Request => {
                target.insert("format".into(), UTC_TIMESTAMP.into());
            }
            (Some("string"), Some(format @ ("date-time" | "date" | "uuid" | "email" | "ipv4"))) => {
                target.insert("format".into(), format.into());
            }
            (Some("integer"), Some("int32")) => {
                tighten(&mut target, i32::MIN.into(), i32::MAX.into());
            }
            (Some("integer"), _) => tighten(&mut target, i64::MIN.into(), i64::MAX.into()),
            (Some("number"), Some("float")) => {
                tighten(&mut target, f32::MIN.into(), f32::MAX.into());
            }
            _ => {}
        }
        Ok(target)
    }

    fn convert_map(&mut self, schemas: &Value) -> Result<Value, String> {
        let mut target = Map::new();
        for (name, schema) in schemas.as_object().into_iter().flatten() {
            target.insert(name.clone(), self.convert(schema)?);
        }
        Ok(Value::Object(target))
    }

    fn convert_list(&mut self, schemas: &Value) -> Result<Value, String> {
        let schemas = schemas.as_array().into_iter().flatten();
        schemas.map(|schema| self.convert(schema)).collect()
    }

    /// Objects joined by `allOf` become one object: closed one by one, each would
    /// refuse the other's fields. `None` when there is nothing to join.
    fn merge_branches(
        &self,
        source: &Map<String, Value>,
        depth: usize,
    ) -> Result<Option<Map<String, Value>>, String> {
        let Some(Value::Array(branches)) = source.get("allOf") else {
            return Ok(None);
        };
        if depth > MAX_CHAIN || (branches.len() < 2 && !source.contains_key("properties")) {
            return Ok(None);
        }
        let mut merged = source.clone();
        merged.remove("allOf");
        for branch in branches {
            let resolved = resolve(self.document, branch)?;
            let Some(resolved) = resolved.as_object() else {
                return Ok(None);
            };
            let flat = match self.merge_branches(resolved, depth + 1)? {
                Some(flat) => flat,
                None => resolved.clone(),
            };
            if !flat.contains_key("properties") {
                return Ok(None);
            }
            join_objects(&mut merged, flat);
        }
        Ok(Some(merged))
    }
}

fn join_objects(target: &mut Map<String, Value>, branch: Map<String, Value>) {
    for (key, value) in branch {
        match (target.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(new)) => known.extend(new),
            (Some(Value::Array(known)), Value::Array(new)) => known.extend(new),
            (Some(_), _) => {}
            (None, value) => {
                target.insert(key, value);
            }
        }
    }
}

/// `required`, without names that no property has: nobody could send those.
fn required_with_property(source: &Map<String, Value>) -> Option<Value> {
    let required = source.get("required")?.as_array()?;
    let properties = source.get("properties").and_then(Value::as_object);
    let mut kept: Vec<&str> = required
        .iter()
        .filter_map(Value::as_str)
        .filter(|name| properties.is_none_or(|properties| properties.contains_key(*name)))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    (!kept.is_empty()).then(|| json!(kept))
}

/// The values of an integer enum, which some specs write as text.
fn integer_values(values: &Value) -> Value {
    let values = values.as_array().into_iter().flatten();
    let numbers = values.map(|value| match value.as_str().map(str::parse::<i64>) {
        Some(Ok(number)) => number.into(),
        _ => value.clone(),
    });
    numbers.collect()
}

fn tighten(target: &mut Map<String, Value>, minimum: Value, maximum: Value) {
    let narrower = |known: Option<&Value>, limit: &Value, is_minimum: bool| {
        let known = known.and_then(Value::as_f64)?;
        let limit = limit.as_f64()?;
        (if is_minimum {
            known >= limit
        } else {
            known <= limit
        })
        .then_some(())
    };
    if narrower(target.get("minimum"), &minimum, true).is_none() {
        target.insert("minimum".into(), minimum);
    }
    if narrower(target.get("maximum"), &maximum, false).is_none() {
        target.insert("maximum".into(), maximum);
    }
}

fn make_nullable(target: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = target.get_mut("enum") {
        values.push(Value::Null);
    }
    match target.get("type").cloned() {
        Some(Value::Array(_)) => {}
        Some(kind) => {
            target.insert("type".into(), json!([kind, "null"]));
        }
        None => {
            let rest = std::mem::take(target);
            target.insert("anyOf".into(), json!([rest, { "type": "null" }]));
        }
    }
}

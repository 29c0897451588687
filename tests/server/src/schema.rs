//! OpenAPI 3.0 schemas as JSON Schema draft 4, the dialect they were made from:
//! boolean `exclusiveMinimum`, `$ref` without siblings, and `1.0` is no integer.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::time;

/// Which way a body travels: timestamps and strictness differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From client to server: RFC 3339 timestamps, unknown fields refused.
    Request,
    /// From server to client: timestamps are integers, in nanoseconds.
    Response,
}

/// The prefix of every schema reference in an OpenAPI document.
const COMPONENTS: &str = "#/components/schemas/";
/// Our name for the timestamp format of requests; it shows up in messages.
const UTC_TIMESTAMP: &str = "RFC 3339 timestamp in UTC ending in Z";
/// Depth at which a chain of references is taken for a cycle.
const MAX_CHAIN: usize = 16;

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON pointer into the value.
    pub(crate) pointer: String,
    /// What is wrong there.
    pub(crate) message: String,
}

/// A schema that is compiled when it is first needed.
pub(crate) struct Checker {
    schema: Value,
    direction: Direction,
    compiled: OnceLock<Result<Validator, String>>,
}

impl Checker {
    pub(crate) fn new(schema: Value, direction: Direction) -> Self {
        Self {
            schema,
            direction,
            compiled: OnceLock::new(),
        }
    }

    /// The OpenAPI schema, as in the document.
    pub(crate) fn schema(&self) -> &Value {
        &self.schema
    }

    /// Everything about `value` that the schema does not allow.
    pub(crate) fn check(&self, document: &Value, value: &Value) -> Vec<Problem> {
        let compiled = self
            .compiled
            .get_or_init(|| compile(document, &self.schema, self.direction));
        match compiled {
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
    let schema = to_json_schema(document, schema, direction)?;
    jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .with_format(UTC_TIMESTAMP, |text| time::parse_utc(text).is_some())
        .build(&schema)
        .map_err(|error| error.to_string())
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

/// A self-contained JSON Schema with the components it reaches as definitions.
fn to_json_schema(document: &Value, schema: &Value, direction: Direction) -> Result<Value, String> {
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
        let closed = self.direction == Direction::Request
            && source.contains_key("properties")
            && !source.contains_key("additionalProperties");
        if closed {
            target.insert("additionalProperties".into(), Value::Bool(false));
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
        Some(kind) => {
            target.insert("type".into(), json!([kind, "null"]));
        }
        None => {
            let rest = std::mem::take(target);
            target.insert("anyOf".into(), json!([rest, { "type": "null" }]));
        }
    }
}

/// Quotes the value where that helps: a long one would bury what is wrong with it.
fn message(error: &ValidationError<'_>) -> String {
    const LIMIT: usize = 100;
    if error.instance().to_string().len() > LIMIT {
        error.masked_with("the value").to_string()
    } else {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Checker, Direction};

    fn problems(schema: Value, direction: Direction, value: Value) -> Vec<String> {
        let document = json!({ "components": { "schemas": {
            "Named": { "type": "object", "properties": { "name": { "type": "string" } } },
            "Loop": { "type": "object", "properties": {
                "next": { "$ref": "#/components/schemas/Loop" },
                "n": { "type": "integer" },
            } },
        } } });
        Checker::new(schema, direction)
            .check(&document, &value)
            .into_iter()
            .map(|problem| problem.pointer + ": " + &problem.message)
            .collect()
    }

    #[track_caller]
    fn accepts(schema: &Value, value: Value) {
        let found = problems(schema.clone(), Direction::Request, value.clone());
        assert!(found.is_empty(), "{value}: {found:?}");
    }

    #[track_caller]
    fn refuses(schema: &Value, value: Value) {
        let found = problems(schema.clone(), Direction::Request, value.clone());
        assert!(!found.is_empty(), "{value} was accepted by {schema}");
    }

    #[test]
    fn timestamps_depend_on_the_direction() {
        let schema = json!({ "type": "number", "format": "date-time" });
        let text = json!("2025-10-09T08:53:20.000000001Z");
        let number = json!(1_760_000_000_000_000_001_i64);
        accepts(&schema, text.clone());
        refuses(&schema, number.clone());
        refuses(&schema, json!("2025-10-09T08:53:20+02:00"));
        assert!(problems(schema.clone(), Direction::Response, number).is_empty());
        assert!(!problems(schema.clone(), Direction::Response, text).is_empty());
        assert!(!problems(schema, Direction::Response, json!(1.5)).is_empty());
    }

    #[test]
    fn integers_fit_their_format_and_are_written_as_such() {
        let small = json!({ "type": "integer", "format": "int32", "minimum": 0 });
        accepts(&small, json!(i32::MAX));
        refuses(&small, json!(i64::from(i32::MAX) + 1));
        refuses(&small, json!(-1));
        refuses(&small, json!(1.0));
        refuses(&small, json!("1"));
        let large = json!({ "type": "integer", "format": "int64" });
        accepts(&large, json!(i64::MIN));
        refuses(&large, json!(u64::MAX));
        let float = json!({ "type": "number", "format": "float" });
        accepts(&float, json!(1));
        refuses(&float, json!(1e39));
    }

    #[test]
    fn objects_with_properties_are_closed_in_requests_only() {
        let schema = json!({ "$ref": "#/components/schemas/Named" });
        accepts(&schema, json!({ "name": "ana" }));
        refuses(&schema, json!({ "nmae": "ana" }));
        assert!(problems(schema, Direction::Response, json!({ "new": 1 })).is_empty());
        let free = json!({ "type": "object", "additionalProperties": {} });
        accepts(&free, json!({ "anything": [null, 1] }));
        let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        accepts(&map, json!({ "key": "text" }));
        refuses(&map, json!({ "key": 1 }));
    }

    #[test]
    fn joined_objects_share_their_fields() {
        let schema = json!({ "allOf": [
            { "$ref": "#/components/schemas/Named" },
            { "type": "object", "properties": { "age": { "type": "integer" } }, "required": ["age"] },
        ] });
        accepts(&schema, json!({ "name": "ana", "age": 3 }));
        refuses(&schema, json!({ "name": "ana" }));
        refuses(&schema, json!({ "age": 3, "other": 1 }));
        let described =
            json!({ "allOf": [{ "$ref": "#/components/schemas/Named" }], "description": "x" });
        accepts(&described, json!({ "name": "ana" }));
        refuses(&described, json!({ "other": 1 }));
    }

    #[test]
    fn nullable_cycles_enums_and_phantom_names() {
        let schema = json!({ "type": "string", "enum": ["a"], "nullable": true });
        accepts(&schema, json!(null));
        refuses(&schema, json!("b"));
        let schema = json!({ "$ref": "#/components/schemas/Loop" });
        accepts(&schema, json!({ "next": { "next": { "n": 1 } } }));
        refuses(&schema, json!({ "next": { "next": { "n": "1" } } }));
        let schema = json!({ "type": "object", "properties": {}, "required": ["ghost"] });
        accepts(&schema, json!({}));
        refuses(&schema, json!({ "ghost": 1 }));
    }

    #[test]
    fn problems_carry_a_pointer() {
        let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Named" } });
        let found = problems(schema, Direction::Request, json!([{}, { "name": 1 }]));
        assert_eq!(found, ["/1/name: 1 is not of type \"string\""]);
    }

    #[test]
    fn a_dangling_reference_is_named() {
        let schema = json!({ "$ref": "#/components/schemas/Missing" });
        let found = problems(schema, Direction::Request, json!({}));
        assert!(
            found.iter().any(|text| text.contains("Missing")),
            "{found:?}"
        );
    }
}

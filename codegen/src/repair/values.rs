//! Values that contradict their type, or say more than the wire keeps.

use std::collections::BTreeSet;

use openapi_document::{for_each_schema_mut, resolved};
use serde_json::{Map, Value};

use super::context::Context;
use crate::error::Error;
use crate::extensions::{MEANINGS, VALUES};
use crate::{pointer, snapshot};

/// A schema without a type, or with one too wide, whose other keywords leave no doubt which one
/// is meant; keywords of another type than the given one are dropped.
pub(crate) fn implied_types(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let word = |key: &str| map.get(key).and_then(Value::as_str);
        if let (Some("number"), Some(format)) = (word("type"), word("format"))
            && INTEGERS.contains(&format)
        {
            map.insert("type".to_owned(), Value::from("integer"));
            return true;
        }
        // Some documents describe the values of a string as if they were properties, or leave the
        // items of a list that became an object.
        let foreign: &[&str] = match word("type") {
            Some("string" | "integer" | "number" | "boolean") => &["properties", "items"],
            Some("object") => &["items"],
            Some("array") => &["properties"],
            _ => &[],
        };
        let dropped = foreign.iter().filter_map(|key| map.remove(*key)).count();
        if map.contains_key("type") || map.contains_key("$ref") {
            return dropped > 0;
        }
        let values = map.get("enum").and_then(Value::as_array);
        let all = |test: fn(&Value) -> bool| {
            values.is_some_and(|values| {
                let mut values = values.iter().filter(|value| !value.is_null()).peekable();
                values.peek().is_some() && values.all(test)
            })
        };
        if values.is_some_and(|values| values.iter().all(Value::is_null)) {
            map.remove("enum");
            map.insert("nullable".to_owned(), Value::Bool(true));
            return true;
        }
        let implied = if map.contains_key("properties") {
            "object"
        } else if map.contains_key("items") {
            "array"
        } else if map.contains_key("additionalProperties") && !is_composed(map) {
            "object"
        } else if all(Value::is_string) {
            "string"
        } else if all(|value| value.is_i64() || value.is_u64()) {
            "integer"
        } else if all(Value::is_number) {
            "number"
        } else if all(Value::is_boolean) {
            "boolean"
        } else {
            // Values of several kinds are any JSON.
            return map.remove("enum").is_some();
        };
        map.insert("type".to_owned(), Value::from(implied));
        true
    })
}

fn is_composed(map: &Map<String, Value>) -> bool {
    ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|key| map.contains_key(*key))
}

/// Formats of integers, which some documents give to a number.
const INTEGERS: [&str; 10] = [
    "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
];

/// An enum of numbers or booleans stays what it is, and its values are documented. Values of another
/// type are dropped: on an integer, strings only name what the wire has as numbers.
pub(crate) fn listed_numbers(context: &mut Context) -> Result<usize, Error> {
    let mut count = 0;
    let mut lost = Vec::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        let Value::Object(map) = schema else {
            return Ok(());
        };
        let is_kind: fn(&Value) -> bool = match map.get("type").and_then(Value::as_str) {
            None | Some("string") => return Ok(()),
            Some("integer" | "number") => Value::is_number,
            Some("boolean") => Value::is_boolean,
            Some(_) => |_| false,
        };
        let Some(Value::Array(values)) = map.remove("enum") else {
            return Ok(());
        };
        count += 1;
        if values
            .iter()
            .any(|value| !value.is_null() && !is_kind(value))
        {
            lost.push(at.to_owned());
        }
        let listed: Vec<Value> = values.iter().filter(|it| is_kind(it)).cloned().collect();
        if !listed.is_empty() {
            let keys = [MEANINGS, "x-enum-varnames", "x-enumNames"];
            keep_meanings(map, &values, &keys);
            // Some documents give no name to `null`.
            keep_meanings(map, &listed, &keys);
            map.insert(VALUES.to_owned(), Value::Array(listed));
        }
        Ok(())
    })?;
    let reason = "its enum lists values of another type than its own, which are not checked";
    let details = lost.into_iter().map(|at| (at, reason.to_owned()));
    context.leave_out_details(details.collect());
    Ok(count)
}

/// Keeps what values mean by their text, where a document lists it in the order of the values.
fn keep_meanings(map: &mut Map<String, Value>, values: &[Value], keys: &[&str]) {
    if map.get(MEANINGS).is_some_and(Value::is_object) {
        return;
    }
    let listed = keys.iter().find_map(|key| map.get(*key)?.as_array());
    let Some(listed) = listed.filter(|listed| listed.len() == values.len()) else {
        return;
    };
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let pairs = values.iter().map(text).zip(listed.iter().cloned());
    let meanings: Map<String, Value> = pairs.collect();
    map.insert(MEANINGS.to_owned(), Value::Object(meanings));
}

/// An enum of strings lists each value once, numbers as their text, and no `null`.
pub(crate) fn enum_values(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let Some(Value::Array(before)) = map.get("enum").cloned() else {
            return false;
        };
        keep_meanings(map, &before, &[MEANINGS]);
        let Some(Value::Array(values)) = map.get_mut("enum") else {
            return false;
        };
        let mut seen = BTreeSet::new();
        *values = before
            .iter()
            .filter_map(|value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
                _ => None,
            })
            .filter(|text| seen.insert(text.clone()))
            .map(Value::String)
            .collect();
        let changed = *values != before;
        if values.is_empty() {
            map.remove("enum");
        }
        changed
    })
}

/// `anyOf` of an enum and a plain string: an open enum says the same.
pub(crate) fn enum_or_any_string(context: &mut Context) -> Result<usize, Error> {
    let Some(whole) = snapshot::components(&context.document, &["anyOf", "oneOf"]) else {
        return Ok(0);
    };
    count_schemas(context, |map| {
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(entries)) = map.get(key) else {
                continue;
            };
            let is_text = |entry: &&Value| {
                let kind = resolved(&whole, entry).get("type");
                kind.and_then(Value::as_str) == Some("string")
            };
            let listed: Vec<&Value> = entries
                .iter()
                .filter(|entry| resolved(&whole, entry).get("enum").is_some())
                .collect();
            // With several enums, the union is not one of them.
            if let [Value::Object(listed)] = listed.as_slice()
                && entries.iter().all(|entry| is_text(&entry))
            {
                let listed = listed.clone();
                map.remove(key);
                map.extend(listed);
                return true;
            }
        }
        false
    })
}

/// Limits that no number of 64 bits can reach come from an overflow, and a lower limit above the
/// upper one allows nothing.
pub(crate) fn impossible_limits(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        if !map
            .keys()
            .any(|key| key.starts_with("min") || key.starts_with("max"))
        {
            return false;
        }
        let before = map.len();
        let limit = |map: &Map<String, Value>, key: &str| map.get(key).and_then(Value::as_f64);
        for key in ["minimum", "maximum"] {
            // The next float above what a signed number of 64 bits can be.
            if limit(map, key).is_some_and(|limit| limit.abs() >= 9_223_372_036_854_775_808.0) {
                map.remove(key);
            }
        }
        for (low, high) in [
            ("minimum", "maximum"),
            ("minLength", "maxLength"),
            ("minItems", "maxItems"),
        ] {
            if limit(map, low) > limit(map, high) && map.contains_key(high) {
                map.remove(low);
                map.remove(high);
            }
        }
        map.len() != before
    })
}

/// An integer whose limits or listed values are beyond its format has one that holds them.
pub(crate) fn wide_integers(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        if map.get("type").and_then(Value::as_str) != Some("integer") {
            return false;
        }
        let integer = |value: &Value| {
            let signed = value.as_i64().map(i128::from);
            signed.or_else(|| value.as_u64().map(i128::from))
        };
        let limits = ["minimum", "maximum"].into_iter();
        let limits: Vec<&Value> = limits.filter_map(|key| map.get(key)).collect();
        // One beyond 64 bits comes from an overflow, and says nothing of the other.
        if limits.iter().any(|limit| integer(limit).is_none()) {
            return false;
        }
        let limits = limits.into_iter().filter_map(integer);
        let listed = map.get(VALUES).and_then(Value::as_array);
        let listed = listed.into_iter().flatten().filter_map(integer);
        let all: Vec<i128> = limits.chain(listed).collect();
        let (Some(low), Some(high)) = (all.iter().min(), all.iter().max()) else {
            return false;
        };
        let holds = |format: &str| {
            let (least, most) = range(format);
            least <= *low && *high <= most
        };
        let format = map.get("format").and_then(Value::as_str);
        if holds(format.unwrap_or_default()) {
            return false;
        }
        // Without a lower limit it may be negative.
        let is_unsigned = map.contains_key("minimum") || map.contains_key(VALUES);
        let wider = ["int64", "uint64"].into_iter();
        let mut wider = wider.filter(|format| *format == "int64" || is_unsigned);
        let Some(format) = wider.find(|format| holds(format)) else {
            return false;
        };
        map.insert("format".to_owned(), Value::from(format));
        true
    })
}

/// The least and the greatest value of an integer of this format.
fn range(format: &str) -> (i128, i128) {
    match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}

/// `nullable` on a component belongs to the places that refer to it.
///
/// Some documents mark their own request and response bodies as nullable, which they cannot be;
/// there the keyword is ignored.
pub(crate) fn nullable_components(context: &mut Context) -> Result<usize, Error> {
    let mut nullable = BTreeSet::new();
    if let Some(Value::Object(schemas)) = context.document.pointer_mut(pointer::SCHEMAS) {
        for (name, schema) in schemas {
            let Value::Object(map) = schema else { continue };
            if map.remove("nullable") == Some(Value::Bool(true)) {
                nullable.insert(name.clone());
            }
        }
    }
    let count = nullable.len();
    let mut accident = false;
    pointer::each_operation(&mut context.document, &mut |operation, _| {
        let body = operation.get("requestBody");
        let responses = operation.get("responses").and_then(Value::as_object);
        let responses = responses.into_iter().flat_map(Map::values);
        for part in body.into_iter().chain(responses) {
            let content = part.get("content").and_then(Value::as_object);
            let schema = content.and_then(|all| all.values().next()?.get("schema"));
            let name = schema.and_then(pointer::referenced);
            accident |= name.is_some_and(|name| nullable.contains(name));
        }
        Ok(())
    })?;
    if accident {
        return Ok(count);
    }
    if nullable.is_empty() {
        return Ok(count);
    }
    for_each_schema_mut(&mut context.document, &mut |schema| {
        let points = pointer::referenced(schema).is_some_and(|name| nullable.contains(name));
        if let (true, Value::Object(map)) = (points, schema) {
            map.insert("nullable".to_owned(), Value::Bool(true));
        }
    });
    Ok(count)
}

/// A name in `required` without a property would become a required value that is never sent.
pub(crate) fn prune_required(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let properties = map.get("properties").and_then(Value::as_object);
        let Some(Value::Array(required)) = map.get("required") else {
            return false;
        };
        let exists = |name: &&Value| {
            let property = name.as_str().and_then(|name| properties?.get(name));
            property.is_some()
        };
        let kept: Vec<Value> = required.iter().filter(exists).cloned().collect();
        let changed = kept.len() != required.len();
        if kept.is_empty() {
            map.remove("required");
        } else if changed {
            map.insert("required".to_owned(), Value::Array(kept));
        }
        changed
    })
}

/// Applies `change` to every schema object and counts how often it says it did something.
pub(crate) fn count_schemas(
    context: &mut Context,
    mut change: impl FnMut(&mut Map<String, Value>) -> bool,
) -> Result<usize, Error> {
    let mut count = 0;
    for_each_schema_mut(&mut context.document, &mut |schema| {
        if let Value::Object(map) = schema
            && change(map)
        {
            count += 1;
        }
    });
    Ok(count)
}

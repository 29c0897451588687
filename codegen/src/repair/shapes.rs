//! `allOf`.

use std::collections::BTreeMap;

use openapi_document::resolve;
use serde_json::{Map, Number, Value};

use super::context::Context;
use super::values::count_schemas;
use crate::error::Error;
use crate::{listed, pointer};

/// `allOf` with one entry is that entry, with the outer description; entries that only describe
/// do not count.
pub(crate) fn unwrap_one_entry_all_of(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let Some(entries) = map.get("allOf").and_then(Value::as_array) else {
            return false;
        };
        let outside = map
            .keys()
            .filter(|key| *key != "allOf")
            .all(|key| is_note(key));
        let (notes, telling): (Vec<&Value>, Vec<&Value>) =
            entries.iter().partition(|entry| only_notes(entry));
        let ([Value::Object(inner)], true) = (telling.as_slice(), outside) else {
            return false;
        };
        let mut merged = inner.clone();
        for note in notes.into_iter().filter_map(Value::as_object) {
            merged.extend(note.clone());
        }
        map.remove("allOf");
        for (key, value) in merged {
            map.entry(key).or_insert(value);
        }
        true
    })
}

fn only_notes(entry: &Value) -> bool {
    let Some(map) = entry.as_object() else {
        return false;
    };
    map.keys().all(|key| is_note(key))
}

fn is_note(key: &str) -> bool {
    matches!(
        key,
        "description"
            | "nullable"
            | "title"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "default"
            | "example"
    ) || key.starts_with("x-")
}

/// `allOf` of objects becomes one object with the fields of all.
pub(crate) fn merge_all_of(context: &mut Context) -> Result<usize, Error> {
    // As components, compositions that contain themselves further down stay finite.
    super::names::lift_types(context, &|schema| schema.get("allOf").is_some())?;
    let Some(whole) = listed::components(&context.document, &["allOf"]) else {
        return Ok(0);
    };
    let mut count = 0;
    let mut circular = BTreeMap::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        if schema.get("allOf").is_some() {
            let mut merged = Map::new();
            match merge_into(&mut merged, schema, &whole, &mut Vec::new()) {
                Ok(()) => *schema = Value::Object(merged),
                Err(reason) => {
                    circular.insert(at.to_owned(), reason);
                }
            }
            count += 1;
        }
        Ok(())
    })?;
    if !circular.is_empty() {
        context.any_json(circular);
    }
    Ok(count)
}

/// `path` holds the components that are being merged, to notice one that is part of itself.
fn merge_into(
    merged: &mut Map<String, Value>,
    part: &Value,
    whole: &Value,
    path: &mut Vec<String>,
) -> Result<(), String> {
    let Some(map) = part.as_object() else {
        return Ok(());
    };
    if let Some(target) = map.get("$ref").and_then(Value::as_str) {
        let found = resolve(whole, target).map_err(|error| error.to_string())?;
        if path.iter().any(|known| known == target) {
            return Err(format!("its allOf leads in a circle at {target}"));
        }
        path.push(target.to_owned());
        merge_into(merged, found, whole, path)?;
        path.pop();
        // `nullable` on a branch does not apply to the composed schema.
        merged.remove("nullable");
    }
    let entries = map.get("allOf").and_then(Value::as_array);
    for entry in entries.into_iter().flatten() {
        merge_into(merged, entry, whole, path)?;
    }
    for (key, value) in map {
        match (key.as_str(), value, merged.get_mut(key)) {
            ("$ref" | "allOf", _, _) => {}
            ("properties", Value::Object(new), Some(Value::Object(known))) => {
                for (name, property) in new {
                    let both = match known.get(name) {
                        Some(first) => merge_properties(first, property, whole, path)?,
                        None => property.clone(),
                    };
                    known.insert(name.clone(), both);
                }
            }
            ("required", Value::Array(new), Some(Value::Array(known))) => {
                let missing: Vec<Value> =
                    new.iter().filter(|n| !known.contains(n)).cloned().collect();
                known.extend(missing);
            }
            ("enum", Value::Array(new), Some(Value::Array(known)))
                if known.iter().any(|value| new.contains(value)) =>
            {
                known.retain(|value| new.contains(value));
            }
            (limit, Value::Number(new), Some(Value::Number(known)))
                if is_looser(limit, new, known) => {}
            // The outer schema's own words win, which come last.
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(())
}

/// Returns true if a limit holds wherever a known limit of the same kind does.
fn is_looser(limit: &str, new: &Number, known: &Number) -> bool {
    let (Some(new), Some(known)) = (new.as_f64(), known.as_f64()) else {
        return false;
    };
    match limit {
        "maximum" | "maxLength" | "maxItems" | "maxProperties" => new > known,
        "minimum" | "minLength" | "minItems" | "minProperties" => new < known,
        _ => false,
    }
}

/// A property that two parts of a composition describe is what both say of it.
fn merge_properties(
    first: &Value,
    second: &Value,
    whole: &Value,
    path: &mut Vec<String>,
) -> Result<Value, String> {
    let is_object = |schema: &Value| {
        let kind = schema.get("type").and_then(Value::as_str);
        // A component stays one: to merge it here would copy all that it leads to.
        schema.get("$ref").is_none()
            && kind.is_none_or(|kind| kind == "object")
            && !says_more(schema)
    };
    let only_words = second
        .as_object()
        .is_some_and(|map| map.keys().all(|key| is_note(key)));
    if second.get("$ref") == first.get("$ref") && second.get("$ref").is_some() {
        return Ok(second.clone());
    }
    // One that narrows the other, such as an enum of a string, replaces it; objects have the
    // fields of both, and limits of a value do not take its type away.
    let both_objects = is_object(first) && is_object(second);
    let is_plain = |schema: &Value| schema.get("$ref").is_none() && !is_composed(schema);
    let kind = |schema: &Value| schema.get("type").cloned();
    let is_list = |schema: &Value| schema.get("items").is_some();
    let only_limits = is_plain(first)
        && is_plain(second)
        && !(is_list(first) && is_list(second))
        && (kind(first).is_none() || kind(second).is_none() || kind(second) == kind(first));
    if !(only_words || both_objects || only_limits) {
        return Ok(second.clone());
    }
    if let (true, Some(_)) = (only_words, first.get("$ref")) {
        return Ok(first.clone());
    }
    let mut merged = Map::new();
    merge_into(&mut merged, first, whole, path)?;
    merge_into(&mut merged, second, whole, path)?;
    Ok(Value::Object(merged))
}

fn is_composed(schema: &Value) -> bool {
    ["allOf", "oneOf", "anyOf"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Returns true for a composition and for a list of values.
fn says_more(schema: &Value) -> bool {
    ["oneOf", "anyOf", "enum"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

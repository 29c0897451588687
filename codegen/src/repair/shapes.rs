//! Compositions: `allOf`, and unions without a Rust counterpart.

use serde_json::{Map, Value};

use super::Context;
use super::values::count_schemas;
use crate::error::Error;
use crate::pointer;

/// `allOf` with one entry is that entry, with the outer description.
pub(crate) fn unwrap_one_entry_all_of(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let single = map
            .get("allOf")
            .and_then(Value::as_array)
            .is_some_and(|entries| entries.len() == 1);
        let only_notes = map.keys().all(|key| {
            matches!(
                key.as_str(),
                "allOf"
                    | "description"
                    | "nullable"
                    | "title"
                    | "deprecated"
                    | "readOnly"
                    | "writeOnly"
                    | "default"
                    | "example"
            ) || key.starts_with("x-")
        });
        if !(single && only_notes) {
            return false;
        }
        let inner = match map.remove("allOf") {
            Some(Value::Array(mut entries)) => entries.pop(),
            _ => None,
        };
        if let Some(Value::Object(inner)) = inner {
            for (key, value) in inner {
                map.entry(key).or_insert(value);
            }
        }
        true
    })
}

/// `allOf` of objects becomes one object with the fields of all.
pub(crate) fn merge_all_of(context: &mut Context) -> Result<usize, Error> {
    let whole = context.document.clone();
    let mut count = 0;
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        if schema.get("allOf").is_some() {
            let mut merged = Map::new();
            merge_into(&mut merged, schema, &whole, at, 0)?;
            *schema = Value::Object(merged);
            count += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

fn merge_into(
    merged: &mut Map<String, Value>,
    part: &Value,
    whole: &Value,
    at: &str,
    depth: usize,
) -> Result<(), Error> {
    if depth > 32 {
        return Err(Error::new(at, "its allOf leads in a circle"));
    }
    let Some(map) = part.as_object() else {
        return Ok(());
    };
    if let Some(target) = map.get("$ref").and_then(Value::as_str) {
        let found = target.strip_prefix('#').and_then(|p| whole.pointer(p));
        let found = found.ok_or_else(|| Error::new(at, format!("{target} does not exist")))?;
        merge_into(merged, found, whole, at, depth + 1)?;
    }
    for entry in map
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        merge_into(merged, entry, whole, at, depth + 1)?;
    }
    for (key, value) in map {
        match (key.as_str(), value, merged.get_mut(key)) {
            ("$ref" | "allOf", _, _) => {}
            ("properties", Value::Object(new), Some(Value::Object(known))) => {
                known.extend(new.clone());
            }
            ("required", Value::Array(new), Some(Value::Array(known))) => {
                let missing: Vec<Value> =
                    new.iter().filter(|n| !known.contains(n)).cloned().collect();
                known.extend(missing);
            }
            // The outer schema's own words win, which come last.
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(())
}

/// A union of things that cannot be told apart stays JSON; a union with one choice is that choice.
pub(crate) fn free_form_unions(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let Some(key) = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| map.contains_key(*key))
        else {
            return map.remove("not").is_some();
        };
        let entries = match map.get(key) {
            Some(Value::Array(entries)) => entries.clone(),
            _ => Vec::new(),
        };
        map.remove("discriminator");
        if let [Value::Object(only)] = entries.as_slice() {
            map.remove(key);
            map.extend(only.clone());
        } else {
            map.retain(|key, _| matches!(key.as_str(), "description" | "nullable"));
        }
        true
    })
}

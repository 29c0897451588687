//! Values that contradict their type, or say more than the wire keeps.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Context;
use crate::error::Error;
use crate::pointer;

/// `type: integer` with an enum of strings: the wire has integers, the list only names them.
pub(crate) fn string_enums_typed_integer(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let typed = matches!(
            map.get("type").and_then(Value::as_str),
            Some("integer" | "number" | "boolean")
        );
        if typed && map.contains_key("enum") {
            map.remove("enum");
            return true;
        }
        // A null among the values of a string enum only repeats `nullable`.
        if let Some(Value::Array(values)) = map.get_mut("enum") {
            let before = values.len();
            values.retain(Value::is_string);
            let mut seen = BTreeSet::new();
            values.retain(|value| seen.insert(value.to_string()));
            return values.len() != before;
        }
        false
    })
}

/// `anyOf` of an enum and a plain string: an open enum says the same.
pub(crate) fn enum_or_any_string(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        for key in ["anyOf", "oneOf"] {
            let Some(Value::Array(entries)) = map.get(key) else {
                continue;
            };
            let strings = entries
                .iter()
                .all(|e| e.get("type").and_then(Value::as_str) == Some("string"));
            let listed = entries.iter().find(|e| e.get("enum").is_some());
            if let (true, Some(listed)) = (strings, listed.cloned()) {
                map.remove(key);
                if let Value::Object(listed) = listed {
                    map.extend(listed);
                }
                return true;
            }
        }
        false
    })
}

/// `nullable` on a component belongs to the places that refer to it.
pub(crate) fn nullable_components(context: &mut Context) -> Result<usize, Error> {
    let mut nullable = BTreeSet::new();
    if let Some(Value::Object(schemas)) = context.document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            let Value::Object(map) = schema else { continue };
            if map.remove("nullable") == Some(Value::Bool(true)) {
                nullable.insert(name.clone());
            }
        }
    }
    pointer::visit_schemas(&mut context.document, &mut |schema, _| {
        let points = pointer::referenced(schema).is_some_and(|name| nullable.contains(name));
        if let (true, Value::Object(map)) = (points, schema) {
            map.insert("nullable".to_owned(), Value::Bool(true));
        }
        Ok(())
    })?;
    Ok(nullable.len())
}

/// A name in `required` without a property would become a mandatory value nobody sends, and a
/// required property that may be null is an option.
pub(crate) fn prune_required(context: &mut Context) -> Result<usize, Error> {
    count_schemas(context, |map| {
        let properties = map.get("properties").and_then(Value::as_object).cloned();
        let Some(Value::Array(required)) = map.get_mut("required") else {
            return false;
        };
        let before = required.len();
        required.retain(|name| {
            let property = name
                .as_str()
                .and_then(|name| properties.as_ref().and_then(|all| all.get(name)));
            property.is_some_and(|p| p.get("nullable") != Some(&Value::Bool(true)))
        });
        let changed = required.len() != before;
        if required.is_empty() {
            map.remove("required");
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
    pointer::visit_schemas(&mut context.document, &mut |schema, _| {
        if let Value::Object(map) = schema
            && change(map)
        {
            count += 1;
        }
        Ok(())
    })?;
    Ok(count)
}

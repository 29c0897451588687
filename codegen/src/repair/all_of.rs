//! `allOf`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::composition::{Merger, is_note};
use super::context::Context;
use super::values::count_schemas;
use crate::error::Error;
use crate::{pointer, snapshot};

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

/// `allOf` of objects becomes one object with the fields of all.
pub(crate) fn merge_all_of(context: &mut Context) -> Result<usize, Error> {
    // As components, compositions that contain themselves further down stay finite.
    super::names::lift_types(context, &|schema| schema.get("allOf").is_some())?;
    let Some(whole) = snapshot::all_components(&context.document, &["allOf"]) else {
        return Ok(0);
    };
    let mut merger = Merger::new(&whole);
    let mut count = 0;
    let mut circular = BTreeMap::new();
    let mut notes = Vec::new();
    pointer::visit_schemas(&mut context.document, &mut |schema, at| {
        if schema.get("allOf").is_some() {
            match merger.composed(schema) {
                Ok(merged) => *schema = Value::Object(merged),
                Err(reason) => {
                    circular.insert(at.to_owned(), reason);
                }
            }
            let found = std::mem::take(&mut merger.notes);
            notes.extend(found.into_iter().map(|note| (at.to_owned(), note)));
            count += 1;
        }
        Ok(())
    })?;
    context.leave_out_details(notes);
    if !circular.is_empty() {
        context.any_json(circular);
    }
    Ok(count)
}

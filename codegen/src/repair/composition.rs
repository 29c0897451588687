//! Puts schemas together that describe one value.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::resolve;
use serde_json::{Map, Number, Value};

/// How many references deep two types of one property are put together. Each step copies.
const MAX_DEPTH: usize = 4;

type Schema = Map<String, Value>;

/// Puts the parts of compositions together.
pub(super) struct Merger<'a> {
    whole: &'a Value,
    /// Components with their compositions put together, by reference.
    known: BTreeMap<String, Schema>,
    /// The components that are being put together, to notice one that is part of itself.
    path: Vec<String>,
    /// The properties on the way to the one that is put together.
    inside: Vec<String>,
    /// Contradictions since they were last taken.
    pub(super) notes: BTreeSet<String>,
}

impl<'a> Merger<'a> {
    pub(super) fn new(whole: &'a Value) -> Self {
        Self {
            whole,
            known: BTreeMap::new(),
            path: Vec::new(),
            inside: Vec::new(),
            notes: BTreeSet::new(),
        }
    }

    /// The schema and all parts of its `allOf` as one.
    pub(super) fn composed(&mut self, schema: &Value) -> Result<Schema, String> {
        let mut merged = Map::new();
        self.add(&mut merged, schema)?;
        Ok(merged)
    }

    fn component(&mut self, target: &str) -> Result<Schema, String> {
        if let Some(known) = self.known.get(target) {
            return Ok(known.clone());
        }
        if self.path.iter().any(|known| known == target) {
            return Err(format!("its allOf leads in a circle at {target}"));
        }
        let found = resolve(self.whole, target).map_err(|error| error.to_string())?;
        // The component says them where it is put together itself.
        let notes = self.notes.clone();
        let inside = std::mem::take(&mut self.inside);
        self.path.push(target.to_owned());
        let composed = self.composed(found);
        self.path.pop();
        self.inside = inside;
        self.notes = notes;
        let composed = composed?;
        self.known.insert(target.to_owned(), composed.clone());
        Ok(composed)
    }

    fn add(&mut self, merged: &mut Schema, part: &Value) -> Result<(), String> {
        let Some(map) = part.as_object() else {
            return Ok(());
        };
        if let Some(target) = map.get("$ref").and_then(Value::as_str) {
            let component = self.component(target)?;
            self.add_words(merged, &component);
            // `nullable` on a branch does not apply to the composed schema.
            merged.remove("nullable");
        }
        let entries = map.get("allOf").and_then(Value::as_array);
        for entry in entries.into_iter().flatten() {
            self.add(merged, entry)?;
        }
        self.add_words(merged, map);
        Ok(())
    }

    fn add_words(&mut self, merged: &mut Schema, words: &Schema) {
        for (key, value) in words {
            match (key.as_str(), value, merged.get_mut(key)) {
                ("$ref" | "allOf", _, _) => {}
                ("properties", Value::Object(new), Some(Value::Object(known))) => {
                    for (name, property) in new {
                        let both = match known.get(name) {
                            Some(first) => self.both(name, first, property),
                            None => property.clone(),
                        };
                        known.insert(name.clone(), both);
                    }
                }
                ("items" | "additionalProperties", Value::Object(_), Some(known))
                    if known.is_object() =>
                {
                    *known = self.both(key, known, value);
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
                ("type", Value::String(new), Some(Value::String(known)))
                    if new == "number" && known == "integer" => {}
                (limit, Value::Number(new), Some(Value::Number(known)))
                    if is_looser(limit, new, known) => {}
                // The outer schema's own words win, which come last.
                _ => {
                    merged.insert(key.clone(), value.clone());
                }
            }
        }
    }

    /// A property, item or value that two parts describe is what both say of it.
    fn both(&mut self, name: &str, first: &Value, second: &Value) -> Value {
        if first == second {
            return second.clone();
        }
        let is_reference = |schema: &Value| schema.get("$ref").is_some();
        let (Ok(left), Ok(right)) = (self.composed(first), self.composed(second)) else {
            // One of them is being put together here: its name is all that there is of it.
            return if is_reference(second) { second } else { first }.clone();
        };
        if is_union(&left) || is_union(&right) {
            return if adds_nothing(&right) { first } else { second }.clone();
        }
        let is_deep = self.inside.len() >= MAX_DEPTH;
        if contradict(&left, &right) || (is_deep && is_reference(first) && is_reference(second)) {
            let name = self.inside.first().map_or(name, String::as_str);
            let note = format!("parts of its allOf disagree about {name}; the last counts");
            self.notes.insert(note);
            return second.clone();
        }
        let mut merged = left.clone();
        self.inside.push(name.to_owned());
        self.add_words(&mut merged, &right);
        self.inside.pop();
        // A component keeps its name where the other part adds nothing to it.
        match (is_same(&merged, &left), is_same(&merged, &right)) {
            (true, _) if is_reference(first) => first.clone(),
            (_, true) if is_reference(second) => second.clone(),
            _ => Value::Object(merged),
        }
    }
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

fn is_union(schema: &Schema) -> bool {
    schema.contains_key("oneOf") || schema.contains_key("anyOf")
}

/// Returns true for a schema that says the type of a value at most.
fn adds_nothing(schema: &Schema) -> bool {
    schema.keys().all(|key| key == "type" || is_note(key))
}

/// Returns true if no value has the types of both.
fn contradict(left: &Schema, right: &Schema) -> bool {
    let kind = |schema: &Schema| schema.get("type")?.as_str().map(str::to_owned);
    match (kind(left), kind(right)) {
        (Some(left), Some(right)) => {
            let is_number = |kind: &str| matches!(kind, "integer" | "number");
            left != right && !(is_number(&left) && is_number(&right))
        }
        _ => false,
    }
}

/// Returns true if the composition says no more than one of its parts, whose type it may spell out.
fn is_same(merged: &Schema, part: &Schema) -> bool {
    let telling = |key: &str| !is_note(key) && (key != "type" || part.contains_key("type"));
    let of = |schema: &Schema| schema.keys().filter(|key| telling(key)).count();
    let mut entries = merged.iter().filter(|(key, _)| telling(key));
    of(merged) == of(part) && entries.all(|(key, value)| part.get(key) == Some(value))
}

/// Returns true for a keyword that does not say which values are allowed.
pub(super) fn is_note(key: &str) -> bool {
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

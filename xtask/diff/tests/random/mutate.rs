//! Changes that callers notice.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::refactor::schemas;

/// Applies one mutation; returns its name and where it was applied, none when it finds nothing to do.
pub(crate) fn any(rng: &mut Rng, document: &mut Value) -> Option<(&'static str, String)> {
    let mut all = schemas(document);
    rng.shuffle(&mut all);
    let start = rng.usize(0..MUTATIONS.len());
    for step in 0..MUTATIONS.len() {
        let (name, mutation) = MUTATIONS[(start + step) % MUTATIONS.len()];
        for pointer in &all {
            let schema = document.pointer_mut(pointer)?;
            if mutation(schema).is_some() {
                return Some((name, pointer.clone()));
            }
        }
    }
    None
}

type Mutation = fn(&mut Value) -> Option<()>;

const MUTATIONS: [(&str, Mutation); 11] = [
    ("property removed", |schema| {
        let properties = schema.get_mut("properties")?.as_object_mut()?;
        let name = properties.keys().find(|name| *name != "a0")?.clone();
        properties.remove(&name);
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|other| *other != name);
        }
        Some(())
    }),
    ("required property added", |schema| {
        let properties = schema.get_mut("properties")?.as_object_mut()?;
        properties.insert("extra".to_owned(), json!({"type": "string"}));
        let mut required = schema["required"].as_array().cloned().unwrap_or_default();
        required.push(json!("extra"));
        schema["required"] = json!(required);
        Some(())
    }),
    ("type changed", |schema| {
        (schema.get("type")? == "boolean").then(|| *schema = json!({"type": "integer"}))
    }),
    ("property no longer required", |schema| {
        let required = schema.get_mut("required")?.as_array_mut()?;
        required.pop().map(|_| ())
    }),
    ("enum value replaced", |schema| {
        let values = schema.get_mut("enum")?.as_array_mut()?;
        *values.last_mut()? = json!("other");
        Some(())
    }),
    ("enum value removed", |schema| {
        schema.get_mut("enum")?.as_array_mut()?.pop().map(|_| ())
    }),
    ("alternative removed", |schema| {
        schema.get_mut("oneOf")?.as_array_mut()?.pop().map(|_| ())
    }),
    ("maximum raised", |schema| {
        schema.get("maximum")?;
        schema["maximum"] = json!(200);
        Some(())
    }),
    ("length cut", |schema| {
        schema.get("maxLength")?;
        schema["maxLength"] = json!(5);
        Some(())
    }),
    ("made nullable", |schema| {
        let typed = schema.get("maxLength").is_some() || schema.get("properties").is_some();
        typed.then(|| schema["nullable"] = json!(true))
    }),
    ("format dropped", |schema| {
        schema.as_object_mut()?.remove("format").map(|_| ())
    }),
];

//! Differences of two documents, leaf by leaf, and whether an amendment covers them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::workspace;

/// The composed document as it was before compose wrapped references that have siblings.
pub(crate) fn unwrapped(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(unwrapped).collect(),
        Value::Object(map) => {
            let mut map: serde_json::Map<_, _> = map
                .iter()
                .map(|(key, value)| (key.clone(), unwrapped(value)))
                .collect();
            if let Some([part]) = map
                .get("allOf")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                && let Some(target) = part.get("$ref").cloned()
            {
                map.remove("allOf");
                map.insert("$ref".to_owned(), target);
            }
            Value::Object(map)
        }
        other => other.clone(),
    }
}

/// Pointers of all leaves; arrays are leaves, as merge patches replace them whole.
fn leaves(value: &Value, pointer: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(value, &format!("{pointer}/{key}"), found);
            }
        }
        leaf => {
            found.insert(pointer.to_owned(), leaf.clone());
        }
    }
}

pub(crate) fn leaves_of(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    leaves(value, "", &mut found);
    found
}

/// The pointers that the amendments set, replace or remove.
pub(crate) fn amended() -> BTreeSet<String> {
    let mut pointers = BTreeSet::new();
    for entry in fs::read_dir(workspace("spec/amendments")).unwrap() {
        let path = entry.unwrap().path();
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let reason = file["reason"].as_str().unwrap();
        assert!(reason.len() > 20, "{}: no reason", path.display());
        pointers.extend(leaves_of(&file["patch"]).into_keys());
    }
    pointers
}

/// True if an amendment touches the pointer, something above it, or (as it may be gone) below it.
pub(crate) fn covered(pointer: &str, amended: &BTreeSet<String>) -> bool {
    let mut above = pointer;
    loop {
        if amended.contains(above) {
            return true;
        }
        match above.rfind('/') {
            Some(end) => above = &above[..end],
            None => break,
        }
    }
    let below = format!("{pointer}/");
    amended
        .range(below.clone()..)
        .next()
        .is_some_and(|next| next.starts_with(&below))
}

/// Leaves in which the documents differ, by an amendment or not.
pub(crate) fn differences(documented: &Value, composed: &Value) -> BTreeSet<String> {
    let (before, after) = (leaves_of(documented), leaves_of(&unwrapped(composed)));
    let changed = |pointer: &&String| before.get(*pointer) != after.get(*pointer);
    before
        .keys()
        .chain(after.keys())
        .filter(changed)
        .cloned()
        .collect()
}

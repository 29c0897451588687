//! Which part of a vendor's document is wanted, and what that part reaches.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Keeps the paths that start with one of `include` and with none of `exclude`.
pub(super) fn paths(document: &mut Value, include: &[String], exclude: &[String]) -> usize {
    let starts = |path: &str, prefixes: &[String]| {
        prefixes
            .iter()
            .any(|prefix| path.starts_with(prefix.as_str()))
    };
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return 0;
    };
    paths.retain(|path, _| starts(path, include) && !starts(path, exclude));
    paths.len()
}

/// The first two segments that paths start with, to say what could have been wanted.
pub(super) fn prefixes(document: &Value) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let found: BTreeSet<String> = paths
        .into_iter()
        .flat_map(Map::keys)
        .map(|path| {
            let segments: Vec<&str> = path.split('/').take(4).collect();
            segments.join("/")
        })
        .collect();
    found.into_iter().take(20).collect()
}

/// Removes every component that nothing outside the components leads to, except `keep` schemas.
pub(super) fn components(document: &mut Value, keep: &BTreeSet<String>) -> usize {
    let reached = reached(document, keep);
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return 0;
    };
    let mut removed = 0;
    for (section, entries) in components.iter_mut() {
        // Who may call is asked of everybody, without references.
        if section == "securitySchemes" {
            continue;
        }
        if let Value::Object(entries) = entries {
            let before = entries.len();
            entries.retain(|name, _| reached.contains(&(section.clone(), name.clone())));
            removed += before - entries.len();
        }
    }
    components.retain(|_, entries| entries.as_object().is_some_and(|map| !map.is_empty()));
    removed
}

/// Section and name of every component that is reached.
pub(super) fn reached(document: &Value, keep: &BTreeSet<String>) -> BTreeSet<(String, String)> {
    let mut pending: Vec<(String, String)> = keep
        .iter()
        .map(|name| ("schemas".to_owned(), name.clone()))
        .collect();
    for (key, part) in document.as_object().into_iter().flatten() {
        if key != "components" {
            references(part, &mut pending);
        }
    }
    let mut seen = BTreeSet::new();
    while let Some((section, name)) = pending.pop() {
        let found = document
            .get("components")
            .and_then(|components| components.get(&section))
            .and_then(|entries| entries.get(&name));
        if let (Some(component), true) = (found, seen.insert((section, name))) {
            references(component, &mut pending);
        }
    }
    seen
}

/// Names of the schemas that a part of a document refers to.
pub(super) fn schemas_referred_to(part: &Value) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    references(part, &mut found);
    let schemas = found
        .into_iter()
        .filter(|(section, _)| section == "schemas");
    schemas.map(|(_, name)| name)
}

/// References, and the targets of discriminators, which are no references.
fn references(node: &Value, found: &mut Vec<(String, String)>) {
    match node {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get("$ref") {
                found.extend(component(target));
            }
            if let Some(Value::Object(mapping)) =
                map.get("discriminator").and_then(|d| d.get("mapping"))
            {
                for target in mapping.values().filter_map(Value::as_str) {
                    let bare = || ("schemas".to_owned(), target.to_owned());
                    found.push(component(target).unwrap_or_else(bare));
                }
            }
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Section and name of `#/components/section/name`, or of a place inside it.
fn component(target: &str) -> Option<(String, String)> {
    let mut tokens = target.strip_prefix("#/components/")?.split('/');
    let section = tokens.next()?.to_owned();
    let name = tokens.next()?.replace("~1", "/").replace("~0", "~");
    Some((section, name))
}

//! Reduces a vendor's document to the wanted paths and the components they reach.

use std::borrow::Cow;
use std::collections::BTreeSet;

use openapi_document::{component_name, reached_components, reference, visit};
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
    let keep = keep.iter().map(|name| ("schemas".to_owned(), name.clone()));
    let reached = reached_components(document, keep);
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return 0;
    };
    let mut removed = 0;
    for (section, entries) in components.iter_mut() {
        // Security requirements name their schemes without references.
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

/// Names of the schemas that a part of a document refers to.
pub(super) fn schemas_referred_to(part: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    visit(part, &mut |_, value, _| {
        let name = reference(value).and_then(|target| component_name(target, "schemas"));
        names.extend(name.map(Cow::into_owned));
    });
    names
}

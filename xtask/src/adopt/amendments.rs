//! Amendments on the vendor's document: those that fit, and what becomes superfluous by them.

use std::collections::BTreeSet;

use openapi_document::pointer::join;
use openapi_document::{reached_components, resolved};
use serde_json::{Map, Value, json};

use super::fit::{self, Dropped, Why};
use super::state::{Adopted, Current, text};
use crate::counts::Amendment;

/// Applies the amendments to the old and the new document side by side and keeps what fits.
pub(super) fn keep_fitting(adopted: &mut Adopted, current: &Current) {
    let mut base = current.documented.clone();
    let mut document = adopted.documented.clone();
    for amendment in &current.amendments {
        let mut dropped = Vec::new();
        let patch = fit::fit(&base, &document, &amendment.patch, &mut dropped);
        json_patch::merge(&mut base, &amendment.patch);
        json_patch::merge(&mut document, &patch);
        adopted.dropped.push((amendment.name.clone(), dropped));
        adopted.amendments.push(Amendment {
            patch,
            ..amendment.clone()
        });
    }
}

pub(super) fn merged(adopted: &Adopted) -> Value {
    let mut document = adopted.documented.clone();
    for amendment in &adopted.amendments {
        json_patch::merge(&mut document, &amendment.patch);
    }
    document
}

/// Removes what amendments say at a place, and the objects that are empty without it.
pub(super) fn forget(adopted: &mut Adopted, tokens: &[&str], why: Why) {
    for (index, amendment) in adopted.amendments.iter_mut().enumerate() {
        if remove(&mut amendment.patch, tokens)
            && let Some((_, dropped)) = adopted.dropped.get_mut(index)
        {
            let pointer = join("", tokens);
            dropped.push(Dropped { pointer, why });
        }
    }
}

fn remove(patch: &mut Value, tokens: &[&str]) -> bool {
    let (Some(map), Some((first, rest))) = (patch.as_object_mut(), tokens.split_first()) else {
        return false;
    };
    if rest.is_empty() {
        return map.remove(*first).is_some();
    }
    let Some(inner) = map.get_mut(*first) else {
        return false;
    };
    let removed = remove(inner, rest);
    if removed && inner.as_object().is_some_and(Map::is_empty) {
        map.remove(*first);
    }
    removed
}

/// Error statuses that only repeat what `default` says are not listed one by one.
pub(super) fn fold_errors(adopted: &mut Adopted) {
    let document = merged(adopted);
    let body = |response: &Value| {
        let response = resolved(&document, response);
        let schema = response.pointer("/content/application~1json/schema");
        schema.map(|schema| resolved(&document, schema).clone())
    };
    let mut folded = 0;
    let paths = adopted
        .documented
        .get_mut("paths")
        .and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let merged = document
                .get("paths")
                .and_then(|paths| paths.get(path)?.get(method)?.get("responses"));
            let default = merged.and_then(|all| all.get("default")).and_then(body);
            let responses = operation
                .get_mut("responses")
                .and_then(Value::as_object_mut);
            if let (Some(default), Some(responses)) = (default, responses) {
                let before = responses.len();
                responses.retain(|status, response| {
                    !status.starts_with(['4', '5']) || body(response).as_ref() != Some(&default)
                });
                folded += before - responses.len();
            }
        }
    }
    adopted
        .repairs
        .push(("error statuses that repeat `default`", folded));
}

/// Drops components that amendments add and that nothing refers to any more.
pub(super) fn drop_unreachable(adopted: &mut Adopted) {
    let document = merged(adopted);
    let reached = reached_components(&document, []);
    let mut unreached = Vec::new();
    let sections = document.get("components").and_then(Value::as_object);
    for (section, entries) in sections
        .into_iter()
        .flatten()
        .filter(|(s, _)| *s != "securitySchemes")
    {
        for name in entries.as_object().into_iter().flat_map(Map::keys) {
            if !reached.contains(&(section.clone(), name.clone())) {
                unreached.push((section.clone(), name.clone()));
            }
        }
    }
    for (section, name) in unreached {
        forget(adopted, &["components", &section, &name], Why::Gone);
        let at = format!("/components/{section}");
        if let Some(Value::Object(entries)) = adopted.documented.pointer_mut(&at) {
            entries.remove(&name);
        }
    }
}

/// Operations that no amendment groups keep the vendor's group, which must be declared.
pub(super) fn declare_tags(adopted: &mut Adopted) {
    let document = merged(adopted);
    let names = |tags: Option<&Value>| -> BTreeSet<String> {
        let tags = tags.and_then(Value::as_array).into_iter().flatten();
        tags.map(|tag| text(tag, "name").to_owned()).collect()
    };
    let declared = names(document.get("tags"));
    let mut used = BTreeSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for operation in paths
        .into_iter()
        .flatten()
        .flat_map(|(_, item)| item.as_object())
        .flatten()
    {
        let tag = operation.1.pointer("/tags/0").and_then(Value::as_str);
        used.extend(tag.map(str::to_owned));
    }
    let missing: Vec<Value> = used
        .difference(&declared)
        .map(|tag| json!({"name": tag, "description": format!("`{tag}`.")}))
        .collect();
    for amendment in &mut adopted.amendments {
        if let Some(Value::Array(tags)) = amendment.patch.get_mut("tags") {
            tags.extend(missing);
            return;
        }
    }
}

//! Components that no operation led to, so that nothing in the document is passed over.

use std::collections::HashSet;

use serde_json::Value;

use super::fields::{members, union};
use super::{Comparison, Kind, root, security};
use crate::document::escape_token;
use crate::fact::Fact;
use crate::rules;

/// Compares everything under `components` that was not compared yet.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    root::unused_security(comparison);
    let node = comparison.document;
    let roots = (comparison.old.root, comparison.new.root);
    let empty: &Value = &Value::Null;
    let old = roots.0.get("components").unwrap_or(empty);
    let new = roots.1.get("components").unwrap_or(empty);
    if old == new {
        return;
    }
    let malformed = |side: &Value| !(side.is_null() || side.is_object());
    if malformed(old) || malformed(new) {
        let text = "components are no map";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "components", roots.0, roots.1, text);
        comparison.report(node, fact);
        return;
    }
    let before = comparison.reports();
    security::compare_schemes(comparison, (old, new));
    for (key, kind) in [
        ("schemas", Some(Kind::Schema)),
        ("parameters", Some(Kind::Parameter)),
        ("requestBodies", Some(Kind::Body)),
        ("responses", Some(Kind::Response)),
        ("headers", Some(Kind::Header)),
        ("examples", None),
        ("links", None),
        ("callbacks", None),
    ] {
        section(comparison, key, kind, (old, new));
    }
    let handled = [
        "schemas",
        "parameters",
        "requestBodies",
        "responses",
        "headers",
        "examples",
        "links",
        "callbacks",
        "securitySchemes",
    ];
    if old.is_object() && new.is_object() {
        comparison.remaining(node, (old, new), &handled);
    } else if comparison.reports() == before {
        let text = "components come or go";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "components", roots.0, roots.1, text);
        comparison.report(node, fact);
    }
}

fn section<'a>(
    comparison: &mut Comparison<'a>,
    key: &'static str,
    kind: Option<Kind>,
    (old, new): (&'a Value, &'a Value),
) {
    let (left, right) = (old.get(key), new.get(key));
    if left == right {
        return;
    }
    let empty = serde_json::Map::new();
    let (Some(left_map), Some(right_map)) = (
        left.map_or(Some(&empty), Value::as_object),
        right.map_or(Some(&empty), Value::as_object),
    ) else {
        let text = format!("components.{key} is no map");
        let fact = Fact::keyword(&rules::UNCLASSIFIED, key, old, new, text);
        comparison.report(comparison.document, fact);
        return;
    };
    if left_map.is_empty() && right_map.is_empty() {
        let text = format!("an empty components.{key} comes or goes");
        let fact = Fact::keyword(&rules::RESTATED, key, old, new, text);
        comparison.report(comparison.document, fact);
        return;
    }
    let names: Vec<String> = union(left_map, right_map).map(str::to_owned).collect();
    let orphans = comparison.graph.add_node();
    let (mut used_before, mut used_after) = (None, None);
    for name in &names {
        let before = left.and_then(|map| map.get(name));
        let after = right.and_then(|map| map.get(name));
        let text = format!("#/components/{key}/{}", escape_token(name));
        match (before, after) {
            (Some(before), Some(after)) => pair(comparison, orphans, (key, kind), before, after),
            (Some(before), None) => {
                let renamed = kind == Some(Kind::Schema)
                    && comparison.renamed.iter().any(|(old, _)| old == name);
                let used = used_before.get_or_insert_with(|| used(comparison.old.root));
                if !renamed && !used.contains(&text) {
                    let message = format!("the component {name} is gone");
                    let rule = &rules::COMPONENT_REMOVED;
                    let fact = Fact::removed(rule, before, new, message);
                    comparison.report(orphans, fact);
                }
            }
            (None, Some(after)) => {
                let renamed = kind == Some(Kind::Schema)
                    && comparison.renamed.iter().any(|(_, new)| new == name);
                let used = used_after.get_or_insert_with(|| used(comparison.new.root));
                if !renamed && !used.contains(&text) {
                    let message = format!("the component {name} is new");
                    let fact = Fact::added(&rules::COMPONENT_ADDED, after, old, message);
                    comparison.report(orphans, fact);
                }
            }
            (None, None) => {}
        }
    }
}

fn pair<'a>(
    comparison: &mut Comparison<'a>,
    orphans: usize,
    (key, kind): (&str, Option<Kind>),
    old: &'a Value,
    new: &'a Value,
) {
    if comparison.visited(old, new) || old == new {
        return;
    }
    match kind {
        Some(Kind::Schema) => comparison.descend(orphans, Kind::Schema, old, new),
        Some(kind) => {
            if let Some((old, new)) = comparison.follow(orphans, old, new) {
                comparison.descend(orphans, kind, old, new);
            }
        }
        None => {
            let (rule, text) = match key {
                "links" => (&rules::LINK_CHANGED, "the link is different"),
                "examples" => (&rules::PROSE_CHANGED, "the example is different"),
                _ => (&rules::UNCLASSIFIED, "the callback is different"),
            };
            let fact = Fact::changed(rule, old, new, text);
            comparison.report(orphans, fact.values(old.clone(), new.clone()));
        }
    }
}

/// References that paths and webhooks reach, directly or through components.
fn used(root: &Value) -> HashSet<String> {
    let mut used = HashSet::new();
    let mut queue: Vec<&Value> = Vec::new();
    for (key, value) in root.as_object().into_iter().flatten() {
        if key != "components" {
            queue.push(value);
        }
    }
    for (name, scheme) in root
        .get("components")
        .into_iter()
        .flat_map(|components| members(components, "securitySchemes"))
    {
        used.insert(format!("#/components/securitySchemes/{name}"));
        queue.push(scheme);
    }
    while let Some(value) = queue.pop() {
        match value {
            Value::Object(map) => queue.extend(map.values()),
            Value::Array(entries) => queue.extend(entries),
            Value::String(text) if text.starts_with("#/components/") => {
                if used.insert(text.clone())
                    && let Some(target) = root.pointer(text.trim_start_matches('#'))
                {
                    queue.push(target);
                }
            }
            _ => {}
        }
    }
    used
}

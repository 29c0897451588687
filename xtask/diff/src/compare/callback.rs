//! Callbacks: requests that the server makes, so the directions are reversed.

use openapi_document::METHODS;
use serde_json::{Map, Value};

use super::context::{Findings, Sides};
use super::fact::Fact;
use super::fields::{union, well_typed};
use super::operation::{self, Ways};
use super::{items, security, servers};
use crate::read::{Document, Operation};
use crate::rules;

pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    let (left, right) = (old.get("callbacks"), new.get("callbacks"));
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (left, right) else {
        one_sided(found, old, new);
        return;
    };
    let renamed = renamed(sides, left, right);
    for name in union(left, right) {
        if renamed.iter().any(|(_, new)| *new == name) {
            continue;
        }
        let after = renamed.iter().find(|(old, _)| *old == name);
        let after = after.map_or(name, |(_, new)| *new);
        match (left.get(name), right.get(after)) {
            (Some(before), Some(new)) => {
                if after != name {
                    let text = format!("the callback {name} is called {after}, which is not sent");
                    let fact = Fact::changed(&rules::RESTATED, before, new, text);
                    found.report(fact.about(name).values(name, after));
                }
                let followed = found.follow(sides, before, new);
                if let Some((before, after)) = followed {
                    items(sides, found, before, after);
                }
            }
            (Some(before), None) => removed(found, name, before, new),
            (None, Some(after)) => added(found, name, after, old),
            (None, None) => {}
        }
    }
}

/// Callbacks to the same addresses that have another name on the other side.
fn renamed<'a>(
    sides: &Sides<'a>,
    left: &'a Map<String, Value>,
    right: &'a Map<String, Value>,
) -> Vec<(&'a str, &'a str)> {
    let addresses = |document: &Document<'a>, callback: &'a Value| {
        let requests = document.operations_of(document.follow(callback).target);
        let mut all: Vec<_> = requests.iter().map(|one| (one.path, one.method)).collect();
        all.sort_unstable();
        all
    };
    let new = right.iter().filter(|(name, _)| !left.contains_key(*name));
    let mut new: Vec<_> = new
        .map(|(name, callback)| (name, addresses(&sides.new, callback)))
        .filter(|(_, addresses)| !addresses.is_empty())
        .collect();
    let mut renamed = Vec::new();
    for (name, callback) in left.iter().filter(|(name, _)| !right.contains_key(*name)) {
        let before = addresses(&sides.old, callback);
        if let Some(index) = new.iter().position(|(_, after)| *after == before) {
            renamed.push((name.as_str(), new.remove(index).0.as_str()));
        }
    }
    renamed
}

/// The map of callbacks is missing or malformed on one side.
fn one_sided<'a>(found: &mut Findings<'a>, old: &'a Value, new: &'a Value) {
    let (left, right) = (old.get("callbacks"), new.get("callbacks"));
    if left == right {
        return;
    }
    let filled = |side: Option<&'a Value>| {
        let map = side.and_then(Value::as_object);
        map.filter(|map| !map.is_empty())
    };
    if !well_typed(old, new, "callbacks", Value::is_object) {
        let text = "callbacks are not a map";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "callbacks", old, new, text);
        found.report(fact);
    } else if filled(left).is_none() && filled(right).is_none() {
        let text = "an empty map of callbacks comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "callbacks", old, new, text);
        found.report(fact);
    }
    for (name, before) in filled(left).into_iter().flatten() {
        removed(found, name, before, new);
    }
    for (name, after) in filled(right).into_iter().flatten() {
        added(found, name, after, old);
    }
}

fn removed<'a>(found: &mut Findings<'a>, name: &str, value: &'a Value, near: &'a Value) {
    let text = format!("the callback {name} is gone");
    let fact = Fact::removed(&rules::CALLBACK_REMOVED, value, near, text);
    found.report(fact.about(name));
}

fn added<'a>(found: &mut Findings<'a>, name: &str, value: &'a Value, near: &'a Value) {
    let text = format!("the callback {name} is new");
    let fact = Fact::added(&rules::CALLBACK_ADDED, value, near, text);
    found.report(fact.about(name));
}

/// Compares two requests that the server makes.
pub(super) fn request<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    let (ways, pair) = (Ways::CALLBACK, (old.value, new.value));
    operation::contents(sides, found, ways, (old, new));
    security::carried(sides, found, ways.request, pair);
    servers::add(sides, found, pair);
}

/// The path items of one callback, one per address expression.
pub(super) fn items<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    old: &'a Value,
    new: &'a Value,
) {
    let left = sides.old.operations_of(old);
    let right = sides.new.operations_of(new);
    let same = |one: &Operation<'_>, other: &Operation<'_>| {
        one.path == other.path && one.method == other.method
    };
    for before in &left {
        match right.iter().find(|after| same(before, after)) {
            Some(after) => request(sides, found, (before, after)),
            None => removed(found, &before.label(), before.value, new),
        }
    }
    for after in &right {
        if !left.iter().any(|before| same(before, after)) {
            added(found, &after.label(), after.value, old);
        }
    }
    let (Some(left_map), Some(right_map)) = (old.as_object(), new.as_object()) else {
        found.remaining((old, new), &[]);
        return;
    };
    let has_operations = |operations: &[Operation<'_>], path: &str| {
        operations.iter().any(|operation| operation.path == path)
    };
    let mut handled = Vec::new();
    for path in union(left_map, right_map) {
        match (left_map.get(path), right_map.get(path)) {
            (Some(before), Some(after)) if before.is_object() && after.is_object() => {
                handled.push(path);
                item(sides, found, (before, after), (&left, &right));
            }
            _ if has_operations(&left, path) || has_operations(&right, path) => handled.push(path),
            _ => {}
        }
    }
    found.remaining((old, new), &handled);
}

/// Compares the fields of a callback's path item beside its operations.
pub(super) fn item<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
    operations: (&[Operation<'a>], &[Operation<'a>]),
) {
    let object = |item: &Value, method: &str| item.get(method).is_none_or(Value::is_object);
    let methods = METHODS
        .into_iter()
        .filter(|method| object(old, method) && object(new, method));
    let handled: Vec<&str> = methods.chain(["parameters"]).collect();
    found.remaining((old, new), &handled);
    items::shadowed(sides, found, (old, new), operations);
}

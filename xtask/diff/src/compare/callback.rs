//! Callbacks: requests that the server makes, so what is sent and received is reversed.

use serde_json::Value;

use super::Comparison;
use super::fields::{union, well_typed};
use super::operation::{self, Scope};
use super::paths::{METHODS, Operation, operations};
use crate::fact::Fact;
use crate::rules;

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &'a Value,
    new: &'a Value,
) {
    let (left, right) = (old.get("callbacks"), new.get("callbacks"));
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (left, right) else {
        one_sided(comparison, scope, old, new);
        return;
    };
    for name in union(left, right) {
        match (left.get(name), right.get(name)) {
            (Some(before), Some(after)) => {
                let followed = comparison.follow(scope.node, before, after);
                if let Some((before, after)) = followed {
                    let scope = Scope {
                        callback: true,
                        ..scope
                    };
                    items(comparison, scope, before, after);
                }
            }
            (Some(before), None) => gone(comparison, scope, name, before, new),
            (None, Some(after)) => come(comparison, scope, name, after, old),
            (None, None) => {}
        }
    }
}

/// The map of callbacks is missing or malformed on one side.
fn one_sided<'a>(comparison: &mut Comparison<'a>, scope: Scope, old: &'a Value, new: &'a Value) {
    let (left, right) = (old.get("callbacks"), new.get("callbacks"));
    if left == right {
        return;
    }
    let filled = |side: Option<&'a Value>| {
        let map = side.and_then(Value::as_object);
        map.filter(|map| !map.is_empty())
    };
    if !well_typed(old, new, "callbacks", Value::is_object) {
        let text = "callbacks are no map";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "callbacks", old, new, text);
        comparison.report(scope.node, fact);
    } else if filled(left).is_none() && filled(right).is_none() {
        let text = "an empty map of callbacks comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "callbacks", old, new, text);
        comparison.report(scope.node, fact);
    }
    for (name, before) in filled(left).into_iter().flatten() {
        gone(comparison, scope, name, before, new);
    }
    for (name, after) in filled(right).into_iter().flatten() {
        come(comparison, scope, name, after, old);
    }
}

fn gone<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    name: &str,
    value: &'a Value,
    near: &'a Value,
) {
    let text = format!("the callback {name} is gone");
    let fact = Fact::removed(&rules::CALLBACK_REMOVED, value, near, text);
    comparison.report(scope.node, fact.about(name));
}

fn come<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    name: &str,
    value: &'a Value,
    near: &'a Value,
) {
    let text = format!("the callback {name} is new");
    let fact = Fact::added(&rules::CALLBACK_ADDED, value, near, text);
    comparison.report(scope.node, fact.about(name));
}

/// The path items of one callback, one per address expression.
fn items<'a>(comparison: &mut Comparison<'a>, scope: Scope, old: &'a Value, new: &'a Value) {
    let left = operations(&comparison.old, old);
    let right = operations(&comparison.new, new);
    let same = |one: &Operation<'_>, other: &Operation<'_>| {
        one.path == other.path && one.method == other.method
    };
    for before in &left {
        match right.iter().find(|after| same(before, after)) {
            Some(after) => operation::contents(comparison, scope, before, after),
            None => gone(comparison, scope, &before.label(), before.value, new),
        }
    }
    for after in &right {
        if !left.iter().any(|before| same(before, after)) {
            come(comparison, scope, &after.label(), after.value, old);
        }
    }
    let (Some(left_map), Some(right_map)) = (old.as_object(), new.as_object()) else {
        comparison.remaining(scope.node, (old, new), &[]);
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
                item(comparison, scope, before, after);
            }
            _ if has_operations(&left, path) || has_operations(&right, path) => handled.push(path),
            _ => {}
        }
    }
    comparison.remaining(scope.node, (old, new), &handled);
}

/// What the path item of a callback says beside its operations.
fn item<'a>(comparison: &mut Comparison<'a>, scope: Scope, old: &'a Value, new: &'a Value) {
    let object = |item: &Value, method: &str| item.get(method).is_none_or(Value::is_object);
    let handled: Vec<&str> = METHODS
        .into_iter()
        .filter(|method| object(old, method) && object(new, method))
        .collect();
    comparison.remaining(scope.node, (old, new), &handled);
}

//! What path items say beside their operations.

use std::collections::HashMap;

use serde_json::Value;

use super::fields::{other_field, union};
use super::paths::{METHODS, Operation, shape};
use super::{Comparison, parameter};
use crate::document::address;
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// Compares what path items say.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &'a Value,
    new: &'a Value,
    left: &[Operation<'a>],
    right: &[Operation<'a>],
) {
    let node = comparison.document;
    let (Some(old_map), Some(new_map)) = (old.as_object(), new.as_object()) else {
        comparison.remaining(node, (old, new), &[]);
        return;
    };
    let mut numbers: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, label) in comparison.operations.iter().enumerate() {
        let path = label.split_once(' ').map_or("", |(_, path)| path);
        numbers.entry(path.to_owned()).or_default().push(number);
    }
    let alike: HashMap<String, &'a str> = new_map
        .keys()
        .map(|path| (shape(path), path.as_str()))
        .collect();
    let renamed: HashMap<&str, &str> = old_map
        .keys()
        .filter(|path| !new_map.contains_key(path.as_str()))
        .filter_map(|path| Some((path.as_str(), *alike.get(&shape(path))?)))
        .collect();
    for path in union(old_map, new_map) {
        let before = old_map.get(path);
        let after = new_map.get(renamed.get(path).copied().unwrap_or(path));
        if path.starts_with("x-") {
            if before != after {
                comparison.report(node, other_field(path, (old, before), (new, after)));
            }
            continue;
        }
        match (before, after) {
            (Some(before), Some(after)) => {
                let path = renamed.get(path).copied().unwrap_or(path);
                let node = match numbers.get(path) {
                    None => node,
                    Some(numbers) => {
                        let node = comparison.graph.add_node();
                        for number in numbers {
                            let graph = &mut comparison.graph;
                            graph.add_root(node, *number, Direction::Request);
                        }
                        node
                    }
                };
                item(comparison, node, before, after, (left, right));
            }
            (Some(before), None) if !left.iter().any(|operation| operation.path == path) => {
                let text = format!("the empty path {path} is gone");
                let fact = Fact::removed(&rules::PATH_REMOVED, before, new, text);
                comparison.report(node, fact);
            }
            (None, Some(after))
                if !right.iter().any(|operation| operation.path == path)
                    && !renamed.values().any(|renamed| *renamed == path) =>
            {
                let text = format!("the empty path {path} is new");
                comparison.report(node, Fact::added(&rules::PATH_ADDED, after, old, text));
            }
            _ => {}
        }
    }
}

fn item<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
    (left, right): (&[Operation<'a>], &[Operation<'a>]),
) {
    let Some((old, new)) = comparison.follow(node, old, new) else {
        return;
    };
    let mut handled: Vec<&str> = vec!["parameters", "servers"];
    handled.extend(METHODS.iter().filter(|method| {
        let is_operation = |item: &Value| item.get(method).is_none_or(Value::is_object);
        is_operation(old) && is_operation(new)
    }));
    comparison.remaining(node, (old, new), &handled);
    super::root::servers(comparison, node, (old, new));
    let used = |operations: &[Operation<'a>], item: &Value| {
        let count = |operation: &&Operation<'a>| address(operation.item) == address(item);
        operations.iter().filter(count).copied().collect::<Vec<_>>()
    };
    let (left, right) = (used(left, old), used(right, new));
    shadowed(comparison, node, (old, &left), (new, &right));
}

/// Parameters of a path that no operation takes from it are compared without reaching anything.
fn shadowed<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, left): (&'a Value, &[Operation<'a>]),
    (new, right): (&'a Value, &[Operation<'a>]),
) {
    if old.get("parameters") == new.get("parameters") {
        return;
    }
    let before = parameter::unused(&comparison.old, old, left);
    let after = parameter::unused(&comparison.new, new, right);
    for site in &before {
        if !after.contains(site) {
            let text = "a parameter of the path that no operation uses is gone or different";
            let fact = Fact::removed(&rules::UNCLASSIFIED, site, new, text);
            comparison.report(node, fact);
        }
    }
    for site in &after {
        if !before.contains(site) {
            let text = "a parameter of the path that no operation uses is new or different";
            let fact = Fact::added(&rules::UNCLASSIFIED, site, old, text);
            comparison.report(node, fact);
        }
    }
    for (side, other) in [(old, new), (new, old)] {
        let list = side.get("parameters");
        if list.is_some_and(|list| !list.is_array()) {
            let text = "parameters are no list";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "parameters", old, new, text);
            comparison.report(node, fact);
            break;
        }
        if list.is_some_and(|list| list.as_array().is_some_and(Vec::is_empty))
            && other.get("parameters").is_none()
        {
            let text = "an empty list of parameters comes or goes";
            let fact = Fact::keyword(&rules::RESTATED, "parameters", old, new, text);
            comparison.report(node, fact);
        }
    }
}

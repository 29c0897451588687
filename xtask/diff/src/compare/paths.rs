//! Pairs the operations of both documents: by path and method, then by operation id.

use std::collections::HashMap;

use serde_json::Value;

use super::fields::{other_field, union};
use super::{Comparison, operation, parameter};
use crate::document::{Document, address};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// The methods a path item may have.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One operation of one document.
#[derive(Clone, Copy)]
pub(crate) struct Operation<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'static str,
    pub(crate) item: &'a Value,
    pub(crate) value: &'a Value,
}

impl<'a> Operation<'a> {
    pub(crate) fn id(&self) -> Option<&'a str> {
        self.value.get("operationId").and_then(Value::as_str)
    }

    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// A path without the names of its placeholders, which callers never see.
pub(crate) fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '{' => {
                inside = true;
                shape.push(letter);
            }
            '}' => {
                inside = false;
                shape.push(letter);
            }
            _ if inside => {}
            _ => shape.push(letter),
        }
    }
    shape
}

/// The operations of a map of path items.
pub(crate) fn operations<'a>(document: &Document<'a>, paths: &'a Value) -> Vec<Operation<'a>> {
    let items = paths.as_object().into_iter().flatten();
    items
        .filter(|(path, _)| !path.starts_with("x-"))
        .flat_map(|(path, item)| {
            let item = document.follow(item).target;
            METHODS.into_iter().filter_map(move |method| {
                let value = item.get(method).filter(|value| value.is_object())?;
                Some(Operation {
                    path,
                    method,
                    item,
                    value,
                })
            })
        })
        .collect()
}

/// Compares everything under `paths`.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>) {
    let (old_root, new_root) = (comparison.old.root, comparison.new.root);
    let (Some(old), Some(new)) = (old_root.get("paths"), new_root.get("paths")) else {
        let empty = &Value::Null;
        let old = old_root.get("paths").unwrap_or(empty);
        let new = new_root.get("paths").unwrap_or(empty);
        one_sided(comparison, old, new);
        return;
    };
    let (left, right) = (
        operations(&comparison.old, old),
        operations(&comparison.new, new),
    );
    let pairs = pair(&left, &right);
    let taken: Vec<usize> = pairs.iter().filter_map(|(_, new)| *new).collect();
    for (before, after) in &pairs {
        match after.and_then(|index| right.get(index)) {
            Some(after) => operation::compare(comparison, before, after),
            None => operation::removed(comparison, before, new),
        }
    }
    for (index, after) in right.iter().enumerate() {
        if !taken.contains(&index) {
            operation::added(comparison, after, old);
        }
    }
    items(comparison, old, new, &left, &right);
}

/// One document has no paths at all.
fn one_sided<'a>(comparison: &mut Comparison<'a>, old: &'a Value, new: &'a Value) {
    let (old_root, new_root) = (comparison.old.root, comparison.new.root);
    let (gone, come) = (
        operations(&comparison.old, old),
        operations(&comparison.new, new),
    );
    for before in &gone {
        operation::removed(comparison, before, new_root);
    }
    for after in &come {
        operation::added(comparison, after, old_root);
    }
    if old_root.get("paths") != new_root.get("paths") && gone.is_empty() && come.is_empty() {
        let text = "paths are missing on one side";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "paths", old_root, new_root, text);
        comparison.report(comparison.document, fact);
    }
}

/// For every old operation the index of its new one.
fn pair<'a>(old: &[Operation<'a>], new: &[Operation<'a>]) -> Vec<(Operation<'a>, Option<usize>)> {
    let mut exact: HashMap<(&str, &str), usize> = HashMap::new();
    let mut alike: HashMap<(String, &str), Vec<usize>> = HashMap::new();
    for (index, operation) in new.iter().enumerate() {
        exact.insert((operation.path, operation.method), index);
        let key = (shape(operation.path), operation.method);
        alike.entry(key).or_default().push(index);
    }
    let mut taken = vec![false; new.len()];
    let take = |index: usize, taken: &mut Vec<bool>| {
        let slot = taken.get_mut(index)?;
        (!std::mem::replace(slot, true)).then_some(index)
    };
    let mut pairs: Vec<(Operation<'a>, Option<usize>)> = old
        .iter()
        .map(|operation| {
            let index = exact.get(&(operation.path, operation.method));
            let index = index.and_then(|index| take(*index, &mut taken));
            (*operation, index)
        })
        .collect();
    for (operation, partner) in pairs.iter_mut().filter(|(_, partner)| partner.is_none()) {
        let candidates = alike.get(&(shape(operation.path), operation.method));
        *partner = candidates
            .into_iter()
            .flatten()
            .find_map(|index| take(*index, &mut taken));
    }
    for (operation, partner) in pairs.iter_mut().filter(|(_, partner)| partner.is_none()) {
        let Some(id) = operation.id() else { continue };
        let mut candidates = new
            .iter()
            .enumerate()
            .filter(|(index, other)| {
                other.id() == Some(id) && taken.get(*index).is_some_and(|taken| !taken)
            })
            .map(|(index, _)| index);
        if let (Some(index), None) = (candidates.next(), candidates.next()) {
            *partner = take(index, &mut taken);
        }
    }
    pairs
}

/// What path items say beside their operations.
fn items<'a>(
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

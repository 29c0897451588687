//! Pairs the operations of both documents: by path and method, then by operation id.

use std::collections::HashMap;

use serde_json::Value;

use super::{Comparison, items, operation};
use crate::document::Document;
use crate::fact::Fact;
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
    items::compare(comparison, old, new, &left, &right);
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

//! Pairs the operations of both documents: by path and method, then by operation id.

use std::collections::HashMap;

use serde_json::Value;

use super::context::{Entry, Sides};
use super::entry;
use crate::read::Operation;

/// Compares the operations of both documents.
pub(super) fn compare<'a>(sides: &Sides<'a>) -> Vec<Entry<'a>> {
    let places = |root: &'a Value| root.get("paths").unwrap_or(root);
    let (old, new) = (places(sides.old.root), places(sides.new.root));
    let right = &sides.new.operations;
    let pairs = pair(sides, &sides.old.operations, right);
    let mut taken = vec![false; right.len()];
    let mut entries = Vec::with_capacity(pairs.len());
    for (before, after) in &pairs {
        match after.and_then(|index| Some((taken.get_mut(index)?, right.get(index)?))) {
            Some((taken, after)) => {
                *taken = true;
                entries.push(entry::compare(sides, before, after));
            }
            None => entries.push(entry::removed(sides, before, new)),
        }
    }
    let added = right.iter().zip(taken).filter(|(_, taken)| !taken);
    entries.extend(added.map(|(after, _)| entry::added(after, old)));
    entries
}

/// Each old operation with the index of its successor.
fn pair<'a>(
    sides: &Sides<'a>,
    old: &[Operation<'a>],
    new: &[Operation<'a>],
) -> Vec<(Operation<'a>, Option<usize>)> {
    let mut exact: HashMap<(&str, &str), usize> = HashMap::new();
    let mut alike: HashMap<(String, &str), Vec<usize>> = HashMap::new();
    for (index, operation) in new.iter().enumerate() {
        exact.insert((operation.path, operation.method), index);
        let key = (sides.key(operation.path), operation.method);
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
        let candidates = alike.get(&(sides.key(operation.path), operation.method));
        *partner = candidates
            .into_iter()
            .flatten()
            .find_map(|index| take(*index, &mut taken));
    }
    if let Some(moved) = &sides.moved {
        for (operation, partner) in pairs.iter_mut().filter(|(_, partner)| partner.is_none()) {
            let path = moved.path(operation.path);
            let candidates = path.and_then(|path| alike.get(&(sides.key(&path), operation.method)));
            let mut candidates = candidates.into_iter().flatten();
            *partner = candidates.find_map(|index| take(*index, &mut taken));
        }
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

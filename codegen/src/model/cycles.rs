//! Types that contain themselves, directly or through others.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::Schema;
use crate::pointer;

/// A number per type; two types have the same one where each contains the other by value.
///
/// Lists, maps and unions keep their contents elsewhere and are no part of a cycle.
pub(super) fn groups(schemas: &BTreeMap<String, Schema>) -> HashMap<String, usize> {
    let index: HashMap<&str, usize> = schemas
        .keys()
        .enumerate()
        .map(|(index, name)| (name.as_str(), index))
        .collect();
    let forward: Vec<Vec<usize>> = schemas
        .values()
        .map(|schema| {
            let fields = schema.json.get("properties").and_then(Value::as_object);
            let targets = fields.into_iter().flatten().filter_map(|(_, field)| {
                let target = pointer::referenced(field)?;
                schemas.get(target)?.json.get("properties")?;
                index.get(target).copied()
            });
            targets.collect()
        })
        .collect();
    let groups = strongly_connected(&forward);
    schemas.keys().cloned().zip(groups).collect()
}

/// Kosaraju's two passes, without recursion: documents can be deep.
fn strongly_connected(forward: &[Vec<usize>]) -> Vec<usize> {
    let mut backward = vec![Vec::new(); forward.len()];
    for (from, targets) in forward.iter().enumerate() {
        for to in targets {
            if let Some(sources) = backward.get_mut(*to) {
                sources.push(from);
            }
        }
    }
    let mut seen = vec![false; forward.len()];
    let mut finished = Vec::with_capacity(forward.len());
    for start in 0..forward.len() {
        visit(start, forward, &mut seen, &mut |node| finished.push(node));
    }
    let mut seen = vec![false; forward.len()];
    let mut groups = vec![0; forward.len()];
    for (group, start) in finished.into_iter().rev().enumerate() {
        visit(start, &backward, &mut seen, &mut |node| {
            if let Some(own) = groups.get_mut(node) {
                *own = group;
            }
        });
    }
    groups
}

/// Calls `finish` with every node that is reached for the first time, after all it leads to.
fn visit(start: usize, edges: &[Vec<usize>], seen: &mut [bool], finish: &mut dyn FnMut(usize)) {
    // A node and how many of its edges are done.
    let mut stack: Vec<(usize, usize)> = Vec::new();
    let mut enter = |node: usize, stack: &mut Vec<(usize, usize)>| {
        if let Some(known @ false) = seen.get_mut(node) {
            *known = true;
            stack.push((node, 0));
        }
    };
    enter(start, &mut stack);
    while let Some((node, done)) = stack.pop() {
        match edges.get(node).and_then(|targets| targets.get(done)) {
            Some(next) => {
                stack.push((node, done + 1));
                enter(*next, &mut stack);
            }
            None => finish(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strongly_connected;

    #[test]
    fn nodes_on_a_cycle_share_a_group() {
        // 0 ⇄ 1 → 2 → 3 → 4 → 2, 5 alone, 6 on itself.
        let edges = [
            vec![1],
            vec![0, 2],
            vec![3],
            vec![4],
            vec![2],
            vec![],
            vec![6],
        ];
        let groups = strongly_connected(&edges);
        assert_eq!(groups[0], groups[1]);
        assert!(groups[2] == groups[3] && groups[3] == groups[4]);
        let different = [groups[0], groups[2], groups[5], groups[6]];
        for (index, group) in different.iter().enumerate() {
            assert!(!different[..index].contains(group), "{groups:?}");
        }
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let count = 200_000;
        let edges: Vec<Vec<usize>> = (0..count).map(|n| vec![(n + 1) % count]).collect();
        let groups = strongly_connected(&edges);
        assert!(groups.iter().all(|group| *group == groups[0]));
    }
}

//! Types that contain themselves, directly or through others.

use std::collections::{BTreeMap, HashMap};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use serde_json::Value;

use super::Schema;
use crate::pointer;

/// A number per type; two types have the same one where each contains the other by value.
///
/// Lists, maps and unions hold their contents by pointer and break a cycle.
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

/// The group of each node. Petgraph's search does not recurse: documents can be deep.
fn strongly_connected(forward: &[Vec<usize>]) -> Vec<usize> {
    let edges = forward.iter().enumerate();
    let edges = edges.flat_map(|(from, targets)| targets.iter().map(move |to| (from, *to)));
    let mut graph = DiGraph::<(), (), usize>::from_edges(edges);
    while graph.node_count() < forward.len() {
        graph.add_node(());
    }
    let mut groups = vec![0; forward.len()];
    for (group, nodes) in kosaraju_scc(&graph).into_iter().enumerate() {
        for node in nodes {
            if let Some(own) = groups.get_mut(node.index()) {
                *own = group;
            }
        }
    }
    groups
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

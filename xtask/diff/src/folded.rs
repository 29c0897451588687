//! One reference in another's place is one change, however much the types behind them differ.

use std::collections::{HashMap, HashSet};

use crate::change::{self, Change};
use crate::compare::Comparison;
use crate::fact::Fact;
use crate::graph::{Network, NodeId, Reach};
use crate::level::Level;
use crate::rules;

/// Differences between two types that are only compared because one replaced the other: they are
/// one change, the reference.
pub(crate) struct Folded {
    /// Per place of a reference: the worst level behind it and how many differences.
    behind: HashMap<NodeId, (Level, usize)>,
    hidden: Vec<bool>,
}

impl Folded {
    pub(crate) fn of(comparison: &Comparison<'_>, graph: &Network<'_>, reach: &Reach) -> Self {
        let mut folded = Self {
            behind: HashMap::new(),
            hidden: Vec::new(),
        };
        if comparison.replaced.is_empty() {
            return folded;
        }
        let walls: HashSet<NodeId> = comparison.replaced.iter().map(|(to, _)| *to).collect();
        let starts = graph.sources().chain(graph.root_nodes());
        let starts: Vec<NodeId> = starts.filter(|node| !walls.contains(node)).collect();
        let seen = graph.reachable(starts, |node| walls.contains(&node));
        folded.hidden = seen
            .iter()
            .enumerate()
            .map(|(node, seen)| !seen || walls.contains(&node))
            .collect();
        for (target, site) in &comparison.replaced {
            let within = graph.reachable([*target], |_| false);
            let inside = |fact: &&Fact<'_>| {
                let mut nodes = fact.nodes.iter();
                folded.hides(fact) && nodes.any(|node| within.get(*node) == Some(&true))
            };
            let levels = comparison.facts.iter().filter(inside);
            let levels: Vec<Level> = levels
                .map(|fact| change::levels(comparison, fact, reach).0)
                .collect();
            let worst = levels.iter().copied().max().unwrap_or(Level::None);
            let entry = folded.behind.entry(*site).or_insert((worst, 0));
            entry.0 = entry.0.max(worst);
            entry.1 = entry.1.max(levels.len());
        }
        folded
    }

    pub(crate) fn hides(&self, fact: &Fact<'_>) -> bool {
        !self.hidden.is_empty()
            && fact
                .nodes
                .iter()
                .all(|node| self.hidden.get(*node) == Some(&true))
    }

    pub(crate) fn add(&self, fact: &Fact<'_>, change: &mut Change) {
        if fact.rule.id != rules::REFERENCE_CHANGED.id {
            return;
        }
        let behind = fact.nodes.iter().filter_map(|node| self.behind.get(node));
        if let Some((level, count)) = behind.max()
            && *count > 0
        {
            change.wire = change.wire.max(*level);
            change.message = format!("{}; the types differ in {count} ways", change.message);
        }
    }
}

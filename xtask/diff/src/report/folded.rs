//! Differences behind a reference that names another type: they are one change, the reference.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::levels::levels;
use crate::compare::{Direction, Fact, Greatest, NodeId, Outcome, Reach};
use crate::level::Level;

/// Differences between two types that are only compared because one took the other's place.
pub(super) struct Folded {
    /// True per fact that is reached in no other way.
    hidden: Vec<bool>,
    /// The pairs of types behind the place of a reference.
    replaced: FxHashMap<NodeId, Vec<NodeId>>,
    /// The worst hidden fact, the first of several.
    worst: Greatest<(Level, Reverse<usize>)>,
}

impl Folded {
    /// Finds the hidden facts; none when no type took another's place.
    pub(super) fn of(outcome: &Outcome<'_>, reach: &Reach) -> Option<Self> {
        if outcome.replaced.is_empty() {
            return None;
        }
        let walls = outcome.replaced.iter().map(|(to, _)| *to).collect();
        let mut shown = outcome.graph.reachable(&walls);
        shown.retain(|node| !walls.contains(node));
        let is_hidden = |fact: &Fact<'_>| fact.nodes.iter().all(|node| !shown.contains(node));
        let hidden: Vec<bool> = outcome.facts.iter().map(is_hidden).collect();
        let mut own = Vec::new();
        for (number, fact) in outcome.facts.iter().enumerate() {
            if hidden.get(number) != Some(&true) {
                continue;
            }
            for (direction, wire, _) in levels(outcome, fact, reach).reached {
                let nodes = fact.nodes.iter();
                own.extend(nodes.map(|node| (*node, direction, (wire, Reverse(number)))));
            }
        }
        let mut replaced: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
        for (target, site) in &outcome.replaced {
            replaced.entry(*site).or_default().push(*target);
        }
        Some(Self {
            hidden,
            replaced,
            worst: outcome.graph.greatest(&own),
        })
    }

    /// True for the number of a fact that is part of another change.
    pub(super) fn hides(&self, number: usize) -> bool {
        self.hidden.get(number) == Some(&true)
    }

    /// The worst level that is hidden behind a reference in a direction, and the number of its fact.
    pub(super) fn worst_behind(
        &self,
        fact: &Fact<'_>,
        direction: Direction,
    ) -> Option<(Level, usize)> {
        let sites = fact.nodes.iter();
        let targets = sites.filter_map(|node| self.replaced.get(node)).flatten();
        let worst = targets.filter_map(|target| self.worst.of(*target, direction));
        worst.max().map(|(level, Reverse(number))| (level, number))
    }
}

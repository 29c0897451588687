//! Differences behind a reference that names another type: they are one change, the reference.

use std::collections::{HashMap, HashSet};

use super::change::{self, Change};
use crate::compare::{Direction, Fact, NodeId, Outcome, Reach};
use crate::level::Level;
use crate::rules;

/// Differences between two types that are only compared because one took the other's place.
pub(crate) struct Folded {
    /// By the place of a reference.
    behind: HashMap<NodeId, Behind>,
    /// Pairs that are reached in no other way; none when no type took another's place.
    shown: Option<HashSet<NodeId>>,
}

/// What differs behind a reference: the worst level in each direction, and how many differences.
#[derive(Clone, Copy)]
struct Behind {
    request: Level,
    response: Level,
    count: usize,
}

impl Folded {
    pub(crate) fn of(outcome: &Outcome<'_>, reach: &Reach) -> Self {
        let mut folded = Self {
            behind: HashMap::new(),
            shown: None,
        };
        if outcome.replaced.is_empty() {
            return folded;
        }
        let walls: HashSet<NodeId> = outcome.replaced.iter().map(|(to, _)| *to).collect();
        let mut shown = outcome.graph.reachable(&walls);
        shown.retain(|node| !walls.contains(node));
        folded.shown = Some(shown);
        let hidden = outcome.facts.iter().filter(|fact| folded.hides(fact));
        let hidden: Vec<&Fact<'_>> = hidden.collect();
        if hidden.is_empty() {
            return folded;
        }
        for (target, site) in &outcome.replaced {
            let within = outcome.graph.within(*target);
            let mut behind = Behind {
                request: Level::None,
                response: Level::None,
                count: 0,
            };
            for fact in &hidden {
                if !fact.nodes.iter().any(|node| within.contains(node)) {
                    continue;
                }
                behind.count += 1;
                for (direction, wire, _) in change::levels(outcome, fact, reach).reached {
                    let level = behind.level_mut(direction);
                    *level = wire.max(*level);
                }
            }
            let entry = folded.behind.entry(*site).or_insert(behind);
            entry.request = entry.request.max(behind.request);
            entry.response = entry.response.max(behind.response);
            entry.count = entry.count.max(behind.count);
        }
        folded
    }

    /// True for a fact that is part of another change.
    pub(crate) fn hides(&self, fact: &Fact<'_>) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| fact.nodes.iter().all(|node| !shown.contains(node)))
    }

    /// Adds what is hidden behind a reference to its change.
    pub(crate) fn add(&self, fact: &Fact<'_>, change: &mut Change) {
        if fact.rule.id != rules::REFERENCE_CHANGED.id {
            return;
        }
        let behind = fact.nodes.iter().filter_map(|node| self.behind.get(node));
        let Some(behind) = behind.max_by_key(|behind| behind.request.max(behind.response)) else {
            return;
        };
        if behind.count == 0 {
            return;
        }
        for direction in [Direction::Request, Direction::Response] {
            if let Some(effect) = change.by_direction.get_mut(direction.name()) {
                effect.wire = effect.wire.max(*behind.clone().level_mut(direction));
                change.wire = change.wire.max(effect.wire);
            }
        }
        change.message = format!(
            "{}; the types differ in {} ways",
            change.message, behind.count
        );
    }
}

impl Behind {
    fn level_mut(&mut self, direction: Direction) -> &mut Level {
        match direction {
            Direction::Request => &mut self.request,
            Direction::Response => &mut self.response,
        }
    }
}

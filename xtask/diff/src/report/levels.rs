//! The levels of a fact, by the directions in which operations reach it.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use crate::compare::{Direction, Fact, Outcome, Reach};
use crate::level::Level;
use crate::rules;

/// The levels of a fact, and the operations that it reaches in each direction.
pub(super) struct Levels {
    pub(super) wire: Level,
    pub(super) rust: Level,
    pub(super) reached: Vec<(Direction, Level, Arc<FixedBitSet>)>,
}

pub(super) fn levels(outcome: &Outcome<'_>, fact: &Fact<'_>, reach: &Reach) -> Levels {
    let mut levels = Levels {
        wire: Level::None,
        rust: Level::None,
        reached: Vec::new(),
    };
    for direction in [Direction::Request, Direction::Response] {
        let Some(operations) = reach.of(&fact.nodes, direction) else {
            continue;
        };
        let of = |levels: rules::Levels| match direction {
            Direction::Request => levels.request,
            Direction::Response => levels.response,
        };
        let mut wire = of(fact.rule.wire);
        if fact.only.is_some_and(|only| only != direction) {
            wire = wire.min(Level::Cosmetic);
        }
        levels.wire = levels.wire.max(wire);
        levels.rust = levels.rust.max(of(fact.rule.rust));
        levels.reached.push((direction, wire, operations));
    }
    if levels.reached.is_empty() {
        levels.rust = fact.rule.rust.request.max(fact.rule.rust.response);
        levels.wire = fact.rule.wire.request.max(fact.rule.wire.response);
        if !fact.nodes.contains(&outcome.document) {
            // Nothing that is sent or received contains it; the generated crate has its type anyway.
            levels.wire = levels.wire.min(Level::Cosmetic);
            levels.rust = fact.rule.rust.response;
        }
    }
    levels
}

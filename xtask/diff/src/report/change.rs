//! Changes: facts with their levels, the operations they reach, and stable names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde::Serialize;
use serde_json::Value;

use super::folded::Folded;
use super::place::Place;
use super::pointers::Pointers;
use crate::compare::{Direction, Fact, Outcome, Reach, Sides};
use crate::level::Level;
use crate::rules;

/// One change between two documents.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The rule.
    pub id: &'static str,
    /// Effect on callers that are already running: the worse of both directions.
    pub wire: Level,
    /// Effect on code compiled against the generated crate.
    pub rust: Level,
    /// Set when the generated code could not be looked at, with the reason; `rust` is then what
    /// the rule expects.
    pub not_generated: Option<String>,
    /// `METHOD /path` of every operation that it reaches, sorted; the old one as well when the
    /// operation moved.
    pub operations: Arc<[String]>,
    /// `request`, `response`: where it is reached.
    pub directions: Vec<&'static str>,
    /// The effect in each direction, by `request` and `response`.
    pub by_direction: BTreeMap<&'static str, Effect>,
    /// Where it is, as a JSON pointer into the new document, or into the old one if it is gone.
    pub pointer: String,
    /// Where it was, or would have been.
    pub old_pointer: Option<String>,
    /// Where it is, or would be.
    pub new_pointer: Option<String>,
    /// The property or parameter, with the way to it: `settings.audio`, `members[].role`.
    pub property: Option<String>,
    /// The component schema that it is in.
    pub schema: Option<String>,
    /// What was there.
    pub old: Value,
    /// What is there.
    pub new: Value,
    /// One sentence, complete in itself.
    pub message: String,
    /// The same for the same change in later runs, whatever the message says.
    pub fingerprint: String,
    /// The line in the old file, counted from 1.
    pub old_line: Option<u32>,
    /// The line in the new file, counted from 1.
    pub new_line: Option<u32>,
    /// The reason of the approval, when it was approved.
    pub suppressed: Option<String>,
    /// Lines of the generated API that differ because of this change: gone, then new.
    pub surface: Vec<String>,
    /// Distinguishes it from others of its rule at its place.
    #[serde(skip)]
    pub(crate) subject: String,
}

/// What a change does in one direction.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// Effect on callers that are already running.
    pub wire: Level,
    /// The operations that it reaches in this direction, sorted.
    pub operations: Arc<[String]>,
}

impl Change {
    /// A change of the document as a whole, without a place in it.
    pub(crate) fn of_rule(rule: &rules::Rule, subject: &str) -> Self {
        Self {
            id: rule.id,
            wire: rule.wire.request.max(rule.wire.response),
            rust: rule.rust.request.max(rule.rust.response),
            not_generated: None,
            operations: [].into(),
            directions: Vec::new(),
            by_direction: BTreeMap::new(),
            pointer: String::new(),
            old_pointer: None,
            new_pointer: None,
            property: None,
            schema: None,
            old: Value::Null,
            new: Value::Null,
            message: String::new(),
            fingerprint: fingerprint(&[rule.id, subject]),
            old_line: None,
            new_line: None,
            suppressed: None,
            surface: Vec::new(),
            subject: subject.to_owned(),
        }
    }

    /// The worse of both levels.
    #[must_use]
    pub fn level(&self) -> Level {
        self.wire.max(self.rust)
    }
}

/// Makes changes of the facts of a comparison, worst first.
pub(crate) fn assemble(sides: &Sides<'_>, outcome: &Outcome<'_>) -> Vec<Change> {
    if outcome.facts.is_empty() {
        return Vec::new();
    }
    let reach = outcome.graph.reach(outcome.operations.len());
    let mut assembly = Assembly {
        sides,
        outcome,
        reach: &reach,
        operations: Operations::new(&outcome.operations),
        old: Pointers::of(sides.old.root, sides, outcome, |fact| {
            [fact.old, fact.near.filter(|_| fact.old.is_none())]
        }),
        new: Pointers::of(sides.new.root, sides, outcome, |fact| {
            [fact.new, fact.near.filter(|_| fact.new.is_none())]
        }),
    };
    let folded = Folded::of(outcome, &reach);
    let mut changes: Vec<Change> = outcome
        .facts
        .iter()
        .filter(|fact| !folded.hides(fact))
        .map(|fact| {
            let mut change = assembly.change(fact);
            folded.add(fact, &mut change);
            change
        })
        .collect();
    changes.sort_by(|one, other| {
        let key = |change: &Change| (other_first(change), change.pointer.clone(), change.id);
        key(one)
            .cmp(&key(other))
            .then_with(|| one.subject.cmp(&other.subject))
    });
    distinguish(&mut changes);
    changes
}

fn other_first(change: &Change) -> std::cmp::Reverse<Level> {
    std::cmp::Reverse(change.level())
}

/// Numbers equal fingerprints.
fn distinguish(changes: &mut [Change]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for change in changes {
        let count = seen.entry(change.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            change.fingerprint = format!("{}~{count}", change.fingerprint);
        }
    }
}

struct Assembly<'c, 'a> {
    sides: &'c Sides<'a>,
    outcome: &'c Outcome<'a>,
    reach: &'c Reach,
    operations: Operations<'c>,
    old: Pointers,
    new: Pointers,
}

impl Assembly<'_, '_> {
    fn change(&mut self, fact: &Fact<'_>) -> Change {
        let levels = levels(self.outcome, fact, self.reach);
        let by_direction: BTreeMap<&'static str, Effect> = levels
            .reached
            .iter()
            .map(|(direction, wire, set)| {
                let effect = Effect {
                    wire: *wire,
                    operations: self.operations.of(set),
                };
                (direction.name(), effect)
            })
            .collect();
        let old_pointer = self.old.find(fact.old.or(fact.near));
        let new_pointer = self.new.find(fact.new.or(fact.near));
        let (old, new) = (self.sides.old.root, self.sides.new.root);
        let (root, pointer) = match (fact.new, &new_pointer, &old_pointer) {
            (Some(_), Some(pointer), _) => (new, pointer.clone()),
            (_, _, Some(pointer)) => (old, pointer.clone()),
            (_, Some(pointer), None) => (new, pointer.clone()),
            (_, None, None) => (new, String::new()),
        };
        let place = Place::of(root, &pointer);
        let property = place.property.clone().unwrap_or_default();
        let subject = if fact.subject == property {
            ""
        } else {
            &fact.subject
        };
        Change {
            id: fact.rule.id,
            wire: levels.wire,
            rust: levels.rust,
            not_generated: None,
            operations: self.operations_of(fact, &levels),
            directions: by_direction.keys().copied().collect(),
            by_direction,
            message: format!("{}: {}", place.title(), fact.text),
            fingerprint: fingerprint(&[fact.rule.id, &place.scope, &property, subject]),
            pointer,
            old_pointer,
            new_pointer,
            property: place.property,
            schema: place.schema,
            old: fact.before.clone(),
            new: fact.after.clone(),
            old_line: None,
            new_line: None,
            suppressed: None,
            surface: Vec::new(),
            subject: fact.subject.clone(),
        }
    }

    /// The operations of both directions; those of a moved one under both names.
    fn operations_of(&mut self, fact: &Fact<'_>, levels: &Levels) -> Arc<[String]> {
        let sets = levels.reached.iter().map(|(_, _, set)| set);
        let all = sets.cloned().reduce(|one, other| {
            if one == other {
                return one;
            }
            let mut both = FixedBitSet::clone(&one);
            both.union_with(&other);
            both.into()
        });
        let list = all.map_or_else(|| [].into(), |all| self.operations.of(&all));
        let Some(old) = fact
            .before
            .as_str()
            .filter(|_| fact.rule.id == rules::OPERATION_MOVED.id)
        else {
            return list;
        };
        let mut both = list.to_vec();
        both.push(old.to_owned());
        both.sort();
        both.into()
    }
}

/// Lists of operations; many changes share theirs.
struct Operations<'o> {
    /// Labels with their numbers, sorted.
    labels: Vec<(&'o String, usize)>,
    lists: HashMap<Arc<FixedBitSet>, Arc<[String]>>,
}

impl<'o> Operations<'o> {
    fn new(labels: &'o [String]) -> Self {
        let mut labels: Vec<_> = labels
            .iter()
            .enumerate()
            .map(|(at, label)| (label, at))
            .collect();
        labels.sort_unstable();
        Self {
            labels,
            lists: HashMap::new(),
        }
    }

    fn of(&mut self, set: &Arc<FixedBitSet>) -> Arc<[String]> {
        if let Some(list) = self.lists.get(set) {
            return Arc::clone(list);
        }
        let chosen = self
            .labels
            .iter()
            .filter(|(_, number)| set.contains(*number));
        let mut list: Vec<String> = chosen.map(|(label, _)| (*label).clone()).collect();
        list.dedup();
        let list: Arc<[String]> = list.into();
        self.lists.insert(Arc::clone(set), Arc::clone(&list));
        list
    }
}

/// One line, whatever is in the names.
fn fingerprint(names: &[&str]) -> String {
    let text = names.join(":");
    text.trim_end_matches(':').replace(char::is_control, " ")
}

/// The levels of a fact, and the operations that it reaches in each direction.
pub(super) struct Levels {
    wire: Level,
    rust: Level,
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

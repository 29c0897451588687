//! Facts become changes, with the operations that reach them and stable names.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use serde_json::Value;

use super::change::{Change, Effect, fingerprint};
use super::folded::Folded;
use super::levels::{Levels, levels};
use super::location::Location;
use super::pointers::Pointers;
use crate::compare::{Direction, Fact, Outcome, Reach, Sides};
use crate::read::Document;
use crate::rules;

/// The value of a fact. For a reference to a shared parameter, response, body or header that is what
/// it stands for; the name of a schema says more than its content.
fn shown<'a>(document: &Document<'a>, site: Option<&'a Value>, value: &Value) -> Value {
    let site = site.filter(|site| *site == value && is_reference_to_part(site));
    site.map_or(value, |site| document.follow(site).target)
        .clone()
}

fn is_reference_to_part(value: &Value) -> bool {
    let reference = value.get("$ref").and_then(Value::as_str);
    reference.is_some_and(|text| !text.starts_with("#/components/schemas/"))
}

/// Makes changes of the facts of a comparison, worst first.
pub(crate) fn assemble(sides: &Sides<'_>, outcome: &Outcome<'_>) -> Vec<Change> {
    if outcome.facts.is_empty() {
        return Vec::new();
    }
    let reach = outcome.graph.reach(outcome.operations.len());
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| {
            Pointers::of(sides.old.root, sides, outcome, |fact| {
                [fact.old, fact.near.filter(|_| fact.old.is_none())]
            })
        });
        let new = Pointers::of(sides.new.root, sides, outcome, |fact| {
            [fact.new, fact.near.filter(|_| fact.new.is_none())]
        });
        (old.join().unwrap_or_default(), new)
    });
    let mut assembly = Assembly {
        sides,
        outcome,
        reach: &reach,
        operations: Operations::new(&outcome.operations),
        old,
        new,
    };
    let folded = Folded::of(outcome, &reach);
    let mut changes = Vec::new();
    for (number, fact) in outcome.facts.iter().enumerate() {
        if folded.as_ref().is_some_and(|folded| folded.hides(number)) {
            continue;
        }
        let mut change = assembly.change(fact);
        if let Some(folded) = &folded
            && fact.rule.id == rules::REFERENCE_CHANGED.id
        {
            assembly.add_hidden(&mut change, fact, folded);
        }
        changes.push(change);
    }
    changes.sort_by(|one, other| {
        let by_level = other.level().cmp(&one.level());
        by_level
            .then_with(|| one.pointer.cmp(&other.pointer))
            .then_with(|| one.id.cmp(other.id))
            .then_with(|| one.subject.cmp(&other.subject))
    });
    distinguish(&mut changes);
    changes
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
        let (place, pointer) = self.place(fact, old_pointer.as_ref(), new_pointer.as_ref());
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
            old: shown(&self.sides.old, fact.old, &fact.before),
            new: shown(&self.sides.new, fact.new, &fact.after),
            old_line: None,
            new_line: None,
            suppressed: None,
            surface: Vec::new(),
            subject: fact.subject.clone(),
        }
    }

    /// The place of a fact: in the new document, or in the old one if it is gone.
    fn place(
        &self,
        fact: &Fact<'_>,
        old_pointer: Option<&String>,
        new_pointer: Option<&String>,
    ) -> (Location, String) {
        let (old, new) = (self.sides.old.root, self.sides.new.root);
        let (root, pointer) = match (fact.new, new_pointer, old_pointer) {
            (Some(_), Some(pointer), _) => (new, pointer.clone()),
            (_, _, Some(pointer)) => (old, pointer.clone()),
            (_, Some(pointer), None) => (new, pointer.clone()),
            (_, None, None) => (new, String::new()),
        };
        (Location::of(root, &pointer), pointer)
    }

    /// Adds to the change of a reference what differs between the types that it named and names.
    fn add_hidden(&self, change: &mut Change, fact: &Fact<'_>, folded: &Folded) {
        let mut worst = None;
        for direction in [Direction::Request, Direction::Response] {
            let Some((level, number)) = folded.worst_behind(fact, direction) else {
                continue;
            };
            worst = worst.max(Some((level, std::cmp::Reverse(number))));
            if let Some(effect) = change.by_direction.get_mut(direction.name()) {
                effect.wire = effect.wire.max(level);
                change.wire = change.wire.max(effect.wire);
            }
        }
        let hidden = worst.and_then(|(_, number)| self.outcome.facts.get(number.0));
        if let Some(hidden) = hidden {
            let old_pointer = self.old.find(hidden.old.or(hidden.near));
            let new_pointer = self.new.find(hidden.new.or(hidden.near));
            let (place, _) = self.place(hidden, old_pointer.as_ref(), new_pointer.as_ref());
            let title = place.title();
            change.message += &format!("; the types differ, at worst {title}: {}", hidden.text);
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

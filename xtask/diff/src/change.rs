//! What is reported: a fact with its levels, the operations it reaches, and stable names.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::compare::Comparison;
use crate::fact::Fact;
use crate::folded::Folded;
use crate::graph::{Direction, Reach};
use crate::level::Level;
use crate::place::Place;
use crate::pointers::Pointers;
use crate::rules;

/// One change between two documents.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The rule.
    pub id: &'static str,
    /// What it does to callers that are already running.
    pub wire: Level,
    /// What it does to code compiled against the generated crate.
    pub rust: Level,
    /// `METHOD /path` of every operation that it reaches, sorted.
    pub operations: Arc<[String]>,
    /// `request`, `response`: in what it is reached.
    pub directions: Vec<&'static str>,
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
    /// Why it was approved, when it was.
    pub suppressed: Option<String>,
    /// What tells it apart from others of its rule at its place.
    #[serde(skip)]
    pub(crate) subject: String,
}

impl Change {
    /// The worse of both levels.
    #[must_use]
    pub fn level(&self) -> Level {
        self.wire.max(self.rust)
    }
}

/// Makes changes of what a comparison found.
pub(crate) fn assemble(comparison: &Comparison<'_>) -> Vec<Change> {
    if comparison.facts.is_empty() {
        return Vec::new();
    }
    let network = comparison.graph.network();
    let reach = network.reach(comparison.operations.len());
    let mut operations = Operations::new(&comparison.operations);
    let old = Pointers::of(comparison.old.root, comparison, |fact| {
        [fact.old, fact.near.filter(|_| fact.old.is_none())]
    });
    let new = Pointers::of(comparison.new.root, comparison, |fact| {
        [fact.new, fact.near.filter(|_| fact.new.is_none())]
    });
    let folded = Folded::of(comparison, &network, &reach);
    let mut changes: Vec<Change> = comparison
        .facts
        .iter()
        .filter(|fact| !folded.hides(fact))
        .map(|fact| {
            let mut change = change(comparison, fact, (&reach, &mut operations), (&old, &new));
            folded.add(fact, &mut change);
            change
        })
        .collect();
    changes.sort_by(|one, other| {
        let key = |change: &Change| (change.pointer.clone(), change.id, change.subject.clone());
        (other.level(), key(one)).cmp(&(one.level(), key(other)))
    });
    distinguish(&mut changes);
    changes
}

/// Equal fingerprints get a number.
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

fn change(
    comparison: &Comparison<'_>,
    fact: &Fact<'_>,
    (reach, operations): (&Reach, &mut Operations<'_>),
    (old, new): (&Pointers, &Pointers),
) -> Change {
    let (wire, rust, reached, directions) = levels(comparison, fact, reach);
    let operations = operations.of(reached);
    let old_pointer = old.find(fact.old.or(fact.near));
    let new_pointer = new.find(fact.new.or(fact.near));
    let (root, pointer) = match (fact.new, &new_pointer, &old_pointer) {
        (Some(_), Some(pointer), _) => (comparison.new.root, pointer.clone()),
        (_, _, Some(pointer)) => (comparison.old.root, pointer.clone()),
        (_, Some(pointer), None) => (comparison.new.root, pointer.clone()),
        (_, None, None) => (comparison.new.root, String::new()),
    };
    let place = Place::of(root, &pointer);
    let mut name = vec![fact.rule.id, &place.scope];
    let property = place.property.clone().unwrap_or_default();
    name.push(&property);
    let subject = if fact.subject == property {
        ""
    } else {
        &fact.subject
    };
    name.push(subject);
    Change {
        id: fact.rule.id,
        wire,
        rust,
        operations,
        directions: directions.into_iter().map(Direction::name).collect(),
        message: format!("{}: {}", place.title(), fact.text),
        fingerprint: fingerprint(&name),
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
        subject: fact.subject.clone(),
    }
}

/// Lists of operations; many changes share theirs.
struct Operations<'o> {
    /// Labels with their numbers, sorted.
    labels: Vec<(&'o String, usize)>,
    lists: HashMap<Vec<u64>, Arc<[String]>>,
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

    /// The operations whose bits are set.
    fn of(&mut self, bits: Vec<u64>) -> Arc<[String]> {
        if let Some(list) = self.lists.get(&bits) {
            return Arc::clone(list);
        }
        let is_set = |number: usize| {
            let word = bits.get(number / 64).copied().unwrap_or_default();
            word >> (number % 64) & 1 == 1
        };
        let set = self.labels.iter().filter(|(_, number)| is_set(*number));
        let mut list: Vec<String> = set.map(|(label, _)| (*label).clone()).collect();
        list.dedup();
        let list: Arc<[String]> = list.into();
        self.lists.insert(bits, Arc::clone(&list));
        list
    }
}

/// One line, whatever is in the names.
fn fingerprint(names: &[&str]) -> String {
    let text = names.join(":");
    text.trim_end_matches(':').replace(char::is_control, " ")
}

/// Both levels, the operations and the directions of a fact.
pub(crate) fn levels(
    comparison: &Comparison<'_>,
    fact: &Fact<'_>,
    reach: &Reach,
) -> (Level, Level, Vec<u64>, Vec<Direction>) {
    let mut operations = Vec::new();
    let mut directions = Vec::new();
    let (mut wire, mut rust) = (Level::None, Level::None);
    for direction in [Direction::Request, Direction::Response] {
        let mut reached = false;
        for node in &fact.nodes {
            reached |= reach.collect(*node, direction, &mut operations);
        }
        if !reached {
            continue;
        }
        directions.push(direction);
        let of = |levels: rules::Levels| match direction {
            Direction::Request => levels.request,
            Direction::Response => levels.response,
        };
        let visible = fact.only.is_none_or(|only| only == direction);
        let seen = |level: Level| {
            if visible {
                level
            } else {
                level.min(Level::Cosmetic)
            }
        };
        wire = wire.max(seen(of(fact.rule.wire)));
        rust = rust.max(of(fact.rule.rust));
    }
    if directions.is_empty() {
        let whole = [comparison.document, comparison.everything];
        rust = fact.rule.rust.request.max(fact.rule.rust.response);
        wire = fact.rule.wire.request.max(fact.rule.wire.response);
        if !fact.nodes.iter().any(|node| whole.contains(node)) {
            // Nothing that is sent or received contains it; the generated crate has its type anyway.
            wire = wire.min(Level::Cosmetic);
            rust = fact.rule.rust.response;
        }
    }
    (wire, rust, operations, directions)
}

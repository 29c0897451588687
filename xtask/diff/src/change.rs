//! What is reported: a fact with its levels, the operations it reaches, and stable names.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::compare::Comparison;
use crate::document::{Address, address, escape_token};
use crate::fact::Fact;
use crate::graph::{Direction, Network, NodeId, Reach};
use crate::level::Level;
use crate::place::Place;
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
    pub operations: Vec<String>,
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
    let mut order: Vec<usize> = (0..comparison.operations.len()).collect();
    order.sort_by_key(|number| comparison.operations.get(*number));
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
            let mut change = change(comparison, fact, (&reach, &order), (&old, &new));
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
    (reach, order): (&Reach, &[usize]),
    (old, new): (&Pointers, &Pointers),
) -> Change {
    let (wire, rust, reached, directions) = levels(comparison, fact, reach);
    let is_reached = |number: &&usize| {
        let word = reached.get(*number / 64).copied().unwrap_or_default();
        word >> (*number % 64) & 1 == 1
    };
    let mut operations: Vec<String> = order
        .iter()
        .filter(is_reached)
        .filter_map(|number| comparison.operations.get(*number).cloned())
        .collect();
    operations.dedup();
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

/// One line, whatever is in the names.
fn fingerprint(names: &[&str]) -> String {
    let text = names.join(":");
    text.trim_end_matches(':').replace(char::is_control, " ")
}

/// Both levels, the operations and the directions of a fact.
fn levels(
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

/// Where the places of facts are.
struct Pointers(HashMap<Address, String>);

impl Pointers {
    fn of<'a>(
        root: &'a Value,
        comparison: &Comparison<'a>,
        places: impl Fn(&Fact<'a>) -> [Option<&'a Value>; 2],
    ) -> Self {
        let wanted: HashSet<Address> = comparison
            .facts
            .iter()
            .flat_map(|fact| places(fact).into_iter().flatten().map(address))
            .collect();
        let mut found = HashMap::with_capacity(wanted.len());
        // Equal components hardly ever hold a place, so they come last.
        let schemas = root.pointer("/components/schemas");
        let skipped: HashSet<Address> = schemas
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(name, _)| comparison.unchanged.is_equal(name))
            .map(|(_, schema)| address(schema))
            .collect();
        let none = HashSet::new();
        let mut walk = Walk {
            wanted: &wanted,
            skipped: &skipped,
            found: &mut found,
        };
        walk.go(root, &mut Vec::new());
        if walk.found.len() < wanted.len() {
            walk.skipped = &none;
            walk.go(root, &mut Vec::new());
        }
        Self(found)
    }

    fn find(&self, place: Option<&Value>) -> Option<String> {
        self.0.get(&address(place?)).cloned()
    }
}

/// A step from a value to one inside of it.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A walk through a document; only the ways to wanted places are written out.
struct Walk<'w> {
    wanted: &'w HashSet<Address>,
    skipped: &'w HashSet<Address>,
    found: &'w mut HashMap<Address, String>,
}

impl Walk<'_> {
    fn go<'a>(&mut self, value: &'a Value, way: &mut Vec<Step<'a>>) {
        if self.wanted.contains(&address(value)) {
            let mut pointer = String::new();
            for step in way.iter() {
                let _ = match step {
                    Step::Key(key) => write!(pointer, "/{}", escape_token(key)),
                    Step::Index(index) => write!(pointer, "/{index}"),
                };
            }
            self.found.insert(address(value), pointer);
        }
        if self.skipped.contains(&address(value)) {
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    way.push(Step::Key(key));
                    self.go(value, way);
                    way.pop();
                }
            }
            Value::Array(entries) => {
                for (index, value) in entries.iter().enumerate() {
                    way.push(Step::Index(index));
                    self.go(value, way);
                    way.pop();
                }
            }
            _ => {}
        }
    }
}

/// Differences between two types that are only compared because one replaced the other: they are
/// one change, the reference.
struct Folded {
    /// Per place of a reference: the worst level behind it and how many differences.
    behind: HashMap<NodeId, (Level, usize)>,
    hidden: Vec<bool>,
}

impl Folded {
    fn of(comparison: &Comparison<'_>, graph: &Network<'_>, reach: &Reach) -> Self {
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
                .map(|fact| levels_of(comparison, fact, reach))
                .collect();
            let worst = levels.iter().copied().max().unwrap_or(Level::None);
            let entry = folded.behind.entry(*site).or_insert((worst, 0));
            entry.0 = entry.0.max(worst);
            entry.1 = entry.1.max(levels.len());
        }
        folded
    }

    fn hides(&self, fact: &Fact<'_>) -> bool {
        !self.hidden.is_empty()
            && fact
                .nodes
                .iter()
                .all(|node| self.hidden.get(*node) == Some(&true))
    }

    fn add(&self, fact: &Fact<'_>, change: &mut Change) {
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

fn levels_of(comparison: &Comparison<'_>, fact: &Fact<'_>, reach: &Reach) -> Level {
    levels(comparison, fact, reach).0
}

//! Compares every pair of places once, and keeps which pair leads to which.

use rustc_hash::{FxHashMap, FxHashSet};

use super::context::{Entry, Findings, Kind, Link, Sides};
use super::direction::{Direction, NodeId, Via};
use super::fact::Fact;
use super::graph::Graph;
use super::{
    body, components, form, items, media, parameter, paths, response, root, schema, scheme,
    servers, webhooks,
};
use crate::read::{Address, Site, address, is_same_leaf};

/// Facts are the same when rule, places and subject are.
type FactKey = (&'static str, Address, Address, String);

/// A pair is known by the addresses of its sites.
type PairKey = (Kind, Address, Address, Box<[Address]>);

/// Everything that differs, and which operations lead to it.
pub(crate) struct Outcome<'a> {
    pub(crate) facts: Vec<Fact<'a>>,
    pub(crate) graph: Graph,
    /// `METHOD /path` of every operation in either document, or `WEBHOOK event`.
    pub(crate) operations: Vec<String>,
    /// The pair of the documents as a whole.
    pub(crate) document: NodeId,
    /// Pairs of types of which one took the other's place, and where.
    pub(crate) replaced: Vec<(NodeId, NodeId)>,
}

/// Compares two documents.
pub(crate) fn run<'a>(sides: &Sides<'a>) -> Outcome<'a> {
    let mut graph = Graph::default();
    let document = graph.add_node();
    let mut walk = Walk {
        sides,
        outcome: Outcome {
            facts: Vec::new(),
            graph,
            operations: Vec::new(),
            document,
            replaced: Vec::new(),
        },
        known: FxHashMap::default(),
        nodes: FxHashMap::default(),
        queue: Vec::new(),
        passed: Vec::new(),
        reached: FxHashSet::default(),
    };
    walk.absorb(document, root::compare(sides));
    for entry in paths::compare(sides)
        .into_iter()
        .chain(webhooks::compare(sides))
    {
        walk.operation(entry);
    }
    walk.absorb(document, items::compare(sides));
    walk.drain();
    let orphans = walk.outcome.graph.add_node();
    let single = walk.nodes.keys().filter(|(_, _, _, more)| more.is_empty());
    let visited: FxHashSet<_> = single.map(|(_, old, new, _)| (*old, *new)).collect();
    let rest = components::compare(sides, &walk.outcome.facts, &visited);
    walk.absorb(document, rest.document);
    walk.drain();
    if !rest.orphans.links.is_empty() {
        walk.remember_reached();
    }
    walk.absorb(orphans, rest.orphans);
    walk.drain();
    walk.outcome
}

struct Task<'a> {
    node: NodeId,
    kind: Kind,
    old: Site<'a>,
    new: Site<'a>,
}

struct Walk<'s, 'a> {
    sides: &'s Sides<'a>,
    outcome: Outcome<'a>,
    known: FxHashMap<FactKey, usize>,
    nodes: FxHashMap<PairKey, NodeId>,
    queue: Vec<Task<'a>>,
    /// Pairs that equal components lead on to.
    passed: Vec<(NodeId, Link<'a>)>,
    /// Facts by rule, the place that is left and subject, once everything that operations reach is
    /// compared.
    reached: FxHashSet<(&'static str, Address, String)>,
}

impl<'a> Walk<'_, 'a> {
    fn operation(&mut self, entry: Entry<'a>) {
        let number = self.outcome.operations.len();
        self.outcome.operations.push(entry.label);
        let node = self.outcome.graph.add_node();
        let graph = &mut self.outcome.graph;
        graph.add_root(node, number, Direction::Request);
        self.absorb(node, entry.findings);
    }

    /// Notes the facts of a pair and queues the pairs inside of it.
    fn absorb(&mut self, node: NodeId, findings: Findings<'a>) {
        let mut answer = None;
        for fact in findings.facts {
            let node = match fact.via {
                Via::Into(Direction::Response) => {
                    *answer.get_or_insert_with(|| self.outcome.graph.add_answer(node))
                }
                _ => node,
            };
            self.note(node, fact);
        }
        for link in findings.links {
            self.link(node, link);
        }
    }

    /// Notes a fact; the same fact at another pair only adds the pair.
    fn note(&mut self, node: NodeId, mut fact: Fact<'a>) {
        let key = (
            fact.rule.id,
            fact.old.map_or(0, address),
            fact.new.map_or(0, address),
            fact.subject.clone(),
        );
        if let Some(known) = self.known.get(&key) {
            if let Some(known) = self.outcome.facts.get_mut(*known) {
                known.nodes.push(node);
                if known.only != fact.only {
                    known.only = None;
                }
            }
            return;
        }
        if !self.reached.is_empty() && self.reached.contains(&one_sided(&fact)) {
            return;
        }
        fact.nodes.push(node);
        self.known.insert(key, self.outcome.facts.len());
        self.outcome.facts.push(fact);
    }

    /// A part of a composition differs where it is used and as a component that nothing else reaches:
    /// that is one change.
    fn remember_reached(&mut self) {
        self.reached = self.outcome.facts.iter().map(one_sided).collect();
    }

    fn link(&mut self, from: NodeId, link: Link<'a>) {
        if let (Kind::Schema, Some(old), Some(new)) =
            (link.kind, link.old.single(), link.new.single())
            && is_same_leaf(old, new)
        {
            return;
        }
        let (via, replaces) = (link.via, link.replaces);
        let node = self.visit(link.kind, link.old, link.new);
        self.outcome.graph.add_edge(from, node, via);
        if replaces {
            self.outcome.replaced.push((node, from));
        }
    }

    /// Makes sure that a pair is compared; returns its node.
    fn visit(&mut self, kind: Kind, old: Site<'a>, new: Site<'a>) -> NodeId {
        let more = old.more.iter().chain(&new.more).map(|more| address(more));
        let key = (kind, address(old.first), address(new.first), more.collect());
        if let Some(node) = self.nodes.get(&key) {
            return *node;
        }
        let node = self.outcome.graph.add_node();
        self.nodes.insert(key, node);
        if kind != Kind::Schema || !self.skip(node, &old, &new) {
            self.queue.push(Task {
                node,
                kind,
                old,
                new,
            });
        }
        node
    }

    /// A component that is equal on both sides only leads on to what it refers to.
    fn skip(&mut self, node: NodeId, old: &Site<'a>, new: &Site<'a>) -> bool {
        let sides = self.sides;
        let (Some(old), Some(new)) = (old.single(), new.single()) else {
            return false;
        };
        let names = (sides.old.schema_name(old), sides.new.schema_name(new));
        let (Some(name), true) = (names.0, names.0 == names.1) else {
            return false;
        };
        if sides.unchanged.is_deeply_equal(name) {
            return true;
        }
        let Some(references) = sides.unchanged.references(name) else {
            return false;
        };
        for name in references {
            let pair = (sides.old.schema(name), sides.new.schema(name));
            if let (Some(old), Some(new)) = pair {
                let link = Link {
                    kind: Kind::Schema,
                    old: old.into(),
                    new: new.into(),
                    via: Via::Both,
                    replaces: false,
                };
                self.passed.push((node, link));
            }
        }
        true
    }

    fn drain(&mut self) {
        loop {
            while let Some((from, link)) = self.passed.pop() {
                self.link(from, link);
            }
            let Some(task) = self.queue.pop() else { break };
            let findings = compare(self.sides, task.kind, &task.old, &task.new);
            self.absorb(task.node, findings);
        }
    }
}

/// The identity of a fact by the place that is left.
fn one_sided(fact: &Fact<'_>) -> (&'static str, Address, String) {
    let place = fact.new.or(fact.old).map_or(0, address);
    (fact.rule.id, place, fact.subject.clone())
}

/// Compares one pair.
fn compare<'a>(sides: &Sides<'a>, kind: Kind, old: &Site<'a>, new: &Site<'a>) -> Findings<'a> {
    let pair = (old.first, new.first);
    match kind {
        Kind::Schema => schema::compare(sides, old, new),
        Kind::Parameter => parameter::compare(sides, pair),
        Kind::Body => body::compare(sides, pair),
        Kind::Response => response::compare(sides, pair),
        Kind::Header => body::header(sides, pair),
        Kind::Media => media::compare(sides, pair),
        Kind::Form => form::compare(sides, old, new),
        Kind::Item => items::item(sides, pair),
        Kind::SecurityScheme => scheme::compare(pair),
        Kind::Servers => servers::compare(sides, pair),
    }
}

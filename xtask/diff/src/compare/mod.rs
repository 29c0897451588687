//! The comparison: pairs of nodes, each visited once, and the facts found at them.

mod body;
mod callback;
mod components;
mod fields;
mod items;
mod operation;
mod parameter;
mod paths;
mod response;
mod root;
mod security;

use std::collections::HashMap;

use serde_json::Value;

use crate::Options;
use crate::document::{Address, Document, Peeled, address, reference_text};
use crate::fact::Fact;
use crate::graph::{Direction, Graph, NodeId};
use crate::rules;
use crate::schema;
use crate::unchanged::{Unchanged, is_same_leaf};
pub(crate) use fields::other_field;
use operation::Scope;
pub(crate) use paths::{METHODS, shape};

/// What a pair of nodes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Schema,
    Parameter,
    Body,
    Response,
    Header,
    Media,
}

struct Task<'a> {
    node: NodeId,
    kind: Kind,
    old: &'a Value,
    new: &'a Value,
}

/// Facts are the same when rule, places and subject are.
type FactKey = (&'static str, Address, Address, String);

/// Both documents, the graph between them and what was found.
pub(crate) struct Comparison<'a> {
    pub(crate) old: Document<'a>,
    pub(crate) new: Document<'a>,
    pub(crate) options: &'a Options,
    pub(crate) graph: Graph,
    pub(crate) facts: Vec<Fact<'a>>,
    /// `METHOD /path` of every operation in either document.
    pub(crate) operations: Vec<String>,
    /// The pair that everything outside operations hangs on.
    pub(crate) document: NodeId,
    /// A pair that every operation leads to.
    pub(crate) everything: NodeId,
    /// Pairs of components of different names that both go on existing.
    pub(crate) replaced: Vec<(NodeId, usize)>,
    /// Names of components that were paired under another name.
    pub(crate) renamed: Vec<(&'a str, &'a str)>,
    /// Security schemes and the operations that use them.
    pub(crate) secured: Vec<(&'a str, usize)>,
    pub(crate) unchanged: Unchanged<'a>,
    known: HashMap<FactKey, usize>,
    nodes: HashMap<(Address, Address), NodeId>,
    queue: Vec<Task<'a>>,
    /// Pairs that equal components lead on to.
    passed: Vec<(NodeId, &'a Value, &'a Value)>,
    reports: usize,
}

impl<'a> Comparison<'a> {
    /// Compares two whole documents.
    pub(crate) fn run(old: &'a Value, new: &'a Value, options: &'a Options) -> Self {
        let mut graph = Graph::default();
        let document = graph.add_node();
        let everything = graph.add_node();
        let mut comparison = Self {
            old: Document::new(old),
            new: Document::new(new),
            options,
            graph,
            facts: Vec::new(),
            operations: Vec::new(),
            document,
            everything,
            replaced: Vec::new(),
            renamed: Vec::new(),
            secured: Vec::new(),
            unchanged: Unchanged::of(old, new),
            known: HashMap::new(),
            nodes: HashMap::new(),
            queue: Vec::new(),
            passed: Vec::new(),
            reports: 0,
        };
        root::compare(&mut comparison);
        paths::compare(&mut comparison);
        for number in 0..comparison.operations.len() {
            let node = comparison.everything;
            comparison.graph.add_root(node, number, Direction::Request);
        }
        root::webhooks(&mut comparison);
        comparison.drain();
        components::compare(&mut comparison);
        comparison.drain();
        comparison
    }

    /// A new operation of the report.
    pub(crate) fn operation(&mut self, label: String) -> (usize, NodeId) {
        self.operations.push(label);
        let number = self.operations.len() - 1;
        let node = self.graph.add_node();
        self.graph.add_root(node, number, Direction::Request);
        (number, node)
    }

    /// Makes sure that a pair is compared; returns its node.
    pub(crate) fn visit(&mut self, kind: Kind, old: &'a Value, new: &'a Value) -> NodeId {
        let key = (address(old), address(new));
        if let Some(node) = self.nodes.get(&key) {
            return *node;
        }
        let node = self.graph.add_node();
        self.nodes.insert(key, node);
        if kind == Kind::Schema && self.shortcut(node, old, new) {
            return node;
        }
        self.queue.push(Task {
            node,
            kind,
            old,
            new,
        });
        node
    }

    /// A component that is equal on both sides only leads on to what it refers to.
    fn shortcut(&mut self, node: NodeId, old: &'a Value, new: &'a Value) -> bool {
        let names = (self.old.schema_name(old), self.new.schema_name(new));
        let (Some(name), true) = (names.0, names.0 == names.1) else {
            return false;
        };
        if self.unchanged.is_settled(name) {
            return true;
        }
        let Some(references) = self.unchanged.references(name) else {
            return false;
        };
        for name in references {
            let pair = (self.old.schema(name), self.new.schema(name));
            if let (Some(old), Some(new)) = pair {
                self.passed.push((node, old, new));
            }
        }
        true
    }

    /// Compares a pair that `from` contains.
    pub(crate) fn descend(&mut self, from: NodeId, kind: Kind, old: &'a Value, new: &'a Value) {
        if is_same_leaf(old, new) {
            return;
        }
        let node = self.visit(kind, old, new);
        self.graph.add_edge(from, node);
    }

    /// What two places lead to, when they are not schemas; none when one leads nowhere.
    pub(crate) fn follow(
        &mut self,
        from: NodeId,
        old: &'a Value,
        new: &'a Value,
    ) -> Option<(&'a Value, &'a Value)> {
        if reference_text(old).is_some() && reference_text(new).is_some() {
            self.remaining(from, (old, new), &["$ref"]);
        }
        let (left, right) = (self.old.follow(old), self.new.follow(new));
        let before = left.reference.map(|reference| reference.text);
        let after = right.reference.map(|reference| reference.text);
        let lost = |side: &Peeled<'_>| reference_text(side.target).is_some();
        if lost(&left) || lost(&right) {
            if before != after || lost(&left) != lost(&right) {
                let text = "the reference has lost or found its target";
                let fact = Fact::keyword(&rules::REFERENCE_BROKEN, "$ref", old, new, text);
                self.report(from, fact);
            }
            return None;
        }
        if before != after {
            let text = "the same is reached through another reference";
            let fact = Fact::changed(&rules::REFERENCE_ALIASED, old, new, text);
            self.report(from, fact.values(before, after));
        }
        Some((left.target, right.target))
    }

    /// Compares what two places of an operation lead to.
    fn enter(
        &mut self,
        scope: Scope,
        direction: Direction,
        kind: Kind,
        old: &'a Value,
        new: &'a Value,
    ) {
        if let Some((old, new)) = self.follow(scope.node, old, new) {
            let node = self.visit(kind, old, new);
            let direction = scope.direction(direction);
            self.graph.add_root(node, scope.number, direction);
        }
    }

    /// A schema of the old document is gone where one of the new document has come.
    pub(crate) fn is_rename(&self, gone: &str, come: &str) -> bool {
        self.new.schema(gone).is_none() && self.old.schema(come).is_none()
    }

    /// The pair was compared already.
    pub(crate) fn visited(&self, old: &Value, new: &Value) -> bool {
        self.nodes.contains_key(&(address(old), address(new)))
    }

    /// Notes a fact; the same fact at another node only adds the node.
    pub(crate) fn report(&mut self, node: NodeId, mut fact: Fact<'a>) {
        self.reports += 1;
        let key = (
            fact.rule.id,
            fact.old.map_or(0, address),
            fact.new.map_or(0, address),
            fact.subject.clone(),
        );
        if let Some(known) = self.known.get(&key) {
            if let Some(known) = self.facts.get_mut(*known) {
                known.nodes.push(node);
                if known.only != fact.only {
                    known.only = None;
                }
            }
            return;
        }
        fact.nodes.push(node);
        self.known.insert(key, self.facts.len());
        self.facts.push(fact);
    }

    /// How often something was reported, to see whether a step reported anything.
    pub(crate) fn reports(&self) -> usize {
        self.reports
    }

    fn drain(&mut self) {
        loop {
            while let Some((from, old, new)) = self.passed.pop() {
                self.descend(from, Kind::Schema, old, new);
            }
            let Some(task) = self.queue.pop() else { break };
            let Task {
                node,
                kind,
                old,
                new,
            } = task;
            match kind {
                Kind::Schema => schema::compare(self, node, old, new),
                Kind::Parameter => parameter::compare(self, node, old, new),
                Kind::Body => body::request(self, node, old, new),
                Kind::Response => response::compare(self, node, old, new),
                Kind::Header => body::header(self, node, old, new),
                Kind::Media => body::media(self, node, old, new),
            }
        }
    }
}

//! Comparing: pure functions over a pair of places that return what differs.
//!
//! Each function gets both documents as they were read and one pair, and returns [`Findings`]:
//! facts, and links to the pairs inside. [`walk`] compares every pair once and keeps the graph
//! between them.

mod body;
mod callback;
mod components;
mod encoding;
mod fact;
mod fields;
mod graph;
mod items;
mod media;
mod operation;
mod parameter;
mod paths;
mod prefix;
mod response;
mod root;
mod schema;
mod scheme;
mod security;
mod servers;
mod walk;
mod webhooks;

use openapi_document::reference;
use serde_json::Value;

pub(crate) use fact::{Fact, brief};
pub(crate) use graph::{Direction, NodeId, Reach};
pub(crate) use walk::{Outcome, run};

use crate::Options;
use crate::read::{Document, Peeled, Site, Unchanged, shape};
use crate::rules;

/// Both documents, as read.
pub(crate) struct Sides<'a> {
    pub(crate) old: Document<'a>,
    pub(crate) new: Document<'a>,
    pub(crate) unchanged: Unchanged<'a>,
    /// A prefix that moves between the paths and the servers.
    moved: Option<prefix::Moved>,
    options: &'a Options,
}

impl<'a> Sides<'a> {
    pub(crate) fn read(old: &'a Value, new: &'a Value, options: &'a Options) -> Self {
        let (old, new) = (Document::new(old), Document::new(new));
        Self {
            unchanged: Unchanged::of(&old, &new),
            moved: prefix::moved(&old, &new),
            old,
            new,
            options,
        }
    }

    /// A path as operations are paired by it: without names of placeholders and prefixes that do
    /// not count.
    fn key(&self, path: &str) -> String {
        let prefixes = self.options.strip_prefixes.iter();
        let stripped =
            prefixes.filter_map(|prefix| path.strip_prefix(prefix.trim_end_matches('/')));
        let stripped = stripped.filter(|rest| rest.starts_with('/'));
        shape(stripped.min_by_key(|rest| rest.len()).unwrap_or(path))
    }

    /// True when a schema of the old document has made way for one of the new document.
    fn is_rename(&self, gone: &str, come: &str) -> bool {
        self.new.schema(gone).is_none() && self.old.schema(come).is_none()
    }
}

/// The kind of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Schema,
    Parameter,
    Body,
    Response,
    Header,
    Media,
    Item,
    SecurityScheme,
    Servers,
}

/// How a direction carries over from a pair to one inside of it.
#[derive(Clone, Copy)]
pub(crate) enum Via {
    /// Both directions carry over.
    Both,
    /// Only this one does: a property that is read-only or write-only.
    Only(Direction),
    /// From an operation, which has none, into its request or response.
    Into(Direction),
}

/// A pair inside of another one.
pub(crate) struct Link<'a> {
    kind: Kind,
    old: Site<'a>,
    new: Site<'a>,
    via: Via,
    /// One type took the place of another: what differs between them is one change.
    replaces: bool,
}

/// What the comparison of one pair found.
#[derive(Default)]
pub(crate) struct Findings<'a> {
    facts: Vec<Fact<'a>>,
    links: Vec<Link<'a>>,
}

impl<'a> Findings<'a> {
    fn report(&mut self, fact: Fact<'a>) {
        self.facts.push(fact);
    }

    /// The number of facts, to see whether a step found any.
    fn count(&self) -> usize {
        self.facts.len()
    }

    fn link_via(
        &mut self,
        kind: Kind,
        via: Via,
        old: impl Into<Site<'a>>,
        new: impl Into<Site<'a>>,
    ) {
        self.links.push(Link {
            kind,
            old: old.into(),
            new: new.into(),
            via,
            replaces: false,
        });
    }

    fn link(&mut self, kind: Kind, old: &'a Value, new: &'a Value) {
        self.link_via(kind, Via::Both, old, new);
    }

    fn schema(&mut self, old: impl Into<Site<'a>>, new: impl Into<Site<'a>>) {
        self.link_via(Kind::Schema, Via::Both, old, new);
    }

    fn replaced(&mut self, old: &'a Value, new: &'a Value) {
        self.links.push(Link {
            kind: Kind::Schema,
            old: old.into(),
            new: new.into(),
            via: Via::Both,
            replaces: true,
        });
    }

    /// Resolves two places that are not schemas; none when one leads nowhere.
    fn follow(
        &mut self,
        sides: &Sides<'a>,
        old: &'a Value,
        new: &'a Value,
    ) -> Option<(&'a Value, &'a Value)> {
        if reference(old).is_some() && reference(new).is_some() {
            self.remaining((old, new), &["$ref"]);
        }
        let (left, right) = (sides.old.follow(old), sides.new.follow(new));
        let before = left.reference.map(|reference| reference.text);
        let after = right.reference.map(|reference| reference.text);
        let lost = |side: &Peeled<'_>| reference(side.target).is_some();
        if lost(&left) || lost(&right) {
            if before != after || lost(&left) != lost(&right) {
                let text = "the reference has lost or found its target";
                self.report(Fact::keyword(
                    &rules::REFERENCE_BROKEN,
                    "$ref",
                    old,
                    new,
                    text,
                ));
            }
            return None;
        }
        if before != after {
            let text = "the same is reached through another reference";
            let fact = Fact::changed(&rules::REFERENCE_ALIASED, old, new, text);
            self.report(fact.values(before, after));
        }
        Some((left.target, right.target))
    }

    /// Resolves two places and links what they lead to.
    fn enter(
        &mut self,
        sides: &Sides<'a>,
        kind: Kind,
        via: Via,
        (old, new): (&'a Value, &'a Value),
    ) {
        if let Some((old, new)) = self.follow(sides, old, new) {
            self.link_via(kind, via, old, new);
        }
    }
}

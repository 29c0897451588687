//! Input and output of every comparison: both documents, and facts with the pairs inside.

use std::sync::atomic::{AtomicUsize, Ordering};

use openapi_document::reference;
use serde_json::Value;

use super::direction::Via;
use super::fact::Fact;
use super::prefix::{self, Moved};
use crate::Options;
use crate::read::{Document, Peeled, Site, Unchanged, shape};
use crate::rules;

/// Both documents, as read.
pub(crate) struct Sides<'a> {
    pub(crate) old: Document<'a>,
    pub(crate) new: Document<'a>,
    pub(crate) unchanged: Unchanged<'a>,
    /// A prefix that moves between the paths and the servers.
    pub(super) moved: Option<Moved>,
    pub(super) options: &'a Options,
    pub(super) effort: Effort,
}

/// The steps that are left for proofs about schemas, so that hostile documents end as well.
pub(crate) struct Effort(AtomicUsize);

impl Default for Effort {
    fn default() -> Self {
        Self(AtomicUsize::new(10_000))
    }
}

impl Effort {
    pub(super) fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Takes one step; none when there are none left.
    pub(super) fn spend(&self) -> Option<()> {
        let left = self.0.load(Ordering::Relaxed).checked_sub(1)?;
        self.0.store(left, Ordering::Relaxed);
        Some(())
    }
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
            effort: Effort::default(),
        }
    }

    /// A path as operations are paired by it: without names of placeholders and prefixes that do
    /// not count.
    pub(super) fn key(&self, path: &str) -> String {
        let prefixes = self.options.strip_prefixes.iter();
        let stripped =
            prefixes.filter_map(|prefix| path.strip_prefix(prefix.trim_end_matches('/')));
        let stripped = stripped.filter(|rest| rest.starts_with('/'));
        shape(stripped.min_by_key(|rest| rest.len()).unwrap_or(path))
    }

    /// True when a schema of the old document has made way for one of the new document.
    pub(super) fn is_rename(&self, gone: &str, come: &str) -> bool {
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
    Form,
    Item,
    SecurityScheme,
    Servers,
}

/// A pair inside of another one.
pub(crate) struct Link<'a> {
    pub(super) kind: Kind,
    pub(super) old: Site<'a>,
    pub(super) new: Site<'a>,
    pub(super) via: Via,
    /// One type took the place of another: what differs between them is one change.
    pub(super) replaces: bool,
}

/// Facts about one pair and links to the pairs inside.
#[derive(Default)]
pub(crate) struct Findings<'a> {
    pub(super) facts: Vec<Fact<'a>>,
    pub(super) links: Vec<Link<'a>>,
}

impl<'a> Findings<'a> {
    pub(super) fn report(&mut self, fact: Fact<'a>) {
        self.facts.push(fact);
    }

    /// Files the facts of an operation from this one on under its request or response.
    pub(super) fn file_under(&mut self, via: Via, since: usize) {
        for fact in self.facts.iter_mut().skip(since) {
            fact.via = via;
        }
    }

    /// The number of facts, to see whether a step found any.
    pub(super) fn count(&self) -> usize {
        self.facts.len()
    }

    pub(super) fn link_via(
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

    pub(super) fn link(&mut self, kind: Kind, old: &'a Value, new: &'a Value) {
        self.link_via(kind, Via::Both, old, new);
    }

    pub(super) fn schema(&mut self, old: impl Into<Site<'a>>, new: impl Into<Site<'a>>) {
        self.link_via(Kind::Schema, Via::Both, old, new);
    }

    pub(super) fn replaced(&mut self, old: &'a Value, new: &'a Value) {
        self.links.push(Link {
            kind: Kind::Schema,
            old: old.into(),
            new: new.into(),
            via: Via::Both,
            replaces: true,
        });
    }

    /// Resolves two places that are not schemas; none when one leads nowhere.
    pub(super) fn follow(
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
    pub(super) fn enter(
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

/// An operation or event of the report and what differs about it.
pub(super) struct Entry<'a> {
    pub(super) label: String,
    pub(super) findings: Findings<'a>,
}

//! The changes that a differing line belongs to by its names.

use std::collections::{HashMap, HashSet};

use super::composers::Composers;
use super::difference::{Difference, operation_key, plain};
use crate::compare::Sides;
use crate::level::Level;
use crate::report::change::Change;
use crate::rules;

/// The subject of a change, in plain names.
pub(super) struct Subject {
    /// The property with the way to it.
    path: String,
    /// Its last part.
    last: String,
    /// The component that changes, and those that are composed of it.
    schemas: Vec<String>,
    operations: HashSet<String>,
    events: Vec<String>,
}

impl Subject {
    pub(super) fn of(change: &Change, composers: &Composers<'_>) -> Self {
        let property = change.property.as_deref().unwrap_or_default();
        let last = property.rsplit('.').next().unwrap_or_default();
        let mut schemas: Vec<String> = change.schema.iter().map(|name| plain(name)).collect();
        let composed = change
            .schema
            .iter()
            .flat_map(|name| composers.of_part(name));
        schemas.extend(composed.map(plain));
        if change.id == rules::COMPONENT_RENAMED.id {
            schemas.extend(change.old.as_str().map(plain));
        }
        let labels = change.operations.iter();
        Self {
            path: plain(property),
            last: plain(last),
            schemas,
            operations: labels.clone().map(|label| operation_key(label)).collect(),
            events: labels
                .filter_map(|label| label.strip_prefix("WEBHOOK "))
                .map(plain)
                .collect(),
        }
    }
}

pub(super) struct Search<'c, 'a> {
    changes: &'c [Change],
    subjects: &'c [Subject],
    sides: &'c Sides<'a>,
    by_schema: HashMap<&'c str, Vec<usize>>,
    by_operation: HashMap<&'c str, Vec<usize>>,
    /// Changes of components, by the last part of the property.
    by_property: HashMap<&'c str, Vec<usize>>,
    by_event: HashMap<&'c str, Vec<usize>>,
    /// Operation ids, plain, with their operations.
    ids: Vec<(String, String)>,
}

impl<'c, 'a> Search<'c, 'a> {
    pub(super) fn new(
        changes: &'c [Change],
        subjects: &'c [Subject],
        sides: &'c Sides<'a>,
    ) -> Self {
        let documents = [&sides.old, &sides.new].into_iter();
        let operations = documents.flat_map(|document| &document.operations);
        let ids = operations.filter_map(|operation| {
            Some((plain(operation.id()?), operation_key(&operation.label())))
        });
        let mut search = Self {
            changes,
            subjects,
            sides,
            by_schema: HashMap::new(),
            by_operation: HashMap::new(),
            by_property: HashMap::new(),
            by_event: HashMap::new(),
            ids: ids.collect(),
        };
        for (number, subject) in subjects.iter().enumerate() {
            for schema in &subject.schemas {
                search.by_schema.entry(schema).or_default().push(number);
            }
            if subject.schemas.is_empty() {
                for operation in &subject.operations {
                    search
                        .by_operation
                        .entry(operation)
                        .or_default()
                        .push(number);
                }
            } else {
                search
                    .by_property
                    .entry(&subject.last)
                    .or_default()
                    .push(number);
            }
            for event in &subject.events {
                search.by_event.entry(event).or_default().push(number);
            }
        }
        search
    }

    /// The changes that a line belongs to by its names.
    pub(super) fn direct(&self, difference: &Difference<'_>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let known = difference.component.filter(|name| {
            self.sides.old.schema(name).is_some() || self.sides.new.schema(name).is_some()
        });
        match known {
            Some(name) => {
                let name = plain(name);
                let changes = self.by_schema.get(name.as_str());
                let of_schema = changes.into_iter().flatten().copied();
                found.extend(of_schema.filter(|number| self.in_schema(difference, *number, "")));
            }
            None => {
                for (schema, changes) in &self.by_schema {
                    let Some(inner) = difference.owner.strip_prefix(*schema) else {
                        continue;
                    };
                    let of_schema = changes.iter().copied();
                    found.extend(
                        of_schema.filter(|number| self.in_schema(difference, *number, inner)),
                    );
                }
            }
        }
        let mut operations = difference.operations.clone();
        if operations.is_empty() && known.is_none() {
            let named = self
                .ids
                .iter()
                .filter(|(id, _)| difference.owner.starts_with(id.as_str()));
            operations.extend(
                named
                    .max_by_key(|(id, _)| id.len())
                    .map(|(_, label)| label.clone()),
            );
        }
        for operation in &operations {
            let changes = self.by_operation.get(operation.as_str());
            let of_operation = changes.into_iter().flatten().copied();
            found.extend(of_operation.filter(|number| self.in_operation(difference, *number)));
            found.extend(self.in_body(difference, operation));
            found.extend(self.in_enum(difference, operation));
        }
        if difference.owner == "event" {
            let changes = self.by_event.get(difference.member.as_str());
            let literal = difference
                .line()
                .map(ToString::to_string)
                .unwrap_or_default();
            let by_literal = self.by_event.iter().filter(|(event, _)| {
                literal
                    .split(" = ")
                    .nth(1)
                    .is_some_and(|value| plain(value) == **event)
            });
            let own = |number: &usize| {
                let id = self.changes.get(*number).map_or("", |change| change.id);
                id.starts_with("webhook-")
            };
            found.extend(changes.into_iter().flatten().copied().filter(own));
            found.extend(
                by_literal
                    .flat_map(|(_, changes)| changes)
                    .copied()
                    .filter(own),
            );
        }
        if found.is_empty() {
            found.extend(operations.iter().flat_map(|label| self.of_namesakes(label)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The changes of an operation that are expected to show, for a line that comes or goes with it:
    /// the operation may be left out on one side.
    pub(super) fn of_operation(&self, difference: &Difference<'_>) -> Vec<usize> {
        let operations = difference.operations.iter();
        let changes = operations.filter_map(|label| self.by_operation.get(label.as_str()));
        let shows = |number: &&usize| {
            let change = self.changes.get(**number);
            change.is_some_and(|change| change.rust >= Level::Additive)
        };
        let comes_or_goes = difference.old.is_none() != difference.new.is_none();
        let changes = changes.flatten().filter(shows);
        changes.copied().filter(|_| comes_or_goes).collect()
    }

    /// Operations that come, go or move give other names to those with the same operation id.
    fn of_namesakes(&self, operation: &str) -> Vec<usize> {
        let own = self.ids.iter().filter(|(_, label)| label == operation);
        let others = own.flat_map(|(id, _)| self.ids.iter().filter(move |(other, _)| other == id));
        let others = others.filter(|(_, label)| label != operation);
        let changes = others.filter_map(|(_, label)| self.by_operation.get(label.as_str()));
        let is_about_all = |number: &usize| {
            let id = self.changes.get(*number).map_or("", |change| change.id);
            id.starts_with("operation-")
        };
        changes.flatten().copied().filter(is_about_all).collect()
    }

    /// A line that a change inside of a component can cause. `inner` is what the owner's name has
    /// beyond the component's: the type of a property is named after its owner.
    fn in_schema(&self, difference: &Difference<'_>, number: usize, inner: &str) -> bool {
        let (Some(change), Some(subject)) = (self.changes.get(number), self.subjects.get(number))
        else {
            return false;
        };
        if change.id.starts_with("enum-value-") && !is_variant(difference, change) {
            return false;
        }
        let (path, last) = (subject.path.as_str(), subject.last.as_str());
        if path.is_empty() {
            return inner.is_empty();
        }
        let nested = !inner.is_empty() && (inner == path || path.ends_with(inner));
        let member = difference.member == last;
        let constructor = difference.member == "new"
            && (difference.arguments.contains(last) || difference.arguments.is_empty());
        (inner.is_empty() && (member || constructor))
            || (nested && (member || inner.ends_with(last)))
    }

    /// A line that a change of an operation's parameters or bodies can cause.
    fn in_operation(&self, difference: &Difference<'_>, number: usize) -> bool {
        let (Some(change), Some(subject)) = (self.changes.get(number), self.subjects.get(number))
        else {
            return false;
        };
        if change.id.starts_with("enum-value-") && !is_variant(difference, change) {
            return false;
        }
        if change.id.starts_with("operation-") || change.id.starts_with("response-") {
            return true;
        }
        if change.id == rules::PARAMETER_GROUPED.id {
            let names = [&change.old, &change.new].into_iter();
            let mut names = names.filter_map(|name| name.as_str()).map(plain);
            if names.any(|name| difference.member == name || difference.owner.ends_with(&name)) {
                return true;
            }
        }
        let last = subject.last.as_str();
        let former = plain(&change.subject);
        let is_handle = matches!(difference.owner.as_str(), "client" | "call");
        if change.id == rules::PARAMETER_MOVED.id && is_handle && difference.arguments.is_empty() {
            return true;
        }
        if is_handle || difference.member == "new" {
            return subject.path.is_empty()
                || difference.arguments.contains(last)
                || difference.arguments.contains(&former);
        }
        subject.path.is_empty()
            || difference.member == last
            || difference.member == former
            || difference.owner.ends_with(last)
    }

    /// Changes of an enum that the operation refines in a type of its own.
    fn in_enum(&self, difference: &Difference<'_>, operation: &str) -> Vec<usize> {
        let by_name = self.by_property.iter();
        let by_name = by_name.filter(|(last, _)| difference.owner.ends_with(**last));
        let changes = by_name.flat_map(|(_, changes)| changes);
        let fits = |number: &&usize| {
            let subject = self.subjects.get(**number);
            let change = self.changes.get(**number);
            subject.is_some_and(|subject| subject.operations.contains(operation))
                && change.is_some_and(|change| {
                    change.id.starts_with("enum-value-") && is_variant(difference, change)
                })
        };
        changes.filter(fits).copied().collect()
    }

    /// Changes of a component whose properties are arguments or setters of an operation.
    fn in_body(&self, difference: &Difference<'_>, operation: &str) -> Vec<usize> {
        let names = difference.arguments.iter().map(String::as_str);
        let names = names.chain([difference.member.as_str()]);
        let changes = names
            .filter_map(|name| self.by_property.get(name))
            .flatten();
        let reaches = |number: &&usize| {
            let subject = self.subjects.get(**number);
            subject.is_some_and(|subject| {
                subject.operations.contains(operation) && subject.path == subject.last
            })
        };
        changes.filter(reaches).copied().collect()
    }
}

/// A line about the value that an enum gains or loses.
fn is_variant(difference: &Difference<'_>, change: &Change) -> bool {
    let value = format!("= {:?}", change.subject);
    let line = difference.line();
    line.is_some_and(|line| line.to_string().ends_with(&value))
}

/// Of several changes that a line fits those count that are expected to show in Rust.
pub(super) fn prefer_effects(causes: &mut Vec<usize>, changes: &[Change]) {
    let shows = |number: &usize| {
        let change = changes.get(*number);
        change.is_some_and(|change| change.rust >= Level::Additive)
    };
    if causes.iter().any(shows) {
        causes.retain(shows);
    }
}

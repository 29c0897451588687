//! Which change causes which lines of the generated API to differ.

use std::collections::{BTreeMap, HashMap, HashSet};

use codegen::Part;
use openapi_document::reference;
use serde_json::Value;

use super::{Difference, GeneratedApi, Index, differences, operation_key, plain};
use crate::compare::Sides;
use crate::level::Level;
use crate::read::Document;
use crate::report::change::Change;
use crate::rules::{self, Rule};

/// Replaces the levels that the rules expect for Rust code by those that the generated APIs show.
pub(crate) fn attribute(
    changes: &mut Vec<Change>,
    sides: &Sides<'_>,
    (old, new): (&GeneratedApi, &GeneratedApi),
) {
    let indices = (Index::of(&old.surface), Index::of(&new.surface));
    let all = differences(&indices.0, &indices.1);
    let subjects: Vec<Subject> = changes.iter().map(Subject::of).collect();
    let search = Search::new(changes, &subjects, sides);
    let mut owners: Vec<Vec<usize>> = all.iter().map(|one| search.direct(one)).collect();
    for causes in &mut owners {
        prefer_effects(causes, changes);
    }
    search.reachable(&all, &mut owners);
    mentioned(&all, &mut owners);

    let mut worst: HashMap<usize, Level> = HashMap::new();
    for (difference, causes) in all.iter().zip(&owners) {
        for cause in causes {
            let Some(change) = changes.get_mut(*cause) else {
                continue;
            };
            change.surface.extend(difference.texts());
            let moved = [&rules::OPERATION_MOVED, &rules::PREFIX_MOVED];
            let follows = difference.moved && moved.iter().any(|rule| rule.id == change.id);
            let shown = if follows {
                Level::Cosmetic
            } else {
                difference.level
            };
            let level = worst.entry(*cause).or_insert(Level::None);
            *level = shown.max(*level);
        }
    }
    let coverage = Coverage::new(&indices, (old, new));
    for (number, change) in changes.iter_mut().enumerate() {
        let found = worst.get(&number).copied();
        change.not_generated = match found {
            None => coverage.missing(change),
            Some(_) => None,
        };
        change.rust = match found {
            Some(level) if change.id == rules::PREFIX_MOVED.id => level.max(change.rust),
            Some(level) => level,
            None if change.not_generated.is_some() || is_invisible(change.id) => continue,
            // Nothing shows: what warns or changes behaviour keeps its level.
            None if change.rust <= Level::Cosmetic || change.rust == Level::Risky => continue,
            None => Level::None,
        };
    }
    let left = all
        .iter()
        .zip(&owners)
        .filter(|(_, causes)| causes.is_empty());
    changes.extend(unexplained(left.map(|(difference, _)| difference)));
    changes.sort_by_key(|change| std::cmp::Reverse(change.level()));
}

/// Of several changes that a line fits those count that are expected to show in Rust.
fn prefer_effects(causes: &mut Vec<usize>, changes: &[Change]) {
    let shows = |number: &usize| {
        let change = changes.get(*number);
        change.is_some_and(|change| change.rust >= Level::Additive)
    };
    if causes.iter().any(shows) {
        causes.retain(shows);
    }
}

/// True for rules about statuses and addresses, on which code depends that no signature shows.
fn is_invisible(rule: &str) -> bool {
    rule.starts_with("success-status-") || rule == rules::PREFIX_MOVED.id
}

/// What a change is about, in plain names.
struct Subject {
    /// The property with the way to it.
    path: String,
    /// Its last part.
    last: String,
    schemas: Vec<String>,
    operations: HashSet<String>,
    events: Vec<String>,
}

impl Subject {
    fn of(change: &Change) -> Self {
        let property = change.property.as_deref().unwrap_or_default();
        let last = property.rsplit('.').next().unwrap_or_default();
        let mut schemas: Vec<String> = change.schema.iter().map(|name| plain(name)).collect();
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

/// A change and the components that it reaches.
type Reached<'a> = (usize, HashSet<&'a str>);

struct Search<'c, 'a> {
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
    fn new(changes: &'c [Change], subjects: &'c [Subject], sides: &'c Sides<'a>) -> Self {
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
    fn direct(&self, difference: &Difference<'_>) -> Vec<usize> {
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
        found.sort_unstable();
        found.dedup();
        found
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
        let last = subject.last.as_str();
        let former = plain(&change.subject);
        let is_handle = matches!(difference.owner.as_str(), "client" | "call");
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

    /// Types come and go with what refers to them: they belong to the change that does.
    fn reachable(&self, all: &[Difference<'_>], owners: &mut [Vec<usize>]) {
        let mut causes: HashMap<&str, usize> = HashMap::new();
        let mut reached: [Option<Vec<Reached<'a>>>; 2] = [None, None];
        for (difference, own) in all.iter().zip(&*owners) {
            if !own.is_empty() || !difference.is_type() {
                continue;
            }
            let Some(name) = difference.component else {
                continue;
            };
            let (slot, document) = match difference.new {
                Some(_) => (1, &self.sides.new),
                None => (0, &self.sides.old),
            };
            let Some(sets) = reached.get_mut(slot) else {
                continue;
            };
            let sets = sets.get_or_insert_with(|| self.references(document, slot == 1));
            let cause = sets.iter().find(|(_, names)| {
                names.contains(name)
                    || names
                        .iter()
                        .any(|outer| plain(name).starts_with(&plain(outer)))
            });
            if let Some((number, _)) = cause {
                causes.insert(difference.owner.as_str(), *number);
            }
        }
        for (difference, own) in all.iter().zip(owners) {
            if own.is_empty()
                && let Some(cause) = causes.get(difference.owner.as_str())
            {
                own.push(*cause);
            }
        }
    }

    /// The components that each change reaches from its place in one document.
    fn references(&self, document: &Document<'a>, new: bool) -> Vec<Reached<'a>> {
        let mut all = Vec::new();
        for (number, change) in self.changes.iter().enumerate() {
            let pointer = if new {
                &change.new_pointer
            } else {
                &change.old_pointer
            };
            let one_sided = if new {
                change.old.is_null()
            } else {
                change.new.is_null()
            };
            let about_types = one_sided
                || change.id.starts_with("reference-")
                || change.id.starts_with("component-")
                || change.id.starts_with("union-")
                || change.id == rules::TYPE_CHANGED.id;
            let place = pointer.as_ref().filter(|_| about_types);
            if let Some(place) = place.and_then(|pointer| document.root.pointer(pointer)) {
                let names = names_within(document, place);
                if !names.is_empty() {
                    all.push((number, names));
                }
            }
        }
        all
    }
}

/// The components that a value refers to, directly or through others, and its own name.
fn names_within<'a>(document: &Document<'a>, value: &'a Value) -> HashSet<&'a str> {
    let mut names: HashSet<&'a str> = document.schema_name(value).into_iter().collect();
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        if let Some(target) = reference(value).and_then(|text| document.resolve(text)) {
            match document.schema_name(target) {
                Some(name) if !names.insert(name) => {}
                _ => queue.push(target),
            }
            continue;
        }
        match value {
            Value::Object(map) => queue.extend(map.values()),
            Value::Array(entries) => queue.extend(entries),
            _ => {}
        }
    }
    names
}

/// A line about the value that an enum gains or loses.
fn is_variant(difference: &Difference<'_>, change: &Change) -> bool {
    let value = format!("= {:?}", change.subject);
    let line = difference.line();
    line.is_some_and(|line| line.to_string().ends_with(&value))
}

/// Lines that mention a type of which others differ belong to the same change.
fn mentioned(all: &[Difference<'_>], owners: &mut [Vec<usize>]) {
    let mut types: HashMap<&str, usize> = HashMap::new();
    for (difference, own) in all.iter().zip(&*owners) {
        if let (true, Some(cause)) = (difference.is_type(), own.first()) {
            types.insert(&difference.owner, *cause);
        }
    }
    for (difference, own) in all.iter().zip(owners) {
        if !own.is_empty() {
            continue;
        }
        let lines = [difference.old, difference.new].into_iter().flatten();
        let texts: Vec<String> = lines
            .map(|line| format!("{} {}", line.owner, line.signature))
            .collect();
        let words = texts
            .iter()
            .flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphanumeric()));
        let mut causes = words.filter_map(|word| types.get(plain(word).as_str()));
        own.extend(causes.next());
    }
}

/// What of both documents is generated.
struct Coverage<'g> {
    operations: HashSet<String>,
    left_out: Vec<&'g codegen::LeftOut>,
}

impl<'g> Coverage<'g> {
    fn new(
        indices: &(Index<'_>, Index<'_>),
        (old, new): (&'g GeneratedApi, &'g GeneratedApi),
    ) -> Self {
        let operations = [&indices.0, &indices.1].into_iter();
        let operations = operations.flat_map(|index| index.operations.values().cloned());
        Self {
            operations: operations.collect(),
            left_out: new.left_out.iter().chain(&old.left_out).collect(),
        }
    }

    /// Why the generated code has nothing to do with a change; none when it has.
    fn missing(&self, change: &Change) -> Option<String> {
        let pointers = [&change.new_pointer, &change.old_pointer]
            .into_iter()
            .flatten();
        let left_out = |pointer: &String| {
            let mut all = self.left_out.iter();
            all.find(|part| {
                let rest = pointer.strip_prefix(part.pointer.as_str());
                let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
                !part.pointer.is_empty() && rest.is_some_and(|rest| is_about(part, change, rest))
            })
        };
        if let Some(part) = pointers.clone().find_map(left_out) {
            return Some(format!(
                "the generator leaves out {}: {}",
                part.subject, part.reason
            ));
        }
        if pointers
            .into_iter()
            .any(|pointer| pointer.contains("/callbacks/"))
        {
            return Some("callbacks are not generated".to_owned());
        }
        let generated = |label: &String| {
            label.starts_with("WEBHOOK ") || self.operations.contains(&operation_key(label))
        };
        if change.operations.is_empty() || change.operations.iter().any(generated) {
            return None;
        }
        let of_operation = |part: &&&codegen::LeftOut| {
            change
                .operations
                .iter()
                .any(|label| label == &part.subject || part.subject.contains(label.as_str()))
        };
        Some(match self.left_out.iter().find(of_operation) {
            Some(part) => format!("the generator leaves out {}: {}", part.subject, part.reason),
            None => "the generator leaves out every operation that it reaches".to_owned(),
        })
    }
}

/// Whether a change inside of an operation or a schema is about the part of it that is left out;
/// `rest` is the way from the one to the other.
fn is_about(part: &codegen::LeftOut, change: &Change, rest: &str) -> bool {
    match &part.part {
        Part::Parameter { name, .. } => {
            let is_inside = rest.starts_with("/parameters/");
            change.subject == *name || (is_inside && change.message.contains(name.as_str()))
        }
        Part::Response(status) => rest.starts_with(&format!("/responses/{status}")),
        Part::Callbacks => rest.starts_with("/callbacks"),
        Part::Detail => false,
        _ => true,
    }
}

/// One entry per type or handle whose lines no change explains.
fn unexplained<'d>(all: impl Iterator<Item = &'d Difference<'d>>) -> Vec<Change> {
    let mut by_owner: BTreeMap<(&str, bool), Vec<&Difference<'_>>> = BTreeMap::new();
    for difference in all {
        let owner = difference
            .line()
            .map_or("", |line| super::local(&line.owner));
        let breaks = difference.level >= Level::Risky;
        by_owner
            .entry((owner, breaks))
            .or_default()
            .push(difference);
    }
    let entries = by_owner.into_iter();
    entries
        .map(|((owner, breaks), lines)| entry(owner, breaks, &lines))
        .collect()
}

fn entry(owner: &str, breaks: bool, lines: &[&Difference<'_>]) -> Change {
    let rule: &Rule = if breaks {
        &rules::SURFACE_BROKEN
    } else {
        &rules::SURFACE_EXTENDED
    };
    let texts = |side: fn(&Difference<'_>) -> Option<String>| {
        let lines: Vec<String> = lines.iter().filter_map(|line| side(line)).collect();
        Value::from(lines)
    };
    let level = lines.iter().map(|line| line.level).max();
    let first = lines.iter().flat_map(|line| line.texts()).next();
    let more = match lines.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Change {
        rust: level.unwrap_or(rule.rust.request),
        old: texts(|line| line.old.map(ToString::to_string)),
        new: texts(|line| line.new.map(ToString::to_string)),
        message: format!(
            "{owner}: the generated API is different: {}{more}",
            first.unwrap_or_default()
        ),
        surface: lines.iter().flat_map(|line| line.texts()).collect(),
        ..Change::of_rule(rule, owner)
    }
}

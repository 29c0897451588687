//! Types that come or go with the changes that refer to them.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::Value;

use super::difference::{Difference, plain};
use crate::compare::Sides;
use crate::read::Document;
use crate::report::change::Change;
use crate::rules;

/// A change and the components that it reaches.
type Reached<'a> = (usize, HashSet<&'a str>);

/// Types come and go with what refers to them: they belong to the change that does.
pub(super) fn reachable<'a>(
    (changes, sides): (&[Change], &Sides<'a>),
    all: &[Difference<'_>],
    owners: &mut [Vec<usize>],
) {
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
            Some(_) => (1, &sides.new),
            None => (0, &sides.old),
        };
        let Some(sets) = reached.get_mut(slot) else {
            continue;
        };
        let sets = sets.get_or_insert_with(|| references(changes, document, slot == 1));
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
fn references<'a>(changes: &[Change], document: &Document<'a>, new: bool) -> Vec<Reached<'a>> {
    let mut all = Vec::new();
    for (number, change) in changes.iter().enumerate() {
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
            || change.id.starts_with("discriminator-")
            || change.id.starts_with("type-")
            || change.id == rules::SCHEMA_RESTRUCTURED.id;
        let place = pointer.as_ref().filter(|_| about_types);
        // The alternatives stand beside what tells them apart.
        let place = place.map(|pointer| match pointer.rsplit_once("/discriminator") {
            Some((schema, _)) if change.id.starts_with("discriminator-") => schema,
            _ => pointer.as_str(),
        });
        if let Some(place) = place.and_then(|pointer| document.root.pointer(pointer)) {
            let names = reachable_names(document, place);
            if !names.is_empty() {
                all.push((number, names));
            }
        }
    }
    all
}

/// The components that a value refers to, directly or through others, and its own name.
fn reachable_names<'a>(document: &Document<'a>, value: &'a Value) -> HashSet<&'a str> {
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

/// Lines that mention a type of which others differ belong to the same change.
pub(super) fn mentioned(all: &[Difference<'_>], owners: &mut [Vec<usize>]) {
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

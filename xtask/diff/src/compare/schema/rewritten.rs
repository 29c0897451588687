//! The same values with other alternatives, or without any.

use std::collections::HashSet;

use serde_json::Value;

use super::alternatives::{KEYS, List};
use super::enums;
use super::keywords::{Pair, canonical};
use super::sets::Set;
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, equivalent, is_annotation};
use crate::rules;

/// Compares schemas of which one says with alternatives what the other one may say without; true
/// when that is all there is to compare.
pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    lists: (&List<'a>, &List<'a>),
) -> bool {
    let (old, new) = lists;
    if old.is_empty() && new.is_empty() || old.kept.len() == new.kept.len() {
        return false;
    }
    let ends = match (old.is_empty(), new.is_empty()) {
        (false, true) => only(&sides.old, pair.0, old).map(|one| (one, pair.1.target)),
        (true, false) => only(&sides.new, pair.1, new).map(|one| (pair.0.target, one)),
        _ => None,
    };
    if let Some((before, after)) = ends {
        let text = "the alternatives allow what one of them allows";
        report(found, pair, text);
        found.schema(before, after);
        return true;
    }
    let values = listed(&sides.old, pair.0, old).zip(listed(&sides.new, pair.1, new));
    let plain = old.is_empty() || new.is_empty();
    let Some(values) = values.filter(|both| plain || set(&both.0) == set(&both.1)) else {
        return false;
    };
    let text = "the same values are listed with other alternatives";
    report(found, pair, text);
    enums::differences(found, pair, &values);
    true
}

/// Compares the alternatives that decide nothing.
pub(super) fn spare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (old, new): (&[&'a Value], &[&'a Value]),
) {
    let mut new = new.to_vec();
    let mut gone = false;
    for one in old {
        let same = |other: &&'a Value| equivalent((&sides.old, *one), (&sides.new, *other));
        match new.iter().position(same) {
            Some(index) => found.schema(*one, new.remove(index)),
            None => gone = true,
        }
    }
    if gone || !new.is_empty() {
        report(found, pair, "alternatives that add no values are different");
    }
}

fn report<'a>(found: &mut Findings<'a>, (left, right): Pair<'_, 'a>, text: &str) {
    let fact = Fact::changed(&rules::UNION_REWRITTEN, left.place, right.place, text);
    let values = fact.values(left.target.clone(), right.target.clone());
    found.report(values.about("oneOf"));
}

/// True when a schema says nothing about values with other keywords than these.
fn says_only(schema: &Schema<'_>, keys: &[&str]) -> bool {
    let mut said = schema.maps().flat_map(|map| map.keys());
    said.all(|key| keys.contains(&key.as_str()) || is_annotation(key))
}

/// The only alternative of a schema that counts, when nothing beside it does.
fn only<'a>(document: &Document<'a>, schema: &Schema<'a>, list: &List<'a>) -> Option<&'a Value> {
    let peeled = document.peel_through(list.only()?);
    // Null would have to be compared with the one beside the alternatives.
    let plain = says_only(schema, &KEYS) && !peeled.says("nullable");
    plain.then_some(peeled.target)
}

/// The values of a list, or of alternatives that are lists; none when anything else is said.
fn listed<'a>(
    document: &Document<'a>,
    schema: &Schema<'a>,
    list: &List<'a>,
) -> Option<Vec<&'a Value>> {
    if list.is_empty() {
        let plain = says_only(schema, &["type", "enum", "allOf", "$ref"]);
        return enums::allowed(schema).filter(|_| plain);
    }
    if !says_only(schema, &["type", "oneOf", "anyOf"]) {
        return None;
    }
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    for variant in &list.kept {
        let set = Set::at(document, variant);
        if set.schema.nullable || !says_only(&set.schema, &["type", "enum"]) {
            return None;
        }
        let values = enums::allowed(&set.schema).filter(|values| !values.is_empty())?;
        for value in values {
            let is_new = seen.insert(canonical(value));
            if !is_new && list.key == "oneOf" {
                // A value that two alternatives list is refused.
                return None;
            }
            all.push(value);
        }
    }
    Some(all)
}

fn set<'v>(values: &[&'v Value]) -> HashSet<std::borrow::Cow<'v, Value>> {
    values.iter().map(|value| canonical(value)).collect()
}

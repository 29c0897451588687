//! Lists of allowed values.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::keywords::{Pair, canonical, keyword};
use super::types::Type;
use crate::compare::context::Findings;
use crate::compare::fact::{Fact, brief, quoted};
use crate::read::Schema;
use crate::rules;

/// The values that every list allows, each once; null is a matter of `nullable`.
pub(super) fn allowed<'a>(schema: &Schema<'a>) -> Option<Vec<&'a Value>> {
    let mut lists = schema.all("enum").filter_map(Value::as_array);
    let first = lists.next()?;
    let rest: Vec<HashSet<Cow<'_, Value>>> = lists
        .map(|list| list.iter().map(canonical).collect())
        .collect();
    let mut seen = HashSet::new();
    let values = first.iter().filter(|value| !value.is_null());
    let everywhere = |value: &&Value| rest.iter().all(|list| list.contains(&canonical(value)));
    Some(
        values
            .filter(everywhere)
            .filter(|value| seen.insert(canonical(value)))
            .collect(),
    )
}

/// Compares the allowed values.
pub(super) fn compare<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    types: (Type<'a>, Type<'a>),
) {
    let (left, right) = pair;
    let malformed = |schema: &Schema<'a>| schema.all("enum").any(|list| !list.is_array());
    if malformed(left) || malformed(right) {
        let text = "enum is not a list";
        found.report(keyword(&rules::UNCLASSIFIED, "enum", pair, text));
        return;
    }
    let (before, after) = match (allowed(left), allowed(right)) {
        (None, None) => return,
        (None, Some(values)) | (Some(values), None)
            if types.0 == Type::Named("boolean") && types.1 == types.0 && is_both(&values) =>
        {
            let text = "both booleans are listed";
            found.report(keyword(&rules::RESTATED, "enum", pair, text));
            return;
        }
        (None, Some(_)) => {
            let text = "only values of a list are allowed";
            found.report(keyword(&rules::ENUM_INTRODUCED, "enum", pair, text));
            return;
        }
        (Some(_), None) => {
            let text = "any value is allowed, not only those of a list";
            found.report(keyword(&rules::ENUM_DROPPED, "enum", pair, text));
            return;
        }
        (Some(before), Some(after)) => (before, after),
    };
    let reports = found.count();
    let both = (before, after);
    differences(found, pair, &both);
    let length = |schema: &Schema<'a>| -> usize {
        let lists = schema.all("enum").filter_map(Value::as_array);
        lists.map(Vec::len).sum()
    };
    let respelled = || {
        let after: HashSet<&Value> = both.1.iter().copied().collect();
        both.0.iter().any(|value| !after.contains(value))
    };
    if found.count() == reports && (length(left) != length(right) || respelled()) {
        let text = "the same values are listed in another way";
        found.report(keyword(&rules::RESTATED, "enum", pair, text));
    }
}

/// True when a list has both booleans.
fn is_both(values: &[&Value]) -> bool {
    [true, false]
        .map(Value::from)
        .iter()
        .all(|value| values.contains(&value))
}

/// Compares two lists of values, wherever they stand.
pub(super) fn differences<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (before, after): &(Vec<&'a Value>, Vec<&'a Value>),
) {
    let (left, right) = pair;
    let old: HashSet<Cow<'_, Value>> = before.iter().map(|value| canonical(value)).collect();
    let new: HashSet<Cow<'_, Value>> = after.iter().map(|value| canonical(value)).collect();
    for value in before
        .iter()
        .filter(|value| !new.contains(&canonical(value)))
    {
        let text = format!("the value {} is gone", quoted(value));
        let near = right.get("enum").unwrap_or(right.place);
        let fact = Fact::removed(&rules::ENUM_VALUE_REMOVED, value, near, text);
        found.report(fact.about(brief(value)));
    }
    for value in after
        .iter()
        .filter(|value| !old.contains(&canonical(value)))
    {
        let text = format!("the value {} is new", quoted(value));
        let near = left.get("enum").unwrap_or(left.place);
        let fact = Fact::added(&rules::ENUM_VALUE_ADDED, value, near, text);
        found.report(fact.about(brief(value)));
    }
}

//! Lists of allowed values.

use serde_json::Value;

use super::view::{self, View};
use crate::compare::Comparison;
use crate::fact::{Fact, brief};
use crate::graph::NodeId;
use crate::rules;

/// The values that every list allows; null is a matter of `nullable`.
fn allowed<'a>(view: &View<'a>) -> Option<Vec<&'a Value>> {
    let mut lists = view.all("enum").filter_map(Value::as_array);
    let first = lists.next()?;
    let rest: Vec<_> = lists.collect();
    let values = first.iter().filter(|value| !value.is_null());
    let everywhere = |value: &&Value| rest.iter().all(|list| list.contains(value));
    Some(values.filter(everywhere).collect())
}

/// Compares the allowed values.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) {
    let malformed = |view: &View<'a>| view.all("enum").any(|list| !list.is_array());
    if malformed(left) || malformed(right) {
        let text = "enum is no list";
        let fact = view::fact(&rules::UNCLASSIFIED, "enum", left, right, text);
        comparison.report(node, fact);
        return;
    }
    let (before, after) = match (allowed(left), allowed(right)) {
        (None, None) => return,
        (None, Some(_)) => {
            let text = "only values of a list are allowed";
            let fact = view::fact(&rules::ENUM_INTRODUCED, "enum", left, right, text);
            comparison.report(node, fact);
            return;
        }
        (Some(_), None) => {
            let text = "any value is allowed, not only those of a list";
            let fact = view::fact(&rules::ENUM_DROPPED, "enum", left, right, text);
            comparison.report(node, fact);
            return;
        }
        (Some(before), Some(after)) => (before, after),
    };
    let reports = comparison.reports();
    for value in before.iter().filter(|value| !after.contains(value)) {
        let text = format!("the value {} is gone", brief(value));
        let near = right.get("enum").unwrap_or(right.place);
        let fact = Fact::removed(&rules::ENUM_VALUE_REMOVED, value, near, text);
        comparison.report(node, fact.about(brief(value)));
    }
    for value in after.iter().filter(|value| !before.contains(value)) {
        let text = format!("the value {} is new", brief(value));
        let near = left.get("enum").unwrap_or(left.place);
        let fact = Fact::added(&rules::ENUM_VALUE_ADDED, value, near, text);
        comparison.report(node, fact.about(brief(value)));
    }
    let length = |view: &View<'a>| -> usize {
        view.all("enum")
            .filter_map(Value::as_array)
            .map(Vec::len)
            .sum()
    };
    if comparison.reports() == reports && length(left) != length(right) {
        let text = "the same values are listed in another way";
        let fact = view::fact(&rules::RESTATED, "enum", left, right, text);
        comparison.report(node, fact);
    }
}

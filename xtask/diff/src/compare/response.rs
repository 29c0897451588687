//! Responses: which statuses an operation has, and what each of them carries.

use serde_json::{Map, Value};

use super::fields::{members, other_field, union, well_typed};
use super::operation::Scope;
use super::{Comparison, Kind, body};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// Compares the responses of two operations.
pub(super) fn compare_lists<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &'a Value,
    new: &'a Value,
) {
    if old.get("responses").is_none() && new.get("responses").is_none() {
        return;
    }
    if !well_typed(old, new, "responses", Value::is_object) {
        if old.get("responses") != new.get("responses") {
            let text = "responses are no map";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "responses", old, new, text);
            comparison.report(scope.node, fact);
        }
        return;
    }
    let before = comparison.reports();
    let map = |side: &'a Value| side.get("responses").and_then(Value::as_object);
    match (map(old), map(new)) {
        (Some(left), Some(right)) => {
            let near = (
                old.get("responses").unwrap_or(old),
                new.get("responses").unwrap_or(new),
            );
            statuses(comparison, scope, (left, right), near);
        }
        _ => {
            for (status, response) in members(old, "responses") {
                gone(comparison, scope.node, status, response, new);
            }
            for (status, response) in members(new, "responses") {
                come(comparison, scope.node, status, response, old);
            }
            if comparison.reports() == before {
                let text = "an empty map of responses comes or goes";
                let fact = Fact::keyword(&rules::RESTATED, "responses", old, new, text);
                comparison.report(scope.node, fact);
            }
        }
    }
}

fn statuses<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    (left, right): (&'a Map<String, Value>, &'a Map<String, Value>),
    near: (&'a Value, &'a Value),
) {
    let (mut lost, mut found) = (Vec::new(), Vec::new());
    for status in union(left, right) {
        match (left.get(status), right.get(status)) {
            (before, after) if status.starts_with("x-") => {
                if before != after {
                    let fact = other_field(status, (near.0, before), (near.1, after));
                    comparison.report(scope.node, fact);
                }
            }
            (Some(before), Some(after)) => {
                comparison.enter(scope, Direction::Response, Kind::Response, before, after);
            }
            (Some(before), None) => lost.push((status, before)),
            (None, Some(after)) => found.push((status, after)),
            (None, None) => {}
        }
    }
    for (status, before) in &lost {
        if let Some((exact, _)) = found.iter().find(|(other, _)| covers(status, other)) {
            let text = format!("of {status} only {exact} is left");
            let rule = &rules::SUCCESS_STATUS_NARROWED;
            let fact = Fact::removed(rule, before, near.1, text);
            let fact = fact.about(*status).values(*status, *exact);
            comparison.report(scope.node, fact);
        } else if !found.iter().any(|(range, _)| covers(range, status)) {
            gone(comparison, scope.node, status, before, near.1);
        }
    }
    for (status, after) in &found {
        if !lost.iter().any(|(other, _)| covers(other, status)) {
            come(comparison, scope.node, status, after, near.0);
        }
    }
    // One success in another's place carries the body that the other one carried.
    let success = |list: &[(&str, &'a Value)]| {
        let mut all = list.iter().filter(|(status, _)| is_success(status));
        let first = all.next().map(|(_, response)| *response);
        first.filter(|_| all.next().is_none())
    };
    if let (Some(before), Some(after)) = (success(&lost), success(&found)) {
        comparison.enter(scope, Direction::Response, Kind::Response, before, after);
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// A range such as 2XX covers an exact success status.
fn covers(range: &str, status: &str) -> bool {
    is_success(range)
        && range.to_ascii_uppercase().ends_with("XX")
        && status.get(..1) == range.get(..1)
        && status != range
}

fn gone<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    status: &str,
    response: &'a Value,
    near: &'a Value,
) {
    let (rule, text) = if is_success(status) {
        let text = format!("the success status {status} is gone");
        (&rules::SUCCESS_STATUS_REMOVED, text)
    } else {
        let text = format!("the error status {status} is no longer documented");
        (&rules::ERROR_STATUS_REMOVED, text)
    };
    let fact = Fact::removed(rule, response, near, text);
    comparison.report(node, fact.about(status));
}

fn come<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    status: &str,
    response: &'a Value,
    near: &'a Value,
) {
    let (rule, text) = if is_success(status) {
        let text = format!("the success status {status} is new");
        (&rules::SUCCESS_STATUS_ADDED, text)
    } else {
        let text = format!("the error status {status} is new");
        (&rules::ERROR_STATUS_ADDED, text)
    };
    let fact = Fact::added(rule, response, near, text);
    comparison.report(node, fact.about(status));
}

/// Compares two responses.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    let filled = |side: &'a Value| {
        let content = side.get("content")?;
        (!content.as_object()?.is_empty()).then_some(content)
    };
    match (filled(old), filled(new)) {
        (Some(content), None) if well_typed(old, new, "content", Value::is_object) => {
            let text = "the response has no body any more";
            let fact = Fact::removed(&rules::RESPONSE_BODY_REMOVED, content, new, text);
            comparison.report(node, fact);
        }
        (None, Some(content)) if well_typed(old, new, "content", Value::is_object) => {
            let text = "the response has a body now";
            let fact = Fact::added(&rules::RESPONSE_BODY_ADDED, content, old, text);
            comparison.report(node, fact);
        }
        _ => body::contents(comparison, node, (old, new)),
    }
    body::headers(comparison, node, (old, new));
    if old.get("links") != new.get("links") {
        let text = "the links are different";
        let fact = Fact::keyword(&rules::LINK_CHANGED, "links", old, new, text);
        comparison.report(node, fact);
    }
    comparison.remaining(node, (old, new), &["content", "headers", "links"]);
}

//! Responses: the statuses of an operation, and their bodies and headers.

use serde_json::{Map, Value};

use super::context::{Findings, Kind, Sides};
use super::direction::Via;
use super::fact::Fact;
use super::fields::{members, other_field, union, well_typed};
use super::{body, media};
use crate::rules;

/// Compares the responses of two operations.
pub(super) fn compare_lists<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&'a Value, &'a Value),
) {
    if old.get("responses").is_none() && new.get("responses").is_none() {
        return;
    }
    if !well_typed(old, new, "responses", Value::is_object) {
        if old.get("responses") != new.get("responses") {
            let text = "responses are not a map";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "responses", old, new, text);
            found.report(fact);
        }
        return;
    }
    let before = found.count();
    let map = |side: &'a Value| side.get("responses").and_then(Value::as_object);
    match (map(old), map(new)) {
        (Some(left), Some(right)) => {
            let near = (
                old.get("responses").unwrap_or(old),
                new.get("responses").unwrap_or(new),
            );
            statuses(sides, found, via, (left, right), near);
        }
        _ => {
            for (status, response) in members(old, "responses") {
                removed(found, status, response, new);
            }
            for (status, response) in members(new, "responses") {
                added(found, status, response, old);
            }
            if found.count() == before {
                let text = "an empty map of responses comes or goes";
                let fact = Fact::keyword(&rules::RESTATED, "responses", old, new, text);
                found.report(fact);
            }
        }
    }
}

fn statuses<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (left, right): (&'a Map<String, Value>, &'a Map<String, Value>),
    near: (&'a Value, &'a Value),
) {
    let (mut lost, mut new_ones) = (Vec::new(), Vec::new());
    for status in union(left, right) {
        if status.starts_with("x-") {
            let (before, after) = (left.get(status), right.get(status));
            if before != after {
                let fact = other_field(status, (near.0, before), (near.1, after));
                found.report(fact);
            }
            continue;
        }
        if let Some((former, before)) = in_other_case(left, right, status) {
            let text = format!("the status {former} is written as {status}");
            let after = right.get(status).unwrap_or(near.1);
            let fact = Fact::changed(&rules::RESTATED, before, after, text);
            found.report(fact.about(status).values(former, status));
            found.enter(sides, Kind::Response, via, (before, after));
            continue;
        }
        if in_other_case(right, left, status).is_some() {
            continue;
        }
        match (left.get(status), right.get(status)) {
            (Some(before), Some(after)) => {
                found.enter(sides, Kind::Response, via, (before, after));
            }
            (Some(before), None) => lost.push((status, before)),
            (None, Some(after)) => new_ones.push((status, after)),
            (None, None) => {}
        }
    }
    for (status, before) in &lost {
        if let Some((exact, _)) = new_ones.iter().find(|(other, _)| covers(status, other)) {
            let text = format!("of {status} only {exact} is left");
            let rule = &rules::SUCCESS_STATUS_NARROWED;
            let fact = Fact::removed(rule, before, near.1, text);
            let fact = fact.about(*status).values(*status, *exact);
            found.report(fact);
        } else if !new_ones.iter().any(|(range, _)| covers(range, status)) {
            removed(found, status, before, near.1);
        }
    }
    for (status, after) in &new_ones {
        if !lost.iter().any(|(other, _)| covers(other, status)) {
            added(found, status, after, near.0);
        }
    }
    // An error that is no longer documented by itself is what its range or the default says, and one
    // that is new was.
    for (status, before) in lost.iter().filter(|(status, _)| !is_success(status)) {
        if let Some(after) = described_by(right, status) {
            found.enter(sides, Kind::Response, via, (before, after));
        }
    }
    for (status, after) in new_ones.iter().filter(|(status, _)| !is_success(status)) {
        if let Some(before) = described_by(left, status) {
            found.enter(sides, Kind::Response, via, (before, after));
        }
    }
    // One success in another's place carries the body that the other one carried.
    let success = |list: &[(&str, &'a Value)]| {
        let mut all = list.iter().filter(|(status, _)| is_success(status));
        let first = all.next().map(|(_, response)| *response);
        first.filter(|_| all.next().is_none())
    };
    if let (Some(before), Some(after)) = (success(&lost), success(&new_ones)) {
        found.enter(sides, Kind::Response, via, (before, after));
    }
}

/// The range on one side that is written in another case on the other side, such as `4xx` and `4XX`.
fn in_other_case<'a>(
    side: &'a Map<String, Value>,
    other: &Map<String, Value>,
    range: &str,
) -> Option<(&'a str, &'a Value)> {
    if !is_range(range) || side.contains_key(range) || !other.contains_key(range) {
        return None;
    }
    let mut same = side
        .iter()
        .filter(|(one, _)| one.eq_ignore_ascii_case(range) && !other.contains_key(*one));
    same.next().map(|(one, response)| (one.as_str(), response))
}

/// The response that describes an error status without an entry of its own.
fn described_by<'a>(responses: &'a Map<String, Value>, status: &str) -> Option<&'a Value> {
    let mut ranges = responses.iter().filter(|(range, _)| spans(range, status));
    let range = ranges.next().map(|(_, response)| response);
    range.or_else(|| responses.get("default").filter(|_| status != "default"))
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Redirects and interim answers are neither successes nor errors.
fn is_other(status: &str) -> bool {
    status.starts_with(['1', '3'])
}

/// A range of statuses of successes, redirects or notices contains an exact one.
fn covers(range: &str, status: &str) -> bool {
    (is_success(range) || is_other(range)) && spans(range, status)
}

/// A range such as 4XX.
fn is_range(status: &str) -> bool {
    let digits = status.get(1..);
    digits.is_some_and(|digits| digits.eq_ignore_ascii_case("XX"))
}

/// A range such as 4XX contains an exact status.
fn spans(range: &str, status: &str) -> bool {
    is_range(range) && status.get(..1) == range.get(..1) && status != range
}

fn removed<'a>(found: &mut Findings<'a>, status: &str, response: &'a Value, near: &'a Value) {
    let (rule, text) = if is_success(status) {
        let text = format!("the success status {status} is gone");
        (&rules::SUCCESS_STATUS_REMOVED, text)
    } else if is_other(status) {
        let text = format!("the documentation drops the status {status}");
        (&rules::OTHER_STATUS_REMOVED, text)
    } else {
        let text = format!("the documentation drops the error status {status}");
        (&rules::ERROR_STATUS_REMOVED, text)
    };
    let fact = Fact::removed(rule, response, near, text);
    found.report(fact.about(status));
}

fn added<'a>(found: &mut Findings<'a>, status: &str, response: &'a Value, near: &'a Value) {
    let (rule, text) = if is_success(status) {
        let text = format!("the success status {status} is new");
        (&rules::SUCCESS_STATUS_ADDED, text)
    } else if is_other(status) {
        let text = format!("the status {status} is new");
        (&rules::OTHER_STATUS_ADDED, text)
    } else {
        let text = format!("the error status {status} is new");
        (&rules::ERROR_STATUS_ADDED, text)
    };
    let fact = Fact::added(rule, response, near, text);
    found.report(fact.about(status));
}

/// Compares two responses.
pub(super) fn compare<'a>(sides: &Sides<'a>, (old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    let filled = |side: &'a Value| {
        let content = side.get("content")?;
        (!content.as_object()?.is_empty()).then_some(content)
    };
    match (filled(old), filled(new)) {
        (Some(content), None) if well_typed(old, new, "content", Value::is_object) => {
            let text = "the response has no body any more";
            let fact = Fact::removed(&rules::RESPONSE_BODY_REMOVED, content, new, text);
            found.report(fact);
        }
        (None, Some(content)) if well_typed(old, new, "content", Value::is_object) => {
            let text = "the response has a body now";
            let fact = Fact::added(&rules::RESPONSE_BODY_ADDED, content, old, text);
            found.report(fact);
        }
        _ => media::contents(sides, &mut found, (old, new)),
    }
    body::headers(sides, &mut found, (old, new));
    if old.get("links") != new.get("links") {
        let text = "the links are different";
        let fact = Fact::keyword(&rules::LINK_CHANGED, "links", old, new, text);
        found.report(fact);
    }
    found.remaining((old, new), &["content", "headers", "links"]);
    found
}

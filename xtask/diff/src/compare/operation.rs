//! Comparison of operations and of the requests of callbacks.

use serde_json::Value;

use super::context::{Findings, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::fields::{entries, same_set, well_typed};
use super::{body, parameter, response};
use crate::read::Operation;
use crate::rules;

/// The way of a request and of a response; in a callback the server makes the request.
#[derive(Clone, Copy)]
pub(super) struct Ways {
    pub(super) request: Via,
    response: Via,
}

impl Ways {
    pub(super) const CALL: Self = Self {
        request: Via::Into(Direction::Request),
        response: Via::Into(Direction::Response),
    };
    pub(super) const CALLBACK: Self = Self {
        request: Via::Into(Direction::Response),
        response: Via::Into(Direction::Request),
    };
}

/// Compares everything that callbacks have as well.
pub(super) fn contents<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    ways: Ways,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    let pair = (old.value, new.value);
    names(found, pair);
    lifecycle(found, pair);
    let before = found.count();
    parameter::compare_lists(sides, found, ways.request, (old, new));
    body::compare_requests(sides, found, ways.request, pair);
    found.file_under(ways.request, before);
    let before = found.count();
    response::compare_lists(sides, found, ways.response, pair);
    found.file_under(ways.response, before);
    tags(found, pair);
    let handled = [
        "operationId",
        "deprecated",
        "x-sunset",
        "parameters",
        "requestBody",
        "responses",
        "security",
        "tags",
        "servers",
        "callbacks",
    ];
    found.remaining(pair, &handled);
}

fn names<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    if old.get("operationId") == new.get("operationId") {
        return;
    }
    let (rule, text) = if well_typed(old, new, "operationId", Value::is_string) {
        (&rules::OPERATION_RENAMED, "the operation id is another one")
    } else {
        (&rules::UNCLASSIFIED, "the operation id is not a string")
    };
    found.report(Fact::keyword(rule, "operationId", old, new, text));
}

/// Deprecation and the date of removal.
fn lifecycle<'a>(found: &mut Findings<'a>, pair: (&'a Value, &'a Value)) {
    let (old, new) = pair;
    let (before, after) = found.flag(pair, "deprecated", false);
    let sunset = new.get("x-sunset").and_then(Value::as_str);
    let text = match sunset {
        Some(sunset) => format!("the operation is deprecated and ends on {sunset}"),
        None => "the operation is deprecated, without a sunset date".to_owned(),
    };
    if !before && after {
        let rule = &rules::OPERATION_DEPRECATED;
        found.report(Fact::keyword(rule, "deprecated", old, new, text));
    } else if before && !after {
        let rule = &rules::OPERATION_UNDEPRECATED;
        let text = "the operation is no longer deprecated";
        found.report(Fact::keyword(rule, "deprecated", old, new, text));
    }
    let (old_date, new_date) = (old.get("x-sunset"), new.get("x-sunset"));
    if old_date == new_date {
        return;
    }
    let earlier = match (old_date.and_then(Value::as_str), sunset) {
        (Some(before), Some(after)) => after < before,
        _ => false,
    };
    let (rule, text) = if earlier {
        (&rules::SUNSET_EARLIER, "the sunset date comes earlier")
    } else {
        (&rules::SUNSET_CHANGED, "the sunset date is different")
    };
    found.report(Fact::keyword(rule, "x-sunset", old, new, text));
}

fn tags<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    if old.get("tags") == new.get("tags") {
        return;
    }
    if !well_typed(old, new, "tags", Value::is_array) {
        let text = "tags are not a list";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "tags", old, new, text);
        found.report(fact);
        return;
    }
    let (before, after) = (entries(old, "tags"), entries(new, "tags"));
    if !same_set(before, after) || before.len() != after.len() || before.is_empty() {
        let text = "the tags are different";
        let fact = Fact::keyword(&rules::TAGS_CHANGED, "tags", old, new, text);
        found.report(fact);
    }
}

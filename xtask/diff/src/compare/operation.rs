//! One operation against its successor.

use serde_json::Value;

use super::fields::{entries, same_set, well_typed};
use super::paths::{Operation, shape};
use super::{Comparison, body, callback, parameter, response, security};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// Which report entry an operation belongs to, and which way its requests go.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) number: usize,
    pub(super) node: NodeId,
    /// Callbacks are requests of the server: what is sent and received is reversed.
    pub(super) callback: bool,
}

impl Scope {
    pub(super) fn direction(self, direction: Direction) -> Direction {
        if self.callback {
            direction.reversed()
        } else {
            direction
        }
    }
}

pub(super) fn removed<'a>(
    comparison: &mut Comparison<'a>,
    operation: &Operation<'a>,
    near: &'a Value,
) {
    let (_, node) = comparison.operation(operation.label());
    let sunset = operation.value.get("x-sunset").and_then(Value::as_str);
    let today = comparison.options.today.as_str();
    let deprecated = operation.value.get("deprecated") == Some(&Value::Bool(true));
    let announced = deprecated && sunset.is_some_and(|sunset| sunset <= today);
    let fact = match sunset {
        Some(sunset) if announced => Fact::removed(
            &rules::OPERATION_REMOVED_AFTER_SUNSET,
            operation.value,
            near,
            format!("the operation is gone, as announced for {sunset}"),
        ),
        Some(sunset) if deprecated => Fact::removed(
            &rules::OPERATION_REMOVED,
            operation.value,
            near,
            format!("the operation is gone before its sunset on {sunset}"),
        ),
        _ => Fact::removed(
            &rules::OPERATION_REMOVED,
            operation.value,
            near,
            "the operation is gone",
        ),
    };
    comparison.report(node, fact);
}

pub(super) fn added<'a>(
    comparison: &mut Comparison<'a>,
    operation: &Operation<'a>,
    near: &'a Value,
) {
    let (_, node) = comparison.operation(operation.label());
    let text = "the operation is new";
    let fact = Fact::added(&rules::OPERATION_ADDED, operation.value, near, text);
    comparison.report(node, fact);
}

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let (number, node) = comparison.operation(new.label());
    let scope = Scope {
        number,
        node,
        callback: false,
    };
    if shape(old.path) != shape(new.path) || old.method != new.method {
        let text = format!("{} is now {}", old.label(), new.label());
        let fact = Fact::changed(&rules::OPERATION_MOVED, old.value, new.value, text);
        comparison.report(node, fact.values(old.label(), new.label()));
    }
    contents(comparison, scope, old, new);
    security::compare(comparison, scope, old.value, new.value);
    callback::compare(comparison, scope, old.value, new.value);
}

/// Everything that callbacks have as well.
pub(super) fn contents<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let node = scope.node;
    let pair = (old.value, new.value);
    names(comparison, node, pair);
    life(comparison, node, pair);
    parameter::compare_lists(comparison, scope, old, new);
    body::compare_requests(comparison, scope, old.value, new.value);
    response::compare_lists(comparison, scope, old.value, new.value);
    tags(comparison, node, pair);
    super::root::servers(comparison, node, pair);
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
    comparison.remaining(node, pair, &handled);
}

fn names<'a>(comparison: &mut Comparison<'a>, node: NodeId, (old, new): (&'a Value, &'a Value)) {
    if old.get("operationId") == new.get("operationId") {
        return;
    }
    let (rule, text) = if well_typed(old, new, "operationId", Value::is_string) {
        (&rules::OPERATION_RENAMED, "the operation id is another one")
    } else {
        (&rules::UNCLASSIFIED, "the operation id is no string")
    };
    comparison.report(node, Fact::keyword(rule, "operationId", old, new, text));
}

/// Deprecation and the date of removal.
fn life<'a>(comparison: &mut Comparison<'a>, node: NodeId, pair: (&'a Value, &'a Value)) {
    let (old, new) = pair;
    let (before, after) = comparison.flag(node, pair, "deprecated", false);
    let sunset = new.get("x-sunset").and_then(Value::as_str);
    let text = match sunset {
        Some(sunset) => format!("the operation is deprecated and ends on {sunset}"),
        None => "the operation is deprecated, without a sunset date".to_owned(),
    };
    if !before && after {
        let rule = &rules::OPERATION_DEPRECATED;
        comparison.report(node, Fact::keyword(rule, "deprecated", old, new, text));
    } else if before && !after {
        let rule = &rules::OPERATION_UNDEPRECATED;
        let text = "the operation is no longer deprecated";
        comparison.report(node, Fact::keyword(rule, "deprecated", old, new, text));
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
    comparison.report(node, Fact::keyword(rule, "x-sunset", old, new, text));
}

fn tags<'a>(comparison: &mut Comparison<'a>, node: NodeId, (old, new): (&'a Value, &'a Value)) {
    if old.get("tags") == new.get("tags") {
        return;
    }
    if !well_typed(old, new, "tags", Value::is_array) {
        let text = "tags are no list";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "tags", old, new, text);
        comparison.report(node, fact);
        return;
    }
    let (before, after) = (entries(old, "tags"), entries(new, "tags"));
    if !same_set(before, after) || before.len() != after.len() || before.is_empty() {
        let text = "the tags are different";
        let fact = Fact::keyword(&rules::TAGS_CHANGED, "tags", old, new, text);
        comparison.report(node, fact);
    }
}

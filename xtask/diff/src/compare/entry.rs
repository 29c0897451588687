//! One operation against its successor, as an entry of the report.

use serde_json::Value;

use super::context::{Entry, Findings, Kind, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::operation::{Ways, contents};
use super::{callback, security, servers};
use crate::read::{Operation, shape};
use crate::rules;

pub(super) fn removed<'a>(
    sides: &Sides<'a>,
    operation: &Operation<'a>,
    near: &'a Value,
) -> Entry<'a> {
    let mut found = Findings::default();
    let sunset = operation.value.get("x-sunset").and_then(Value::as_str);
    let deprecated = operation.value.get("deprecated") == Some(&Value::Bool(true));
    let announced =
        deprecated && sunset.is_some_and(|sunset| sunset <= sides.options.today.as_str());
    let (rule, text) = match sunset {
        Some(sunset) if announced => (
            &rules::OPERATION_REMOVED_AFTER_SUNSET,
            format!("the operation is gone, as announced for {sunset}"),
        ),
        Some(sunset) if deprecated => (
            &rules::OPERATION_REMOVED,
            format!("the operation is gone before its sunset on {sunset}"),
        ),
        _ => (
            &rules::OPERATION_REMOVED,
            "the operation is gone".to_owned(),
        ),
    };
    found.report(Fact::removed(rule, operation.value, near, text));
    Entry {
        label: operation.label(),
        findings: found,
    }
}

pub(super) fn added<'a>(operation: &Operation<'a>, near: &'a Value) -> Entry<'a> {
    let mut found = Findings::default();
    let text = "the operation is new";
    found.report(Fact::added(
        &rules::OPERATION_ADDED,
        operation.value,
        near,
        text,
    ));
    Entry {
        label: operation.label(),
        findings: found,
    }
}

pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) -> Entry<'a> {
    let mut found = Findings::default();
    let same_path = sides.key(old.path) == sides.key(new.path);
    let by_prefix = || {
        let path = sides.moved.as_ref().and_then(|moved| moved.path(old.path));
        path.is_some_and(|path| shape(&path) == shape(new.path))
    };
    if old.method != new.method || !(same_path || by_prefix()) {
        let text = format!("{} is now {}", old.label(), new.label());
        let fact = Fact::changed(&rules::OPERATION_MOVED, old.value, new.value, text);
        found.report(fact.values(old.label(), new.label()));
    }
    contents(sides, &mut found, Ways::CALL, (old, new));
    servers::in_effect(sides, &mut found, (old, new));
    security::compare(sides, &mut found, (old.value, new.value));
    callback::compare(sides, &mut found, (old.value, new.value));
    let request = Via::Into(Direction::Request);
    if same_path {
        found.link_via(Kind::Item, request, old.item, new.item);
    }
    Entry {
        label: new.label(),
        findings: found,
    }
}

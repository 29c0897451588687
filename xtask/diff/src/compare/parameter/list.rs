//! Pairs the parameters of two operations.

use serde_json::Value;

use super::effective::{Parameter, effective};
use super::group::{extended, member, ungrouped};
use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::{Direction, Via};
use crate::compare::fact::Fact;
use crate::compare::fields::well_typed;
use crate::read::{Operation, equivalent, shape};
use crate::rules;

/// Text about a parameter for a header that media types and security describe.
const IGNORED: &str = "OpenAPI ignores parameters of this name";

/// Compares the parameters of two operations.
pub(crate) fn compare_lists<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    if !well_typed(old.value, new.value, "parameters", Value::is_array) {
        let text = "parameters are not a list";
        let rule = &rules::UNCLASSIFIED;
        found.report(Fact::keyword(
            rule,
            "parameters",
            old.value,
            new.value,
            text,
        ));
        return;
    }
    let before = found.count();
    let left = effective(&sides.old, old);
    let mut right = effective(&sides.new, new);
    let mut gone = Vec::new();
    let may_move = shape(old.path) == shape(new.path) && !types_stay(sides, (&left, &right));
    for parameter in left {
        let moved = right
            .iter()
            .position(|other| may_move && has_moved(&parameter, other));
        if let Some(index) = moved {
            let other = right.remove(index);
            let text = format!("the placeholder {} has another position", parameter.name);
            let rule = &rules::PARAMETER_MOVED;
            let fact = Fact::changed(rule, parameter.site, other.site, text);
            found.report(fact.about(parameter.name).values(old.path, new.path));
            pair(sides, found, via, (&parameter, &other));
            continue;
        }
        match right.iter().position(|other| other.key == parameter.key) {
            Some(index) => pair(sides, found, via, (&parameter, &right.remove(index))),
            None => gone.push(parameter),
        }
    }
    let mut groups: Vec<&str> = Vec::new();
    for parameter in gone {
        if let Some(index) = right.iter().position(|other| other.name == parameter.name) {
            pair(sides, found, via, (&parameter, &right.remove(index)));
        } else if right
            .iter()
            .any(|other| member(&sides.old, &parameter, other).is_some())
        {
            ungrouped(sides, found, via, &parameter, &mut right);
        } else if let Some(group) = right
            .iter()
            .find_map(|other| member(&sides.new, other, &parameter))
        {
            groups.push(group.name);
            let text = format!("the parameter {} is part of {}", parameter.name, group.name);
            let fact = Fact::changed(&rules::PARAMETER_GROUPED, parameter.site, group.site, text);
            found.report(
                fact.about(parameter.name)
                    .values(parameter.name, group.name),
            );
            if let Some(schema) = parameter.value.get("schema") {
                found.link_via(Kind::Schema, via, schema, group.schema);
            }
        } else {
            found.report(removed(&parameter, via, new.value));
        }
    }
    for parameter in right {
        if groups.contains(&parameter.name) {
            extended(sides, found, &parameter, (old, new));
            continue;
        }
        if parameter.is_ignored() {
            let fact = Fact::added(&rules::RESTATED, parameter.site, old.value, IGNORED);
            found.report(fact.about(parameter.name));
            continue;
        }
        let (rule, kind) = if parameter.required() {
            (&rules::PARAMETER_ADDED_REQUIRED, "required")
        } else {
            (&rules::PARAMETER_ADDED_OPTIONAL, "optional")
        };
        let text = format!("the {kind} parameter {} is new", parameter.name);
        found.report(Fact::added(rule, parameter.site, old.value, text).about(parameter.name));
    }
    spelling(found, (old.value, new.value), before);
}

fn removed<'a>(parameter: &Parameter<'a>, via: Via, near: &'a Value) -> Fact<'a> {
    let is_received = matches!(via, Via::Into(Direction::Response));
    let text = || format!("the parameter {} is gone", parameter.name);
    let (rule, text) = if parameter.is_ignored() {
        (&rules::RESTATED, IGNORED.to_owned())
    } else if is_received && parameter.required() {
        (&rules::PARAMETER_NO_LONGER_SENT, text())
    } else {
        (&rules::PARAMETER_REMOVED, text())
    };
    Fact::removed(rule, parameter.site, near, text).about(parameter.name)
}

/// True for the placeholder of the same name at another position of the path.
fn has_moved(old: &Parameter<'_>, new: &Parameter<'_>) -> bool {
    let in_path = |one: &Parameter<'_>| one.key.starts_with("path ");
    old.name == new.name && old.key != new.key && in_path(old) && in_path(new)
}

/// True when placeholders that have swapped their names have the types of their positions: the names
/// are never sent.
fn types_stay(sides: &Sides<'_>, (left, right): (&[Parameter<'_>], &[Parameter<'_>])) -> bool {
    let mut moved = left.iter().flat_map(|old| {
        let same_name = right.iter().filter(move |new| has_moved(old, new));
        same_name.map(move |new| (old, new))
    });
    let is_same = |old: &Parameter<'_>, new: &Parameter<'_>| {
        let schemas = (old.value.get("schema"), new.value.get("schema"));
        matches!(schemas, (Some(before), Some(after))
            if equivalent((&sides.old, before), (&sides.new, after)))
    };
    let stays = |old: &Parameter<'_>| {
        let mut others = right.iter().filter(|new| new.key == old.key);
        others.any(|new| is_same(old, new))
    };
    let mut placed = left.iter().filter(|old| old.key.starts_with("path "));
    moved.any(|(old, new)| !is_same(old, new)) && placed.all(stays)
}

/// An empty list or a duplicate means nothing, and is reported all the same.
fn spelling<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value), before: usize) {
    let (left, right) = (old.get("parameters"), new.get("parameters"));
    let count = |list: Option<&Value>| list.and_then(Value::as_array).map(Vec::len);
    if count(left) != count(right) && found.count() == before {
        let text = "the list of parameters is written differently";
        found.report(Fact::keyword(
            &rules::RESTATED,
            "parameters",
            old,
            new,
            text,
        ));
    }
}

fn pair<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&Parameter<'a>, &Parameter<'a>),
) {
    if old.of_path != new.of_path {
        let text = "the parameter is declared on the other level";
        let rule = &rules::PARAMETER_LEVEL_CHANGED;
        found.report(Fact::changed(rule, old.site, new.site, text));
    }
    if old.is_ignored() && new.is_ignored() {
        if old.value != new.value {
            let fact = Fact::changed(&rules::RESTATED, old.site, new.site, IGNORED);
            found.report(fact.about(old.name));
        }
        return;
    }
    found.enter(sides, Kind::Parameter, via, (old.site, new.site));
}

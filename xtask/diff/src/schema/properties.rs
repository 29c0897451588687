//! Properties: which exist, which are required, what else is allowed.

use serde_json::Value;

use super::view::{self, View};
use crate::compare::{Comparison, Kind};
use crate::document::is_annotation;
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// Compares the named properties of two objects.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) {
    let malformed = |view: &View<'a>| view.all("properties").any(|map| !map.is_object());
    if malformed(left) || malformed(right) {
        if !left.all("properties").eq(right.all("properties")) {
            let text = "properties are no map";
            let fact = view::fact(&rules::UNCLASSIFIED, "properties", left, right, text);
            comparison.report(node, fact);
        }
        return;
    }
    let reports = comparison.reports();
    let same_required = left.all("required").eq(right.all("required"));
    for (name, old) in left.properties() {
        let Some(new) = right.property(name) else {
            removed(comparison, node, name, old, (left, right));
            continue;
        };
        comparison.descend(node, Kind::Schema, old, new);
        if !same_required {
            let required = (left.requires(name), right.requires(name));
            requirement(comparison, node, name, (old, new), required);
        }
    }
    for (name, new) in right.properties() {
        if left.property(name).is_none() {
            added(comparison, node, name, new, (left, right));
        }
    }
    let stated = |view: &View<'a>| view.get("properties").is_some();
    if stated(left) != stated(right) && comparison.reports() == reports {
        let text = "an empty map of properties comes or goes";
        let fact = view::fact(&rules::RESTATED, "properties", left, right, text);
        comparison.report(node, fact);
    }
}

/// A property that is only sent one way cannot matter the other way.
fn only(schemas: &[&Value]) -> Option<Direction> {
    let all = |key: &str| {
        schemas
            .iter()
            .all(|schema| schema.get(key) == Some(&Value::Bool(true)))
    };
    match (all("readOnly"), all("writeOnly")) {
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        _ => None,
    }
}

fn removed<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    old: &'a Value,
    (left, right): (&View<'a>, &View<'a>),
) {
    let (rule, kind) = if left.requires(name) {
        (&rules::PROPERTY_REMOVED_REQUIRED, "required")
    } else {
        (&rules::PROPERTY_REMOVED_OPTIONAL, "optional")
    };
    let near = right.get("properties").unwrap_or(right.place);
    let text = format!("the {kind} property {name} is gone");
    let fact = Fact::removed(rule, old, near, text).only(only(&[old]));
    comparison.report(node, fact);
}

fn added<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    new: &'a Value,
    (left, right): (&View<'a>, &View<'a>),
) {
    let (rule, kind) = if right.requires(name) {
        (&rules::PROPERTY_ADDED_REQUIRED, "required")
    } else {
        (&rules::PROPERTY_ADDED_OPTIONAL, "optional")
    };
    let near = left.get("properties").unwrap_or(left.place);
    let text = format!("the {kind} property {name} is new");
    let fact = Fact::added(rule, new, near, text).only(only(&[new]));
    comparison.report(node, fact);
}

fn requirement<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    (old, new): (&'a Value, &'a Value),
    required: (bool, bool),
) {
    let (rule, text) = match required {
        (false, true) => (&rules::PROPERTY_BECAME_REQUIRED, "is now required"),
        (true, false) => (&rules::PROPERTY_BECAME_OPTIONAL, "is now optional"),
        _ => return,
    };
    let text = format!("the property {name} {text}");
    let fact = Fact::changed(rule, old, new, text).values(required.0, required.1);
    comparison.report(node, fact.only(only(&[old, new])));
}

/// What is different about required names beyond the properties that exist.
pub(super) fn undeclared<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) {
    let names_only = |view: &View<'a>| {
        view.all("required").all(|list| {
            list.as_array()
                .is_some_and(|names| names.iter().all(Value::is_string))
        })
    };
    if !names_only(left) || !names_only(right) {
        let text = "required is no list of names";
        let fact = view::fact(&rules::UNCLASSIFIED, "required", left, right, text);
        comparison.report(node, fact);
        return;
    }
    let differing = |one: &View<'a>, other: &View<'a>| -> Vec<&'a str> {
        one.required()
            .filter(|name| !other.requires(name))
            .collect()
    };
    let declared = |name: &str| left.property(name).is_some() || right.property(name).is_some();
    let (gone, come) = (differing(left, right), differing(right, left));
    for name in gone.iter().chain(&come).filter(|name| !declared(name)) {
        let text = format!("{name} is required and no property has this name");
        let rule = &rules::REQUIRED_NAME_UNDECLARED;
        let fact = view::fact(rule, "required", left, right, text);
        comparison.report(node, fact.about(*name));
    }
    let length = |view: &View<'a>| view.required().count();
    if gone.is_empty() && come.is_empty() {
        let stated = |view: &View<'a>| view.get("required").is_some();
        if length(left) != length(right) || stated(left) != stated(right) {
            let text = "the same names are required";
            let fact = view::fact(&rules::RESTATED, "required", left, right, text);
            comparison.report(node, fact);
        }
    }
}

/// What an object allows beyond its named properties.
#[derive(PartialEq)]
enum Further {
    Anything,
    Nothing,
    Typed,
}

fn further_of(value: Option<&Value>) -> Option<Further> {
    Some(match value {
        None | Some(Value::Bool(true)) => Further::Anything,
        Some(Value::Bool(false)) => Further::Nothing,
        Some(Value::Object(map)) if map.keys().all(|key| is_annotation(key)) => Further::Anything,
        Some(Value::Object(_)) => Further::Typed,
        Some(_) => return None,
    })
}

/// Compares what is allowed beyond the named properties.
pub(super) fn further<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) {
    let key = "additionalProperties";
    let (old, new) = (left.get(key), right.get(key));
    let (Some(before), Some(after)) = (further_of(old), further_of(new)) else {
        if old != new {
            let text = "additionalProperties is neither a boolean nor a schema";
            let fact = view::fact(&rules::UNCLASSIFIED, key, left, right, text);
            comparison.report(node, fact);
        }
        return;
    };
    if let (Some(old), Some(new)) = (old, new)
        && old.is_object()
        && new.is_object()
        && before == after
    {
        comparison.descend(node, Kind::Schema, old, new);
        return;
    }
    let (rule, text) = match (before, after) {
        (Further::Nothing, Further::Nothing) | (Further::Anything, Further::Anything) => {
            if old == new {
                return;
            }
            (&rules::RESTATED, "further properties are as free as before")
        }
        (_, Further::Nothing) => (
            &rules::ADDITIONAL_PROPERTIES_CLOSED,
            "further properties are refused",
        ),
        (Further::Nothing, _) => (
            &rules::ADDITIONAL_PROPERTIES_OPENED,
            "further properties are allowed",
        ),
        (Further::Anything, Further::Typed) => (
            &rules::ADDITIONAL_PROPERTIES_NARROWED,
            "further properties have a type now",
        ),
        (Further::Typed, Further::Anything) => (
            &rules::ADDITIONAL_PROPERTIES_WIDENED,
            "further properties may be anything",
        ),
        (Further::Typed, Further::Typed) => return,
    };
    comparison.report(node, view::fact(rule, key, left, right, text));
}

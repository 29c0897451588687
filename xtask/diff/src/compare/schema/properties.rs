//! Properties: which exist, which are required, what else is allowed.

use serde_json::Value;

use super::keywords::{Pair, keyword, repeated, same_values};
use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::{Direction, Via};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, Site, is_annotation, is_same_leaf};
use crate::rules;

/// Compares the named properties of two objects.
pub(super) fn compare<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let (left, right) = pair;
    let malformed = |schema: &Schema<'a>| schema.all("properties").any(|map| !map.is_object());
    if malformed(left) || malformed(right) {
        if !left.all("properties").eq(right.all("properties")) {
            let text = "properties are not a map";
            found.report(keyword(&rules::UNCLASSIFIED, "properties", pair, text));
        }
        return;
    }
    let reports = found.count();
    let (old, new) = (left.properties(), right.properties());
    let required = (left.required(), right.required());
    for (name, before) in old.all() {
        let Some(after) = new.get(name) else {
            removed(
                sides,
                found,
                pair,
                (name, &before),
                required.0.contains(name),
            );
            continue;
        };
        let flags = (required.0.contains(name), required.1.contains(name));
        if let (true, Some(old), Some(new)) = (flags.0 == flags.1, before.single(), after.single())
            && is_same_leaf(old, new)
        {
            continue;
        }
        let ways = (one_way(&sides.old, &before), one_way(&sides.new, &after));
        let only = ways.0.filter(|_| ways.0 == ways.1);
        // A new requirement holds only in the direction that the new property has.
        let demanded = match flags {
            (false, true) => ways.1,
            _ => ways.0,
        };
        requirement(found, name, (&before, &after), flags, demanded);
        let of_responses = Some(Direction::Response);
        if flags == (true, true) && ways.0 == of_responses && ways.1 != of_responses {
            let only = Some(Direction::Request);
            requirement(found, name, (&before, &after), (false, true), only);
        }
        repeated(found, pair, name, (&before, &after));
        found.link_via(
            Kind::Schema,
            only.map_or(Via::Both, Via::Only),
            before,
            after,
        );
    }
    for (name, after) in new.all() {
        if old.get(name).is_none() {
            added(
                sides,
                found,
                pair,
                (name, &after),
                required.1.contains(name),
            );
        }
    }
    let stated = |schema: &Schema<'a>| schema.get("properties").is_some();
    if stated(left) != stated(right) && found.count() == reports {
        let text = "an empty map of properties comes or goes";
        found.report(keyword(&rules::RESTATED, "properties", pair, text));
    }
}

/// The only direction in which a property goes, if there is one.
fn one_way(document: &Document<'_>, site: &Site<'_>) -> Option<Direction> {
    let (mut read_only, mut write_only) = (false, false);
    for schema in site.all() {
        let peeled = document.peel_through(schema);
        read_only |= peeled.says("readOnly");
        write_only |= peeled.says("writeOnly");
    }
    match (read_only, write_only) {
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        _ => None,
    }
}

fn removed<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (_, right): Pair<'_, 'a>,
    (name, old): (&str, &Site<'a>),
    required: bool,
) {
    let (rule, kind) = if required {
        (&rules::PROPERTY_REMOVED_REQUIRED, "required")
    } else {
        (&rules::PROPERTY_REMOVED_OPTIONAL, "optional")
    };
    let near = right.get("properties").unwrap_or(right.place);
    let text = format!("the {kind} property {name} is gone");
    let fact = Fact::removed(rule, old.first, near, text);
    found.report(fact.only(one_way(&sides.old, old)));
}

fn added<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, _): Pair<'_, 'a>,
    (name, new): (&str, &Site<'a>),
    required: bool,
) {
    let (rule, kind) = if required {
        (&rules::PROPERTY_ADDED_REQUIRED, "required")
    } else {
        (&rules::PROPERTY_ADDED_OPTIONAL, "optional")
    };
    let near = left.get("properties").unwrap_or(left.place);
    let text = format!("the {kind} property {name} is new");
    let fact = Fact::added(rule, new.first, near, text);
    found.report(fact.only(one_way(&sides.new, new)));
}

fn requirement<'a>(
    found: &mut Findings<'a>,
    name: &str,
    (old, new): (&Site<'a>, &Site<'a>),
    required: (bool, bool),
    only: Option<Direction>,
) {
    let (rule, text) = match required {
        (false, true) => (&rules::PROPERTY_BECAME_REQUIRED, "is now required"),
        (true, false) => (&rules::PROPERTY_BECAME_OPTIONAL, "is now optional"),
        _ => return,
    };
    let text = format!("the property {name} {text}");
    let fact = Fact::changed(rule, old.first, new.first, text);
    found.report(fact.values(required.0, required.1).only(only));
}

/// Compares required names beyond the properties that exist.
pub(super) fn undeclared<'a>(found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let (left, right) = pair;
    let names_only = |schema: &Schema<'a>| {
        schema.all("required").all(|list| {
            list.as_array()
                .is_some_and(|names| names.iter().all(Value::is_string))
        })
    };
    if !names_only(left) || !names_only(right) {
        let text = "required is not a list of names";
        found.report(keyword(&rules::UNCLASSIFIED, "required", pair, text));
        return;
    }
    let (old, new) = (left.required(), right.required());
    let (before, after) = (left.properties(), right.properties());
    let mut different: Vec<&str> = old.symmetric_difference(&new).copied().collect();
    different.sort_unstable();
    for name in &different {
        if before.get(name).is_none() && after.get(name).is_none() {
            let text = format!("{name} is required and no property has this name");
            let rule = &rules::REQUIRED_NAME_UNDECLARED;
            found.report(keyword(rule, "required", pair, text).about(*name));
        }
    }
    if different.is_empty() {
        let listed = |schema: &Schema<'a>| -> usize {
            let lists = schema.all("required").filter_map(Value::as_array);
            lists.map(Vec::len).sum()
        };
        let stated = |schema: &Schema<'a>| schema.get("required").is_some();
        if listed(left) != listed(right) || stated(left) != stated(right) {
            let text = "the same names are required";
            found.report(keyword(&rules::RESTATED, "required", pair, text));
        }
    }
}

/// Properties beyond the named ones.
enum Further<'a> {
    Anything,
    Nothing,
    Typed(Site<'a>),
}

/// Combines `additionalProperties` of all parts of a schema; none when one is malformed.
fn further_of<'a>(schema: &Schema<'a>) -> Option<Further<'a>> {
    let mut typed = Vec::new();
    let mut closed = false;
    for value in schema.all("additionalProperties") {
        match value {
            Value::Bool(true) => {}
            Value::Bool(false) => closed = true,
            Value::Object(map) if map.keys().all(|key| is_annotation(key)) => {}
            Value::Object(_) => typed.push(value),
            _ => return None,
        }
    }
    Some(match Site::from_all(typed.into_iter()) {
        _ if closed => Further::Nothing,
        Some(site) => Further::Typed(site),
        None => Further::Anything,
    })
}

/// Compares what is allowed beyond the named properties.
pub(super) fn further<'a>(found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let key = "additionalProperties";
    let (left, right) = pair;
    let (Some(before), Some(after)) = (further_of(left), further_of(right)) else {
        if !left.all(key).eq(right.all(key)) {
            let text = "additionalProperties is neither a boolean nor a schema";
            found.report(keyword(&rules::UNCLASSIFIED, key, pair, text));
        }
        return;
    };
    let (rule, text) = match (before, after) {
        (Further::Typed(old), Further::Typed(new)) => {
            repeated(found, pair, key, (&old, &new));
            found.schema(old, new);
            return;
        }
        (Further::Nothing, Further::Nothing) | (Further::Anything, Further::Anything) => {
            return spelled(found, pair);
        }
        (_, Further::Nothing) => (
            &rules::ADDITIONAL_PROPERTIES_CLOSED,
            "further properties are refused",
        ),
        (Further::Nothing, _) => (
            &rules::ADDITIONAL_PROPERTIES_OPENED,
            "further properties are allowed",
        ),
        (Further::Anything, Further::Typed(_)) => (
            &rules::ADDITIONAL_PROPERTIES_NARROWED,
            "further properties have a type now",
        ),
        (Further::Typed(_), Further::Anything) => (
            &rules::ADDITIONAL_PROPERTIES_WIDENED,
            "further properties may be anything",
        ),
    };
    found.report(keyword(rule, key, pair, text));
}

/// The same is allowed, perhaps in other words.
fn spelled<'a>(found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let key = "additionalProperties";
    let (left, right) = pair;
    match (left.get(key), right.get(key)) {
        (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) => found.schema(old, new),
        _ if same_values(left.all(key), right.all(key)) => {}
        _ => {
            let text = "further properties are as free as before";
            found.report(keyword(&rules::RESTATED, key, pair, text));
        }
    }
}

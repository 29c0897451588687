//! Properties: which exist, which are required, what else is allowed.

use serde_json::Value;

use super::further::{Further, further_of};
use super::keywords::{Pair, keyword, repeated};
use super::sets::{Proof, Set};
use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::{Direction, Via};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, Site, is_nothing, is_same_leaf};
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
        let flags = (required.0.contains(name), required.1.contains(name));
        let Some(after) = new.get(name) else {
            removed(sides, found, pair, (name, &before), flags);
            continue;
        };
        if let (true, Some(old), Some(new)) = (flags.0 == flags.1, before.single(), after.single())
            && is_same_leaf(old, new)
        {
            continue;
        }
        match (refuses(&sides.old, &before), refuses(&sides.new, &after)) {
            (true, false) => {
                let demanded = flags == (false, true);
                added(sides, found, pair, (name, &after), demanded);
                continue;
            }
            (false, true) => {
                refused(sides, found, pair, (name, &before), flags.0);
                continue;
            }
            _ => {}
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

/// True for a property that is declared so that it is never there.
fn refuses(document: &Document<'_>, site: &Site<'_>) -> bool {
    site.all().any(|schema| is_nothing(document, schema))
}

/// Chooses the rule for a property that the schema drops: the object may still take it as a further
/// one.
fn removed<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (name, old): (&str, &Site<'a>),
    required: (bool, bool),
) {
    let right = pair.1;
    let further = further_of(&sides.new, right);
    if refuses(&sides.old, old) {
        return no_longer_refused(found, pair, (name, old), further.as_ref());
    }
    let mut same = false;
    match &further {
        Some(Further::Nothing) => return refused(sides, found, pair, (name, old), required.0),
        Some(Further::Typed(site)) => {
            let proof = Proof::of(sides);
            let (was, is) = (Set::of(&sides.old, old), Set::of(&sides.new, site));
            if proof.disjoint(&was, &is) {
                return refused(sides, found, pair, (name, old), required.0);
            }
            same = proof.same(&was, &is);
        }
        _ => {}
    }
    let (rule, text) = match required {
        (false, _) | (true, true) if same => (
            &rules::PROPERTY_UNNAMED,
            "goes on as one of the further properties",
        ),
        (true, _) => (&rules::PROPERTY_REMOVED_REQUIRED, "is gone"),
        (false, _) => (&rules::PROPERTY_REMOVED_OPTIONAL, "is gone"),
    };
    let near = right.get("properties").unwrap_or(right.place);
    let text = format!("the {} property {name} {text}", kind(required.0));
    let fact = Fact::removed(rule, old.first, near, text);
    found.report(fact.only(one_way(&sides.old, old)));
}

fn kind(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// A property that the object does not take any more, under whatever schema.
fn refused<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (_, right): Pair<'_, 'a>,
    (name, old): (&str, &Site<'a>),
    required: bool,
) {
    let rule = if required {
        &rules::PROPERTY_REFUSED_REQUIRED
    } else {
        &rules::PROPERTY_REFUSED_OPTIONAL
    };
    let near = right.get("properties").unwrap_or(right.place);
    let text = format!("the {} property {name} is refused now", kind(required));
    let fact = Fact::removed(rule, old.first, near, text);
    found.report(fact.only(one_way(&sides.old, old)));
}

/// A property that was declared to be refused and is not declared any more.
fn no_longer_refused<'a>(
    found: &mut Findings<'a>,
    (_, right): Pair<'_, 'a>,
    (name, old): (&str, &Site<'a>),
    further: Option<&Further<'a>>,
) {
    let (rule, text) = match further {
        Some(Further::Nothing) => (&rules::RESTATED, "is refused without being named"),
        _ => (&rules::PROPERTY_ADDED_OPTIONAL, "becomes possible"),
    };
    let near = right.get("properties").unwrap_or(right.place);
    let text = format!("the property {name} {text}");
    found.report(Fact::removed(rule, old.first, near, text).about(name));
}

/// A property that is declared to be refused and was not declared before.
fn newly_refused<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, _): Pair<'_, 'a>,
    (name, new): (&str, &Site<'a>),
) {
    let near = left.get("properties").unwrap_or(left.place);
    let fact = if let Some(Further::Nothing) = further_of(&sides.old, left) {
        let text = format!("the property {name} is refused as before");
        Fact::added(&rules::RESTATED, new.first, near, text)
    } else {
        // Nothing says that responses ever had it.
        let text = format!("the property {name} is refused now");
        Fact::added(&rules::PROPERTY_REFUSED_OPTIONAL, new.first, near, text)
            .only(Some(Direction::Request))
    };
    found.report(fact.about(name));
}

fn added<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (name, new): (&str, &Site<'a>),
    required: bool,
) {
    if refuses(&sides.new, new) {
        return newly_refused(sides, found, pair, (name, new));
    }
    let left = pair.0;
    let rule = if required {
        &rules::PROPERTY_ADDED_REQUIRED
    } else {
        &rules::PROPERTY_ADDED_OPTIONAL
    };
    let near = left.get("properties").unwrap_or(left.place);
    let text = format!("the {} property {name} is new", kind(required));
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

//! Variables of the address of a server.

use std::collections::BTreeSet;

use openapi_document::placeholders;
use serde_json::Value;

use crate::compare::context::Findings;
use crate::compare::fact::{Fact, brief};
use crate::compare::fields::{members, same_set};
use crate::rules;

/// Compares the variables of an address: a value that comes or goes is an address that does. Their
/// names are never sent.
pub(super) fn compare<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let (before, after) = (old.get("variables"), new.get("variables"));
    let renamed = renamed(old, new);
    if before == after && renamed.is_empty() {
        return;
    }
    let new_name = |name: &'a str| {
        let known = renamed.iter().find(|(old, _)| *old == name);
        known.map_or(name, |(_, new)| *new)
    };
    let is_map = |side: Option<&Value>| side.is_some_and(Value::is_object);
    let left: BTreeSet<&str> = members(old, "variables")
        .map(|(name, _)| new_name(name))
        .collect();
    let right: BTreeSet<&str> = members(new, "variables").map(|(name, _)| name).collect();
    if !is_map(before) || !is_map(after) || left != right {
        let text = "the variables of the address are different";
        let rule = &rules::SERVER_CHANGED;
        found.report(Fact::keyword(rule, "variables", old, new, text));
        return;
    }
    for (name, before) in members(old, "variables") {
        if let Some(after) = after.and_then(|all| all.get(new_name(name))) {
            variable(found, name, (before, after));
        }
    }
}

/// Variables at the same place of the address under another name.
fn renamed<'a>(old: &'a Value, new: &'a Value) -> Vec<(&'a str, &'a str)> {
    let url = |server: &'a Value| {
        server
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let pairs = placeholders(url(old)).zip(placeholders(url(new)));
    pairs.filter(|(old, new)| old != new).collect()
}

fn variable<'a>(found: &mut Findings<'a>, name: &str, (old, new): (&'a Value, &'a Value)) {
    let lists = (old.get("enum"), new.get("enum"));
    let mut handled = vec!["default"];
    if old.get("default") != new.get("default") {
        let text = format!("the variable {name} of the address has another default");
        let rule = &rules::SERVER_CHANGED;
        found.report(Fact::keyword(rule, "default", old, new, text).about(name));
    }
    if let (Some(Value::Array(left)), Some(Value::Array(right))) = lists {
        handled.push("enum");
        for value in left.iter().filter(|value| !right.contains(value)) {
            let text = format!("the address with {value} as {name} is gone");
            let fact = Fact::removed(&rules::SERVER_REMOVED, value, new, text);
            found.report(fact.about(format!("{name} {}", brief(value))));
        }
        for value in right.iter().filter(|value| !left.contains(value)) {
            let text = format!("the address with {value} as {name} is new");
            let fact = Fact::added(&rules::SERVER_ADDED, value, old, text);
            found.report(fact.about(format!("{name} {}", brief(value))));
        }
        if left.len() != right.len() && same_set(left, right) {
            let text = format!("a value of {name} is listed twice");
            found.report(Fact::keyword(&rules::RESTATED, "enum", old, new, text));
        }
    } else if lists.0 != lists.1 {
        handled.push("enum");
        let text =
            format!("the allowed values of the variable {name} of the address are different");
        let rule = &rules::SERVER_CHANGED;
        found.report(Fact::keyword(rule, "enum", old, new, text).about(name));
    }
    found.remaining((old, new), &handled);
}

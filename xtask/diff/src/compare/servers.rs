//! Servers of a document, path or operation.

use std::collections::BTreeSet;

use serde_json::Value;

use super::context::{Findings, Sides};
use super::fact::{Fact, brief};
use super::fields::{entries, members, same_set};
use crate::rules;

/// Compares the servers of two documents, paths or operations.
pub(super) fn compare<'a>(sides: &Sides<'a>, (old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    add(sides, &mut found, (old, new));
    found
}

/// Compares servers and adds what differs.
pub(super) fn add<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    if old.get("servers") == new.get("servers") {
        return;
    }
    let listed = |side: &Value| side.get("servers").is_some_and(Value::is_array);
    if !listed(old) || !listed(new) {
        if let Some(moved) = sides.moved.as_ref().filter(|_| old.get("paths").is_some()) {
            let text = format!("the prefix {} moves {}", moved.prefix, moved.way());
            let fact = Fact::keyword(&rules::PREFIX_MOVED, "servers", old, new, text);
            found.report(fact);
            return;
        }
        if says_default(old) && says_default(new) {
            let text = "without servers the address is /, as it is written here";
            found.report(Fact::keyword(&rules::RESTATED, "servers", old, new, text));
            return;
        }
        let text = "servers are given on one side only";
        found.report(Fact::keyword(
            &rules::SERVER_CHANGED,
            "servers",
            old,
            new,
            text,
        ));
        return;
    }
    let (left, right) = (entries(old, "servers"), entries(new, "servers"));
    let places = (
        old.get("servers").unwrap_or(old),
        new.get("servers").unwrap_or(new),
    );
    let url = |server: &'a Value| server.get("url").and_then(Value::as_str);
    let moved = sides.moved.as_ref();
    let same = |before: &'a Value, after: &'a Value| {
        let (before, after) = (url(before), url(after));
        before.map(without_slash) == after.map(without_slash)
            || moved.is_some_and(|moved| moved.explains(before.unwrap_or(""), after.unwrap_or("")))
    };
    let before = found.count();
    let mut prefix_moved = false;
    for server in left {
        let Some(other) = right.iter().find(|other| same(server, other)) else {
            let text = format!("the server {} is gone", url(server).unwrap_or_default());
            let fact = Fact::removed(&rules::SERVER_REMOVED, server, places.1, text);
            found.report(fact.about(url(server).unwrap_or_default()));
            continue;
        };
        if url(server).map(without_slash) != url(other).map(without_slash) {
            prefix_moved = true;
        } else if url(server) != url(other) {
            let text = "the address gains or loses the slash at its end";
            found.report(Fact::keyword(&rules::RESTATED, "url", server, other, text));
        }
        variables(found, (server, other));
        found.remaining((server, other), &["url", "variables"]);
    }
    if let Some(moved) = moved.filter(|_| prefix_moved) {
        let text = format!("the prefix {} moves {}", moved.prefix, moved.way());
        let fact = Fact::changed(&rules::PREFIX_MOVED, places.0, places.1, text);
        found.report(fact.values(places.0.clone(), places.1.clone()));
    }
    for server in right {
        if !left.iter().any(|other| same(other, server)) {
            let text = format!("the server {} is new", url(server).unwrap_or_default());
            let fact = Fact::added(&rules::SERVER_ADDED, server, places.0, text);
            found.report(fact.about(url(server).unwrap_or_default()));
        }
    }
    if found.count() == before && left.len() != right.len() {
        let text = "a server is listed twice";
        found.report(Fact::keyword(&rules::RESTATED, "servers", old, new, text));
    }
}

/// An address without the slash at its end, to which paths are appended all the same.
fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

/// True when nothing but the default server is given, or none.
fn says_default(side: &Value) -> bool {
    match side.get("servers") {
        None => true,
        Some(Value::Array(servers)) => servers.iter().all(|server| {
            server.get("url").and_then(Value::as_str) == Some("/")
                && server.get("variables").is_none()
        }),
        Some(_) => false,
    }
}

/// Compares the variables of an address: a value that comes or goes is an address that does.
fn variables<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let (before, after) = (old.get("variables"), new.get("variables"));
    if before == after {
        return;
    }
    let map = |side: Option<&'a Value>| side.and_then(Value::as_object);
    let names = |side: Option<&'a Value>| -> BTreeSet<&'a String> {
        map(side)
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .collect()
    };
    if map(before).is_none() || map(after).is_none() || names(before) != names(after) {
        let text = "the variables of the address are different";
        let rule = &rules::SERVER_CHANGED;
        found.report(Fact::keyword(rule, "variables", old, new, text));
        return;
    }
    for (name, before) in members(old, "variables") {
        if let Some(after) = after.and_then(|all| all.get(name)) {
            variable(found, name, (before, after));
        }
    }
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

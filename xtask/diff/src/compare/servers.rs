//! Servers of a document, path or operation.

use serde_json::Value;

use super::context::{Findings, Sides};
use super::fact::Fact;
use super::fields::{entries, same_set, union};
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
        before == after
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
        prefix_moved |= url(server) != url(other);
        if !same_variables(server.get("variables"), other.get("variables")) {
            let text = "a variable of the address is different";
            found.report(Fact::keyword(
                &rules::SERVER_CHANGED,
                "variables",
                server,
                other,
                text,
            ));
        }
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

/// The same variables, whatever the order of their values.
fn same_variables(old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (old, new) else {
        return old == new;
    };
    let same = |old: &Value, new: &Value, key: &str| match (old.get(key), new.get(key)) {
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            old.len() == new.len() && same_set(old, new)
        }
        (old, new) => old == new,
    };
    let alike = |old: &Value, new: &Value| {
        let (Some(left), Some(right)) = (old.as_object(), new.as_object()) else {
            return old == new;
        };
        union(left, right).all(|key| same(old, new, key))
    };
    left.len() == right.len()
        && left
            .iter()
            .all(|(name, old)| right.get(name).is_some_and(|new| alike(old, new)))
}

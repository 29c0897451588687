//! Servers that two documents, paths or operations declare themselves.

use serde_json::Value;

use super::lists;
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::rules;

/// Compares the servers of two documents, paths or operations.
pub(in crate::compare) fn compare<'a>(
    sides: &Sides<'a>,
    (old, new): (&'a Value, &'a Value),
) -> Findings<'a> {
    let mut found = Findings::default();
    add(sides, &mut found, (old, new));
    found
}

/// Compares servers and adds what differs.
pub(in crate::compare) fn add<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    if old.get("servers") == new.get("servers") {
        return;
    }
    let listed = |side: &Value| side.get("servers").is_some_and(Value::is_array);
    if !listed(old) || !listed(new) {
        let are_roots = old.get("paths").is_some() && new.get("paths").is_some();
        if let Some(moved) = sides.moved.as_ref().filter(|_| are_roots) {
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
    lists::compare(sides, found, (old, new));
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

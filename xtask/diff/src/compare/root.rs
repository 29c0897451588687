//! The top of the document: versions, servers, tags, webhook events.

use serde_json::Value;

use super::fields::{entries, members, union, well_typed};
use super::{Comparison, Kind};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// The extension that lists the events a webhook receiver gets.
const EVENTS: &str = "x-webhook-events";

/// Compares everything but paths and components.
pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let node = comparison.document;
    let pair = (comparison.old.root, comparison.new.root);
    if pair.0.get("openapi") != pair.1.get("openapi") {
        let text = "the version of OpenAPI is another one";
        let rule = &rules::OPENAPI_VERSION_CHANGED;
        let fact = Fact::keyword(rule, "openapi", pair.0, pair.1, text);
        comparison.report(node, fact);
    }
    info(comparison, node, pair);
    servers(comparison, comparison.everything, pair);
    tags(comparison, node, pair);
    let handled = [
        "openapi",
        "info",
        "servers",
        "tags",
        "paths",
        "components",
        "security",
        EVENTS,
    ];
    comparison.remaining(node, pair, &handled);
}

fn info<'a>(comparison: &mut Comparison<'a>, node: NodeId, pair: (&'a Value, &'a Value)) {
    match (pair.0.get("info"), pair.1.get("info")) {
        (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) => {
            if old.get("version") != new.get("version") {
                let text = "the version is another one";
                let fact = Fact::keyword(&rules::VERSION_CHANGED, "version", old, new, text);
                comparison.report(node, fact);
            }
            for key in ["contact", "license", "termsOfService"] {
                if old.get(key) != new.get(key) {
                    let text = format!("{key} reads differently");
                    let fact = Fact::keyword(&rules::PROSE_CHANGED, key, old, new, text);
                    comparison.report(node, fact);
                }
            }
            let handled = ["version", "contact", "license", "termsOfService"];
            comparison.remaining(node, (old, new), &handled);
        }
        (old, new) if old == new => {}
        _ => {
            let text = "info is missing or malformed";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "info", pair.0, pair.1, text);
            comparison.report(node, fact);
        }
    }
}

/// Compares the servers of a document, path or operation.
pub(super) fn servers<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    if old.get("servers") == new.get("servers") {
        return;
    }
    let listed = |side: &Value| side.get("servers").is_some_and(Value::is_array);
    if !listed(old) || !listed(new) {
        let text = "servers are given on one side only";
        let fact = Fact::keyword(&rules::SERVER_CHANGED, "servers", old, new, text);
        comparison.report(node, fact);
        return;
    }
    let (left, right) = (entries(old, "servers"), entries(new, "servers"));
    let places = (
        old.get("servers").unwrap_or(old),
        new.get("servers").unwrap_or(new),
    );
    let url = |server: &'a Value| server.get("url").and_then(Value::as_str);
    let before = comparison.reports();
    for server in left {
        let Some(other) = right.iter().find(|other| url(other) == url(server)) else {
            let text = format!("the server {} is gone", url(server).unwrap_or_default());
            let fact = Fact::removed(&rules::SERVER_REMOVED, server, places.1, text);
            comparison.report(node, fact.about(url(server).unwrap_or_default()));
            continue;
        };
        if !same_variables(server.get("variables"), other.get("variables")) {
            let text = "a variable of the address is different";
            let rule = &rules::SERVER_CHANGED;
            let fact = Fact::keyword(rule, "variables", server, other, text);
            comparison.report(node, fact);
        }
        comparison.remaining(node, (server, other), &["url", "variables"]);
    }
    for server in right {
        if !left.iter().any(|other| url(other) == url(server)) {
            let text = format!("the server {} is new", url(server).unwrap_or_default());
            let fact = Fact::added(&rules::SERVER_ADDED, server, places.0, text);
            comparison.report(node, fact.about(url(server).unwrap_or_default()));
        }
    }
    if comparison.reports() == before && left.len() != right.len() {
        let text = "a server is listed twice";
        let fact = Fact::keyword(&rules::RESTATED, "servers", old, new, text);
        comparison.report(node, fact);
    }
}

/// The same variables, whatever the order of their values.
fn same_variables(old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(Value::Object(left)), Some(Value::Object(right))) = (old, new) else {
        return old == new;
    };
    let same = |old: &Value, new: &Value, key: &str| match (old.get(key), new.get(key)) {
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            old.len() == new.len() && super::fields::same_set(old, new)
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

/// Descriptions of tags; their order means nothing.
fn tags<'a>(comparison: &mut Comparison<'a>, node: NodeId, (old, new): (&'a Value, &'a Value)) {
    let (left, right) = (old.get("tags"), new.get("tags"));
    if left == right {
        return;
    }
    if let (Some(Value::Array(left)), Some(Value::Array(right))) = (left, right)
        && left.len() == right.len()
        && super::fields::same_set(left, right)
    {
        return;
    }
    let text = "the descriptions of tags are different";
    let fact = Fact::keyword(&rules::TAGS_CHANGED, "tags", old, new, text);
    comparison.report(node, fact);
}

/// Compares the events that a webhook receiver gets, as if each were a response.
pub(super) fn webhooks(comparison: &mut Comparison<'_>) {
    let node = comparison.document;
    let roots = (comparison.old.root, comparison.new.root);
    let (left, right) = (roots.0.get(EVENTS), roots.1.get(EVENTS));
    let (Some(left), Some(right)) = (left, right) else {
        if left != right {
            let text = "webhook events are described on one side only";
            let fact = Fact::keyword(&rules::EXTENSION_CHANGED, EVENTS, roots.0, roots.1, text);
            comparison.report(node, fact);
        }
        for (name, event) in left.into_iter().flat_map(|left| members(left, "events")) {
            come_or_gone(comparison, name, (Some(event), roots.0), (None, roots.1));
        }
        for (name, event) in right.into_iter().flat_map(|right| members(right, "events")) {
            come_or_gone(comparison, name, (None, roots.0), (Some(event), roots.1));
        }
        return;
    };
    if left.get("discriminator") != right.get("discriminator") {
        let text = "events are told apart by another property";
        let rule = &rules::WEBHOOK_DISCRIMINATOR_CHANGED;
        let fact = Fact::keyword(rule, "discriminator", left, right, text);
        comparison.report(node, fact);
    }
    let mut handled = vec!["discriminator"];
    if well_typed(left, right, "events", Value::is_object) {
        handled.push("events");
    }
    comparison.remaining(node, (left, right), &handled);
    let empty = serde_json::Map::new();
    let map = |side: &Value| side.get("events").and_then(Value::as_object).cloned();
    if map(left).unwrap_or_else(|| empty.clone()) == map(right).unwrap_or(empty)
        && left.get("events").is_some() != right.get("events").is_some()
    {
        let text = "an empty map of events comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "events", left, right, text);
        comparison.report(node, fact);
    }
    for (name, before) in members(left, "events") {
        let after = right.get("events").and_then(|events| events.get(name));
        match after {
            Some(after) => event(comparison, name, before, after),
            None => come_or_gone(comparison, name, (Some(before), left), (None, right)),
        }
    }
    for (name, after) in members(right, "events") {
        if left
            .get("events")
            .and_then(|events| events.get(name))
            .is_none()
        {
            come_or_gone(comparison, name, (None, left), (Some(after), right));
        }
    }
}

fn event<'a>(comparison: &mut Comparison<'a>, name: &str, old: &'a Value, new: &'a Value) {
    comparison.operations.push(format!("WEBHOOK {name}"));
    let number = comparison.operations.len() - 1;
    let node = comparison.visit(Kind::Schema, old, new);
    comparison.graph.add_root(node, number, Direction::Response);
}

fn come_or_gone<'a>(
    comparison: &mut Comparison<'a>,
    name: &str,
    (before, old): (Option<&'a Value>, &'a Value),
    (after, new): (Option<&'a Value>, &'a Value),
) {
    let (_, node) = comparison.operation(format!("WEBHOOK {name}"));
    let fact = match (before, after) {
        (Some(event), _) => {
            let text = format!("the event {name} is gone");
            Fact::removed(&rules::WEBHOOK_EVENT_REMOVED, event, new, text)
        }
        (None, Some(event)) => {
            let text = format!("the event {name} is new");
            Fact::added(&rules::WEBHOOK_EVENT_ADDED, event, old, text)
        }
        (None, None) => return,
    };
    comparison.report(node, fact.about(name));
}

/// Security of the whole document when no operation is there to inherit it.
pub(super) fn unused_security(comparison: &mut Comparison<'_>) {
    let (old, new) = (comparison.old.root, comparison.new.root);
    let (left, right) = (old.get("security"), new.get("security"));
    if left == right {
        return;
    }
    let inside = |fact: &Fact<'_>| {
        let within = |list: Option<&Value>, place: Option<&Value>| {
            let (Some(list), Some(place)) = (list, place) else {
                return false;
            };
            std::ptr::eq(list, place) || contains(list, place)
        };
        within(left, fact.old) || within(right, fact.new)
    };
    let same = match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            left.len() == right.len() && super::fields::same_set(left, right)
        }
        _ => false,
    };
    if !same && !comparison.facts.iter().any(inside) {
        let text = "the security of the document is different, and no operation inherits it";
        let fact = Fact::keyword(&rules::RESTATED, "security", old, new, text);
        comparison.report(comparison.document, fact);
    }
}

fn contains(value: &Value, place: &Value) -> bool {
    let mut children: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Array(entries) => Box::new(entries.iter()),
        Value::Object(map) => Box::new(map.values()),
        _ => return false,
    };
    children.any(|child| std::ptr::eq(child, place) || contains(child, place))
}

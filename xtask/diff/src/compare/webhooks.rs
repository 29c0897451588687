//! Events that a webhook receiver gets, each compared as if it were a response.

use serde_json::Value;

use super::callback;
use super::context::{Entry, Findings, Kind, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::fields::{members, well_typed};
use crate::read::{Document, Operation};
use crate::rules;

/// The extension that lists the events.
pub(super) const EVENTS: &str = "x-webhook-events";

/// The key under which the reader keeps the webhooks of OpenAPI 3.1: path items by name.
pub(super) const WEBHOOKS: &str = "x-webhooks";

/// Compares what is said about events as a whole.
pub(super) fn document<'a>(found: &mut Findings<'a>, sides: &Sides<'a>) {
    let roots = (sides.old.root, sides.new.root);
    without_requests(found, sides);
    let (left, right) = (roots.0.get(EVENTS), roots.1.get(EVENTS));
    let (Some(left), Some(right)) = (left, right) else {
        if left != right {
            let text = "webhook events are described on one side only";
            found.report(Fact::keyword(
                &rules::EXTENSION_CHANGED,
                EVENTS,
                roots.0,
                roots.1,
                text,
            ));
        }
        return;
    };
    if left.get("discriminator") != right.get("discriminator") {
        let text = "another property tells the kinds of events apart";
        let rule = &rules::WEBHOOK_DISCRIMINATOR_CHANGED;
        found.report(Fact::keyword(rule, "discriminator", left, right, text));
    }
    let mut handled = vec!["discriminator"];
    if well_typed(left, right, "events", Value::is_object) {
        handled.push("events");
    }
    found.remaining((left, right), &handled);
    let none =
        members(left, "events").next().is_none() && members(right, "events").next().is_none();
    if none && left.get("events").is_some() != right.get("events").is_some() {
        let text = "an empty map of events comes or goes";
        found.report(Fact::keyword(&rules::RESTATED, "events", left, right, text));
    }
}

/// Compares the events one by one.
pub(super) fn compare<'a>(sides: &Sides<'a>) -> Vec<Entry<'a>> {
    let list = |root: &'a Value| root.get(EVENTS).unwrap_or(root);
    let (left, right) = (list(sides.old.root), list(sides.new.root));
    let event = |side: &'a Value, name: &str| side.get("events")?.get(name);
    let gone_or_kept = members(left, "events").map(|(name, before)| {
        let mut found = Findings::default();
        match event(right, name) {
            Some(after) => {
                found.link_via(Kind::Schema, Via::Into(Direction::Response), before, after);
            }
            None => {
                let text = format!("the event {name} is gone");
                let fact = Fact::removed(&rules::WEBHOOK_EVENT_REMOVED, before, right, text);
                found.report(fact.about(name));
            }
        }
        entry(name, found)
    });
    let new = members(right, "events").filter(|(name, _)| event(left, name).is_none());
    let new = new.map(|(name, after)| {
        let mut found = Findings::default();
        let text = format!("the event {name} is new");
        let fact = Fact::added(&rules::WEBHOOK_EVENT_ADDED, after, left, text);
        found.report(fact.about(name));
        entry(name, found)
    });
    gone_or_kept.chain(new).chain(requests(sides)).collect()
}

/// Reports what differs among the webhooks of OpenAPI 3.1 and belongs to no request.
fn without_requests<'a>(found: &mut Findings<'a>, sides: &Sides<'a>) {
    let (old, new) = (sides.old.root, sides.new.root);
    let (left, right) = (old.get(WEBHOOKS), new.get(WEBHOOKS));
    if left == right {
        return;
    }
    let (requests_before, requests_after) = (webhooks(&sides.old), webhooks(&sides.new));
    let has_requests = |name: &str| {
        let mut all = requests_before.iter().chain(&requests_after);
        all.any(|operation| operation.path == name)
    };
    let lists = || [left, right].into_iter().flatten();
    let names = lists()
        .filter_map(Value::as_object)
        .flat_map(|map| map.keys());
    let names: Vec<&String> = names.collect();
    let differs = |name: &str| {
        let entry = |list: Option<&'a Value>| list.and_then(|list| list.get(name));
        entry(left) != entry(right)
    };
    let mut silent = names
        .iter()
        .filter(|name| differs(name) && !has_requests(name));
    let explained = lists().all(Value::is_object) && !names.is_empty() && silent.next().is_none();
    if !explained {
        let text = "webhooks without requests are described differently";
        let rule = &rules::EXTENSION_CHANGED;
        found.report(Fact::keyword(rule, WEBHOOKS, old, new, text));
    }
}

/// The webhooks of OpenAPI 3.1 as operations.
fn webhooks<'a>(document: &Document<'a>) -> Vec<Operation<'a>> {
    let map = document.root.get(WEBHOOKS);
    map.map(|map| document.operations_of(map))
        .unwrap_or_default()
}

/// Compares the webhooks of OpenAPI 3.1: requests that the server makes.
fn requests<'a>(sides: &Sides<'a>) -> Vec<Entry<'a>> {
    let (old, new) = (webhooks(&sides.old), webhooks(&sides.new));
    let same = |one: &Operation<'_>, other: &Operation<'_>| {
        one.path == other.path && one.method == other.method
    };
    let mut entries = Vec::new();
    for before in &old {
        let mut found = Findings::default();
        match new.iter().find(|after| same(before, after)) {
            Some(after) => {
                callback::request(sides, &mut found, (before, after));
                let items = (before.item, after.item);
                callback::item(sides, &mut found, items, (&old, &new));
            }
            None => {
                let text = format!("the webhook {} is gone", before.path);
                let rule = &rules::WEBHOOK_EVENT_REMOVED;
                let fact = Fact::removed(rule, before.value, sides.new.root, text);
                found.report(fact.about(before.path));
            }
        }
        entries.push(entry(before.path, found));
    }
    for after in &new {
        if !old.iter().any(|before| same(before, after)) {
            let mut found = Findings::default();
            let text = format!("the webhook {} is new", after.path);
            let fact = Fact::added(
                &rules::WEBHOOK_EVENT_ADDED,
                after.value,
                sides.old.root,
                text,
            );
            found.report(fact.about(after.path));
            entries.push(entry(after.path, found));
        }
    }
    entries
}

fn entry<'a>(name: &str, findings: Findings<'a>) -> Entry<'a> {
    Entry {
        label: format!("WEBHOOK {name}"),
        findings,
    }
}

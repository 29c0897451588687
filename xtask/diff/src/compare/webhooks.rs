//! Events that a webhook receiver gets, each compared as if it were a response.

use serde_json::Value;

use super::context::{Entry, Findings, Kind, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::fields::{members, well_typed};
use crate::rules;

/// The extension that lists the events.
pub(super) const EVENTS: &str = "x-webhook-events";

/// Compares what is said about events as a whole.
pub(super) fn document<'a>(found: &mut Findings<'a>, roots: (&'a Value, &'a Value)) {
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
    gone_or_kept.chain(new).collect()
}

fn entry<'a>(name: &str, findings: Findings<'a>) -> Entry<'a> {
    Entry {
        label: format!("WEBHOOK {name}"),
        findings,
    }
}

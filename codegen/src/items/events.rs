//! One open enum over all webhook events.

use std::collections::BTreeSet;

use super::docs;
use super::inline::code;
use super::text::{Text, list};
use super::unit::{Module, Unit};
use crate::model::Api;
use crate::naming;
use crate::surface::{Kind, Wire};

pub(crate) fn unit(api: &Api) -> Unit {
    let events = &api.events;
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let words: Vec<&str> = events.types.keys().map(String::as_str).collect();
    let variants = naming::assign(&words, naming::variant_name, &mut taken);
    let mut text = Text::of("Event");
    text.declares(Kind::Enum, "", Wire::None);
    text.docs(&[
        "A webhook event. Events this version does not know arrive as [`Event::Unknown`].",
    ]);
    text.line("#[derive(Clone, Debug, PartialEq)]");
    text.line("#[non_exhaustive]");
    text.line("pub enum Event {");
    for ((event, ty), variant) in events.types.iter().zip(&variants) {
        let description = api.schemas.get(ty).map(|s| docs::description(&s.json));
        match description.filter(|text| !text.is_empty()) {
            Some(description) => text.docs(&[&docs::prose(&description)]),
            None => text.docs(&[&format!("{}.", code(event))]),
        }
        let payload = format!("(Box<types::{ty}>)");
        text.line(format_args!("{variant}{payload},"));
        let wire = Wire::Literal(event.clone());
        text.record(Kind::Enum, variant, &payload, false, wire);
    }
    text.docs(&["An event this version does not know, with its whole payload."]);
    text.line("Unknown(UnknownEvent),");
    text.record(Kind::Enum, "Unknown", "(UnknownEvent)", false, Wire::None);
    text.line("}");
    text.line("impl Event {");
    text.docs(&["The member of the payload that names the event."]);
    text.line(format_args!(
        "pub const DISCRIMINATOR: &'static str = {:?};",
        events.discriminator
    ));
    text.docs(&["The types this version knows."]);
    text.line(format_args!(
        "pub const KNOWN_TYPES: &'static [&'static str] = &[{}];",
        list(events.types.keys().map(|event| format!("{event:?}")))
    ));
    text.docs(&["The event type as the server writes it, such as `call.created`."]);
    text.line("#[inline]");
    text.function("event_type", "(&self) -> &str", false, Wire::None);
    text.line("match self {");
    for (event, variant) in events.types.keys().zip(&variants) {
        text.line(format_args!("Self::{variant}(_) => {event:?},"));
    }
    text.line("Self::Unknown(event) => event.event_type(),");
    text.line("} }");
    text.line("#[inline]");
    text.line(
        "pub(crate) fn decode(event_type: &str, json: &str, missing: &mut Vec<String>) \
         -> Result<Self, Mismatch> {",
    );
    if events.types.is_empty() {
        text.line("let _ = missing;");
    }
    text.line("match event_type {");
    for (event, variant) in events.types.keys().zip(&variants) {
        text.line(format_args!(
            "{event:?} => decode::part(json, missing).map(Self::{variant}),"
        ));
    }
    text.line("_ => Ok(Self::Unknown(UnknownEvent::new(event_type, json))),");
    text.line("} } }");
    text.docs(&["The part of an event that tells its type."]);
    text.line("#[derive(serde::Deserialize)]");
    text.line("#[allow(dead_code)]");
    text.line("pub(crate) struct EventHead {");
    text.line(format_args!(
        "#[serde(rename = {:?})]",
        events.discriminator
    ));
    text.line("pub(crate) event_type: Option<Value>, }");
    Unit::only(Module::Root, "Event", text)
}

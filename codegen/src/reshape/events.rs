//! One open enum over all webhook events.

use std::collections::BTreeSet;

use super::text::{Text, list};
use super::{Module, Unit, docs};
use crate::model::Api;
use crate::naming;

pub(crate) fn unit(api: &Api) -> Unit {
    let events = &api.events;
    let mut taken = BTreeSet::from(["unknown".to_owned()]);
    let mut variant = |event: &String| naming::unique(naming::variant_name(event), &mut taken);
    let variants: Vec<String> = events.types.keys().map(&mut variant).collect();
    let mut text = Text::default();
    text.docs(&[
        "A webhook event. Events this version does not know arrive as [`Event::Unknown`].",
    ]);
    text.line("#[derive(Clone, Debug, PartialEq)]");
    text.line("#[non_exhaustive]");
    text.open("pub enum Event {");
    for ((event, ty), variant) in events.types.iter().zip(&variants) {
        let description = api.schemas.get(ty).map(|s| docs::description(&s.json));
        match description.filter(|text| !text.is_empty()) {
            Some(description) => text.docs(&[&docs::prose(&description)]),
            None => text.docs(&[&format!("`{event}`.")]),
        }
        text.line(format_args!("{variant}(Box<types::{ty}>),"));
    }
    text.docs(&["An event this version does not know, with its whole payload."]);
    text.line("Unknown(UnknownEvent),");
    text.close("}");
    text.open("impl Event {");
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
    text.open("pub fn event_type(&self) -> &str {");
    text.open("match self {");
    for (event, variant) in events.types.keys().zip(&variants) {
        text.arm(&format!("Self::{variant}(_)"), &format!("{event:?}"));
    }
    text.line("Self::Unknown(event) => event.event_type(),");
    text.close("}");
    text.close("}");
    text.line("#[inline]");
    text.open(
        "pub(crate) fn read(event_type: &str, json: &str) -> Result<Self, serde_json::Error> {",
    );
    text.open("match event_type {");
    for (event, variant) in events.types.keys().zip(&variants) {
        text.arm(
            &format!("{event:?}"),
            &format!("serde_json::from_str(json).map(|event| Self::{variant}(Box::new(event)))"),
        );
    }
    text.line("_ => UnknownEvent::read(event_type, json).map(Self::Unknown),");
    for _ in 0..3 {
        text.close("}");
    }
    Unit::only(Module::Root, "Event", text)
}

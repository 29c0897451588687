//! Webhook events, which amendments list beside the vendor's document.

use std::borrow::Cow;
use std::collections::BTreeSet;

use openapi_document::pointer::tokens;
use openapi_document::{
    Component, component_name, reached_components, reference, resolve, resolved,
};
use serde_json::{Value, json};

use super::amendments::{forget, merged};
use super::fit::Why;
use super::state::{Adopted, text};

/// The schemas of the webhook events that are known now: a vendor lists them beside the paths.
pub(super) fn known(composed: &Value) -> BTreeSet<String> {
    let events = composed.pointer("/x-webhook-events/events");
    let events = events.and_then(Value::as_object).into_iter().flatten();
    let targets = events.filter_map(|(_, event)| reference(event));
    targets
        .filter_map(|target| component_name(target, "schemas"))
        .map(Cow::into_owned)
        .collect()
}

/// An event cannot be read if its schema does not name it, or leads to a type that is gone.
pub(super) fn drop_broken(adopted: &mut Adopted) {
    let document = merged(adopted);
    let webhooks = document.get("x-webhook-events");
    let discriminator = webhooks
        .map(|w| text(w, "discriminator"))
        .unwrap_or_default();
    let listed = webhooks
        .and_then(|w| w.get("events"))
        .and_then(Value::as_object);
    let dangling = dangling_components(&document);
    let components = json!({"components": document.get("components")});
    let mut broken = Vec::new();
    for (name, event) in listed.into_iter().flatten() {
        let schema = resolved(&document, event);
        let property = schema
            .get("properties")
            .and_then(|all| all.get(discriminator));
        let said = property.and_then(|property| property.get("default"));
        let is_named = said.and_then(Value::as_str) == Some(name.as_str());
        let own = reference(event).and_then(|target| component_name(target, "schemas"));
        let own = own.map(|own| ("schemas".to_owned(), own.into_owned()));
        if !is_named || !reached_components(&components, own).is_disjoint(&dangling) {
            broken.push(name.clone());
        }
    }
    if listed.is_some_and(|listed| !listed.is_empty() && listed.len() == broken.len()) {
        adopted
            .notes
            .push("no webhook event can be read, so there are none".to_owned());
        forget(adopted, &["x-webhook-events"], Why::Otherwise);
        return;
    }
    for name in broken {
        forget(
            adopted,
            &["x-webhook-events", "events", &name],
            Why::Otherwise,
        );
    }
}

/// Section and name of the components that hold a reference to nothing.
fn dangling_components(document: &Value) -> BTreeSet<Component> {
    let mut found = BTreeSet::new();
    openapi_document::visit(document, &mut |_, value, at| {
        let is_dangling = reference(value).is_some_and(|target| resolve(document, target).is_err());
        let mut tokens = tokens(at).map(Cow::into_owned);
        if is_dangling
            && tokens.next().is_some_and(|first| first == "components")
            && let (Some(section), Some(name)) = (tokens.next(), tokens.next())
        {
            found.insert((section, name));
        }
    });
    found
}

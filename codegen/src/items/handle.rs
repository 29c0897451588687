//! The operations of one call, on the call handle: without its type and id, and without the word.

use std::collections::{BTreeMap, BTreeSet};

use super::request::{Request, Target};
use super::requests;
use super::text::Text;
use super::unit::{Module, Unit};
use crate::naming::{self, CALL_METHODS};
use crate::shape::Shape;

pub(crate) fn unit(all: &[Request<'_>], call_paths: &[String]) -> Option<Unit> {
    let on_handle: Vec<(&Request<'_>, [String; 2])> = all
        .iter()
        .filter_map(|request| Some((request, call_arguments(request, call_paths)?)))
        .collect();
    if on_handle.is_empty() {
        return None;
    }
    let mut short: BTreeMap<String, usize> = BTreeMap::new();
    for (request, _) in &on_handle {
        *short
            .entry(short_name(&request.operation.method_name()))
            .or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    let mut text = Text::of("Call");
    text.docs(&["Operations of one call: its type and id are filled in."]);
    text.line("impl Call {");
    for (request, [call_type, id]) in &on_handle {
        let long = request.operation.method_name();
        let name = short_name(&long);
        let clash = short.get(&name) != Some(&1) || CALL_METHODS.contains(&name.as_str());
        let name = if clash || name.is_empty() {
            naming::beside(&CALL_METHODS, long)
        } else {
            naming::value_name(&name)
        };
        let name = naming::unique(name, &mut taken);
        let given = [
            (call_type.as_str(), "self.call_type.as_str()"),
            (id.as_str(), "self.id.as_str()"),
        ];
        requests::method(&mut text, request, &name, "&self.client.shared", &given);
    }
    text.line("}");
    Some(Unit::only(Module::Root, "Call", text))
}

/// The arguments that are a call's type and id, if the operation is about one call.
fn call_arguments(request: &Request<'_>, call_paths: &[String]) -> Option<[String; 2]> {
    let path = format!("{}/", request.operation.path);
    let about_calls = |part: &&String| path.contains(&format!("{}/", part.trim_end_matches('/')));
    let part = call_paths.iter().find(about_calls)?;
    let named = |wire: &str, target: Target| {
        let found = request
            .arguments
            .iter()
            .find(|a| a.field.wire == wire && a.target == target && a.field.shape == Shape::Text);
        found.map(|a| a.name.clone())
    };
    let placeholders: Vec<&str> = part.split('/').filter_map(placeholder).collect();
    match placeholders.as_slice() {
        [call_type, id] => Some([named(call_type, Target::Path)?, named(id, Target::Path)?]),
        // Some name the call in the body instead.
        _ => Some([named("type", Target::Body)?, named("id", Target::Body)?]),
    }
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// `query_call_participants` reads `query_participants` on a call.
fn short_name(method: &str) -> String {
    method
        .trim_start_matches("r#")
        .split('_')
        .filter(|word| *word != "call")
        .collect::<Vec<_>>()
        .join("_")
}

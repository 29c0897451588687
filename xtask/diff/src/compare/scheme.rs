//! Security schemes, part by part.

use serde_json::Value;

use super::context::Findings;
use super::fact::Fact;
use super::fields::{members, union, well_typed};
use crate::rules;

/// The parts that decide how credentials are sent.
const FORM: [&str; 5] = ["type", "in", "name", "scheme", "openIdConnectUrl"];

/// Compares two schemes of the same name.
pub(super) fn compare<'a>((old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    for key in FORM {
        let text = |side: &'a Value| side.get(key).and_then(Value::as_str);
        let (before, after) = (text(old), text(new));
        let same_in_any_case = before.is_some()
            && before.map(str::to_ascii_lowercase) == after.map(str::to_ascii_lowercase);
        if old.get(key) == new.get(key) {
            continue;
        }
        let header = text(old) == Some("header") || old.get("in") == Some(&"header".into());
        let (rule, text) = if same_in_any_case && (key == "scheme" || key == "name" && header) {
            (
                &rules::RESTATED,
                format!("{key} is written in another case"),
            )
        } else {
            (
                &rules::SECURITY_SCHEME_CHANGED,
                format!("{key} of the scheme is different"),
            )
        };
        found.report(Fact::keyword(rule, key, old, new, text));
    }
    if old.get("bearerFormat") != new.get("bearerFormat") {
        let text = "the form of the bearer token is described differently";
        found.report(Fact::keyword(
            &rules::PROSE_CHANGED,
            "bearerFormat",
            old,
            new,
            text,
        ));
    }
    let mut handled = FORM.to_vec();
    handled.push("bearerFormat");
    if well_typed(old, new, "flows", Value::is_object) {
        handled.push("flows");
        flows(&mut found, (old, new));
    }
    found.remaining((old, new), &handled);
    found
}

fn flows<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let reports = found.count();
    let places = (
        old.get("flows").unwrap_or(old),
        new.get("flows").unwrap_or(new),
    );
    let flow = |side: &'a Value, name: &str| side.get("flows")?.get(name);
    for (name, before) in members(old, "flows") {
        match flow(new, name) {
            Some(after) if before.is_object() && after.is_object() => {
                compare_flow(found, name, (before, after));
            }
            Some(after) => found.remaining((before, after), &[]),
            None => {
                let text = format!("the flow {name} is gone");
                let rule = &rules::SECURITY_SCHEME_CHANGED;
                found.report(Fact::removed(rule, before, places.1, text).about(name));
            }
        }
    }
    for (name, after) in members(new, "flows") {
        if flow(old, name).is_none() {
            let text = format!("the flow {name} is new");
            let rule = &rules::SECURITY_FLOW_ADDED;
            found.report(Fact::added(rule, after, places.0, text).about(name));
        }
    }
    if old.get("flows") != new.get("flows") && found.count() == reports {
        let same = places.0 == places.1;
        if !same || old.get("flows").is_some() != new.get("flows").is_some() {
            let text = "an empty map of flows comes or goes";
            let links = members(old, "flows").count() + members(new, "flows").count();
            if links == 0 {
                found.report(Fact::keyword(&rules::RESTATED, "flows", old, new, text));
            }
        }
    }
}

fn compare_flow<'a>(found: &mut Findings<'a>, name: &str, (old, new): (&'a Value, &'a Value)) {
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
        if old.get(key) != new.get(key) {
            let text = format!("{key} of the flow {name} is different");
            let rule = &rules::SECURITY_SCHEME_CHANGED;
            let fact = Fact::keyword(rule, key, old, new, text);
            found.report(fact.about(format!("{name} {key}")));
        }
    }
    let mut handled = vec!["authorizationUrl", "tokenUrl", "refreshUrl"];
    if well_typed(old, new, "scopes", Value::is_object) {
        handled.push("scopes");
        scopes(found, name, (old, new));
    }
    found.remaining((old, new), &handled);
}

/// Compares the scopes that a flow offers; those that operations demand are compared there.
fn scopes<'a>(found: &mut Findings<'a>, flow: &str, (old, new): (&'a Value, &'a Value)) {
    let empty = serde_json::Map::new();
    let map = |side: &'a Value| side.get("scopes").and_then(Value::as_object);
    let (left, right) = (map(old), map(new));
    let places = (
        old.get("scopes").unwrap_or(old),
        new.get("scopes").unwrap_or(new),
    );
    for scope in union(left.unwrap_or(&empty), right.unwrap_or(&empty)) {
        let of = |map: Option<&'a serde_json::Map<String, Value>>| map?.get(scope);
        let fact = match (of(left), of(right)) {
            (Some(before), None) => {
                let text = format!("the scope {scope} is no longer offered");
                Fact::removed(&rules::SECURITY_SCOPE_WITHDRAWN, before, places.1, text)
            }
            (None, Some(after)) => {
                let text = format!("the scope {scope} is offered");
                Fact::added(&rules::SECURITY_SCOPE_OFFERED, after, places.0, text)
            }
            (Some(before), Some(after)) if before != after => {
                let text = format!("the scope {scope} is described differently");
                let fact = Fact::changed(&rules::PROSE_CHANGED, before, after, text);
                fact.values(before.clone(), after.clone())
            }
            _ => continue,
        };
        found.report(fact.about(format!("{flow} {scope}")));
    }
    let none = left.is_none_or(|map| map.is_empty()) && right.is_none_or(|map| map.is_empty());
    if none && left.is_some() != right.is_some() {
        let text = "an empty map of scopes comes or goes";
        found.report(Fact::keyword(&rules::RESTATED, "scopes", old, new, text));
    }
}

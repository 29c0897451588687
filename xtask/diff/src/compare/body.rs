//! Request bodies and headers.

use serde_json::Value;

use super::context::{Findings, Kind, Sides};
use super::direction::{Direction, Via};
use super::fact::Fact;
use super::fields::{members, union, well_typed};
use super::{media, parameter};
use crate::rules::{self, Rule};

/// Compares the request bodies of two operations.
pub(super) fn compare_requests<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&'a Value, &'a Value),
) {
    let required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
    let fact = match (old.get("requestBody"), new.get("requestBody")) {
        (Some(old), Some(new)) => {
            found.enter(sides, Kind::Body, via, (old, new));
            return;
        }
        (None, None) => return,
        (Some(body), None) => {
            Fact::removed(&rules::BODY_REMOVED, body, new, "the request body is gone")
        }
        (None, Some(body)) if required(sides.new.follow(body).target) => {
            let text = "a required request body is new";
            Fact::added(&rules::BODY_ADDED_REQUIRED, body, old, text)
        }
        (None, Some(body)) => {
            let text = "an optional request body is new";
            Fact::added(&rules::BODY_ADDED_OPTIONAL, body, old, text)
        }
    };
    found.report(fact);
}

/// Compares two request bodies.
pub(super) fn compare<'a>(sides: &Sides<'a>, pair: (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    let (old, new) = pair;
    let (before, after) = found.flag(pair, "required", false);
    if before != after {
        let (rule, text) = if after {
            (&rules::BODY_BECAME_REQUIRED, "the body is now required")
        } else {
            (&rules::BODY_BECAME_OPTIONAL, "the body may now be left out")
        };
        found.report(Fact::keyword(rule, "required", old, new, text));
    }
    media::contents(sides, &mut found, pair);
    // Nobody asks a webhook for one of several representations.
    let removed = rules::MEDIA_TYPE_REMOVED.id;
    let lost = found
        .facts
        .iter_mut()
        .filter(|fact| fact.rule.id == removed);
    lost.for_each(|fact| fact.only = Some(Direction::Request));
    found.remaining(pair, &["required", "content"]);
    found
}

/// Compares two response headers.
pub(super) fn header<'a>(sides: &Sides<'a>, pair: (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    let (old, new) = pair;
    let (before, after) = found.flag(pair, "required", false);
    if before != after {
        let (rule, text) = if after {
            (&rules::HEADER_BECAME_REQUIRED, "the header always comes")
        } else {
            (&rules::HEADER_BECAME_OPTIONAL, "the header may be missing")
        };
        found.report(Fact::keyword(rule, "required", old, new, text));
    }
    found.deprecation(pair);
    parameter::serialization(&mut found, pair, parameter::kinds(sides, pair));
    media::schemas(sides, &mut found, pair);
    media::contents(sides, &mut found, pair);
    let handled = [
        "required",
        "deprecated",
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "schema",
        "content",
    ];
    found.remaining(pair, &handled);
    found
}

/// Compares the headers of two responses, names without regard to case.
pub(super) fn headers<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    if !well_typed(old, new, "headers", Value::is_object) {
        if old.get("headers") != new.get("headers") {
            let text = "headers are not a map";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "headers", old, new, text);
            found.report(fact);
        }
        return;
    }
    let (Some(left), Some(right)) = (old.get("headers"), new.get("headers")) else {
        one_sided(sides, found, (old, new));
        return;
    };
    let (Some(left_map), Some(right_map)) = (left.as_object(), right.as_object()) else {
        return;
    };
    let find = |name: &str| {
        let mut names = right_map.iter();
        names.find(|(other, _)| other.eq_ignore_ascii_case(name))
    };
    for name in union(left_map, right_map) {
        let Some(before) = left_map.get(name) else {
            let known = left_map
                .keys()
                .any(|other| other.eq_ignore_ascii_case(name));
            if let Some(after) = right_map.get(name).filter(|_| !known) {
                header_added(sides, found, name, after, old);
            }
            continue;
        };
        let Some((other, after)) = find(name) else {
            header_removed(sides, found, name, before, new);
            continue;
        };
        if other != name {
            let fact = Fact::changed(&rules::RESTATED, before, after, "another case");
            found.report(fact.values(name, other.as_str()));
        }
        if is_ignored(name) {
            if sides.old.follow(before).target != sides.new.follow(after).target {
                let fact = Fact::changed(&rules::RESTATED, before, after, IGNORED);
                found.report(fact.about(name));
            }
            continue;
        }
        if let Some((before, after)) = found.follow(sides, before, after) {
            found.link(Kind::Header, before, after);
        }
    }
}

/// Text about a header that media types describe.
const IGNORED: &str = "OpenAPI ignores response headers of this name";

fn is_ignored(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

fn one_sided<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let before = found.count();
    for (name, header) in members(old, "headers") {
        header_removed(sides, found, name, header, new);
    }
    for (name, header) in members(new, "headers") {
        header_added(sides, found, name, header, old);
    }
    if old.get("headers") != new.get("headers") && found.count() == before {
        let text = "an empty map of headers comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "headers", old, new, text);
        found.report(fact);
    }
}

/// The rule for a header that comes or goes, of the one for required ones and the one for others.
fn header_rule(name: &str, header: &Value, [required, other]: [&'static Rule; 2]) -> &'static Rule {
    if is_ignored(name) {
        &rules::RESTATED
    } else if header.get("required") == Some(&Value::Bool(true)) {
        required
    } else {
        other
    }
}

fn header_added<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    name: &str,
    header: &'a Value,
    near: &'a Value,
) {
    let target = sides.new.follow(header).target;
    let rules = [&rules::HEADER_ADDED_REQUIRED, &rules::HEADER_ADDED];
    let rule = header_rule(name, target, rules);
    let text = format!("the response header {name} is new");
    let fact = Fact::added(rule, header, near, text);
    found.report(fact.about(name));
}

fn header_removed<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    name: &str,
    header: &'a Value,
    near: &'a Value,
) {
    let target = sides.old.follow(header).target;
    let rules = [
        &rules::HEADER_REMOVED_REQUIRED,
        &rules::HEADER_REMOVED_OPTIONAL,
    ];
    let rule = header_rule(name, target, rules);
    let text = format!("the response header {name} is gone");
    let fact = Fact::removed(rule, header, near, text);
    found.report(fact.about(name));
}

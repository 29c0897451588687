//! Request bodies, media types and headers.

use serde_json::Value;

use super::fields::{members, union, well_typed};
use super::operation::Scope;
use super::{Comparison, Kind};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// Compares the request bodies of two operations.
pub(super) fn compare_requests<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &'a Value,
    new: &'a Value,
) {
    let required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
    let fact = match (old.get("requestBody"), new.get("requestBody")) {
        (Some(old), Some(new)) => {
            comparison.enter(scope, Direction::Request, Kind::Body, old, new);
            return;
        }
        (None, None) => return,
        (Some(body), None) => {
            Fact::removed(&rules::BODY_REMOVED, body, new, "the request body is gone")
        }
        (None, Some(body)) if required(comparison.new.follow(body).target) => {
            let text = "a required request body is new";
            Fact::added(&rules::BODY_ADDED_REQUIRED, body, old, text)
        }
        (None, Some(body)) => {
            let text = "an optional request body is new";
            Fact::added(&rules::BODY_ADDED_OPTIONAL, body, old, text)
        }
    };
    comparison.report(scope.node, fact);
}

/// Compares two request bodies.
pub(super) fn request<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    let pair = (old, new);
    let (before, after) = comparison.flag(node, pair, "required", false);
    if before != after {
        let (rule, text) = if after {
            (&rules::BODY_BECAME_REQUIRED, "the body is now required")
        } else {
            (&rules::BODY_BECAME_OPTIONAL, "the body may now be left out")
        };
        comparison.report(node, Fact::keyword(rule, "required", old, new, text));
    }
    contents(comparison, node, pair);
    comparison.remaining(node, pair, &["required", "content"]);
}

/// A media type without parameters such as the charset.
fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Compares the media types under `content`.
pub(super) fn contents<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    if !well_typed(old, new, "content", Value::is_object) {
        if old.get("content") != new.get("content") {
            let text = "content is no map";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "content", old, new, text);
            comparison.report(node, fact);
        }
        return;
    }
    let left: Vec<(&str, &Value)> = members(old, "content").collect();
    let mut right: Vec<(&str, &Value)> = members(new, "content").collect();
    if left.is_empty() && right.is_empty() && old.get("content") != new.get("content") {
        let text = "an empty map of media types comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "content", old, new, text);
        comparison.report(node, fact);
    }
    for (media, before) in left {
        let same = right.iter().position(|(other, _)| *other == media);
        let alike = || {
            let wanted = essence(media);
            right.iter().position(|(other, _)| essence(other) == wanted)
        };
        let Some(index) = same.or_else(alike) else {
            let text = format!("the media type {media} is gone");
            let fact = Fact::removed(&rules::MEDIA_TYPE_REMOVED, before, new, text);
            comparison.report(node, fact.about(media));
            continue;
        };
        let (other, after) = right.remove(index);
        if other != media {
            let text = format!("{media} is written {other}");
            let fact = Fact::changed(&rules::RESTATED, before, after, text);
            comparison.report(node, fact.about(media).values(media, other));
        }
        comparison.descend(node, Kind::Media, before, after);
    }
    for (media, after) in right {
        let text = format!("the media type {media} is new");
        let fact = Fact::added(&rules::MEDIA_TYPE_ADDED, after, old, text);
        comparison.report(node, fact.about(media));
    }
}

/// Compares what two bodies say about one media type.
pub(super) fn media<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    schemas(comparison, node, (old, new));
    let same = old.get("encoding") == new.get("encoding");
    if !same {
        let text = "parts of the body are written differently";
        let fact = Fact::keyword(&rules::ENCODING_CHANGED, "encoding", old, new, text);
        comparison.report(node, fact);
    }
    comparison.remaining(node, (old, new), &["schema", "encoding"]);
}

/// Compares the schemas of a parameter, header or media type; without one, anything goes.
pub(super) fn schemas<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    let fact = match (old.get("schema"), new.get("schema")) {
        (Some(old), Some(new)) => {
            comparison.descend(node, Kind::Schema, old, new);
            return;
        }
        (None, None) => return,
        (Some(schema), None) => {
            let text = "the schema is gone, so anything may come";
            Fact::removed(&rules::TYPE_OPENED, schema, new, text)
        }
        (None, Some(schema)) => {
            let text = "where anything could come, a schema is given";
            Fact::added(&rules::TYPE_CLOSED, schema, old, text)
        }
    };
    comparison.report(node, fact);
}

/// Compares two response headers.
pub(super) fn header<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    let pair = (old, new);
    let (before, after) = comparison.flag(node, pair, "required", false);
    if before != after {
        let (rule, text) = if after {
            (&rules::HEADER_BECAME_REQUIRED, "the header always comes")
        } else {
            (&rules::HEADER_BECAME_OPTIONAL, "the header may be missing")
        };
        comparison.report(node, Fact::keyword(rule, "required", old, new, text));
    }
    comparison.deprecation(node, pair);
    schemas(comparison, node, pair);
    contents(comparison, node, pair);
    let handled = ["required", "deprecated", "schema", "content"];
    comparison.remaining(node, pair, &handled);
}

/// Compares the headers of two responses; their names are the same in any case.
pub(super) fn headers<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    if !well_typed(old, new, "headers", Value::is_object) {
        if old.get("headers") != new.get("headers") {
            let text = "headers are no map";
            let fact = Fact::keyword(&rules::UNCLASSIFIED, "headers", old, new, text);
            comparison.report(node, fact);
        }
        return;
    }
    let (Some(left), Some(right)) = (old.get("headers"), new.get("headers")) else {
        one_sided(comparison, node, (old, new));
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
                header_added(comparison, node, name, after, old);
            }
            continue;
        };
        let Some((other, after)) = find(name) else {
            header_removed(comparison, node, name, before, new);
            continue;
        };
        if other != name {
            let fact = Fact::changed(&rules::RESTATED, before, after, "another case");
            comparison.report(node, fact.values(name, other.as_str()));
        }
        if let Some((before, after)) = comparison.follow(node, before, after) {
            comparison.descend(node, Kind::Header, before, after);
        }
    }
}

fn one_sided<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    let before = comparison.reports();
    for (name, header) in members(old, "headers") {
        header_removed(comparison, node, name, header, new);
    }
    for (name, header) in members(new, "headers") {
        header_added(comparison, node, name, header, old);
    }
    if old.get("headers") != new.get("headers") && comparison.reports() == before {
        let text = "an empty map of headers comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "headers", old, new, text);
        comparison.report(node, fact);
    }
}

fn header_added<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    header: &'a Value,
    near: &'a Value,
) {
    let text = format!("the response header {name} is new");
    let fact = Fact::added(&rules::HEADER_ADDED, header, near, text);
    comparison.report(node, fact.about(name));
}

fn header_removed<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    name: &str,
    header: &'a Value,
    near: &'a Value,
) {
    let target = comparison.old.follow(header).target;
    let rule = if target.get("required") == Some(&Value::Bool(true)) {
        &rules::HEADER_REMOVED_REQUIRED
    } else {
        &rules::HEADER_REMOVED_OPTIONAL
    };
    let text = format!("the response header {name} is gone");
    let fact = Fact::removed(rule, header, near, text);
    comparison.report(node, fact.about(name));
}

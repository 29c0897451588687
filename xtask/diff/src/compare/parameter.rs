//! Parameters: which ones an operation has, and how each one changes.

use serde_json::Value;

use super::fields::{entries, well_typed};
use super::operation::Scope;
use super::paths::Operation;
use super::{Comparison, Kind, body};
use crate::document::{Document, reference_text};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;

/// A parameter as an operation sees it.
struct Parameter<'a> {
    /// Where it is listed: a reference or the parameter itself.
    site: &'a Value,
    value: &'a Value,
    /// What makes it the same parameter: its place and its name, or its position in the path.
    key: String,
    name: &'a str,
    of_path: bool,
}

impl Parameter<'_> {
    fn required(&self) -> bool {
        self.value.get("required") == Some(&Value::Bool(true))
            || self.value.get("in").and_then(Value::as_str) == Some("path")
    }
}

/// The parameters of an operation: its own ones, then those of its path that it does not override.
fn effective<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut all: Vec<Parameter<'a>> = Vec::new();
    for (of_path, owner) in [(false, operation.value), (true, operation.item)] {
        for site in entries(owner, "parameters") {
            let parameter = read(document, operation.path, site, of_path);
            let overridden = of_path && all.iter().any(|other| other.key == parameter.key);
            if !overridden {
                all.push(parameter);
            }
        }
    }
    all
}

fn read<'a>(document: &Document<'a>, path: &str, site: &'a Value, of_path: bool) -> Parameter<'a> {
    let value = document.follow(site).target;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let lost = reference_text(value);
    let name = text("name").or(lost).unwrap_or_default();
    let place = text("in").unwrap_or_default();
    let key = match place {
        "path" => match position(path, name) {
            Some(position) => format!("path {position}"),
            None => format!("path {name}"),
        },
        "header" => format!("header {}", name.to_ascii_lowercase()),
        _ => format!("{place} {name}"),
    };
    Parameter {
        site,
        value,
        key,
        name,
        of_path,
    }
}

/// Which placeholder of a path has this name.
fn position(path: &str, name: &str) -> Option<usize> {
    path.split('{')
        .skip(1)
        .position(|rest| rest.split('}').next() == Some(name))
}

/// The parameters of a path item that every one of its operations overrides.
pub(super) fn unused<'a>(
    document: &Document<'a>,
    item: &'a Value,
    operations: &[Operation<'a>],
) -> Vec<&'a Value> {
    let used: Vec<Parameter<'a>> = operations
        .iter()
        .flat_map(|operation| effective(document, operation))
        .filter(|parameter| parameter.of_path)
        .collect();
    let is_used = |site: &&Value| used.iter().any(|other| std::ptr::eq(other.site, *site));
    entries(item, "parameters")
        .iter()
        .filter(|site| !is_used(site))
        .collect()
}

/// Compares the parameters of two operations.
pub(super) fn compare_lists<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    if !well_typed(old.value, new.value, "parameters", Value::is_array) {
        let text = "parameters are no list";
        let rule = &rules::UNCLASSIFIED;
        let fact = Fact::keyword(rule, "parameters", old.value, new.value, text);
        comparison.report(scope.node, fact);
        return;
    }
    let before = comparison.reports();
    let left = effective(&comparison.old, old);
    let mut right = effective(&comparison.new, new);
    let mut gone = Vec::new();
    for parameter in left {
        match right.iter().position(|other| other.key == parameter.key) {
            Some(index) => pair(comparison, scope, &parameter, &right.remove(index)),
            None => gone.push(parameter),
        }
    }
    for parameter in gone {
        match right.iter().position(|other| other.name == parameter.name) {
            Some(index) => pair(comparison, scope, &parameter, &right.remove(index)),
            None => {
                let text = format!("the parameter {} is gone", parameter.name);
                let fact =
                    Fact::removed(&rules::PARAMETER_REMOVED, parameter.site, new.value, text);
                comparison.report(scope.node, fact.about(parameter.name));
            }
        }
    }
    for parameter in right {
        let (rule, kind) = if parameter.required() {
            (&rules::PARAMETER_ADDED_REQUIRED, "required")
        } else {
            (&rules::PARAMETER_ADDED_OPTIONAL, "optional")
        };
        let text = format!("the {kind} parameter {} is new", parameter.name);
        let fact = Fact::added(rule, parameter.site, old.value, text);
        comparison.report(scope.node, fact.about(parameter.name));
    }
    spelling(comparison, scope.node, (old.value, new.value), before);
}

/// An empty list or a duplicate makes no difference, and is not passed over.
fn spelling<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
    before: usize,
) {
    let (left, right) = (old.get("parameters"), new.get("parameters"));
    let count = |list: Option<&Value>| list.and_then(Value::as_array).map(Vec::len);
    if count(left) != count(right) && comparison.reports() == before {
        let text = "the list of parameters is written differently";
        let fact = Fact::keyword(&rules::RESTATED, "parameters", old, new, text);
        comparison.report(node, fact);
    }
}

fn pair<'a>(
    comparison: &mut Comparison<'a>,
    scope: Scope,
    old: &Parameter<'a>,
    new: &Parameter<'a>,
) {
    if old.of_path != new.of_path {
        let text = "the parameter is declared on the other level";
        let rule = &rules::PARAMETER_LEVEL_CHANGED;
        let fact = Fact::changed(rule, old.site, new.site, text);
        comparison.report(scope.node, fact);
    }
    let (old, new) = (old.site, new.site);
    comparison.enter(scope, Direction::Request, Kind::Parameter, old, new);
}

/// Compares two parameters.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    let pair = (old, new);
    let text = |value: &'a Value, key: &str| value.get(key).and_then(Value::as_str);
    let (before, after) = (text(old, "in"), text(new, "in"));
    if old.get("in") != new.get("in") {
        let message = "the parameter is sent in another part of the request";
        let fact = Fact::keyword(&rules::PARAMETER_MOVED, "in", old, new, message);
        comparison.report(node, fact);
    }
    if old.get("name") != new.get("name") {
        let (rule, message) = match before {
            Some("path") if text(new, "name").is_some() => (
                &rules::PATH_PARAMETER_RENAMED,
                "the placeholder has another name",
            ),
            Some("header") if text(new, "name").is_some() => {
                (&rules::RESTATED, "the header is written in another case")
            }
            _ => (&rules::UNCLASSIFIED, "the parameter has another name"),
        };
        comparison.report(node, Fact::keyword(rule, "name", old, new, message));
    }
    required(
        comparison,
        node,
        pair,
        before == Some("path") && after == before,
    );
    comparison.deprecation(node, pair);
    if before == after {
        serialization(comparison, node, pair);
    }
    content(comparison, node, pair);
    let handled = [
        "in",
        "name",
        "required",
        "deprecated",
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "schema",
        "content",
    ];
    comparison.remaining(node, pair, &handled);
}

fn required<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    pair: (&'a Value, &'a Value),
    in_path: bool,
) {
    let (before, after) = comparison.flag(node, pair, "required", in_path);
    let (rule, text) = match (before, after) {
        (false, true) => (
            &rules::PARAMETER_BECAME_REQUIRED,
            "the parameter is now required",
        ),
        (true, false) => (
            &rules::PARAMETER_BECAME_OPTIONAL,
            "the parameter may now be left out",
        ),
        _ => return,
    };
    comparison.report(node, Fact::keyword(rule, "required", pair.0, pair.1, text));
}

/// How a value is written.
fn serialization<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, new): (&'a Value, &'a Value),
) {
    let style = |side: &'a Value| {
        let default = match side.get("in").and_then(Value::as_str) {
            Some("query" | "cookie") => "form",
            _ => "simple",
        };
        match side.get("style") {
            None => Some(default),
            Some(style) => style.as_str(),
        }
    };
    let explode = style(old) == Some("form");
    if old.get("style") != new.get("style") {
        let (rule, text) = if style(old) == style(new) {
            (&rules::RESTATED, "the style states its default")
        } else {
            let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
            (rule, "the value is written in another style")
        };
        comparison.report(node, Fact::keyword(rule, "style", old, new, text));
    }
    for (key, default) in [
        ("explode", explode),
        ("allowReserved", false),
        ("allowEmptyValue", false),
    ] {
        let (before, after) = comparison.flag(node, (old, new), key, default);
        if before != after {
            let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
            let text = format!("{key} is {after}");
            comparison.report(node, Fact::keyword(rule, key, old, new, text));
        }
    }
}

/// A parameter has a schema, or content in one media type.
fn content<'a>(comparison: &mut Comparison<'a>, node: NodeId, (old, new): (&'a Value, &'a Value)) {
    let kind = |side: &Value| (side.get("schema").is_some(), side.get("content").is_some());
    if kind(old) != kind(new) && (kind(old).1 || kind(new).1) {
        let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
        let text = "the value is plain on one side and a document on the other";
        comparison.report(node, Fact::keyword(rule, "content", old, new, text));
        return;
    }
    body::schemas(comparison, node, (old, new));
    body::contents(comparison, node, (old, new));
}

//! Types and formats.

use serde_json::Value;

use super::view::{self, View};
use crate::compare::Comparison;
use crate::fact::Fact;
use crate::graph::NodeId;
use crate::rules;

/// What kind of value a schema describes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type<'a> {
    Any,
    Named(&'a str),
}

impl<'a> Type<'a> {
    /// The stated type, or the one that the other keywords only make sense with.
    pub(super) fn of(view: &View<'a>) -> Self {
        if let Some(name) = view.all("type").find_map(Value::as_str) {
            return Self::Named(name);
        }
        if view.get("properties").is_some() || view.get("additionalProperties").is_some() {
            return Self::Named("object");
        }
        if view.get("items").is_some() {
            return Self::Named("array");
        }
        let strings = |list: &'a Value| {
            let list = list.as_array()?;
            let strings = list
                .iter()
                .all(|value| value.is_string() || value.is_null());
            (strings && list.iter().any(Value::is_string)).then_some("string")
        };
        match view.get("enum").and_then(strings) {
            Some(name) => Self::Named(name),
            None => Self::Any,
        }
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Any => "any",
            Self::Named(name) => name,
        }
    }
}

/// The generated crate has a type of its own for such a schema.
pub(super) fn is_named(schema: &Value) -> bool {
    ["properties", "allOf", "oneOf", "anyOf", "enum"]
        .into_iter()
        .any(|key| schema.get(key).is_some())
}

/// Compares types; false when they differ, so that nothing else is worth comparing.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (left, before): (&View<'a>, Type<'a>),
    (right, after): (&View<'a>, Type<'a>),
    keys: &[&str],
) -> bool {
    let malformed = |view: &View<'a>| view.all("type").any(|name| !name.is_string());
    let stated = keys.contains(&"type");
    if stated && (malformed(left) || malformed(right)) {
        let text = "type is no string";
        let fact = view::fact(&rules::UNCLASSIFIED, "type", left, right, text);
        comparison.report(node, fact);
        return false;
    }
    if before == after {
        let clashes = |view: &View<'a>| view.all("type").any(|name| name != before.name());
        if stated && (clashes(left) || clashes(right)) {
            let text = "parts of the schema want different types";
            let fact = view::fact(&rules::UNCLASSIFIED, "type", left, right, text);
            comparison.report(node, fact);
        }
        let one_sided = left.get("type").is_some() != right.get("type").is_some();
        if stated && one_sided {
            let text = "the type is stated on one side and implied on the other";
            let fact = view::fact(&rules::RESTATED, "type", left, right, text);
            comparison.report(node, fact);
        }
        return true;
    }
    let (rule, text) = match (before.name(), after.name()) {
        ("integer", "number") => (&rules::TYPE_WIDENED, "any number is allowed"),
        ("number", "integer") => (&rules::TYPE_NARROWED, "only integers are allowed"),
        ("any", _) => (&rules::TYPE_CLOSED, "has a type now"),
        (_, "any") => (&rules::TYPE_OPENED, "may be anything"),
        _ => (&rules::TYPE_CHANGED, "has another type"),
    };
    let text = format!("{text}: {} becomes {}", before.name(), after.name());
    let fact = Fact::changed(rule, left.place, right.place, text);
    let values = fact.values(before.name(), after.name());
    comparison.report(node, values.about("type"));
    false
}

/// What a missing format means.
fn implied(type_name: &str) -> Option<&'static str> {
    match type_name {
        "integer" => Some("int64"),
        "number" => Some("double"),
        _ => None,
    }
}

/// Compares formats of the same type.
pub(super) fn formats<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
    types: (Type<'a>, Type<'a>),
) {
    let malformed = |view: &View<'a>| view.all("format").any(|name| !name.is_string());
    if malformed(left) || malformed(right) {
        let text = "format is no string";
        let fact = view::fact(&rules::UNCLASSIFIED, "format", left, right, text);
        comparison.report(node, fact);
        return;
    }
    let stated = |view: &View<'a>| view.get("format").and_then(Value::as_str);
    let before = stated(left).or_else(|| implied(types.0.name()));
    let after = stated(right).or_else(|| implied(types.1.name()));
    let (rule, text) = match (before, after) {
        (before, after) if before == after => (&rules::RESTATED, "the usual format is spelled out"),
        (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
            (&rules::FORMAT_WIDENED, "larger numbers may come")
        }
        (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
            (&rules::FORMAT_NARROWED, "only smaller numbers fit")
        }
        (None, _) => (&rules::FORMAT_ADDED, "has a format now"),
        (_, None) => (&rules::FORMAT_REMOVED, "needs no format any more"),
        _ => (&rules::FORMAT_CHANGED, "has another format"),
    };
    comparison.report(node, view::fact(rule, "format", left, right, text));
}

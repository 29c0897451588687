//! Lengths, ranges, counts, patterns.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::types::Type;
use super::view::{self, View};
use crate::compare::Comparison;
use crate::graph::NodeId;
use crate::rules;
use crate::rules::Rule;

/// Keywords that only restrict values.
pub(super) fn is_bound(key: &str) -> bool {
    applies_to(key).is_some()
}

/// The types whose values a bound restricts.
fn applies_to(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "minProperties" | "maxProperties" => &["object"],
        _ => return None,
    })
}

/// Compares one bound.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (left, right): (&View<'a>, &View<'a>),
    key: &str,
    types: (Type<'a>, Type<'a>),
) {
    let applies = |kind: Type<'_>| {
        kind == Type::Any || applies_to(key).is_some_and(|kinds| kinds.contains(&kind.name()))
    };
    let exclusive_of_nothing = |view: &View<'_>| match key {
        "exclusiveMinimum" => view.get("minimum").is_none(),
        "exclusiveMaximum" => view.get("maximum").is_none(),
        _ => false,
    };
    let flags = left.all(key).chain(right.all(key)).all(Value::is_boolean);
    let (rule, text) = if !applies(types.0) && !applies(types.1) {
        let text = format!("{key} says nothing about {}", types.0.name());
        (&rules::BOUND_INAPPLICABLE, text)
    } else if flags && exclusive_of_nothing(left) && exclusive_of_nothing(right) {
        let text = format!("{key} says nothing without a bound");
        (&rules::BOUND_INAPPLICABLE, text)
    } else {
        judge(left, right, key)
    };
    comparison.report(node, view::fact(rule, key, left, right, text));
}

fn judge(left: &View<'_>, right: &View<'_>, key: &str) -> (&'static Rule, String) {
    let tightened = |yes: bool| {
        if yes {
            (&rules::BOUND_TIGHTENED, format!("{key} is stricter"))
        } else {
            (&rules::BOUND_LOOSENED, format!("{key} allows more"))
        }
    };
    let same = || (&rules::RESTATED, format!("{key} means the same"));
    let unknown = || {
        (
            &rules::UNCLASSIFIED,
            format!("{key} is not what it should be"),
        )
    };
    let (before, after) = (tightest(left, key), tightest(right, key));
    if before.is_some_and(|value| !well_formed(key, value))
        || after.is_some_and(|value| !well_formed(key, value))
    {
        return unknown();
    }
    let idle = |value: Option<&Value>| value.is_none_or(|value| is_idle(key, value));
    match (before, after) {
        (before, after) if idle(before) && idle(after) => same(),
        (before, _) if idle(before) => tightened(true),
        (_, after) if idle(after) => tightened(false),
        (Some(Value::Number(before)), Some(Value::Number(after))) if key == "multipleOf" => {
            match (is_multiple(after, before), is_multiple(before, after)) {
                (true, true) => same(),
                (false, true) => tightened(false),
                (_, false) => tightened(true),
            }
        }
        (Some(Value::Number(before)), Some(Value::Number(after))) => {
            match (order(before, after), is_lower(key)) {
                (Ordering::Equal, _) => same(),
                (Ordering::Less, lower) => tightened(lower),
                (Ordering::Greater, lower) => tightened(!lower),
            }
        }
        (Some(Value::String(before)), Some(Value::String(after))) if before != after => {
            let text = "another pattern".to_owned();
            (&rules::PATTERN_CHANGED, text)
        }
        (Some(before), Some(after)) if before == after => same(),
        _ => unknown(),
    }
}

/// Of several values of one keyword the one that decides.
fn tightest<'a>(view: &View<'a>, key: &str) -> Option<&'a Value> {
    view.all(key).reduce(|one, other| {
        let (Some(left), Some(right)) = (one.as_number(), other.as_number()) else {
            return one;
        };
        let keep = match order(left, right) {
            Ordering::Less => !is_lower(key),
            _ => is_lower(key),
        };
        if keep { one } else { other }
    })
}

fn is_lower(key: &str) -> bool {
    key.starts_with("min") || key == "exclusiveMinimum"
}

fn well_formed(key: &str, value: &Value) -> bool {
    match key {
        "pattern" => value.is_string(),
        "uniqueItems" => value.is_boolean(),
        "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean() || value.is_number(),
        _ => value.is_number(),
    }
}

/// A bound that every value satisfies.
fn is_idle(key: &str, value: &Value) -> bool {
    match key {
        "minLength" | "minItems" | "minProperties" => value.as_f64() == Some(0.0),
        _ => *value == Value::Bool(false),
    }
}

fn order(left: &Number, right: &Number) -> Ordering {
    let exact = |number: &Number| {
        let signed = number.as_i64().map(i128::from);
        signed.or_else(|| number.as_u64().map(i128::from))
    };
    if let (Some(left), Some(right)) = (exact(left), exact(right)) {
        return left.cmp(&right);
    }
    let (left, right) = (left.as_f64(), right.as_f64());
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

fn is_multiple(value: &Number, of: &Number) -> bool {
    let (Some(value), Some(of)) = (value.as_f64(), of.as_f64()) else {
        return false;
    };
    of != 0.0 && ((value / of).round() - value / of).abs() < 1e-9
}

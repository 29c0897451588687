//! Properties beyond the named ones: `additionalProperties`.

use serde_json::Value;

use super::keywords::{Pair, keyword, repeated, same_values};
use crate::compare::context::{Findings, Sides};
use crate::read::{Document, Schema, Site, is_annotation, is_nothing};
use crate::rules;

/// Properties beyond the named ones.
pub(super) enum Further<'a> {
    Anything,
    Nothing,
    Typed(Site<'a>),
}

/// Combines `additionalProperties` of all parts of a schema; none when one is malformed.
pub(super) fn further_of<'a>(document: &Document<'a>, schema: &Schema<'a>) -> Option<Further<'a>> {
    let mut typed = Vec::new();
    let mut closed = false;
    for value in schema.all("additionalProperties") {
        match value {
            Value::Bool(true) => {}
            Value::Bool(false) => closed = true,
            Value::Object(_) if is_nothing(document, value) => closed = true,
            Value::Object(map) if map.keys().all(|key| is_annotation(key)) => {}
            Value::Object(_) => typed.push(value),
            _ => return None,
        }
    }
    Some(match Site::from_all(typed.into_iter()) {
        _ if closed => Further::Nothing,
        Some(site) => Further::Typed(site),
        None => Further::Anything,
    })
}

/// Compares what is allowed beyond the named properties.
pub(super) fn compare<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let key = "additionalProperties";
    let (left, right) = pair;
    let (Some(before), Some(after)) = (further_of(&sides.old, left), further_of(&sides.new, right))
    else {
        if !left.all(key).eq(right.all(key)) {
            let text = "additionalProperties is neither a boolean nor a schema";
            found.report(keyword(&rules::UNCLASSIFIED, key, pair, text));
        }
        return;
    };
    let (rule, text) = match (before, after) {
        (Further::Typed(old), Further::Typed(new)) => {
            repeated(found, pair, key, (&old, &new));
            found.schema(old, new);
            return;
        }
        (Further::Nothing, Further::Nothing) | (Further::Anything, Further::Anything) => {
            return spelled(found, pair);
        }
        (_, Further::Nothing) => (
            &rules::ADDITIONAL_PROPERTIES_CLOSED,
            "further properties are refused",
        ),
        (Further::Nothing, _) => (
            &rules::ADDITIONAL_PROPERTIES_OPENED,
            "further properties are allowed",
        ),
        (Further::Anything, Further::Typed(_)) => (
            &rules::ADDITIONAL_PROPERTIES_NARROWED,
            "further properties have a type now",
        ),
        (Further::Typed(_), Further::Anything) => (
            &rules::ADDITIONAL_PROPERTIES_WIDENED,
            "further properties may be anything",
        ),
    };
    found.report(keyword(rule, key, pair, text));
}

/// The same is allowed, perhaps in other words.
fn spelled<'a>(found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let key = "additionalProperties";
    let (left, right) = pair;
    match (left.get(key), right.get(key)) {
        (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) => found.schema(old, new),
        _ if same_values(left.all(key), right.all(key)) => {}
        _ => {
            let text = "further properties are as free as before";
            found.report(keyword(&rules::RESTATED, key, pair, text));
        }
    }
}

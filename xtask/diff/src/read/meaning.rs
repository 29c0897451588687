//! Equivalence and similarity of schemas, to pair alternatives.

use openapi_document::reference;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::document::{Address, Document, address, is_annotation};

/// Most pairs of schemas that are looked at; large types are told apart by their names.
const MAX_PAIRS: usize = 500;

/// True when two schemas accept the same values, whatever is referred to and whatever is written
/// in place, annotations aside.
pub(crate) fn equivalent<'a>(
    (old, left): (&Document<'a>, &'a Value),
    (new, right): (&Document<'a>, &'a Value),
) -> bool {
    let mut search = Search {
        old,
        new,
        seen: FxHashSet::default(),
    };
    search.same(left, right)
}

struct Search<'s, 'a> {
    old: &'s Document<'a>,
    new: &'s Document<'a>,
    /// Pairs that are being compared, which count as equal, and those that were.
    seen: FxHashSet<(Address, Address)>,
}

impl<'a> Search<'_, 'a> {
    fn same(&mut self, left: &'a Value, right: &'a Value) -> bool {
        let left = self.old.peel_through(left).target;
        let right = self.new.peel_through(right).target;
        if !self.seen.insert((address(left), address(right))) {
            return true;
        }
        if self.seen.len() > MAX_PAIRS {
            return false;
        }
        let (Some(left), Some(right)) = (left.as_object(), right.as_object()) else {
            return left == right;
        };
        let count = |map: &Map<String, Value>| map.keys().filter(|key| !is_annotation(key)).count();
        let mut keys = left.iter().filter(|(key, _)| !is_annotation(key));
        count(left) == count(right)
            && keys.all(|(key, old)| {
                let new = right.get(key);
                new.is_some_and(|new| self.same_keyword(key, old, new))
            })
    }

    fn same_keyword(&mut self, key: &str, old: &'a Value, new: &'a Value) -> bool {
        match (key, old, new) {
            ("properties", Value::Object(old), Value::Object(new)) => {
                old.len() == new.len()
                    && old.iter().all(|(name, old)| {
                        let new = new.get(name);
                        new.is_some_and(|new| self.same(old, new))
                    })
            }
            ("items" | "additionalProperties" | "not", Value::Object(_), Value::Object(_)) => {
                self.same(old, new)
            }
            ("allOf" | "oneOf" | "anyOf", Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(old, new)| self.same(old, new))
            }
            ("enum" | "required", Value::Array(left), Value::Array(right)) => {
                left.iter().all(|value| right.contains(value))
                    && right.iter().all(|value| left.contains(value))
            }
            _ => old == new,
        }
    }
}

/// Counts what two schemas share when one may have become the other: none when they are of
/// different kinds. Schemas that are both referred to are told apart by name instead.
pub(crate) fn kinship<'a>(
    (old, left): (&Document<'a>, &'a Value),
    (new, right): (&Document<'a>, &'a Value),
) -> Option<usize> {
    if reference(left).is_some() && reference(right).is_some() {
        return None;
    }
    let left = old.peel_through(left).target;
    let right = new.peel_through(right).target;
    let title = |schema: &'a Value| schema.get("title").and_then(Value::as_str);
    if title(left).is_some() && title(left) == title(right) {
        return Some(usize::MAX);
    }
    let kind = |schema: &Value| {
        let has = |key: &str| schema.get(key).is_some();
        let union = has("oneOf") || has("anyOf");
        (schema.get("type").cloned(), has("enum"), union)
    };
    if kind(left) != kind(right) {
        return None;
    }
    let names = |schema: &'a Value| schema.get("properties").and_then(Value::as_object);
    match (names(left), names(right)) {
        (Some(left), Some(right)) => {
            let shared = left.keys().filter(|name| right.contains_key(*name)).count();
            (shared > 0 || left.is_empty() || right.is_empty()).then_some(shared)
        }
        (None, None) => Some(0),
        _ => None,
    }
}

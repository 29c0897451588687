//! Proves that no value matches both of two schemas.

use std::collections::HashSet;

use serde_json::Value;

use super::further::{Further, further_of};
use super::keywords::canonical;
use super::sets::{ARRAY, FRACTION, INTEGER, Kinds, MAX_DEPTH, NULL, OBJECT, Proof, STRING, Set};
use crate::read::Schema;

/// Formats of strings of which no text has two.
const APART: [&str; 7] = ["date", "date-time", "email", "ipv4", "ipv6", "time", "uuid"];

/// Bounds from below and above that may leave nothing between them.
const RANGES: [(Kinds, &str, &str); 3] = [
    (INTEGER | FRACTION, "minimum", "maximum"),
    (STRING, "minLength", "maxLength"),
    (ARRAY, "minItems", "maxItems"),
];

impl Proof<'_> {
    /// True when two sets are proved to have no value in common, null aside.
    pub(super) fn disjoint(&self, one: &Set<'_, '_>, other: &Set<'_, '_>) -> bool {
        self.shares_nothing(one, other, MAX_DEPTH)
    }

    pub(super) fn shares_nothing(
        &self,
        one: &Set<'_, '_>,
        other: &Set<'_, '_>,
        depth: usize,
    ) -> bool {
        let Some(depth) = self.step(depth) else {
            return false;
        };
        let shared = one.kinds & other.kinds & !NULL;
        if shared == 0 || no_value_in_common(one, other) {
            return true;
        }
        if shared == OBJECT && (self.objects(one, other, depth) || self.objects(other, one, depth))
        {
            return true;
        }
        if shared == STRING && formats(one, other) {
            return true;
        }
        if apart(one, other, shared) || apart(other, one, shared) {
            return true;
        }
        self.alternatives(one, other, depth) || self.alternatives(other, one, depth)
    }

    /// True when none of the alternatives of a set shares a value with another set.
    fn alternatives(&self, one: &Set<'_, '_>, other: &Set<'_, '_>, depth: usize) -> bool {
        one.lists().any(|(_, list)| {
            list.iter().all(|variant| {
                let variant = Set::at(one.document, variant);
                self.shares_nothing(&variant, other, depth)
            })
        })
    }

    /// True when a property that the first object always has is refused by the second.
    fn objects(&self, one: &Set<'_, '_>, other: &Set<'_, '_>, depth: usize) -> bool {
        let (own, theirs) = (one.schema.properties(), other.schema.properties());
        let further = further_of(other.document, &other.schema);
        let closed = matches!(further, Some(Further::Nothing));
        let mut required = one.schema.required().into_iter();
        required.any(|name| {
            if self.is_spent() {
                return false;
            }
            match (own.get(name), theirs.get(name)) {
                (Some(own), Some(theirs)) => {
                    let own = Set::of(one.document, &own);
                    let theirs = Set::of(other.document, &theirs);
                    // Both may be null.
                    !(own.allows_null() && theirs.allows_null())
                        && self.shares_nothing(&own, &theirs, depth)
                }
                (None, Some(theirs)) => Set::of(other.document, &theirs).kinds == 0,
                (_, None) => closed,
            }
        })
    }
}

/// True when both sets are lists without a common value.
fn no_value_in_common(one: &Set<'_, '_>, other: &Set<'_, '_>) -> bool {
    let (Some(own), Some(theirs)) = (one.listed(), other.listed()) else {
        return false;
    };
    let theirs: HashSet<_> = theirs.into_iter().map(canonical).collect();
    !own.into_iter()
        .any(|value| theirs.contains(&canonical(value)))
}

fn formats(one: &Set<'_, '_>, other: &Set<'_, '_>) -> bool {
    let format = |schema: &Schema<'_>| {
        let name = schema.get("format").and_then(Value::as_str);
        name.and_then(|name| APART.into_iter().find(|known| *known == name))
    };
    match (format(&one.schema), format(&other.schema)) {
        (Some(own), Some(theirs)) => own != theirs,
        _ => false,
    }
}

/// True when the first set begins above the end of the second.
fn apart(one: &Set<'_, '_>, other: &Set<'_, '_>, shared: Kinds) -> bool {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    let ranges = RANGES.into_iter();
    let mut ranges = ranges.filter(|(kinds, _, _)| shared & !kinds == 0);
    ranges.any(|(_, low, high)| {
        let least = number(one.schema.get(low));
        let most = number(other.schema.get(high));
        least.zip(most).is_some_and(|(least, most)| least > most)
    })
}

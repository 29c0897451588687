//! Schemas as sets of values, to prove that one lies within another or that two share none.
//! Nothing here is complete: what cannot be proved cheaply counts as not proved.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::enums;
use crate::compare::context::{Effort, Sides};
use crate::read::{Document, Schema, Site, is_anything};

/// Deepest nesting that is looked at; ends cycles.
pub(super) const MAX_DEPTH: usize = 6;

/// Most pairs of schemas that one proof looks at.
const MAX_STEPS: usize = 400;

/// Most alternatives that are read to tell which kinds of values a schema has.
const MAX_READS: usize = 30;

/// The kinds of JSON values, as bits.
pub(super) type Kinds = u8;
pub(super) const NULL: Kinds = 1;
pub(super) const BOOLEAN: Kinds = 2;
pub(super) const INTEGER: Kinds = 4;
/// Numbers that are not whole.
pub(super) const FRACTION: Kinds = 8;
pub(super) const STRING: Kinds = 16;
pub(super) const ARRAY: Kinds = 32;
pub(super) const OBJECT: Kinds = 64;
/// Everything but null, which is a matter of `nullable`.
pub(super) const ANY: Kinds = BOOLEAN | INTEGER | FRACTION | STRING | ARRAY | OBJECT;
pub(super) const SCALAR: Kinds = ANY & !(ARRAY | OBJECT);

/// The kinds of values that a type has.
pub(super) fn kinds_of_type(name: &str) -> Kinds {
    match name {
        "null" => NULL,
        "boolean" => BOOLEAN,
        "integer" => INTEGER,
        "number" => INTEGER | FRACTION,
        "string" => STRING,
        "array" => ARRAY,
        "object" => OBJECT,
        _ => ANY,
    }
}

fn kind_of_value(value: &Value) -> Kinds {
    match value {
        Value::Null => NULL,
        Value::Bool(_) => BOOLEAN,
        Value::Number(number) => match number.as_f64() {
            Some(number) if number.fract() != 0.0 => FRACTION,
            _ => INTEGER,
        },
        Value::String(_) => STRING,
        Value::Array(_) => ARRAY,
        Value::Object(_) => OBJECT,
    }
}

/// The values that a schema takes.
pub(super) struct Set<'s, 'a> {
    pub(super) document: &'s Document<'a>,
    pub(super) schema: Schema<'a>,
    /// The kinds of its values.
    pub(super) kinds: Kinds,
}

impl<'s, 'a> Set<'s, 'a> {
    pub(super) fn of(document: &'s Document<'a>, site: &Site<'a>) -> Self {
        let schema = Schema::read(document, site);
        let kinds = kinds(document, &schema);
        Self {
            document,
            schema,
            kinds,
        }
    }

    pub(super) fn at(document: &'s Document<'a>, place: &'a Value) -> Self {
        Self::of(document, &place.into())
    }

    pub(super) fn is_only(&self, kinds: Kinds) -> bool {
        self.kinds != 0 && self.kinds & !kinds == 0
    }

    pub(super) fn allows_null(&self) -> bool {
        let stated = ["type", "enum"].map(|key| self.schema.get(key).is_some());
        self.schema.nullable
            || self.kinds & NULL != 0
            || stated == [false, false] && self.kinds == ANY
    }

    /// The values, when they are listed; null is a matter of `nullable`.
    pub(super) fn listed(&self) -> Option<Vec<&'a Value>> {
        enums::allowed(&self.schema)
    }

    /// Lists of alternatives, of which a value has to match each.
    pub(super) fn lists(&self) -> impl Iterator<Item = (&'static str, &'a [Value])> {
        let keys = ["oneOf", "anyOf"].into_iter();
        let lists = keys.flat_map(|key| self.schema.all(key).map(move |list| (key, list)));
        lists.filter_map(|(key, list)| Some((key, list.as_array()?.as_slice())))
    }
}

/// The kinds of values of a schema; those of all its parts.
fn kinds<'a>(document: &Document<'a>, schema: &Schema<'a>) -> Kinds {
    let mut reads = MAX_READS;
    let mut found = ANY | NULL;
    for map in schema.maps() {
        found &= stated(document, map, MAX_DEPTH, &mut reads);
    }
    // Beside other values null needs `nullable`.
    if found == NULL { found } else { found & !NULL }
}

/// The kinds of values that one object allows, whatever it is composed of.
fn stated<'a>(
    document: &Document<'a>,
    map: &'a Map<String, Value>,
    depth: usize,
    reads: &mut usize,
) -> Kinds {
    if map.get("not").is_some_and(|not| is_anything(document, not)) {
        return 0;
    }
    let mut found = ANY | NULL;
    if let Some(name) = map.get("type").and_then(Value::as_str) {
        found &= kinds_of_type(name);
    }
    if let Some(list) = map.get("enum").and_then(Value::as_array) {
        found &= list
            .iter()
            .map(kind_of_value)
            .fold(0, |all, kind| all | kind);
    }
    if found != ANY | NULL {
        return found;
    }
    let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
    if has(&["properties", "additionalProperties", "required"]) {
        return OBJECT;
    }
    if has(&["items"]) {
        return ARRAY;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return found;
    };
    for key in ["oneOf", "anyOf", "allOf"] {
        let Some(list) = map.get(key).and_then(Value::as_array) else {
            continue;
        };
        let mut all = if key == "allOf" { found } else { 0 };
        for entry in list {
            let Some(left) = reads.checked_sub(1) else {
                return found;
            };
            *reads = left;
            let target = document.peel_through(entry).target.as_object();
            let kinds = target.map_or(ANY | NULL, |map| stated(document, map, depth, reads));
            if key == "allOf" {
                all &= kinds;
            } else {
                all |= kinds;
            }
        }
        found &= all;
    }
    found
}

/// The effort that is left for a proof.
pub(super) struct Proof<'s> {
    steps: Cell<usize>,
    /// The effort that is left for all proofs of a comparison.
    shared: Option<&'s Effort>,
}

impl<'s> Proof<'s> {
    pub(super) fn of(sides: &'s Sides<'_>) -> Self {
        Self {
            steps: Cell::new(MAX_STEPS),
            shared: Some(&sides.effort),
        }
    }

    /// A proof that takes few steps in any case.
    pub(super) fn short() -> Self {
        Self {
            steps: Cell::new(MAX_STEPS),
            shared: None,
        }
    }

    /// True when no step is left, so that sets need not even be read.
    pub(super) fn is_spent(&self) -> bool {
        self.steps.get() == 0 || self.shared.is_some_and(Effort::is_spent)
    }

    /// Takes one step deeper; none when the effort is spent.
    pub(super) fn step(&self, depth: usize) -> Option<usize> {
        let left = self.steps.get().checked_sub(1)?;
        self.steps.set(left);
        if let Some(shared) = self.shared {
            shared.spend()?;
        }
        depth.checked_sub(1)
    }

    /// True when both sets are proved to have the same values.
    pub(super) fn same(&self, one: &Set<'_, '_>, other: &Set<'_, '_>) -> bool {
        self.within(one, other) && self.within(other, one)
    }
}

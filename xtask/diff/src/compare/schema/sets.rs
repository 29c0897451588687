//! Schemas as sets of values, to prove that one lies within another or that two share none.
//! Nothing here is complete: what cannot be proved cheaply counts as not proved.

use std::cell::Cell;

use serde_json::Value;

use super::enums;
use crate::read::{Document, Schema, Site};

/// Deepest nesting that is looked at; ends cycles.
pub(super) const MAX_DEPTH: usize = 6;

/// Most pairs of schemas that one proof looks at.
const MAX_STEPS: usize = 500;

/// Most alternatives that are read to tell which kinds of values a schema has.
const MAX_READS: usize = 100;

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
        let kinds = kinds(document, &schema, MAX_DEPTH, &mut 0);
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

fn kinds<'a>(
    document: &Document<'a>,
    schema: &Schema<'a>,
    depth: usize,
    reads: &mut usize,
) -> Kinds {
    if schema.is_nothing(document) {
        return 0;
    }
    let mut found = ANY | NULL;
    for name in schema.all("type").filter_map(Value::as_str) {
        found &= kinds_of_type(name);
    }
    for list in schema.all("enum").filter_map(Value::as_array) {
        found &= list
            .iter()
            .map(kind_of_value)
            .fold(0, |all, kind| all | kind);
    }
    if found != ANY | NULL {
        // Beside other values null needs `nullable`.
        return if found == NULL { found } else { found & !NULL };
    }
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    if has(&["properties", "additionalProperties", "required"]) {
        return OBJECT;
    }
    if has(&["items"]) {
        return ARRAY;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return ANY;
    };
    for key in ["oneOf", "anyOf"] {
        for list in schema.all(key).filter_map(Value::as_array) {
            let mut all = 0;
            for variant in list {
                *reads += 1;
                if *reads > MAX_READS {
                    return ANY;
                }
                let variant = Schema::read(document, &variant.into());
                all |= kinds(document, &variant, depth, reads);
            }
            found &= all;
        }
    }
    found & !NULL
}

/// The effort that is left for proofs.
pub(super) struct Proof {
    steps: Cell<usize>,
}

impl Default for Proof {
    fn default() -> Self {
        Self {
            steps: Cell::new(MAX_STEPS),
        }
    }
}

impl Proof {
    /// Takes one step deeper; none when the effort is spent.
    pub(super) fn step(&self, depth: usize) -> Option<usize> {
        let left = self.steps.get().checked_sub(1)?;
        self.steps.set(left);
        depth.checked_sub(1)
    }

    /// True when both sets are proved to have the same values.
    pub(super) fn same(&self, one: &Set<'_, '_>, other: &Set<'_, '_>) -> bool {
        self.within(one, other) && self.within(other, one)
    }
}

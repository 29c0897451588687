//! Proves that every value of one schema is a value of another.

use serde_json::{Map, Value};

use super::bounds;
use super::further::{Further, further_of};
use super::keywords::canonical;
use super::numbers::order;
use super::sets::{
    ARRAY, BOOLEAN, FRACTION, INTEGER, Kinds, MAX_DEPTH, OBJECT, Proof, STRING, Set, kinds_of_type,
};
use crate::read::{Site, is_annotation, is_anything};

impl Proof<'_> {
    /// True when every value of the small set is proved to be in the big one.
    pub(super) fn within(&self, small: &Set<'_, '_>, big: &Set<'_, '_>) -> bool {
        self.lies_within(small, big, MAX_DEPTH)
    }

    fn lies_within<'b>(&self, small: &Set<'_, '_>, big: &Set<'_, 'b>, depth: usize) -> bool {
        let Some(depth) = self.step(depth) else {
            return false;
        };
        if small.kinds == 0 {
            return true;
        }
        if big.kinds == 0 || small.allows_null() && !big.allows_null() {
            return false;
        }
        let alternatives = small.lists().any(|(_, list)| {
            !list.is_empty()
                && list.iter().all(|variant| {
                    let variant = Set::at(small.document, variant);
                    self.lies_within(&variant, big, depth)
                })
        });
        alternatives
            || big.schema.maps().all(|map| {
                map.iter()
                    .filter(|(key, _)| !is_annotation(key))
                    .all(|(key, value)| self.satisfies(small, big, (map, key, value), depth))
            })
    }

    /// True when every value of the small set satisfies a keyword of the big one.
    fn satisfies<'b>(
        &self,
        small: &Set<'_, '_>,
        big: &Set<'_, 'b>,
        (map, key, value): (&'b Map<String, Value>, &str, &'b Value),
        depth: usize,
    ) -> bool {
        let has = |kinds: Kinds| small.kinds & kinds != 0;
        let inner = |site: &'b Value| Set::at(big.document, site);
        match key {
            "allOf" | "discriminator" | "$defs" | "definitions" => true,
            "$ref" => value
                .as_str()
                .is_some_and(|text| big.document.resolve(text).is_some()),
            "type" => value
                .as_str()
                .is_some_and(|name| small.kinds & !kinds_of_type(name) == 0),
            "enum" => listed(small, value),
            "format" => format(small, value),
            "properties" => !has(OBJECT) || self.properties(small, big, value, depth),
            "required" => {
                let required = small.schema.required();
                let is_in =
                    |name: &Value| name.as_str().is_some_and(|name| required.contains(name));
                !has(OBJECT)
                    || value
                        .as_array()
                        .is_some_and(|names| names.iter().all(is_in))
            }
            "additionalProperties" => !has(OBJECT) || self.further(small, big, (map, value), depth),
            "items" => {
                !has(ARRAY)
                    || match small.schema.site("items") {
                        Some(site) => {
                            let items = Set::of(small.document, &site);
                            self.lies_within(&items, &inner(value), depth)
                        }
                        None => is_anything(big.document, value),
                    }
            }
            "anyOf" | "oneOf" => {
                let mut variants = value.as_array().into_iter().flatten();
                let fits =
                    |variant| !self.is_spent() && self.lies_within(small, &inner(variant), depth);
                let Some(fitting) = variants.find(|variant| fits(variant)) else {
                    return false;
                };
                let mut others = value.as_array().into_iter().flatten();
                key == "anyOf"
                    || others.all(|other| {
                        std::ptr::eq(other, fitting)
                            || self.shares_nothing(small, &inner(other), depth)
                    })
            }
            "not" => {
                small.schema.all("not").any(|not| not == value)
                    || self.shares_nothing(small, &inner(value), depth)
            }
            key if bounds::is_bound(key) => bound(small, key, value),
            key => small.schema.all(key).any(|other| other == value),
        }
    }

    fn properties<'b>(
        &self,
        small: &Set<'_, '_>,
        big: &Set<'_, 'b>,
        wanted: &'b Value,
        depth: usize,
    ) -> bool {
        let own = small.schema.properties();
        let further = further_of(small.document, &small.schema);
        let mut wanted = wanted.as_object().into_iter().flatten();
        wanted.all(|(name, schema)| {
            let fits = |site: &Site<'_>| {
                let value = Set::of(small.document, site);
                self.lies_within(&value, &Set::at(big.document, schema), depth)
            };
            match (own.get(name), &further) {
                (Some(site), _) => fits(&site),
                (None, Some(Further::Nothing)) => true,
                (None, Some(Further::Typed(site))) => fits(site),
                (None, _) => is_anything(big.document, schema),
            }
        })
    }

    fn further<'b>(
        &self,
        small: &Set<'_, '_>,
        big: &Set<'_, 'b>,
        (map, wanted): (&'b Map<String, Value>, &'b Value),
        depth: usize,
    ) -> bool {
        if *wanted == Value::Bool(true) || is_anything(big.document, wanted) {
            return true;
        }
        let typed = wanted.is_object().then(|| Set::at(big.document, wanted));
        let fits = |site: &Site<'_>| {
            let value = Set::of(small.document, site);
            value.kinds == 0
                || typed
                    .as_ref()
                    .is_some_and(|typed| self.lies_within(&value, typed, depth))
        };
        let rest = match further_of(small.document, &small.schema) {
            Some(Further::Nothing) => true,
            Some(Further::Typed(site)) => fits(&site),
            _ => false,
        };
        let named = map.get("properties").and_then(Value::as_object);
        let is_named = |name: &str| named.is_some_and(|named| named.contains_key(name));
        rest && small
            .schema
            .properties()
            .all()
            .iter()
            .all(|(name, site)| is_named(name) || fits(site))
    }
}

/// True when a list has every value of a set.
fn listed(small: &Set<'_, '_>, list: &Value) -> bool {
    let Some(list) = list.as_array() else {
        return false;
    };
    let has = |value: &Value| {
        list.iter()
            .any(|other| canonical(other) == canonical(value))
    };
    match small.listed() {
        Some(values) => values.into_iter().all(has),
        None => small.is_only(BOOLEAN) && [true, false].iter().all(|flag| has(&Value::Bool(*flag))),
    }
}

/// True when the values of a set have a format, or one that is part of it.
fn format(small: &Set<'_, '_>, wanted: &Value) -> bool {
    let wanted = wanted.as_str().unwrap_or_default();
    let number = small.is_only(INTEGER | FRACTION);
    let own = small.schema.all("format").filter_map(Value::as_str);
    let mut own = own.peekable();
    match own.peek() {
        None => {
            wanted == "password"
                || small.is_only(INTEGER) && wanted == "int64"
                || number && wanted == "double"
        }
        Some(_) => own.any(|own| {
            own == wanted || matches!((own, wanted), ("int32", "int64") | ("float", "double"))
        }),
    }
}

/// True when the values of a set keep a bound.
fn bound(small: &Set<'_, '_>, key: &str, wanted: &Value) -> bool {
    let kinds = bounds::applies_to(key).unwrap_or_default();
    let kinds = kinds.iter().map(|name| kinds_of_type(name));
    if kinds.fold(0, |all, kind| all | kind) & small.kinds == 0 || *wanted == Value::Bool(false) {
        return true;
    }
    if key == "pattern" && small.is_only(STRING) && wanted.as_str() == Some("") {
        return true;
    }
    // A flag belongs to the bound beside it, which cannot be told when there are several.
    if key.starts_with("exclusive") && small.schema.is_composed() {
        return false;
    }
    small.schema.all(key).any(|own| {
        let stricter = match (own.as_number(), wanted.as_number()) {
            (Some(own), Some(wanted)) if key.starts_with("min") => order(own, wanted).is_ge(),
            (Some(own), Some(wanted)) if key.starts_with("max") => order(own, wanted).is_le(),
            _ => false,
        };
        stricter || own == wanted
    })
}

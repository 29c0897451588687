//! Lists of alternatives, read without those that allow nothing of their own.

use std::borrow::Cow;

use openapi_document::reference;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::sets::{Proof, SCALAR, Set};
use crate::compare::context::Sides;
use crate::read::{
    Document, Schema, address, equivalent, is_annotation, is_nothing, is_null, kinship,
};

pub(super) const KEYS: [&str; 2] = ["oneOf", "anyOf"];

/// Most alternatives that are held against each other.
const MAX_SCALARS: usize = 24;

/// A list of alternatives.
#[derive(Default)]
pub(super) struct List<'a> {
    /// Its keyword.
    pub(super) key: &'static str,
    /// The alternatives that decide which values are allowed.
    pub(super) kept: Vec<&'a Value>,
    /// Null, which is a matter of `nullable`; those that allow nothing; of an `anyOf` those that
    /// another one contains.
    pub(super) spare: Vec<&'a Value>,
}

impl<'a> List<'a> {
    fn read(
        document: &Document<'a>,
        schema: &Schema<'a>,
        key: &'static str,
        list: &'a [Value],
    ) -> Self {
        let mut flat = Vec::with_capacity(list.len());
        flatten(list, &mut flat);
        let is_spare = |variant: &&Value| {
            is_nothing(document, variant) || schema.nullable && is_null(document, variant)
        };
        let (mut spare, mut kept): (Vec<_>, Vec<_>) = flat.into_iter().partition(is_spare);
        if kept.is_empty() {
            // A list that allows nothing, or null alone, stays as it is.
            kept = std::mem::take(&mut spare);
        } else if key == "anyOf" && kept.len() > 1 {
            let (inside, rest) = contained(document, kept);
            kept = rest;
            spare.extend(inside);
        }
        Self { key, kept, spare }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The only alternative that is left.
    pub(super) fn only(&self) -> Option<&'a Value> {
        match self.kept.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// True when a schema has a list of alternatives.
pub(super) fn has_any(schema: &Schema<'_>) -> bool {
    KEYS.into_iter().any(|key| schema.get(key).is_some())
}

/// The lists of alternatives of a schema, one per part that has any. A value has to match each.
pub(super) fn lists<'a>(document: &Document<'a>, schema: &Schema<'a>) -> Vec<List<'a>> {
    let lists = KEYS
        .into_iter()
        .flat_map(|key| schema.all(key).map(move |list| (key, list)));
    let lists = lists.filter_map(|(key, list)| Some((key, list.as_array()?)));
    let lists = lists.map(|(key, list)| List::read(document, schema, key, list));
    lists.filter(|list| !list.is_empty()).collect()
}

/// Takes apart the alternatives that another one contains: repeated ones, and simple values. An
/// object that extends another one is also contained in it, and still tells readers more.
fn contained<'a>(
    document: &Document<'a>,
    list: Vec<&'a Value>,
) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let mut seen = FxHashSet::default();
    let target = |variant: &'a Value| document.peel_through(variant).target;
    let (once, mut inside): (Vec<_>, Vec<_>) = list
        .into_iter()
        .partition(|variant| seen.insert(address(target(variant))));
    let sets: Vec<_> = once
        .iter()
        .map(|variant| scalar(document, variant))
        .collect();
    if sets.iter().flatten().count() < 2 || sets.len() > MAX_SCALARS {
        return (inside, once);
    }
    let proof = Proof::short();
    let mut gone = vec![false; sets.len()];
    for (at, set) in sets.iter().enumerate() {
        let Some(set) = set else { continue };
        let others = sets.iter().zip(&gone).enumerate();
        let mut others = others.filter(|(other, (_, gone))| *other != at && !**gone);
        let is_inside = others
            .any(|(_, (other, _))| other.as_ref().is_some_and(|other| proof.within(set, other)));
        if let (true, Some(gone)) = (is_inside, gone.get_mut(at)) {
            *gone = true;
        }
    }
    let mut rest = Vec::with_capacity(once.len());
    for (variant, gone) in once.into_iter().zip(gone) {
        if gone { &mut inside } else { &mut rest }.push(variant);
    }
    (inside, rest)
}

/// The values of an alternative that are neither objects nor lists.
fn scalar<'s, 'a>(document: &'s Document<'a>, variant: &'a Value) -> Option<Set<'s, 'a>> {
    let target = document.peel_through(variant).target;
    let simple = target.get("type").or_else(|| target.get("enum"));
    let composed = ["allOf", "oneOf", "anyOf"].map(|key| target.get(key).is_some());
    if simple.is_none() || composed.contains(&true) {
        return None;
    }
    let set = Set::at(document, variant);
    set.is_only(SCALAR).then_some(set)
}

/// An alternative that says nothing but alternatives stands for them.
fn flatten<'a>(list: &'a [Value], into: &mut Vec<&'a Value>) {
    for variant in list {
        let map = variant.as_object().filter(|map| map.len() == 1);
        let inner = map.and_then(|map| {
            let inner = KEYS.into_iter().find_map(|key| map.get(key))?.as_array()?;
            (!inner.is_empty()).then_some(inner)
        });
        match inner {
            Some(inner) => flatten(inner, into),
            None => into.push(variant),
        }
    }
}

/// The number of alternatives as they are written, nested ones not counted.
pub(super) fn written(schema: &Schema<'_>) -> usize {
    let lists = KEYS.into_iter().flat_map(|key| schema.all(key));
    lists.filter_map(Value::as_array).map(Vec::len).sum()
}

/// True when alternatives of one kind stand inside of the other kind: a value may match several of
/// an `anyOf` and still match exactly one of the `oneOf` around it.
pub(super) fn mixes(schema: &Schema<'_>) -> bool {
    fn inside(key: &str, list: &Value) -> bool {
        let mut entries = list.as_array().into_iter().flatten();
        entries.any(|entry| {
            let nested = entry.as_object().filter(|map| map.len() == 1);
            let mut lists = nested.into_iter().flatten();
            lists.any(|(inner, list)| {
                KEYS.contains(&inner.as_str()) && (inner != key || inside(key, list))
            })
        })
    }
    let mut lists = KEYS
        .into_iter()
        .flat_map(|key| schema.all(key).map(move |list| (key, list)));
    lists.any(|(key, list)| inside(key, list))
}

/// True for an alternative that only demands properties of the object it belongs to.
pub(super) fn only_demands(variant: &Value) -> bool {
    let keys = variant.as_object().into_iter().flatten();
    let mut keys = keys.filter(|(key, _)| !is_annotation(key)).peekable();
    keys.peek().is_some()
        && keys.all(|(key, value)| key == "required" || key == "type" && value == "object")
        && variant.get("required").is_some()
}

/// The alternative that a plain schema became, or came from.
pub(super) fn single<'a>(
    sides: &Sides<'a>,
    (place, target): (&'a Value, &'a Value),
    variants: &[&'a Value],
    forth: bool,
) -> Option<&'a Value> {
    let (own, other) = if forth {
        (&sides.old, &sides.new)
    } else {
        (&sides.new, &sides.old)
    };
    let name = own.schema_name(target);
    let same_name = |variant: &&Value| {
        let end = other.peel_through(variant).target;
        name.is_some() && other.schema_name(end) == name
    };
    let same = |variant: &&'a Value| equivalent((own, target), (other, *variant));
    let all = || variants.iter().copied();
    all()
        .find(|variant| same_name(variant))
        .or_else(|| all().find(|variant| same(variant)))
        .or_else(|| {
            let close =
                |variant: &'a Value| Some((kinship((own, place), (other, variant))?, variant));
            let best = all().filter_map(close).max_by_key(|(shared, _)| *shared);
            best.map(|(_, variant)| variant)
        })
        .or_else(|| {
            // Without a better match, an integer pairs with the alternative that is a number.
            let kind = |document: &Document<'a>, schema: &'a Value| {
                let target = document.peel_through(schema).target;
                target.get("type").and_then(Value::as_str)
            };
            let (narrow, wide) = if forth {
                ("integer", "number")
            } else {
                ("number", "integer")
            };
            let is_own = kind(own, place) == Some(narrow);
            all().find(|variant| is_own && kind(other, variant) == Some(wide))
        })
}

/// A name for messages.
pub(super) fn label(variant: &Value) -> Cow<'_, str> {
    let text = reference(variant).and_then(|text| text.rsplit('/').next());
    let field = |key: &str| variant.get(key).and_then(Value::as_str);
    let named = text.or_else(|| field("title")).or_else(|| field("type"));
    let demanded = variant.get("required").and_then(Value::as_array);
    match (named, demanded) {
        (Some(name), _) => name.into(),
        (None, Some(names)) => {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            format!("with {}", names.join(" and ")).into()
        }
        (None, None) => "without a name".into(),
    }
}

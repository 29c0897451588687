//! Schemas: references and wrappers first, then what two schemas say about values.

mod alternatives;
mod annotations;
mod bounds;
mod discriminators;
mod disjoint;
mod enums;
mod further;
mod idle;
mod keywords;
mod mapped;
mod numbers;
mod overlap;
mod properties;
mod rewritten;
mod sets;
mod tags;
mod types;
mod unions;
mod within;

use std::borrow::Cow;

use serde_json::Value;

use super::context::{Findings, Sides};
use super::fact::Fact;
use super::fields::other_field;
use crate::read::{Peeled, Reference, Schema, Site, is_annotation};
use crate::rules::{self, Rule};
use annotations::Chain;
use keywords::{Pair, keyword, repeated, same_values};
use types::Type;

/// Compares two schemas where they are used.
pub(super) fn compare<'a>(sides: &Sides<'a>, old: &Site<'a>, new: &Site<'a>) -> Findings<'a> {
    let mut found = Findings::default();
    if let (Some(old), Some(new)) = (old.single(), new.single()) {
        if !old.is_object() || !new.is_object() {
            found.remaining((old, new), &[]);
            return found;
        }
        let (left, right) = (sides.old.peel(old), sides.new.peel(new));
        if left.reference.is_some() && right.reference.is_some() {
            references(sides, &mut found, (old, &left), (new, &right));
            return found;
        }
    }
    let left = Schema::read(&sides.old, old);
    let right = Schema::read(&sides.new, new);
    let pair = (&left, &right);
    let inlined = inlined(pair);
    let types = (Type::of(&sides.old, &left), Type::of(&sides.new, &right));
    // Alternatives refuse null unless one of them, or the schema around them, allows it.
    let free = |kind, schema: &Schema<'a>| match kind {
        Type::Any => !alternatives::has_any(schema),
        Type::Named(name) => name == "null",
    };
    let untyped = free(types.0, &left) || free(types.1, &right);
    annotations::compare(
        &mut found,
        &Chain::of_schema(&left, untyped),
        &Chain::of_schema(&right, untyped),
    );
    values(sides, &mut found, pair, types);
    // A change of type already covers that a reference was replaced by a schema in place.
    let is_part = |fact: &Fact<'a>| match fact.rule.id == rules::REFERENCE_ALIASED.id {
        true => found.count() > 0,
        false => found.facts.iter().any(|other| is_another_type(other.rule)),
    };
    let inlined = inlined.filter(|fact| !is_part(fact));
    found.facts.extend(inlined);
    restructured(&mut found, pair, (old, new));
    found
}

/// Both sides are references.
fn references<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, left): (&'a Value, &Peeled<'a>),
    (new, right): (&'a Value, &Peeled<'a>),
) {
    let pair = (
        Chain::of_reference(old, left),
        Chain::of_reference(new, right),
    );
    annotations::compare(found, &pair.0, &pair.1);
    if let (Some(from), Some(to)) = (left.reference, right.reference) {
        targets(sides, found, (old, from), (new, to));
    }
    if wrapping(&left.wrappers) != wrapping(&right.wrappers) && found.count() == 0 {
        let text = "the schema is wrapped differently and means the same";
        let fact = Fact::changed(&rules::SCHEMA_RESTRUCTURED, old, new, text);
        found.report(fact.values(old.clone(), new.clone()));
    }
}

/// Compares the components that two references name.
fn targets<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, from): (&'a Value, Reference<'a>),
    (new, to): (&'a Value, Reference<'a>),
) {
    let (Some(before), Some(after)) = (from.target, to.target) else {
        if from.text != to.text || from.target.is_some() != to.target.is_some() {
            let text = format!("{} becomes {}", from.text, to.text);
            let fact = Fact::changed(&rules::REFERENCE_BROKEN, old, new, text);
            found.report(fact.values(from.text, to.text));
        }
        return;
    };
    if from.text == to.text {
        found.schema(before, after);
        return;
    }
    let ends = (
        sides.old.peel_through(before).target,
        sides.new.peel_through(after).target,
    );
    let end_names = (sides.old.schema_name(ends.0), sides.new.schema_name(ends.1));
    if end_names.0 == end_names.1 && end_names.0.is_some() {
        let text = format!("{} and {} are the same type", from.text, to.text);
        let fact = Fact::changed(&rules::REFERENCE_ALIASED, old, new, text);
        found.report(fact.values(from.text, to.text));
        found.schema(ends.0, ends.1);
        return;
    }
    let names = (sides.old.schema_name(before), sides.new.schema_name(after));
    if let (Some(gone), Some(come)) = names
        && sides.is_rename(gone, come)
    {
        let text = format!("{gone} is now called {come}");
        let fact = Fact::changed(&rules::COMPONENT_RENAMED, before, after, text);
        found.report(fact.values(gone, come));
        found.schema(before, after);
        return;
    }
    let text = format!("{} becomes {}", from.text, to.text);
    let fact = Fact::changed(&rules::REFERENCE_CHANGED, old, new, text);
    found.report(fact.values(from.text, to.text));
    found.replaced(ends.0, ends.1);
}

/// True for the rules that say that values are of another type.
fn is_another_type(rule: &Rule) -> bool {
    rule.id.starts_with("type-")
        || rule.id == rules::UNION_INTRODUCED.id
        || rule.id == rules::UNION_DROPPED.id
        || rule.id == rules::UNION_REWRITTEN.id
}

/// One side is written in place where the other one refers to a component.
fn inlined<'a>((left, right): Pair<'_, 'a>) -> Option<Fact<'a>> {
    let (before, after) = (left.reference, right.reference);
    if before.is_some() == after.is_some() {
        return None;
    }
    let broken = |reference: Option<Reference<'_>>| {
        reference.is_some_and(|reference| reference.target.is_none())
    };
    let (rule, text) = if broken(before) || broken(after) {
        (
            &rules::REFERENCE_BROKEN,
            "a reference without target comes or goes",
        )
    } else if types::is_named(left.target) || types::is_named(right.target) {
        (
            &rules::REFERENCE_INLINED,
            "a named type is written in place, or the reverse",
        )
    } else {
        (
            &rules::REFERENCE_ALIASED,
            "a plain type is written in place, or the reverse",
        )
    };
    let name = |reference: Option<Reference<'a>>| reference.map(|reference| reference.text);
    let fact = Fact::changed(rule, left.place, right.place, text);
    Some(fact.values(name(before), name(after)))
}

/// Compares what two schemas say about values, references and wrappers aside.
fn values<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    types: (Type<'a>, Type<'a>),
) {
    let (left, right) = pair;
    let (old, new) = (left.target, right.target);
    if !old.is_object() || !new.is_object() {
        found.remaining((old, new), &[]);
        return;
    }
    let keys = differing(left, right);
    if keys.is_empty() || nothing(sides, found, pair) {
        return;
    }
    let well_formed = |schema: &Value| match schema.get("allOf") {
        None => true,
        Some(Value::Array(entries)) => entries.iter().all(Value::is_object),
        Some(_) => false,
    };
    if !(well_formed(old) && well_formed(new)) && old.get("allOf") != new.get("allOf") {
        let text = "allOf is not a list of schemas";
        found.report(Fact::keyword(&rules::UNCLASSIFIED, "allOf", old, new, text));
        return;
    }
    if keys.iter().any(|key| matches!(*key, "oneOf" | "anyOf"))
        && unions::compare(sides, found, pair)
    {
        return;
    }
    if !types::compare(found, pair, types, keys.contains(&"type")) {
        return;
    }
    bounds::compare(found, pair, &keys, types);
    for key in &keys {
        match *key {
            "format" => types::formats(found, pair, types),
            "enum" => enums::compare(found, pair, types),
            "properties" => properties::compare(sides, found, pair),
            "required" => properties::undeclared(found, pair),
            "additionalProperties" => further::compare(sides, found, pair),
            "items" => items(found, pair),
            "discriminator" => discriminators::compare(sides, found, pair),
            "not" => not(sides, found, pair),
            // Definitions are compared where they are referred to.
            "$defs" | "definitions" => {
                let text = "definitions inside of the schema are different";
                found.report(keyword(&rules::RESTATED, key, pair, text));
            }
            "type" | "allOf" | "oneOf" | "anyOf" => {}
            key if bounds::is_bound(key) => {}
            key => {
                let places = ((old, left.get(key)), (new, right.get(key)));
                found.report(other_field(key, places.0, places.1));
            }
        }
    }
}

/// Compares schemas of which one takes no value; false when both take some.
fn nothing<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) -> bool {
    let (left, right) = pair;
    let (rule, text) = match (left.is_nothing(&sides.old), right.is_nothing(&sides.new)) {
        (false, false) => return false,
        (true, true) if left.target == right.target => return true,
        (true, true) => (&rules::RESTATED, "no value is allowed, in other words"),
        (false, true) => (&rules::TYPE_CLOSED, "no value is allowed any more"),
        (true, false) => (&rules::TYPE_OPENED, "no value was allowed"),
    };
    let fact = Fact::changed(rule, left.place, right.place, text).about("not");
    found.report(fact.values(left.target.clone(), right.target.clone()));
    true
}

/// Compares the entries of arrays.
fn items<'a>(found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let (left, right) = pair;
    let (rule, text) = match (left.site("items"), right.site("items")) {
        (Some(old), Some(new)) => {
            repeated(found, pair, "items", (&old, &new));
            found.schema(old, new);
            return;
        }
        (Some(_), None) => (&rules::TYPE_OPENED, "entries may be anything"),
        (None, _) => (&rules::TYPE_CLOSED, "entries have a type now"),
    };
    found.report(keyword(rule, "items", pair, text));
}

/// Compares what values must not be; only whether it means the same can be told.
fn not<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let same = match (pair.0.get("not"), pair.1.get("not")) {
        (Some(old), Some(new)) => crate::read::equivalent((&sides.old, old), (&sides.new, new)),
        _ => false,
    };
    let (rule, text) = if same {
        (&rules::RESTATED, "not is written differently")
    } else {
        (&rules::NOT_CHANGED, "what a value must not be is different")
    };
    found.report(keyword(rule, "not", pair, text));
}

/// Keywords that differ, and those that hold schemas, which are compared on their own.
fn differing<'a>(old: &Schema<'a>, new: &Schema<'a>) -> Vec<&'a str> {
    let mut keys: Vec<&'a str> = Vec::new();
    let plain = !old.is_composed() && !new.is_composed();
    for map in old.maps().chain(new.maps()) {
        for (key, value) in map {
            let key = key.as_str();
            let wanted = match key {
                "properties"
                | "items"
                | "additionalProperties"
                | "allOf"
                | "oneOf"
                | "anyOf"
                | "discriminator" => true,
                "$ref" => false,
                key if is_annotation(key) => false,
                key if plain => {
                    let other = |schema: &Schema<'a>| schema.target.get(key);
                    other(old) != Some(value) || other(new) != Some(value)
                }
                key => !keys.contains(&key) && !same_values(old.all(key), new.all(key)),
            };
            if wanted && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

/// Reports that a schema is composed or wrapped differently, when nothing else is reported.
fn restructured<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (old, new): (&Site<'a>, &Site<'a>),
) {
    if found.count() > 0 {
        return;
    }
    let (left, right) = pair;
    let different = if left.is_composed() || right.is_composed() {
        composition(left) != composition(right)
    } else {
        wrapping(&left.wrappers) != wrapping(&right.wrappers)
    };
    if different {
        let text = "the schema is composed differently and means the same";
        let fact = Fact::changed(&rules::SCHEMA_RESTRUCTURED, old.first, new.first, text);
        found.report(fact.values(old.first.clone(), new.first.clone()));
    }
}

/// The keywords with which wrappers hold what they wrap.
fn wrapping<'a>(wrappers: &[&'a Value]) -> Vec<Option<&'a str>> {
    let holds = |key: &&str| matches!(*key, "$ref" | "allOf" | "oneOf" | "anyOf");
    let key = |wrapper: &&'a Value| {
        let mut keys = wrapper.as_object()?.keys().map(String::as_str);
        keys.find(|key| holds(key))
    };
    let mut keys: Vec<_> = wrappers.iter().map(key).collect();
    keys.sort_unstable();
    keys
}

/// References, wrappers, and what each part in place says.
type Composition<'a> = (Vec<&'a str>, Vec<Option<&'a str>>, Vec<Vec<Cow<'a, str>>>);

/// Describes the composition of a schema, without the order of its parts.
fn composition<'a>(schema: &Schema<'a>) -> Composition<'a> {
    let mut own: Vec<_> = schema.own().map(said).collect();
    own.sort_unstable();
    (schema.references(), wrapping(&schema.wrappers), own)
}

/// Keywords of one part of a composition, without their values.
fn said(schema: &Value) -> Vec<Cow<'_, str>> {
    let mut said: Vec<Cow<'_, str>> = Vec::new();
    for (key, value) in schema.as_object().into_iter().flatten() {
        if is_annotation(key) {
            continue;
        }
        said.push(key.into());
        match (key.as_str(), value) {
            ("properties", Value::Object(map)) => {
                said.extend(map.keys().map(|name| Cow::from(name.as_str())));
            }
            ("allOf", Value::Array(entries)) => said.push(entries.len().to_string().into()),
            ("required", Value::Array(names)) => {
                let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                names.sort_unstable();
                said.extend(names.into_iter().map(Cow::from));
            }
            _ => {}
        }
    }
    said
}

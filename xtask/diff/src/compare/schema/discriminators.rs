//! Discriminators: the property that tells alternatives apart, and the types its values stand for.

use serde_json::Value;

use super::keywords::{Pair, keyword};
use super::mapped::{KEY, Mapped, values};
use super::tags;
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema};
use crate::rules;

/// Compares discriminators, and leads on to the types that are only reached through them.
pub(super) fn compare<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) {
    let (left, right) = pair;
    // A type that extends a polymorphic one is one of its kinds, and leads to no others.
    let own = |schema: &Schema<'a>| schema.own().find_map(|own| own.get(KEY));
    let (Some(before), Some(after)) = (own(left), own(right)) else {
        if left.get(KEY).is_some() != right.get(KEY).is_some() {
            let said = if left.get(KEY).is_some() {
                tags::say_the_same(&sides.old, left)
            } else {
                tags::say_the_same(&sides.new, right)
            };
            let (rule, text) = if said {
                let text = "the alternatives list the values that tell them apart";
                (&rules::UNION_REWRITTEN, text)
            } else {
                let text = "alternatives are told apart in another way";
                (&rules::DISCRIMINATOR_CHANGED, text)
            };
            found.report(keyword(rule, KEY, pair, text));
        }
        return;
    };
    let (Value::Object(_), Value::Object(_)) = (before, after) else {
        if before != after {
            let text = "alternatives are told apart in another way";
            found.report(keyword(&rules::DISCRIMINATOR_CHANGED, KEY, pair, text));
        }
        return;
    };
    if before.get("propertyName") != after.get("propertyName") {
        let text = "another property tells alternatives apart";
        let rule = &rules::DISCRIMINATOR_CHANGED;
        found.report(Fact::keyword(rule, "propertyName", before, after, text));
    }
    let mut handled = vec!["propertyName"];
    let is_map = |side: &Value| side.get("mapping").is_none_or(Value::is_object);
    if is_map(before) && is_map(after) {
        handled.push("mapping");
        mapping(sides, found, pair, (before, after));
    }
    found.remaining((before, after), &handled);
}

fn mapping<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, right): Pair<'_, 'a>,
    (before, after): (&'a Value, &'a Value),
) {
    let reports = found.count();
    let old = values(&sides.old, left);
    let new = values(&sides.new, right);
    let same = |was: &Mapped<'a>, is: &Mapped<'a>| {
        was.name == is.name || sides.is_rename(was.name, is.name)
    };
    // The name of a type that is still there is a value that comes or goes, unless the type lists
    // its values itself.
    let fixed = |was: &Mapped<'a>, is: &Mapped<'a>| {
        let is_fixed = |document: &Document<'a>, schema: Option<&'a Value>, side: &'a Value| {
            let property = side.get("propertyName").and_then(Value::as_str);
            let tags = schema.zip(property);
            tags.is_some_and(|(schema, name)| tags::of(document, schema, name).is_some())
        };
        is_fixed(&sides.old, was.schema, before) && is_fixed(&sides.new, is.schema, after)
    };
    let renamed = |was: &Mapped<'a>, is: &Mapped<'a>| {
        let implied = was.place.is_none() && is.place.is_none();
        implied && was.name != is.name && same(was, is) && !fixed(was, is)
    };
    let unmapped = |(value, was): (&&'a str, &Mapped<'a>), is: &Mapped<'a>| {
        was.place.is_some() && !new.contains_key(value) && same(was, is) && !fixed(was, is)
    };
    for (value, was) in &old {
        let Some(is) = new.get(value) else {
            // An alternative that is gone is an entry of its own.
            if let Some(place) = was.place {
                let text = format!("{value} no longer stands for a type");
                let rule = &rules::DISCRIMINATOR_MAPPING_REMOVED;
                found.report(Fact::removed(rule, place, after, text).about(*value));
            } else if is_child(&sides.old, left, was) {
                let text = format!("{value} no longer extends the type");
                let rule = &rules::DISCRIMINATOR_MAPPING_REMOVED;
                let place = was.schema.unwrap_or(before);
                found.report(Fact::removed(rule, place, after, text).about(*value));
            } else if new.values().any(|is| renamed(was, is)) {
                let text = format!("{value} no longer stands for the type, which has another name");
                let rule = &rules::DISCRIMINATOR_MAPPING_REMOVED;
                let fact = Fact::removed(rule, before, after, text).about(*value);
                found.report(fact.values(*value, Value::Null));
            }
            continue;
        };
        let same = same(was, is);
        let written = was.place.map(Value::as_str) == is.place.map(Value::as_str);
        let places = (was.place.unwrap_or(before), is.place.unwrap_or(after));
        let values = (was.place.cloned(), is.place.cloned());
        if same && let (Some(old), Some(new)) = (was.schema, is.schema) {
            found.schema(old, new);
        }
        if !same {
            let text = format!("{value} stands for another type");
            let rule = &rules::DISCRIMINATOR_MAPPING_CHANGED;
            let fact = Fact::changed(rule, places.0, places.1, text);
            found.report(fact.about(*value).values(was.name, is.name));
        } else if !written {
            let text = format!("{value} is mapped in other words");
            let fact = Fact::changed(&rules::RESTATED, places.0, places.1, text);
            found.report(fact.about(*value).values(values.0, values.1));
        }
    }
    for (value, is) in new.iter().filter(|(value, _)| !old.contains_key(*value)) {
        let rule = &rules::DISCRIMINATOR_MAPPING_ADDED;
        if let Some(place) = is.place {
            let text = format!("{value} stands for a type");
            found.report(Fact::added(rule, place, before, text).about(*value));
        } else if is_child(&sides.new, right, is) {
            let text = format!("{value} extends the type");
            let place = is.schema.unwrap_or(after);
            found.report(Fact::added(rule, place, before, text).about(*value));
        } else if old.values().any(|was| renamed(was, is))
            || old.iter().any(|was| unmapped(was, is))
        {
            let text = format!("{value}, the name of the type, stands for it");
            let fact = Fact::added(rule, after, before, text).about(*value);
            found.report(fact.values(Value::Null, *value));
        }
    }
    if before.get("mapping") != after.get("mapping") && found.count() == reports {
        let text = "an empty mapping comes or goes";
        found.report(Fact::keyword(
            &rules::RESTATED,
            "mapping",
            before,
            after,
            text,
        ));
    }
}

/// True for a type that extends the polymorphic one without being listed as an alternative.
fn is_child<'a>(document: &Document<'a>, schema: &Schema<'a>, mapped: &Mapped<'a>) -> bool {
    let mut own = schema.own();
    own.any(|own| document.children(own).contains(&mapped.name))
}

//! Alternatives: `oneOf`, `anyOf` and the discriminator between them.

use serde_json::Value;

use super::types;
use super::view::{self, View};
use crate::compare::{Comparison, Kind};
use crate::document::reference_text;
use crate::fact::Fact;
use crate::graph::NodeId;
use crate::rules;

const KEYS: [&str; 2] = ["oneOf", "anyOf"];

fn variants<'a>(view: &View<'a>) -> Vec<&'a Value> {
    KEYS.into_iter()
        .flat_map(|key| view.all(key))
        .filter_map(Value::as_array)
        .flatten()
        .collect()
}

/// Compares alternatives; true when nothing else is worth comparing.
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) -> bool {
    for key in KEYS {
        let malformed = |view: &View<'a>| view.all(key).any(|list| !list.is_array());
        if malformed(left) || malformed(right) {
            if !left.all(key).eq(right.all(key)) {
                let text = format!("{key} is no list");
                let fact = view::fact(&rules::UNCLASSIFIED, key, left, right, text);
                comparison.report(node, fact);
            }
            return true;
        }
    }
    let (old, new) = (variants(left), variants(right));
    match (old.is_empty(), new.is_empty()) {
        (true, true) => {
            let stated = |view: &View<'a>| KEYS.map(|key| view.get(key).is_some());
            if stated(left) != stated(right) {
                let text = "an empty list of alternatives comes or goes";
                let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
                comparison.report(node, fact.about("oneOf"));
            }
            false
        }
        (false, false) => {
            kind(comparison, node, left, right);
            pair(comparison, node, (old, left), (new, right));
            false
        }
        (true, false) => {
            let known = find_single(comparison, left, &new);
            one_sided(comparison, node, (left, right), known, true);
            true
        }
        (false, true) => {
            let known = find_single(comparison, right, &old);
            one_sided(comparison, node, (left, right), known, false);
            true
        }
    }
}

fn kind<'a>(comparison: &mut Comparison<'a>, node: NodeId, left: &View<'a>, right: &View<'a>) {
    let kind = |view: &View<'a>| KEYS.map(|key| view.get(key).is_some());
    if kind(left) != kind(right) {
        let name = |view: &View<'a>| KEYS.into_iter().find(|key| view.get(key).is_some());
        let rule = &rules::UNION_KIND_CHANGED;
        let text = "alternatives combine in another way";
        let fact = Fact::changed(rule, left.place, right.place, text);
        comparison.report(node, fact.values(name(left), name(right)));
    }
}

/// Whether a plain schema is one of the alternatives.
fn find_single<'a>(comparison: &Comparison<'a>, view: &View<'a>, variants: &[&'a Value]) -> bool {
    let old = comparison.old.schema_name(view.schema);
    let name = old.or_else(|| comparison.new.schema_name(view.schema));
    variants.iter().any(|variant| {
        let target = reference_text(variant).and_then(|text| text.rsplit('/').next());
        (name.is_some() && target == name) || *variant == view.schema
    })
}

fn one_sided<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (left, right): (&View<'a>, &View<'a>),
    known: bool,
    introduced: bool,
) {
    let (rule, text) = match (known, introduced) {
        (true, true) => (&rules::UNION_INTRODUCED, "is now one of several types"),
        (true, false) => (&rules::UNION_DROPPED, "of several types one is left"),
        (false, true) => (&rules::TYPE_CHANGED, "is now one of several other types"),
        (false, false) => (&rules::TYPE_CHANGED, "none of the types is left"),
    };
    let fact = Fact::changed(rule, left.place, right.place, text);
    let values = fact.values(left.schema.clone(), right.schema.clone());
    comparison.report(node, values);
}

/// Finds for each alternative the one it was.
fn pair<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, left): (Vec<&'a Value>, &View<'a>),
    (new, right): (Vec<&'a Value>, &View<'a>),
) {
    let (mut old, mut new) = (old, new);
    let lengths = (old.len(), new.len());
    let same_reference = |one: &Value, other: &Value| {
        reference_text(one).is_some() && reference_text(one) == reference_text(other)
    };
    let renamed = |comparison: &Comparison<'a>, one: &'a Value, other: &'a Value| {
        let old = comparison.old.peel_through(one).target;
        let new = comparison.new.peel_through(other).target;
        match (
            comparison.old.schema_name(old),
            comparison.new.schema_name(new),
        ) {
            (Some(old), Some(new)) => old == new || comparison.is_rename(old, new),
            _ => false,
        }
    };
    let alike = |one: &Value, other: &Value| {
        let plain = reference_text(one).is_none() && reference_text(other).is_none();
        let title = |schema: &Value| schema.get("title").cloned();
        let kind = |schema: &Value| (schema.get("type").cloned(), types::is_named(schema));
        plain && (title(one).is_some() && title(one) == title(other) || kind(one) == kind(other))
    };
    let before = comparison.reports();
    for step in 0..4 {
        old.retain(|one| {
            let index = new.iter().position(|other| match step {
                0 => same_reference(one, other),
                1 => one == other,
                2 => renamed(comparison, one, other),
                _ => alike(one, other),
            });
            let Some(index) = index else { return true };
            let other = new.remove(index);
            comparison.descend(node, Kind::Schema, one, other);
            false
        });
    }
    let place = |view: &View<'a>| {
        let mut keys = KEYS.into_iter();
        keys.find_map(|key| view.get(key)).unwrap_or(view.place)
    };
    let name = |variant: &'a Value| {
        let text = reference_text(variant).and_then(|text| text.rsplit('/').next());
        let title = || variant.get("title").and_then(Value::as_str);
        text.or_else(title)
            .or_else(|| variant.get("type").and_then(Value::as_str))
            .unwrap_or("without a name")
    };
    for one in &old {
        let text = format!("the alternative {} is gone", name(one));
        let fact = Fact::removed(&rules::UNION_VARIANT_REMOVED, one, place(right), text);
        comparison.report(node, fact.about(name(one)));
    }
    for one in &new {
        let text = format!("the alternative {} is new", name(one));
        let fact = Fact::added(&rules::UNION_VARIANT_ADDED, one, place(left), text);
        comparison.report(node, fact.about(name(one)));
    }
    if lengths.0 != lengths.1 && comparison.reports() == before {
        let text = "an alternative is listed twice";
        let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
        comparison.report(node, fact.about("oneOf"));
    }
}

/// Compares discriminators.
pub(super) fn discriminators<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    left: &View<'a>,
    right: &View<'a>,
) {
    let key = "discriminator";
    let (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) =
        (left.get(key), right.get(key))
    else {
        let text = "alternatives are told apart in another way";
        let rule = &rules::DISCRIMINATOR_CHANGED;
        comparison.report(node, view::fact(rule, key, left, right, text));
        return;
    };
    if old.get("propertyName") != new.get("propertyName") {
        let text = "alternatives are told apart by another property";
        let rule = &rules::DISCRIMINATOR_CHANGED;
        let fact = Fact::keyword(rule, "propertyName", old, new, text);
        comparison.report(node, fact);
    }
    let mut handled = vec!["propertyName"];
    let map = |side: &'a Value| {
        side.get("mapping")
            .map_or(Some(&Value::Null), |map| map.is_object().then_some(map))
    };
    if let (Some(before), Some(after)) = (map(old), map(new)) {
        handled.push("mapping");
        mapping(comparison, node, (old, before), (new, after));
    }
    comparison.remaining(node, (old, new), &handled);
}

fn mapping<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (left, old): (&'a Value, &'a Value),
    (right, new): (&'a Value, &'a Value),
) {
    let entries = |map: &'a Value| map.as_object().into_iter().flatten();
    let target = |value: &'a Value| value.as_str().and_then(|text| text.rsplit('/').next());
    let reports = comparison.reports();
    for (value, before) in entries(old) {
        let fact = match new.get(value) {
            Some(after) if before == after => continue,
            Some(after) => {
                let same = target(before).is_some() && target(before) == target(after);
                let (rule, text) = if same {
                    (
                        &rules::RESTATED,
                        format!("{value} is mapped in other words"),
                    )
                } else {
                    let text = format!("{value} stands for another alternative");
                    (&rules::DISCRIMINATOR_MAPPING_CHANGED, text)
                };
                Fact::changed(rule, before, after, text).values(before.clone(), after.clone())
            }
            None => {
                let text = format!("{value} stands for nothing any more");
                let rule = &rules::DISCRIMINATOR_MAPPING_REMOVED;
                Fact::removed(rule, before, right, text)
            }
        };
        comparison.report(node, fact.about(value.as_str()));
    }
    for (value, after) in entries(new) {
        if old.get(value).is_none() {
            let text = format!("{value} stands for an alternative");
            let rule = &rules::DISCRIMINATOR_MAPPING_ADDED;
            let fact = Fact::added(rule, after, left, text);
            comparison.report(node, fact.about(value.as_str()));
        }
    }
    if old.is_null() != new.is_null() && comparison.reports() == reports {
        let text = "an empty mapping comes or goes";
        let fact = Fact::keyword(&rules::RESTATED, "mapping", left, right, text);
        comparison.report(node, fact);
    }
}

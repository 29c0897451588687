//! Alternatives: `oneOf` and `anyOf`.

use std::borrow::Cow;
use std::cmp::Reverse;

use openapi_document::reference;
use serde_json::Value;

use super::keywords::{Pair, keyword};
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, equivalent, is_annotation, kinship};
use crate::rules;

const KEYS: [&str; 2] = ["oneOf", "anyOf"];

/// A list of alternatives and its keyword.
type List<'a> = (&'static str, Vec<&'a Value>);

/// The lists of alternatives of a schema, one per part that has any. A value has to match each.
fn lists<'a>(schema: &Schema<'a>) -> Vec<List<'a>> {
    let lists = KEYS
        .into_iter()
        .flat_map(|key| schema.all(key).map(move |list| (key, list)));
    let lists = lists.filter_map(|(key, list)| Some((key, list.as_array()?)));
    let lists = lists.map(|(key, list)| {
        let mut flat = Vec::with_capacity(list.len());
        flatten(list, &mut flat);
        (key, flat)
    });
    lists.filter(|(_, list)| !list.is_empty()).collect()
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
fn written(schema: &Schema<'_>) -> usize {
    let lists = KEYS.into_iter().flat_map(|key| schema.all(key));
    lists.filter_map(Value::as_array).map(Vec::len).sum()
}

/// True when alternatives of one kind stand inside of the other kind: a value may match several of
/// an `anyOf` and still match exactly one of the `oneOf` around it.
fn mixes(schema: &Schema<'_>) -> bool {
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

/// Reports that the same alternatives are nested differently.
fn renested<'a>(found: &mut Findings<'a>, (left, right): Pair<'_, 'a>, before: usize) {
    let (rule, text) = if mixes(left) != mixes(right) {
        let text = "a oneOf inside of an anyOf, or the reverse, appears or disappears";
        (&rules::UNION_KIND_CHANGED, text)
    } else if found.count() == before && written(left) != written(right) {
        let text = "the same alternatives are nested differently";
        (&rules::RESTATED, text)
    } else {
        return;
    };
    let fact = Fact::changed(rule, left.place, right.place, text);
    found.report(fact.about("oneOf"));
}

/// Compares alternatives; true when nothing else is worth comparing.
pub(super) fn compare<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, pair: Pair<'_, 'a>) -> bool {
    let (left, right) = pair;
    for key in KEYS {
        let malformed = |schema: &Schema<'a>| schema.all(key).any(|list| !list.is_array());
        if malformed(left) || malformed(right) {
            if !left.all(key).eq(right.all(key)) {
                let text = format!("{key} is not a list");
                found.report(keyword(&rules::UNCLASSIFIED, key, pair, text));
            }
            return true;
        }
    }
    let (mut olds, mut news) = (lists(left), lists(right));
    if olds.len().max(news.len()) > 1 && !olds.is_empty() && !news.is_empty() {
        let before = found.count();
        each_list(sides, found, pair, (olds, news));
        renested(found, pair, before);
        return false;
    }
    let old = olds.pop().unwrap_or_default().1;
    let new = news.pop().unwrap_or_default().1;
    match (old.is_empty(), new.is_empty()) {
        (true, true) => {
            let stated = |schema: &Schema<'a>| KEYS.map(|key| schema.get(key).is_some());
            if stated(left) != stated(right) {
                let text = "an empty list of alternatives comes or goes";
                let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
                found.report(fact.about("oneOf"));
            }
            false
        }
        (false, false) => {
            let before = found.count();
            kind(found, pair);
            pair_up(sides, found, pair, (old, new));
            renested(found, pair, before);
            false
        }
        (true, false) if new.iter().all(|variant| only_demands(variant)) => {
            let text = "one of several combinations of properties is demanded";
            found.report(
                Fact::changed(&rules::BOUND_TIGHTENED, left.place, right.place, text)
                    .about("oneOf"),
            );
            false
        }
        (false, true) if old.iter().all(|variant| only_demands(variant)) => {
            let text = "no combination of properties is demanded any more";
            found.report(
                Fact::changed(&rules::BOUND_LOOSENED, left.place, right.place, text).about("oneOf"),
            );
            false
        }
        (true, false) => {
            let known = single(sides, (left.place, left.target), &new, true);
            let (rule, text) = match known {
                Some(_) => (&rules::UNION_INTRODUCED, "is now one of several types"),
                None => (&rules::TYPE_CHANGED, "is now one of several other types"),
            };
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.values(left.target.clone(), right.target.clone()));
            if let Some(variant) = known {
                found.schema(left.place, variant);
            }
            true
        }
        (false, true) => {
            let known = single(sides, (right.place, right.target), &old, false);
            let (rule, text) = match known {
                Some(_) => (&rules::UNION_DROPPED, "of several types one is left"),
                None => (&rules::TYPE_CHANGED, "none of the types is left"),
            };
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.values(left.target.clone(), right.target.clone()));
            if let Some(variant) = known {
                found.schema(variant, right.place);
            }
            true
        }
    }
}

/// Compares several lists, each with the one that has most alternatives in common.
fn each_list<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (olds, mut news): (Vec<List<'a>>, Vec<List<'a>>),
) {
    let in_common = |old: &[&'a Value], new: &[&'a Value]| {
        let is_in = |one: &&&'a Value| {
            let same = |other: &&'a Value| match reference(one) {
                Some(text) => reference(other) == Some(text),
                None => **one == *other,
            };
            new.iter().any(same)
        };
        old.iter().filter(is_in).count()
    };
    let (left, right) = pair;
    for (key, old) in olds {
        let closeness = |at: usize, other: &List<'a>| {
            // Of several that are as close the first.
            (in_common(&old, &other.1), other.0 == key, Reverse(at))
        };
        let numbered = news.iter().enumerate();
        let closest = numbered.max_by_key(|(at, other)| closeness(*at, other));
        let Some(at) = closest.map(|(at, _)| at) else {
            let text = "one list of alternatives need not match any more";
            let rule = &rules::BOUND_LOOSENED;
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.about("oneOf"));
            continue;
        };
        let (other, new) = news.remove(at);
        if key != other {
            let text = "alternatives combine in another way";
            let rule = &rules::UNION_KIND_CHANGED;
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.values(key, other));
        }
        pair_up(sides, found, pair, (old, new));
    }
    for _ in news {
        let text = "one more list of alternatives has to match";
        let fact = Fact::changed(&rules::BOUND_TIGHTENED, left.place, right.place, text);
        found.report(fact.about("oneOf"));
    }
}

/// True for an alternative that only demands properties of the object it belongs to.
fn only_demands(variant: &Value) -> bool {
    let keys = variant.as_object().into_iter().flatten();
    let mut keys = keys.filter(|(key, _)| !is_annotation(key)).peekable();
    keys.peek().is_some()
        && keys.all(|(key, value)| key == "required" || key == "type" && value == "object")
        && variant.get("required").is_some()
}

fn kind<'a>(found: &mut Findings<'a>, (left, right): Pair<'_, 'a>) {
    let kind = |schema: &Schema<'a>| KEYS.map(|key| schema.get(key).is_some());
    if kind(left) != kind(right) {
        let name = |schema: &Schema<'a>| KEYS.into_iter().find(|key| schema.get(key).is_some());
        let rule = &rules::UNION_KIND_CHANGED;
        let text = "alternatives combine in another way";
        let fact = Fact::changed(rule, left.place, right.place, text);
        found.report(fact.values(name(left), name(right)));
    }
}

/// The alternative that a plain schema became, or came from.
fn single<'a>(
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

/// Finds for each alternative the one it was.
fn pair_up<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (left, right): Pair<'_, 'a>,
    (mut old, mut new): (Vec<&'a Value>, Vec<&'a Value>),
) {
    let lengths = (old.len(), new.len());
    let before = found.count();
    let name = |document: &Document<'a>, variant: &'a Value| {
        document.schema_name(document.peel_through(variant).target)
    };
    let renamed =
        |one: &'a Value, other: &'a Value| match (name(&sides.old, one), name(&sides.new, other)) {
            (Some(old), Some(new)) => old == new || sides.is_rename(old, new),
            _ => false,
        };
    let mut take = |old: &mut Vec<&'a Value>,
                    find: &dyn Fn(&'a Value, &[&'a Value]) -> Option<usize>| {
        old.retain(|one| {
            let Some(index) = find(one, &new) else {
                return true;
            };
            found.schema(*one, new.remove(index));
            false
        });
    };
    let first = |fits: &dyn Fn(&'a Value) -> bool, new: &[&'a Value]| {
        new.iter().position(|other| fits(other))
    };
    take(&mut old, &|one, new| {
        let text = reference(one)?;
        first(&|other| reference(other) == Some(text), new)
    });
    take(&mut old, &|one, new| first(&|other| one == other, new));
    take(&mut old, &|one, new| {
        first(&|other| renamed(one, other), new)
    });
    take(&mut old, &|one, new| {
        first(
            &|other| equivalent((&sides.old, one), (&sides.new, other)),
            new,
        )
    });
    take(&mut old, &|one, new| {
        let close = new.iter().enumerate().filter_map(|(index, other)| {
            Some((kinship((&sides.old, one), (&sides.new, other))?, index))
        });
        // Of several that are as close the first.
        let best = close.max_by_key(|(shared, index)| (*shared, Reverse(*index)));
        best.map(|(_, index)| index)
    });
    let place = |schema: &Schema<'a>| {
        let mut keys = KEYS.into_iter();
        keys.find_map(|key| schema.get(key)).unwrap_or(schema.place)
    };
    for one in &old {
        let text = format!("the alternative {} is gone", label(one));
        let fact = Fact::removed(&rules::UNION_VARIANT_REMOVED, one, place(right), text);
        found.report(fact.about(label(one)));
    }
    for one in &new {
        let text = format!("the alternative {} is new", label(one));
        let fact = Fact::added(&rules::UNION_VARIANT_ADDED, one, place(left), text);
        found.report(fact.about(label(one)));
    }
    if lengths.0 != lengths.1 && found.count() == before {
        let text = "an alternative is listed twice";
        let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
        found.report(fact.about("oneOf"));
    }
}

/// A name for messages.
fn label(variant: &Value) -> Cow<'_, str> {
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

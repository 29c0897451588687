//! Alternatives: `oneOf` and `anyOf`.

use std::cmp::Reverse;

use openapi_document::reference;
use serde_json::Value;

use super::alternatives::{KEYS, List, label, lists, mixes, only_demands, single, written};
use super::keywords::{Pair, keyword};
use super::overlap;
use super::rewritten;
use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, equivalent, kinship};
use crate::rules;

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
    let (mut olds, mut news) = (lists(&sides.old, left), lists(&sides.new, right));
    if olds.len().max(news.len()) > 1 && !olds.is_empty() && !news.is_empty() {
        let before = found.count();
        each_list(sides, found, pair, (olds, news));
        renested(found, pair, before);
        return false;
    }
    let old = olds.pop().unwrap_or_default();
    let new = news.pop().unwrap_or_default();
    if rewritten::compare(sides, found, pair, (&old, &new)) {
        return true;
    }
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
            if old.kept.len().max(new.kept.len()) > 1 {
                kind(found, pair);
            }
            pair_up(sides, found, pair, (old, new));
            renested(found, pair, before);
            false
        }
        (true, false) if new.kept.iter().all(|variant| only_demands(variant)) => {
            let text = "one of several combinations of properties is demanded";
            found.report(
                Fact::changed(&rules::BOUND_TIGHTENED, left.place, right.place, text)
                    .about("oneOf"),
            );
            false
        }
        (false, true) if old.kept.iter().all(|variant| only_demands(variant)) => {
            let text = "no combination of properties is demanded any more";
            found.report(
                Fact::changed(&rules::BOUND_LOOSENED, left.place, right.place, text).about("oneOf"),
            );
            false
        }
        (true, false) => {
            let known = single(sides, (left.place, left.target), &new.kept, true);
            let (rule, text) = match known {
                Some(_) => (&rules::UNION_INTRODUCED, "is now one of several types"),
                None => (&rules::TYPE_CHANGED, "is now one of several other types"),
            };
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.values(left.target.clone(), right.target.clone()));
            if let Some(variant) = known {
                found.schema(left.place, variant);
                overlap::introduced(sides, found, pair, (&new, variant));
            }
            true
        }
        (false, true) => {
            let known = single(sides, (right.place, right.target), &old.kept, false);
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
    for old in olds {
        let closeness = |at: usize, other: &List<'a>| {
            // Of several that are as close the first.
            let same_key = other.key == old.key;
            (in_common(&old.kept, &other.kept), same_key, Reverse(at))
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
        let new = news.remove(at);
        if old.key != new.key {
            let text = "alternatives combine in another way";
            let rule = &rules::UNION_KIND_CHANGED;
            let fact = Fact::changed(rule, left.place, right.place, text);
            found.report(fact.values(old.key, new.key));
        }
        pair_up(sides, found, pair, (old, new));
    }
    for _ in news {
        let text = "one more list of alternatives has to match";
        let fact = Fact::changed(&rules::BOUND_TIGHTENED, left.place, right.place, text);
        found.report(fact.about("oneOf"));
    }
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

/// Finds for each alternative the one it was.
fn pair_up<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    lists: (List<'a>, List<'a>),
) {
    let (left, right) = pair;
    let (mut old, mut new) = (lists.0.kept.clone(), lists.1.kept.clone());
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
    overlap::added(sides, found, pair, (&lists.0, &lists.1), (&old, &new));
    rewritten::spare(sides, found, pair, (&lists.0.spare, &lists.1.spare));
    if lengths.0 != lengths.1 && found.count() == before {
        let text = "an alternative is listed twice";
        let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
        found.report(fact.about("oneOf"));
    }
}

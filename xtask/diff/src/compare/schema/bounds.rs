//! Lengths, ranges, counts, patterns.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::idle;
use super::keywords::{Pair, keyword};
use super::numbers::{is_multiple, order};
use super::types::Type;
use crate::compare::context::Findings;
use crate::compare::fact::Fact;
use crate::read::Schema;
use crate::rules::{self, Rule};

/// True for keywords that only restrict values.
pub(super) fn is_bound(key: &str) -> bool {
    applies_to(key).is_some()
}

/// The types whose values a bound restricts.
pub(super) fn applies_to(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "minProperties" | "maxProperties" => &["object"],
        _ => return None,
    })
}

/// A bound and its flag, which are one bound.
const RANGES: [(&str, &str); 2] = [
    ("minimum", "exclusiveMinimum"),
    ("maximum", "exclusiveMaximum"),
];

/// Compares the bounds among some keywords.
pub(super) fn compare<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    keys: &[&'a str],
    types: (Type<'a>, Type<'a>),
) {
    for (bound, flag) in RANGES {
        let key = if keys.contains(&bound) { bound } else { flag };
        if keys.contains(&key) {
            let whole = types.0 == Type::Named("integer") && types.1 == types.0;
            one(found, pair, key, types, || {
                range(pair, (bound, flag), key, whole)
            });
        }
    }
    let in_range = |key: &str| {
        RANGES
            .iter()
            .any(|(bound, flag)| key == *bound || key == *flag)
    };
    for key in keys.iter().filter(|key| is_bound(key) && !in_range(key)) {
        one(found, pair, key, types, || judge(pair, key));
    }
}

/// The rule for a change of a bound, and the deciding values when they are not the first ones.
struct Judgement<'a> {
    rule: &'static Rule,
    text: String,
    values: Option<(Option<&'a Value>, Option<&'a Value>)>,
}

impl Judgement<'_> {
    fn tightened(key: &str, yes: bool) -> Self {
        let (rule, text) = if yes {
            (&rules::BOUND_TIGHTENED, format!("{key} is stricter"))
        } else {
            (&rules::BOUND_LOOSENED, format!("{key} allows more"))
        };
        Self::new(rule, text)
    }

    fn same(key: &str) -> Self {
        Self::new(&rules::RESTATED, format!("{key} means the same"))
    }

    fn malformed(key: &str) -> Self {
        Self::new(&rules::UNCLASSIFIED, format!("{key} is malformed"))
    }

    fn new(rule: &'static Rule, text: String) -> Self {
        Self {
            rule,
            text,
            values: None,
        }
    }
}

fn one<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    key: &str,
    types: (Type<'a>, Type<'a>),
    judge: impl FnOnce() -> Judgement<'a>,
) {
    let applies = |kind: Type<'_>| {
        kind == Type::Any || applies_to(key).is_some_and(|kinds| kinds.contains(&kind.name()))
    };
    if !applies(types.0) && !applies(types.1) {
        let text = format!("{key} says nothing about {}", types.0.name());
        found.report(keyword(&rules::BOUND_INAPPLICABLE, key, pair, text));
        return;
    }
    let judgement = judge();
    let (old, new) = pair;
    let first = (old.get(key), new.get(key));
    let (before, after) = judgement.values.unwrap_or(first);
    let places = ((old.place, before), (new.place, after));
    let fact = Fact::keyword_values(judgement.rule, key, places.0, places.1, judgement.text);
    found.report(fact);
}

/// The end of a range: its value, and whether the value itself is excluded.
#[derive(Clone, Copy)]
struct End<'a> {
    value: &'a Value,
    number: &'a Number,
    exclusive: bool,
}

/// The tightest end of a range in one direction; an error when one is malformed.
fn end<'a>(schema: &Schema<'a>, bound: &str, flag: &str) -> Result<Option<End<'a>>, ()> {
    let mut tightest: Option<End<'a>> = None;
    for map in schema.maps() {
        let (value, exclusive) = (map.get(bound), map.get(flag));
        let inclusive = value.map(|value| {
            let number = value.as_number().ok_or(())?;
            let exclusive = match exclusive {
                Some(Value::Bool(flag)) => *flag,
                None | Some(Value::Number(_)) => false,
                Some(_) => return Err(()),
            };
            Ok(End {
                value,
                number,
                exclusive,
            })
        });
        // As of OpenAPI 3.1 the flag is a bound of its own.
        let own = exclusive.map(|value| match value {
            Value::Number(number) => Ok(Some(End {
                value,
                number,
                exclusive: true,
            })),
            Value::Bool(_) => Ok(None),
            _ => Err(()),
        });
        for end in [inclusive.transpose()?, own.transpose()?.flatten()]
            .into_iter()
            .flatten()
        {
            let tighter = tightest.is_none_or(|known| strictness(end, known, bound, false).is_gt());
            if tighter {
                tightest = Some(end);
            }
        }
    }
    Ok(tightest)
}

/// Greater when the first end allows less. Of `whole` numbers, those above 0 are those from 1 on.
fn strictness(one: End<'_>, other: End<'_>, bound: &str, whole: bool) -> Ordering {
    let direct = |ordering: Ordering| {
        if is_lower(bound) {
            ordering
        } else {
            ordering.reverse()
        }
    };
    let last = |end: End<'_>| {
        let step = if is_lower(bound) { 1 } else { -1 };
        let Some(number) = end.number.as_i64() else {
            return fraction(end.number, is_lower(bound));
        };
        Some(i128::from(number) + if end.exclusive { step } else { 0 })
    };
    if let (true, Some(one), Some(other)) = (whole, last(one), last(other)) {
        return direct(one.cmp(&other));
    }
    let by_value = direct(order(one.number, other.number));
    by_value.then(one.exclusive.cmp(&other.exclusive))
}

/// The first or last whole number within a bound that lies between two of them.
fn fraction(number: &Number, lower: bool) -> Option<i128> {
    let number = number.as_f64().filter(|number| number.fract() != 0.0)?;
    // Numbers with a fraction are below 2^53, so that this is exact.
    Some(if lower { number.ceil() } else { number.floor() } as i128)
}

fn range<'a>(
    (left, right): Pair<'_, 'a>,
    (bound, flag): (&str, &str),
    key: &str,
    whole: bool,
) -> Judgement<'a> {
    let (Ok(before), Ok(after)) = (end(left, bound, flag), end(right, bound, flag)) else {
        return Judgement::malformed(key);
    };
    let bounds = |schema: &Schema<'a>, end: &End<'a>| {
        !(whole && idle::is_size_of_format(schema, is_lower(bound), end.number))
    };
    let stated = before.is_some() || after.is_some();
    let before = before.filter(|end| bounds(left, end));
    let after = after.filter(|end| bounds(right, end));
    let judgement = match (before, after) {
        (None, None) if stated => return Judgement::same(key),
        (None, None) => {
            let text = format!("{key} says nothing without a bound");
            return Judgement::new(&rules::BOUND_INAPPLICABLE, text);
        }
        (None, Some(_)) => Judgement::tightened(key, true),
        (Some(_), None) => Judgement::tightened(key, false),
        (Some(before), Some(after)) => match strictness(after, before, bound, whole) {
            Ordering::Greater => Judgement::tightened(key, true),
            Ordering::Less => Judgement::tightened(key, false),
            Ordering::Equal => return Judgement::same(key),
        },
    };
    if key == flag {
        return judgement;
    }
    Judgement {
        values: Some((before.map(|end| end.value), after.map(|end| end.value))),
        ..judgement
    }
}

fn judge<'a>(pair: Pair<'_, 'a>, key: &str) -> Judgement<'a> {
    let (left, right) = pair;
    let malformed = |schema: &Schema<'a>| schema.all(key).any(|value| !well_formed(key, value));
    if malformed(left) || malformed(right) {
        return Judgement::malformed(key);
    }
    let (before, after) = (tightest(left, key), tightest(right, key));
    let says = |schema: &Schema<'a>, value: Option<&'a Value>| {
        value.is_some_and(|value| !idle::is_idle(schema, key, value))
    };
    let judgement = match (says(left, before), says(right, after)) {
        (false, false) => return Judgement::same(key),
        (false, true) => Judgement::tightened(key, true),
        (true, false) => Judgement::tightened(key, false),
        (true, true) => return both(pair, key, (before, after)),
    };
    Judgement {
        values: Some((before, after)),
        ..judgement
    }
}

/// Judges two values that both bound something.
fn both<'a>(
    (left, right): Pair<'_, 'a>,
    key: &str,
    (before, after): (Option<&'a Value>, Option<&'a Value>),
) -> Judgement<'a> {
    let judgement = match (before, after) {
        (Some(Value::Number(before)), Some(Value::Number(after))) if key == "multipleOf" => {
            match (is_multiple(after, before), is_multiple(before, after)) {
                (true, true) => return Judgement::same(key),
                (false, true) => Judgement::tightened(key, false),
                (_, false) => Judgement::tightened(key, true),
            }
        }
        (Some(Value::Number(before)), Some(Value::Number(after))) => {
            match (order(before, after), is_lower(key)) {
                (Ordering::Equal, _) => return Judgement::same(key),
                (Ordering::Less, lower) => Judgement::tightened(key, lower),
                (Ordering::Greater, lower) => Judgement::tightened(key, !lower),
            }
        }
        (Some(Value::String(_)), Some(Value::String(_))) => return patterns(left, right),
        _ => return Judgement::same(key),
    };
    Judgement {
        values: Some((before, after)),
        ..judgement
    }
}

/// Of several patterns all have to match.
fn patterns<'a>(left: &Schema<'a>, right: &Schema<'a>) -> Judgement<'a> {
    let key = "pattern";
    let all = |schema: &Schema<'a>| {
        let mut all: Vec<&str> = schema.all(key).filter_map(Value::as_str).collect();
        all.retain(|pattern| !idle::matches_everything(pattern));
        all.sort_unstable();
        all.dedup();
        all
    };
    let (before, after) = (all(left), all(right));
    let within = |some: &[&str], all: &[&str]| some.iter().all(|pattern| all.contains(pattern));
    match (within(&before, &after), within(&after, &before)) {
        (true, true) => Judgement::same(key),
        (true, false) => Judgement::tightened(key, true),
        (false, true) => Judgement::tightened(key, false),
        (false, false) => {
            let first = |schema: &Schema<'a>, other: &Schema<'a>| {
                let mut own = schema
                    .all(key)
                    .filter(|one| other.all(key).all(|two| two != *one));
                own.next()
            };
            Judgement {
                values: Some((first(left, right), first(right, left))),
                ..Judgement::new(&rules::PATTERN_CHANGED, "another pattern".to_owned())
            }
        }
    }
}

/// Of several values of one keyword the one that decides.
fn tightest<'a>(schema: &Schema<'a>, key: &str) -> Option<&'a Value> {
    schema.all(key).reduce(|one, other| {
        if *one == Value::Bool(false) {
            return other;
        }
        let (Some(left), Some(right)) = (one.as_number(), other.as_number()) else {
            return one;
        };
        let keep = match order(left, right) {
            Ordering::Less => !is_lower(key),
            _ => is_lower(key),
        };
        if keep { one } else { other }
    })
}

pub(super) fn is_lower(key: &str) -> bool {
    key.starts_with("min") || key == "exclusiveMinimum"
}

fn well_formed(key: &str, value: &Value) -> bool {
    match key {
        "pattern" => value.is_string(),
        "uniqueItems" => value.is_boolean(),
        _ => value.is_number(),
    }
}

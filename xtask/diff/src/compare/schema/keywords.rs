//! Keywords of two schemas under comparison.

use std::borrow::Cow;

use serde_json::Value;

use crate::compare::context::Findings;
use crate::compare::fact::Fact;
use crate::read::{Schema, Site};
use crate::rules::{self, Rule};

/// Two schemas under comparison.
pub(super) type Pair<'s, 'a> = (&'s Schema<'a>, &'s Schema<'a>);

/// Reports that the same is declared by more or fewer members of an `allOf`.
pub(super) fn repeated<'a>(
    found: &mut Findings<'a>,
    (left, right): Pair<'_, 'a>,
    name: &str,
    (old, new): (&Site<'a>, &Site<'a>),
) {
    if old.len() != new.len() {
        let text = format!(
            "{name} is declared by {} parts instead of {}",
            new.len(),
            old.len()
        );
        let fact = Fact::changed(&rules::RESTATED, left.place, right.place, text);
        found.report(fact.about(name));
    }
}

/// A number as JSON understands it: 1.0 is 1.
pub(super) fn canonical(value: &Value) -> Cow<'_, Value> {
    /// 2^53: up to here an `f64` holds every whole number exactly.
    const MOST: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if !value.is_i64() && number.fract() == 0.0 && number.abs() <= MOST => {
            Cow::Owned(Value::from(number as i64))
        }
        _ => Cow::Borrowed(value),
    }
}

/// The same values, in whatever order.
pub(super) fn same_values<'a>(
    old: impl Iterator<Item = &'a Value>,
    new: impl Iterator<Item = &'a Value>,
) -> bool {
    let old: Vec<&Value> = old.collect();
    let mut new: Vec<&Value> = new.collect();
    old.len() == new.len()
        && old.into_iter().all(|value| {
            let index = new.iter().position(|other| *other == value);
            index.map(|index| new.swap_remove(index)).is_some()
        })
}

/// A fact about a keyword, in whichever object it stands.
pub(super) fn keyword<'a>(
    rule: &'static Rule,
    key: &str,
    (old, new): Pair<'_, 'a>,
    text: impl Into<String>,
) -> Fact<'a> {
    let values = ((old.place, old.get(key)), (new.place, new.get(key)));
    Fact::keyword_values(rule, key, values.0, values.1, text)
}

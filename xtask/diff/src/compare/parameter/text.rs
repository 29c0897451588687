//! Values of parameters are text, whatever their type.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compare::context::{Findings, Sides};
use crate::compare::fact::Fact;
use crate::compare::fields::entries;
use crate::compare::list_entries::kind;
use crate::read::{Document, Peeled, equivalent, is_annotation};
use crate::rules;

/// Deepest nesting of alternatives that is looked at.
const MAX_DEPTH: usize = 4;

/// Compares two single values as they are written. False when their schemas say more about them.
pub(super) fn compare<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) -> bool {
    let (Some(before), Some(after)) = (old.get("schema"), new.get("schema")) else {
        return false;
    };
    let (left, right) = (
        sides.old.peel_through(before),
        sides.new.peel_through(after),
    );
    let types = (kind(left.target), kind(right.target));
    let defaults = (default(&left), default(&right));
    if types.0 == types.1 {
        let is_same = allows_null(&left)
            && !allows_null(&right)
            && defaults.0 == defaults.1
            && equivalent((&sides.old, before), (&sides.new, after));
        if is_same {
            let text = "null cannot be written in a parameter";
            let rule = &rules::PARAMETER_BECAME_NOT_NULLABLE;
            let fact = Fact::changed(rule, before, after, text).about("nullable");
            found.report(fact.values(before.clone(), after.clone()));
        }
        return is_same;
    }
    let wide = |document, schema| Texts::read(document, schema, false, MAX_DEPTH);
    let exact = |document, schema| Texts::read(document, schema, true, MAX_DEPTH);
    let covers = |all: Option<Texts>, some: Option<Texts>| match (all, some) {
        (Some(all), Some(some)) => all.covers(&some),
        _ => false,
    };
    if !covers(exact(&sides.new, after), wide(&sides.old, before)) {
        return false;
    }
    let (rule, text) = if covers(exact(&sides.old, before), wide(&sides.new, after)) {
        let text = "the same text is accepted";
        (&rules::PARAMETER_TYPE_RESTATED, text)
    } else {
        let text = "more text is accepted, including the old values";
        (&rules::TYPE_WIDENED, text)
    };
    let fact = Fact::changed(rule, before, after, text);
    found.report(fact.about("type").values(before.clone(), after.clone()));
    let written = (defaults.0.map(written), defaults.1.map(written));
    if written.0 != written.1 {
        let text = "the default is another one";
        let pair = (left.target, right.target);
        let rule = &rules::DEFAULT_CHANGED;
        let values = ((pair.0, defaults.0), (pair.1, defaults.1));
        found.report(Fact::keyword_values(
            rule, "default", values.0, values.1, text,
        ));
    }
    true
}

/// The objects that say something about a value: wrappers and the schema itself.
fn objects<'p, 'a>(peeled: &'p Peeled<'a>) -> impl Iterator<Item = &'a Value> + use<'p, 'a> {
    peeled.wrappers.iter().copied().chain([peeled.target])
}

fn default<'a>(peeled: &Peeled<'a>) -> Option<&'a Value> {
    objects(peeled).find_map(|object| object.get("default"))
}

fn allows_null(peeled: &Peeled<'_>) -> bool {
    objects(peeled).any(|object| object.get("nullable") == Some(&Value::Bool(true)))
}

/// A value as it is written in a parameter.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The texts that a schema allows.
#[derive(Default)]
struct Texts {
    any: bool,
    numbers: bool,
    integers: bool,
    listed: BTreeSet<String>,
}

impl Texts {
    /// Reads a schema of single values; with `exact` only one whose every keyword is understood,
    /// else what it allows at most.
    fn read<'a>(
        document: &Document<'a>,
        schema: &'a Value,
        exact: bool,
        depth: usize,
    ) -> Option<Self> {
        let schema = document.peel_through(schema).target;
        let map = schema.as_object().filter(|_| depth > 0)?;
        let is_known = |key: &str| match key {
            "type" | "enum" | "oneOf" | "anyOf" => true,
            // Listed values are what they are.
            "format" => map.contains_key("enum"),
            _ => false,
        };
        let mut keys = map.keys().filter(|key| !is_annotation(key));
        if exact && !keys.all(|key| is_known(key)) {
            return None;
        }
        let unions = ["oneOf", "anyOf"].map(|key| entries(schema, key));
        let is_union = unions.iter().any(|branches| !branches.is_empty());
        let mut texts = Self::default();
        if let Some(values) = map.get("enum") {
            let values = values.as_array().filter(|_| !(exact && is_union))?;
            let values = values.iter().filter(|value| !value.is_null());
            for value in values {
                let is_single = !value.is_array() && !value.is_object();
                texts.listed.insert(is_single.then(|| written(value))?);
            }
            return Some(texts);
        }
        match kind(schema) {
            Some(_) if exact && is_union => return None,
            Some("string") => texts.any = true,
            Some("number") => texts.numbers = true,
            Some("integer") => texts.integers = true,
            Some("boolean") => texts.listed.extend(["true", "false"].map(str::to_owned)),
            Some(_) => return None,
            None => {
                let mut used = unions.iter().filter(|branches| !branches.is_empty());
                let branches = used.next()?;
                if exact && used.next().is_some() {
                    return None;
                }
                for branch in *branches {
                    texts.add(Self::read(document, branch, exact, depth - 1)?);
                }
            }
        }
        Some(texts)
    }

    fn add(&mut self, other: Self) {
        self.any |= other.any;
        self.numbers |= other.numbers;
        self.integers |= other.integers;
        self.listed.extend(other.listed);
    }

    fn covers(&self, other: &Self) -> bool {
        let is_covered = |text: &String| {
            self.listed.contains(text)
                || self.numbers && text.parse::<f64>().is_ok_and(f64::is_finite)
                || self.integers && text.parse::<i64>().is_ok()
        };
        self.any
            || !other.any
                && (self.numbers || !other.numbers)
                && (self.numbers || self.integers || !other.integers)
                && other.listed.iter().all(is_covered)
    }
}

//! Annotations of a schema at the place of use: prose, null, defaults, deprecation.

use serde_json::Value;

use super::keywords::{canonical, same_values};
use crate::compare::context::Findings;
use crate::compare::direction::Direction;
use crate::compare::fact::Fact;
use crate::compare::fields::other_field;
use crate::read::{Peeled, Schema, is_annotation};
use crate::rules::{self, Rule};

/// The objects that annotate one place, outermost first.
pub(super) struct Chain<'a> {
    site: &'a Value,
    wrappers: Vec<&'a Value>,
    /// The schema itself and the parts that are written in place; none when the schema is
    /// compared as a component of its own.
    targets: Vec<&'a Value>,
    nullable: bool,
    /// Null is one of the alternatives, which needs no keyword.
    null_alternative: bool,
    /// A schema without type allows null whatever `nullable` says.
    untyped: bool,
}

impl<'a> Chain<'a> {
    /// A place that refers to a component.
    pub(super) fn of_reference(site: &'a Value, peeled: &Peeled<'a>) -> Self {
        Self {
            site,
            wrappers: peeled.wrappers.clone(),
            targets: Vec::new(),
            nullable: peeled.says("nullable"),
            null_alternative: false,
            untyped: false,
        }
    }

    /// A place that is compared with everything behind it.
    pub(super) fn of_schema(schema: &Schema<'a>, untyped: bool) -> Self {
        Self {
            site: schema.place,
            wrappers: schema.wrappers.clone(),
            targets: schema.own().collect(),
            nullable: schema.nullable,
            null_alternative: schema.null_alternative,
            untyped,
        }
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.wrappers
            .iter()
            .chain(&self.targets)
            .filter_map(move |value| value.get(key))
    }

    fn says(&self, key: &str) -> bool {
        self.all(key).any(|value| *value == Value::Bool(true))
    }

    /// Keys of wrappers, whatever they are, and the annotations of the schema.
    fn keys(&self) -> impl Iterator<Item = &'a str> {
        let of = |value: &'a Value| value.as_object().into_iter().flatten();
        let wrappers = self.wrappers.iter().copied().flat_map(of);
        let wrappers = wrappers
            .filter(|(key, _)| !matches!(key.as_str(), "$ref" | "allOf" | "oneOf" | "anyOf"));
        let target = self.targets.iter().copied().flat_map(of);
        wrappers
            .chain(target.filter(|(key, _)| is_annotation(key)))
            .map(|(key, _)| key.as_str())
    }
}

/// Compares the annotations of two places.
pub(super) fn compare<'a>(found: &mut Findings<'a>, old: &Chain<'a>, new: &Chain<'a>) {
    let mut done: Vec<&str> = Vec::new();
    for key in old.keys().chain(new.keys()) {
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        if !same_values(old.all(key), new.all(key)) {
            keyword(found, old, new, key);
        }
    }
    let by_alternative = old.null_alternative || new.null_alternative;
    if by_alternative && old.nullable != new.nullable && !done.contains(&"nullable") {
        keyword(found, old, new, "nullable");
    }
}

fn keyword<'a>(found: &mut Findings<'a>, old: &Chain<'a>, new: &Chain<'a>, key: &'a str) {
    let flag = matches!(key, "nullable" | "deprecated" | "readOnly" | "writeOnly");
    let malformed = |chain: &Chain<'a>| chain.all(key).any(|value| !value.is_boolean());
    let different = Different::of(old, new, key);
    if flag && (malformed(old) || malformed(new)) {
        let text = format!("{key} is not a boolean");
        report(found, &rules::UNCLASSIFIED, (old, new), &different, text);
        return;
    }
    let changes = match key {
        "nullable" => (old.nullable, new.nullable),
        _ => (old.says(key), new.says(key)),
    };
    let (rule, text) = match (key, changes) {
        ("nullable", _) if old.untyped || new.untyped => {
            (&rules::RESTATED, "a schema without type allows null anyway")
        }
        ("nullable", (false, true)) => (&rules::BECAME_NULLABLE, "null is allowed"),
        ("nullable", (true, false)) => (&rules::BECAME_NOT_NULLABLE, "null is not allowed"),
        ("deprecated", (false, true)) => (&rules::DEPRECATED, "is deprecated"),
        ("deprecated", (true, false)) => (&rules::UNDEPRECATED, "is no longer deprecated"),
        ("readOnly", (false, true)) => (&rules::BECAME_READ_ONLY, "is no longer taken"),
        ("readOnly", (true, false)) => (&rules::NO_LONGER_READ_ONLY, "may be sent"),
        ("writeOnly", (false, true)) => (&rules::BECAME_WRITE_ONLY, "no longer comes back"),
        ("writeOnly", (true, false)) => (&rules::NO_LONGER_WRITE_ONLY, "may come back"),
        ("default", _) if different.is_real() => {
            (&rules::DEFAULT_CHANGED, "the default is another")
        }
        ("xml", _) => (&rules::XML_CHANGED, "the XML form is different"),
        _ if flag || !different.is_real() => (&rules::RESTATED, "says the same in other words"),
        _ => {
            let places = ((old.site, different.old), (new.site, different.new));
            found.report(other_field(key, places.0, places.1));
            return;
        }
    };
    report(found, rule, (old, new), &different, text);
}

/// The values of a keyword that differ.
struct Different<'a> {
    key: &'a str,
    old: Option<&'a Value>,
    new: Option<&'a Value>,
}

impl<'a> Different<'a> {
    /// The first value that the other side does not have, else the first one.
    fn of(old: &Chain<'a>, new: &Chain<'a>, key: &'a str) -> Self {
        let first = |one: &Chain<'a>, other: &Chain<'a>| {
            let mut own = one
                .all(key)
                .filter(|value| other.all(key).all(|theirs| theirs != *value));
            own.next().or_else(|| one.all(key).next())
        };
        Self {
            key,
            old: first(old, new),
            new: first(new, old),
        }
    }

    fn is_real(&self) -> bool {
        self.old.map(canonical) != self.new.map(canonical)
    }
}

fn report<'a>(
    found: &mut Findings<'a>,
    rule: &'static Rule,
    (old, new): (&Chain<'a>, &Chain<'a>),
    different: &Different<'a>,
    text: impl Into<String>,
) {
    let places = ((old.site, different.old), (new.site, different.new));
    let fact = Fact::keyword_values(rule, different.key, places.0, places.1, text);
    let read_only = old.says("readOnly") && new.says("readOnly");
    let write_only = old.says("writeOnly") && new.says("writeOnly");
    let only = match (read_only, write_only) {
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        _ => None,
    };
    found.report(fact.only(only));
}

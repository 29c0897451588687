//! What is said about a schema where it is used: prose, null, defaults, deprecation.

use serde_json::Value;

use crate::compare::{Comparison, other_field};
use crate::document::{Peeled, is_annotation};
use crate::fact::Fact;
use crate::graph::{Direction, NodeId};
use crate::rules;
use crate::schema::view::View;

/// The objects that annotate one place, outermost first.
pub(super) struct Chain<'a> {
    site: &'a Value,
    wrappers: Vec<&'a Value>,
    /// The schema itself, when it is not compared as a component of its own, and the parts of
    /// its `allOf` that are written in place.
    targets: Vec<&'a Value>,
    /// The component behind the reference says null is allowed.
    inherited_null: bool,
}

impl<'a> Chain<'a> {
    /// A place that refers to a component.
    pub(super) fn of_reference(site: &'a Value, peeled: &Peeled<'a>) -> Self {
        Self {
            site,
            wrappers: peeled.wrappers.clone(),
            targets: Vec::new(),
            inherited_null: peeled.target.get("nullable") == Some(&Value::Bool(true)),
        }
    }

    /// A place that is compared with all that is behind it.
    pub(super) fn of_value(site: &'a Value, peeled: &Peeled<'a>, view: &View<'a>) -> Self {
        Self {
            site,
            wrappers: peeled.wrappers.clone(),
            targets: std::iter::once(peeled.target)
                .chain(view.in_place())
                .collect(),
            inherited_null: false,
        }
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &'a Value> {
        self.wrappers
            .iter()
            .chain(&self.targets)
            .filter_map(move |value| value.get(key))
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.all(key).next()
    }

    fn says(&self, key: &str) -> bool {
        self.all(key).any(|value| *value == Value::Bool(true))
    }

    fn is_nullable(&self) -> bool {
        self.inherited_null || self.says("nullable")
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
pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &Chain<'a>,
    new: &Chain<'a>,
) {
    let mut done: Vec<&str> = Vec::new();
    for key in old.keys().chain(new.keys()) {
        if old.all(key).eq(new.all(key)) || done.contains(&key) {
            continue;
        }
        done.push(key);
        keyword(comparison, node, old, new, key);
    }
}

fn keyword<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &Chain<'a>,
    new: &Chain<'a>,
    key: &str,
) {
    let (before, after) = (old.get(key), new.get(key));
    let flag = matches!(key, "nullable" | "deprecated" | "readOnly" | "writeOnly");
    let malformed = |value: Option<&Value>| value.is_some_and(|value| !value.is_boolean());
    if flag && (malformed(before) || malformed(after)) {
        let text = format!("{key} is no boolean");
        report(
            comparison,
            node,
            &rules::UNCLASSIFIED,
            (old, new),
            key,
            &text,
        );
        return;
    }
    let changes = match key {
        "nullable" => (old.is_nullable(), new.is_nullable()),
        _ => (old.says(key), new.says(key)),
    };
    let (rule, text) = match (key, changes) {
        ("nullable", (false, true)) => (&rules::BECAME_NULLABLE, "null is allowed"),
        ("nullable", (true, false)) => (&rules::BECAME_NOT_NULLABLE, "null is not allowed"),
        ("deprecated", (false, true)) => (&rules::DEPRECATED, "is deprecated"),
        ("deprecated", (true, false)) => (&rules::UNDEPRECATED, "is no longer deprecated"),
        ("readOnly", (false, true)) => (&rules::BECAME_READ_ONLY, "is no longer taken"),
        ("readOnly", (true, false)) => (&rules::NO_LONGER_READ_ONLY, "may be sent"),
        ("writeOnly", (false, true)) => (&rules::BECAME_WRITE_ONLY, "no longer comes back"),
        ("writeOnly", (true, false)) => (&rules::NO_LONGER_WRITE_ONLY, "may come back"),
        ("default", _) if before != after => (&rules::DEFAULT_CHANGED, "the default is another"),
        ("xml", _) => (&rules::XML_CHANGED, "the XML form is different"),
        _ if flag || before == after => (&rules::RESTATED, "says the same in other words"),
        _ => {
            let fact = other_field(key, (old.site, before), (new.site, after));
            comparison.report(node, fact);
            return;
        }
    };
    report(comparison, node, rule, (old, new), key, text);
}

fn report<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    rule: &'static crate::rules::Rule,
    (old, new): (&Chain<'a>, &Chain<'a>),
    key: &str,
    text: &str,
) {
    let fact = Fact::keyword_values(
        rule,
        key,
        (old.site, old.get(key)),
        (new.site, new.get(key)),
        text,
    );
    let read_only = old.says("readOnly") && new.says("readOnly");
    let write_only = old.says("writeOnly") && new.says("writeOnly");
    let only = match (read_only, write_only) {
        (true, false) => Some(Direction::Response),
        (false, true) => Some(Direction::Request),
        _ => None,
    };
    comparison.report(node, fact.only(only));
}

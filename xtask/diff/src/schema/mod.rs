//! Schemas: references and wrappers first, then what the two schemas say about values.

mod annotations;
mod bounds;
mod enums;
mod properties;
mod types;
mod unions;
mod view;

use serde_json::Value;

use crate::compare::{Comparison, Kind};
use crate::document::{Peeled, Reference};
use crate::fact::Fact;
use crate::graph::NodeId;
use crate::rules;
use annotations::Chain;
use types::Type;
use view::{View, differing};

/// Compares two schemas where they are used.
pub(crate) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    old: &'a Value,
    new: &'a Value,
) {
    if !old.is_object() || !new.is_object() {
        comparison.remaining(node, (old, new), &[]);
        return;
    }
    let before = comparison.reports();
    let (left, right) = (comparison.old.peel(old), comparison.new.peel(new));
    let wrapped = left.wrappers.len() != right.wrappers.len();
    if let (Some(from), Some(to)) = (left.reference, right.reference) {
        let pair = (
            Chain::of_reference(old, &left),
            Chain::of_reference(new, &right),
        );
        annotations::compare(comparison, node, &pair.0, &pair.1);
        references(comparison, node, (old, from), (new, to));
    } else {
        let left = comparison.old.peel_through(old);
        let right = comparison.new.peel_through(new);
        inlined(comparison, node, (old, &left), (new, &right));
        let views = (
            View::new(&comparison.old, left.target, old),
            View::new(&comparison.new, right.target, new),
        );
        let pair = (
            Chain::of_value(old, &left, &views.0),
            Chain::of_value(new, &right, &views.1),
        );
        annotations::compare(comparison, node, &pair.0, &pair.1);
        values(comparison, node, &views.0, &views.1);
    }
    if wrapped && comparison.reports() == before {
        let text = "the schema is wrapped differently and means the same";
        let rule = &rules::SCHEMA_RESTRUCTURED;
        let fact = Fact::changed(rule, old, new, text);
        comparison.report(node, fact.values(old.clone(), new.clone()));
    }
}

/// One side is written in place where the other one refers to a component.
fn inlined<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, left): (&'a Value, &Peeled<'a>),
    (new, right): (&'a Value, &Peeled<'a>),
) {
    let (before, after) = (left.reference, right.reference);
    if before.is_some() == after.is_some() {
        return;
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
    let fact = Fact::changed(rule, old, new, text).values(name(before), name(after));
    comparison.report(node, fact);
}

/// Both sides refer to a component.
fn references<'a>(
    comparison: &mut Comparison<'a>,
    node: NodeId,
    (old, from): (&'a Value, Reference<'a>),
    (new, to): (&'a Value, Reference<'a>),
) {
    let (Some(before), Some(after)) = (from.target, to.target) else {
        if from.text != to.text || from.target.is_some() != to.target.is_some() {
            let text = format!("{} becomes {}", from.text, to.text);
            let rule = &rules::REFERENCE_BROKEN;
            let fact = Fact::changed(rule, old, new, text).values(from.text, to.text);
            comparison.report(node, fact);
        }
        return;
    };
    if from.text == to.text {
        comparison.descend(node, Kind::Schema, before, after);
        return;
    }
    let names = (
        comparison.old.schema_name(before),
        comparison.new.schema_name(after),
    );
    let ends = (
        comparison.old.peel_through(before).target,
        comparison.new.peel_through(after).target,
    );
    let end_names = (
        comparison.old.schema_name(ends.0),
        comparison.new.schema_name(ends.1),
    );
    if end_names.0 == end_names.1 && end_names.0.is_some() {
        let text = format!("{} and {} are the same type", from.text, to.text);
        let rule = &rules::REFERENCE_ALIASED;
        let fact = Fact::changed(rule, old, new, text).values(from.text, to.text);
        comparison.report(node, fact);
        comparison.descend(node, Kind::Schema, ends.0, ends.1);
        return;
    }
    if let (Some(gone), Some(come)) = names
        && comparison.is_rename(gone, come)
    {
        let text = format!("{gone} is now called {come}");
        let rule = &rules::COMPONENT_RENAMED;
        let fact = Fact::changed(rule, before, after, text).values(gone, come);
        let target = comparison.visit(Kind::Schema, before, after);
        comparison.graph.add_edge(node, target);
        comparison.report(target, fact);
        if !comparison.renamed.contains(&(gone, come)) {
            comparison.renamed.push((gone, come));
        }
        return;
    }
    let text = format!("{} becomes {}", from.text, to.text);
    let rule = &rules::REFERENCE_CHANGED;
    let fact = Fact::changed(rule, old, new, text).values(from.text, to.text);
    comparison.report(node, fact);
    let target = comparison.visit(Kind::Schema, ends.0, ends.1);
    comparison.graph.add_edge(node, target);
    comparison.replaced.push((target, node));
}

/// Compares what two schemas say about values, references and wrappers aside.
fn values<'a>(comparison: &mut Comparison<'a>, node: NodeId, left: &View<'a>, right: &View<'a>) {
    let (old, new) = (left.schema, right.schema);
    if !old.is_object() || !new.is_object() {
        comparison.remaining(node, (old, new), &[]);
        return;
    }
    let before = comparison.reports();
    let keys = differing(left, right);
    if keys.is_empty() {
        return;
    }
    let well_formed = |schema: &Value| match schema.get("allOf") {
        None => true,
        Some(Value::Array(entries)) => entries.iter().all(Value::is_object),
        Some(_) => false,
    };
    if !(well_formed(old) && well_formed(new)) && old.get("allOf") != new.get("allOf") {
        let text = "allOf is no list of schemas";
        let fact = Fact::keyword(&rules::UNCLASSIFIED, "allOf", old, new, text);
        comparison.report(node, fact);
        return;
    }
    if keys.iter().any(|key| matches!(*key, "oneOf" | "anyOf"))
        && unions::compare(comparison, node, left, right)
    {
        return;
    }
    let types = (Type::of(left), Type::of(right));
    if !types::compare(comparison, node, (left, types.0), (right, types.1), &keys) {
        return;
    }
    for key in &keys {
        match *key {
            "format" => types::formats(comparison, node, left, right, types),
            "enum" => enums::compare(comparison, node, left, right),
            "properties" => properties::compare(comparison, node, left, right),
            "required" => properties::undeclared(comparison, node, left, right),
            "additionalProperties" => properties::further(comparison, node, left, right),
            "items" => items(comparison, node, left, right),
            "discriminator" => unions::discriminators(comparison, node, left, right),
            "not" => {
                let text = "what a value must not be is different";
                let fact = view::fact(&rules::NOT_CHANGED, "not", left, right, text);
                comparison.report(node, fact);
            }
            key if bounds::is_bound(key) => {
                bounds::compare(comparison, node, (left, right), key, types);
            }
            "type" | "allOf" | "oneOf" | "anyOf" => {}
            key => {
                let fact =
                    crate::compare::other_field(key, (old, left.get(key)), (new, right.get(key)));
                comparison.report(node, fact);
            }
        }
    }
    if comparison.reports() == before && view::restructured(left, right) {
        let text = "the schema is composed differently and means the same";
        let rule = &rules::SCHEMA_RESTRUCTURED;
        let fact = Fact::changed(rule, old, new, text);
        comparison.report(node, fact.values(old.clone(), new.clone()));
    }
}

/// The entries of an array.
fn items<'a>(comparison: &mut Comparison<'a>, node: NodeId, left: &View<'a>, right: &View<'a>) {
    let (rule, text) = match (left.get("items"), right.get("items")) {
        (Some(old), Some(new)) => {
            comparison.descend(node, Kind::Schema, old, new);
            return;
        }
        (Some(_), None) => (&rules::TYPE_OPENED, "entries may be anything"),
        (None, _) => (&rules::TYPE_CLOSED, "entries have a type now"),
    };
    comparison.report(node, view::fact(rule, "items", left, right, text));
}

//! Parameters that become the properties of an exploded object, and the reverse.

use serde_json::Value;

use super::effective::{Parameter, effective};
use super::style::{explodes, style};
use crate::compare::context::{Findings, Kind, Sides};
use crate::compare::direction::Via;
use crate::compare::fact::Fact;
use crate::read::{Document, Operation, Schema};
use crate::rules;

/// A parameter whose properties are written like parameters of their own.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) site: &'a Value,
    pub(super) schema: &'a Value,
}

/// The exploded object that holds a former parameter.
pub(super) fn member<'a>(
    document: &Document<'a>,
    group: &Parameter<'a>,
    single: &Parameter<'a>,
) -> Option<Group<'a>> {
    let place = |parameter: &Parameter<'a>| parameter.value.get("in").and_then(Value::as_str);
    let in_query = place(group) == Some("query") && place(single) == Some("query");
    if !in_query || style(group.value) != Some("form") || !explodes(group.value) {
        return None;
    }
    let object = document.peel_through(group.value.get("schema")?).target;
    Some(Group {
        name: group.name,
        site: group.site,
        schema: object.get("properties")?.get(single.name)?,
    })
}

/// The properties of a former exploded object that are parameters of their own now; those that are
/// not are gone.
pub(super) fn ungrouped<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    group: &Parameter<'a>,
    right: &mut Vec<Parameter<'a>>,
) {
    let mut kept: Vec<&str> = Vec::new();
    right.retain(|single| {
        let Some(former) = member(&sides.old, group, single) else {
            return true;
        };
        let text = format!(
            "{} of {} is a parameter of its own",
            single.name, group.name
        );
        let fact = Fact::changed(&rules::PARAMETER_GROUPED, group.site, single.site, text);
        found.report(fact.about(single.name).values(group.name, single.name));
        if let Some(schema) = single.value.get("schema") {
            found.link_via(Kind::Schema, via, former.schema, schema);
        }
        kept.push(single.name);
        false
    });
    let schema = group.value.get("schema");
    let object = schema.map(|schema| sides.old.peel_through(schema).target);
    let names = object.and_then(|object| object.get("properties"));
    for (name, property) in names.and_then(Value::as_object).into_iter().flatten() {
        if !kept.contains(&name.as_str()) {
            let text = format!("{name} of the parameter {} is gone", group.name);
            let fact = Fact::removed(&rules::PARAMETER_REMOVED, property, group.value, text);
            found.report(fact.about(name));
        }
    }
}

/// The properties of an exploded object that hold no former parameter are new.
pub(super) fn extended<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    group: &Parameter<'a>,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    let Some(schema) = group.value.get("schema") else {
        return;
    };
    let former = effective(&sides.old, old);
    let others = effective(&sides.new, new);
    let is_known = |name: &str| {
        let still_there = others.iter().any(|other| other.name == name);
        former.iter().any(|other| other.name == name) && !still_there
    };
    let schema = Schema::read(&sides.new, &schema.into());
    let required = schema.required();
    for (name, property) in schema.properties().all() {
        if is_known(name) {
            continue;
        }
        let (rule, kind) = if required.contains(name) {
            (&rules::PARAMETER_ADDED_REQUIRED, "required")
        } else {
            (&rules::PARAMETER_ADDED_OPTIONAL, "optional")
        };
        let text = format!("the {kind} {name} of the parameter {} is new", group.name);
        found.report(Fact::added(rule, property.first, old.value, text).about(name));
    }
}

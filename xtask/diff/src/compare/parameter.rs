//! Parameters: those of an operation, and how each one changes.

use openapi_document::{placeholders, reference};
use serde_json::Value;

use super::context::{Findings, Kind, Sides};
use super::direction::Via;
use super::fact::Fact;
use super::fields::{entries, well_typed};
use super::media;
use crate::read::{Document, Operation};
use crate::rules;

/// A parameter as an operation sees it.
struct Parameter<'a> {
    /// The entry in the list: a reference or the parameter itself.
    site: &'a Value,
    value: &'a Value,
    /// Identity: its place and its name, or its position in the path.
    key: String,
    name: &'a str,
    of_path: bool,
}

impl Parameter<'_> {
    fn required(&self) -> bool {
        self.value.get("required") == Some(&Value::Bool(true))
            || self.value.get("in").and_then(Value::as_str) == Some("path")
    }
}

/// The parameters of an operation: its own ones, then those of its path that it does not override.
fn effective<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let mut all: Vec<Parameter<'a>> = Vec::new();
    for (of_path, owner) in [(false, operation.value), (true, operation.item)] {
        for site in entries(owner, "parameters") {
            let parameter = read(document, operation.path, site, of_path);
            let overridden = of_path && all.iter().any(|other| other.key == parameter.key);
            if !overridden {
                all.push(parameter);
            }
        }
    }
    all
}

fn read<'a>(document: &Document<'a>, path: &str, site: &'a Value, of_path: bool) -> Parameter<'a> {
    let value = document.follow(site).target;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let lost = reference(value);
    let name = text("name").or(lost).unwrap_or_default();
    let place = text("in").unwrap_or_default();
    let key = match place {
        "path" => match position(path, name) {
            Some(position) => format!("path {position}"),
            None => format!("path {name}"),
        },
        "header" => format!("header {}", name.to_ascii_lowercase()),
        _ => format!("{place} {name}"),
    };
    Parameter {
        site,
        value,
        key,
        name,
        of_path,
    }
}

/// The number of the placeholder of this name.
fn position(path: &str, name: &str) -> Option<usize> {
    placeholders(path).position(|placeholder| placeholder == name)
}

/// The parameters of a path item that every one of its operations overrides.
pub(super) fn unused<'a>(
    document: &Document<'a>,
    item: &'a Value,
    operations: &[Operation<'a>],
) -> Vec<&'a Value> {
    let used: Vec<Parameter<'a>> = operations
        .iter()
        .flat_map(|operation| effective(document, operation))
        .filter(|parameter| parameter.of_path)
        .collect();
    let is_used = |site: &&Value| used.iter().any(|other| std::ptr::eq(other.site, *site));
    entries(item, "parameters")
        .iter()
        .filter(|site| !is_used(site))
        .collect()
}

/// Compares the parameters of two operations.
pub(super) fn compare_lists<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&Operation<'a>, &Operation<'a>),
) {
    if !well_typed(old.value, new.value, "parameters", Value::is_array) {
        let text = "parameters are not a list";
        let rule = &rules::UNCLASSIFIED;
        found.report(Fact::keyword(
            rule,
            "parameters",
            old.value,
            new.value,
            text,
        ));
        return;
    }
    let before = found.count();
    let left = effective(&sides.old, old);
    let mut right = effective(&sides.new, new);
    let mut gone = Vec::new();
    for parameter in left {
        match right.iter().position(|other| other.key == parameter.key) {
            Some(index) => pair(sides, found, via, (&parameter, &right.remove(index))),
            None => gone.push(parameter),
        }
    }
    for parameter in gone {
        if let Some(index) = right.iter().position(|other| other.name == parameter.name) {
            pair(sides, found, via, (&parameter, &right.remove(index)));
        } else if right
            .iter()
            .any(|other| member(&sides.old, &parameter, other).is_some())
        {
            ungrouped(sides, found, via, &parameter, &mut right);
        } else if let Some(group) = right
            .iter()
            .find_map(|other| member(&sides.new, other, &parameter))
        {
            let text = format!("the parameter {} is part of {}", parameter.name, group.name);
            let fact = Fact::changed(&rules::PARAMETER_GROUPED, parameter.site, group.site, text);
            found.report(
                fact.about(parameter.name)
                    .values(parameter.name, group.name),
            );
            if let Some(schema) = parameter.value.get("schema") {
                found.link_via(Kind::Schema, via, schema, group.schema);
            }
        } else {
            let text = format!("the parameter {} is gone", parameter.name);
            let fact = Fact::removed(&rules::PARAMETER_REMOVED, parameter.site, new.value, text);
            found.report(fact.about(parameter.name));
        }
    }
    for parameter in right {
        let (rule, kind) = if parameter.required() {
            (&rules::PARAMETER_ADDED_REQUIRED, "required")
        } else {
            (&rules::PARAMETER_ADDED_OPTIONAL, "optional")
        };
        let text = format!("the {kind} parameter {} is new", parameter.name);
        found.report(Fact::added(rule, parameter.site, old.value, text).about(parameter.name));
    }
    spelling(found, (old.value, new.value), before);
}

/// A parameter whose properties are written like parameters of their own.
struct Group<'a> {
    name: &'a str,
    site: &'a Value,
    schema: &'a Value,
}

/// The exploded object that holds a former parameter.
fn member<'a>(
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
fn ungrouped<'a>(
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

/// An empty list or a duplicate means nothing, and is reported all the same.
fn spelling<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value), before: usize) {
    let (left, right) = (old.get("parameters"), new.get("parameters"));
    let count = |list: Option<&Value>| list.and_then(Value::as_array).map(Vec::len);
    if count(left) != count(right) && found.count() == before {
        let text = "the list of parameters is written differently";
        found.report(Fact::keyword(
            &rules::RESTATED,
            "parameters",
            old,
            new,
            text,
        ));
    }
}

fn pair<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    via: Via,
    (old, new): (&Parameter<'a>, &Parameter<'a>),
) {
    if old.of_path != new.of_path {
        let text = "the parameter is declared on the other level";
        let rule = &rules::PARAMETER_LEVEL_CHANGED;
        found.report(Fact::changed(rule, old.site, new.site, text));
    }
    found.enter(sides, Kind::Parameter, via, (old.site, new.site));
}

/// Compares two parameters.
pub(super) fn compare<'a>(sides: &Sides<'a>, pair: (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    let (old, new) = pair;
    let text = |value: &'a Value, key: &str| value.get(key).and_then(Value::as_str);
    let (before, after) = (text(old, "in"), text(new, "in"));
    if old.get("in") != new.get("in") {
        let message = "the parameter is sent in another part of the request";
        found.report(Fact::keyword(
            &rules::PARAMETER_MOVED,
            "in",
            old,
            new,
            message,
        ));
    }
    if old.get("name") != new.get("name") {
        let (rule, message) = match before {
            Some("path") if text(new, "name").is_some() => (
                &rules::PATH_PARAMETER_RENAMED,
                "the placeholder has another name",
            ),
            Some("header") if text(new, "name").is_some() => {
                (&rules::RESTATED, "the header is written in another case")
            }
            _ => (&rules::UNCLASSIFIED, "the parameter has another name"),
        };
        found.report(Fact::keyword(rule, "name", old, new, message));
    }
    required(&mut found, pair, before == Some("path") && after == before);
    found.deprecation(pair);
    if before == after {
        serialization(&mut found, pair, became_list(sides, pair).is_some());
    }
    content(sides, &mut found, pair);
    let handled = [
        "in",
        "name",
        "required",
        "deprecated",
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "schema",
        "content",
    ];
    found.remaining(pair, &handled);
    found
}

fn required<'a>(found: &mut Findings<'a>, pair: (&'a Value, &'a Value), in_path: bool) {
    let (before, after) = found.flag(pair, "required", in_path);
    let (rule, text) = match (before, after) {
        (false, true) => (
            &rules::PARAMETER_BECAME_REQUIRED,
            "the parameter is now required",
        ),
        (true, false) => (
            &rules::PARAMETER_BECAME_OPTIONAL,
            "the parameter may now be left out",
        ),
        _ => return,
    };
    found.report(Fact::keyword(rule, "required", pair.0, pair.1, text));
}

/// The style that holds, none when it is malformed.
fn style(side: &Value) -> Option<&str> {
    let default = match side.get("in").and_then(Value::as_str) {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    side.get("style").map_or(Some(default), Value::as_str)
}

/// Compares the style of a value; that of a list which one value became only matters for more values.
fn serialization<'a>(
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
    became_list: bool,
) {
    let explode = style(old) == Some("form");
    if !became_list && old.get("style") != new.get("style") {
        let (rule, text) = if style(old) == style(new) {
            (&rules::RESTATED, "the style states its default")
        } else {
            let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
            (rule, "the value is written in another style")
        };
        found.report(Fact::keyword(rule, "style", old, new, text));
    }
    for (key, default) in [
        ("explode", explode),
        ("allowReserved", false),
        ("allowEmptyValue", false),
    ] {
        if became_list && key == "explode" {
            continue;
        }
        let (before, after) = found.flag((old, new), key, default);
        if before != after {
            let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
            let text = format!("{key} is {after}");
            found.report(Fact::keyword(rule, key, old, new, text));
        }
    }
}

/// A parameter has a schema, or content in one media type.
fn content<'a>(sides: &Sides<'a>, found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let kind = |side: &Value| (side.get("schema").is_some(), side.get("content").is_some());
    if kind(old) != kind(new) && (kind(old).1 || kind(new).1) {
        let rule = &rules::PARAMETER_SERIALIZATION_CHANGED;
        let text = "the value is plain on one side and a document on the other";
        found.report(Fact::keyword(rule, "content", old, new, text));
        return;
    }
    if let Some(list) = became_list(sides, (old, new)) {
        let text = "several values may be given; one is written as before";
        let fact = Fact::changed(&rules::PARAMETER_BECAME_LIST, list.before, list.after, text);
        found.report(fact.values(list.before.clone(), list.after.clone()));
        found.schema(list.before, list.entries);
        return;
    }
    media::schemas(found, (old, new));
    media::contents(found, (old, new));
}

/// The schema of one value, and that of the list that took its place.
struct BecameList<'a> {
    before: &'a Value,
    after: &'a Value,
    entries: &'a Value,
}

/// One value where a list of such values is taken now: `a=1` is written as before. Text may hold
/// what separates the entries of a list that is not exploded.
fn became_list<'a>(
    sides: &Sides<'a>,
    (old, new): (&'a Value, &'a Value),
) -> Option<BecameList<'a>> {
    let (before, after) = (old.get("schema")?, new.get("schema")?);
    let list = sides.new.peel_through(after).target;
    let entries = list.get("items").filter(|_| kind(list) == Some("array"))?;
    let single = sides.old.peel_through(before).target;
    let entry = sides.new.peel_through(entries).target;
    let fits = match (kind(single)?, kind(entry)?) {
        ("integer", "number") => true,
        (before, after) => before == after && !matches!(before, "array" | "object"),
    };
    let safe = explodes(new) || kind(single) != Some("string");
    (fits && safe && takes_lists(new)).then_some(BecameList {
        before,
        after,
        entries,
    })
}

/// True for styles that write a list of one value like the value.
fn takes_lists(parameter: &Value) -> bool {
    let styles = ["form", "simple", "spaceDelimited", "pipeDelimited"];
    style(parameter).is_some_and(|style| styles.contains(&style))
}

fn explodes(parameter: &Value) -> bool {
    let default = style(parameter) == Some("form");
    parameter
        .get("explode")
        .map_or(default, |explode| *explode == Value::Bool(true))
}

fn kind(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

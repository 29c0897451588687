//! Parameters: those of an operation, and how each one changes.

mod effective;
mod group;
mod list;
mod style;
mod text;

use serde_json::Value;

use super::context::{Findings, Sides};
use super::fact::Fact;
use super::list_entries::{entries_of_list, kind};
use super::media;
use crate::rules;

use crate::read::Document;
pub(super) use effective::unused;
pub(super) use list::compare_lists;
pub(super) use style::serialization;
use style::{Kinds, explodes, takes_lists};

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
        serialization(&mut found, pair, kinds(sides, pair));
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
    if text::compare(sides, found, (old, new)) {
        return;
    }
    media::schemas(sides, found, (old, new));
    media::contents(sides, found, (old, new));
}

/// The types of the values of two parameters or headers.
pub(super) fn kinds<'a>(sides: &Sides<'a>, (old, new): (&'a Value, &'a Value)) -> Kinds<'a> {
    let of = |document: &Document<'a>, side: &'a Value| {
        let schema = side.get("schema")?;
        kind(document.peel_through(schema).target)
    };
    (of(&sides.old, old), of(&sides.new, new))
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
    let entries = entries_of_list(sides, (before, after))?;
    let single = sides.old.peel_through(before).target;
    let safe = explodes(new) || kind(single) != Some("string");
    (safe && takes_lists(new)).then_some(BecameList {
        before,
        after,
        entries,
    })
}

//! Media types: which ones a body has, and what each of them says.

use serde_json::Value;

use super::context::{Findings, Kind, Sides};
use super::direction::Via;
use super::fact::Fact;
use super::fields::{members, well_typed};
use super::media_type::MediaType;
use super::{encoding, form};
use crate::read::{Document, is_annotation};
use crate::rules;

/// Compares the media types under `content`.
pub(super) fn contents<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    if !well_typed(old, new, "content", Value::is_object) {
        if old.get("content") != new.get("content") {
            let text = "content is not a map";
            found.report(Fact::keyword(
                &rules::UNCLASSIFIED,
                "content",
                old,
                new,
                text,
            ));
        }
        return;
    }
    let mut left: Vec<(&str, &Value)> = members(old, "content").collect();
    let mut right: Vec<(&str, &Value)> = members(new, "content").collect();
    if left.is_empty() && right.is_empty() && old.get("content") != new.get("content") {
        let text = "an empty map of media types comes or goes";
        found.report(Fact::keyword(&rules::RESTATED, "content", old, new, text));
    }
    let mut pair = |found: &mut Findings<'a>, fits: &dyn Fn(&str, &str) -> bool| {
        left.retain(|(media, before)| {
            let Some(index) = right.iter().position(|(other, _)| fits(media, other)) else {
                return true;
            };
            let (other, after) = right.remove(index);
            spelling(found, (media, before), (other, after));
            one_type(sides, found, media, (before, after));
            false
        });
    };
    let parse = MediaType::parse;
    pair(found, &|old, new| old == new);
    pair(found, &|old, new| parse(old).is_same(&parse(new)));
    pair(found, &|old, new| {
        parse(new).contains(&parse(old)) || parse(old).contains(&parse(new))
    });
    let covering = |side: &'a Value, media: &str| {
        let media = parse(media);
        let mut ranges = members(side, "content");
        ranges.find(|(range, _)| parse(range).contains(&media))
    };
    for (media, before) in left {
        if let Some((range, after)) = covering(new, media) {
            let text = format!("the media type {media} is still part of {range}");
            let fact = Fact::removed(&rules::RESTATED, before, new, text);
            found.report(fact.about(media));
            one_type(sides, found, media, (before, after));
            continue;
        }
        let text = format!("the media type {media} is gone");
        let fact = Fact::removed(&rules::MEDIA_TYPE_REMOVED, before, new, text);
        found.report(fact.about(media));
    }
    for (media, after) in right {
        if let Some((range, before)) = covering(old, media) {
            let text = format!("the media type {media} was part of {range}");
            let fact = Fact::added(&rules::RESTATED, after, old, text);
            found.report(fact.about(media));
            one_type(sides, found, media, (before, after));
            continue;
        }
        let text = format!("the media type {media} is new");
        let fact = Fact::added(&rules::MEDIA_TYPE_ADDED, after, old, text);
        found.report(fact.about(media));
    }
}

/// Compares one media type of two bodies. Binary content needs no schema, since it is not JSON.
fn one_type<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    media: &str,
    (old, new): (&'a Value, &'a Value),
) {
    if let (Some(before), Some(after)) = (old.get("schema"), new.get("schema"))
        && form::is_form(media, (old, new))
    {
        found.link_via(Kind::Form, Via::Both, before, after);
        encoding::compare(found, (old, new));
        found.remaining((old, new), &["schema", "encoding"]);
        return;
    }
    let is_json = media.to_ascii_lowercase().contains("json");
    let before = is_binary(&sides.old, old.get("schema"));
    let after = is_binary(&sides.new, new.get("schema"));
    if is_json || before == after || before.is_none() || after.is_none() {
        found.link(Kind::Media, old, new);
        return;
    }
    let text = "any bytes may come, with or without the schema of binary data";
    found.report(Fact::keyword(&rules::RESTATED, "schema", old, new, text));
    encoding::compare(found, (old, new));
    found.remaining((old, new), &["schema", "encoding"]);
}

/// True for the schema of binary data, false for one that says nothing, none for any other.
fn is_binary<'a>(document: &Document<'a>, schema: Option<&'a Value>) -> Option<bool> {
    let Some(schema) = schema.map(|schema| document.peel_through(schema).target) else {
        return Some(false);
    };
    let says = |key: &str, value: &str| schema.get(key).is_some_and(|found| found == value);
    let is_binary = says("type", "string") && says("format", "binary");
    let mut keys = schema.as_object()?.keys().filter(|key| !is_annotation(key));
    let is_plain = keys.all(|key| is_binary && (key == "type" || key == "format"));
    is_plain.then_some(is_binary)
}

/// Reports that a media type is written differently or became a range.
fn spelling<'a>(
    found: &mut Findings<'a>,
    (media, before): (&str, &'a Value),
    (other, after): (&str, &'a Value),
) {
    if media == other {
        return;
    }
    let (old, new) = (MediaType::parse(media), MediaType::parse(other));
    let rule = if new.contains(&old) {
        &rules::MEDIA_TYPE_WIDENED
    } else if old.contains(&new) {
        &rules::MEDIA_TYPE_NARROWED
    } else {
        &rules::RESTATED
    };
    let text = format!("{media} becomes {other}");
    let fact = Fact::changed(rule, before, after, text);
    found.report(fact.about(media).values(media, other));
}

/// Compares what two bodies say about one media type.
pub(super) fn compare<'a>(sides: &Sides<'a>, (old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    schemas(sides, &mut found, (old, new));
    encoding::compare(&mut found, (old, new));
    found.remaining((old, new), &["schema", "encoding"]);
    found
}

/// Compares the schemas of a parameter, header or media type; without one, anything is allowed.
pub(super) fn schemas<'a>(
    sides: &Sides<'a>,
    found: &mut Findings<'a>,
    (old, new): (&'a Value, &'a Value),
) {
    let says_nothing =
        |document, side: &'a Value| is_binary(document, side.get("schema")) == Some(false);
    let is_given = |side: &Value| side.get("schema").is_some();
    if is_given(old) != is_given(new)
        && says_nothing(&sides.old, old)
        && says_nothing(&sides.new, new)
    {
        let text = "a schema that allows anything comes or goes";
        found.report(Fact::keyword(&rules::RESTATED, "schema", old, new, text));
        return;
    }
    let fact = match (old.get("schema"), new.get("schema")) {
        (Some(old), Some(new)) => {
            found.schema(old, new);
            return;
        }
        (None, None) => return,
        (Some(schema), None) => {
            let text = "the schema is gone, so anything may come";
            Fact::removed(&rules::TYPE_OPENED, schema, new, text)
        }
        (None, Some(schema)) => {
            let text = "where anything could come, a schema is given";
            Fact::added(&rules::TYPE_CLOSED, schema, old, text)
        }
    };
    found.report(fact);
}

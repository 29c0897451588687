//! Media types: which ones a body has, and what each of them says.

use serde_json::Value;

use super::context::{Findings, Kind};
use super::encoding;
use super::fact::Fact;
use super::fields::{members, well_typed};
use super::media_type::MediaType;
use crate::rules;

/// Compares the media types under `content`.
pub(super) fn contents<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
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
            found.link(Kind::Media, before, after);
            false
        });
    };
    let parse = MediaType::parse;
    pair(found, &|old, new| old == new);
    pair(found, &|old, new| parse(old).is_same(&parse(new)));
    pair(found, &|old, new| {
        parse(new).contains(&parse(old)) || parse(old).contains(&parse(new))
    });
    for (media, before) in left {
        let text = format!("the media type {media} is gone");
        let fact = Fact::removed(&rules::MEDIA_TYPE_REMOVED, before, new, text);
        found.report(fact.about(media));
    }
    for (media, after) in right {
        let text = format!("the media type {media} is new");
        let fact = Fact::added(&rules::MEDIA_TYPE_ADDED, after, old, text);
        found.report(fact.about(media));
    }
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
pub(super) fn compare<'a>((old, new): (&'a Value, &'a Value)) -> Findings<'a> {
    let mut found = Findings::default();
    schemas(&mut found, (old, new));
    encoding::compare(&mut found, (old, new));
    found.remaining((old, new), &["schema", "encoding"]);
    found
}

/// Compares the schemas of a parameter, header or media type; without one, anything is allowed.
pub(super) fn schemas<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
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

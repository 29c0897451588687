//! Encodings of form and multipart bodies, part by part.

use serde_json::Value;

use super::context::Findings;
use super::fact::Fact;
use super::fields::{members, union, well_typed};
use super::media_type::MediaType;
use crate::rules;

/// Compares the encodings of two media types.
pub(super) fn compare<'a>(found: &mut Findings<'a>, (old, new): (&'a Value, &'a Value)) {
    let key = "encoding";
    if old.get(key) == new.get(key) {
        return;
    }
    if !well_typed(old, new, key, Value::is_object) {
        let text = "encoding is not a map";
        found.report(Fact::keyword(&rules::UNCLASSIFIED, key, old, new, text));
        return;
    }
    let reports = found.count();
    let places = (old.get(key).unwrap_or(old), new.get(key).unwrap_or(new));
    for (part, before) in members(old, key) {
        let after = places.1.get(part).filter(|_| new.get(key).is_some());
        match after {
            Some(after) => part_changed(found, part, before, after),
            None => {
                let text = format!("the encoding of {part} is no longer given");
                let rule = one_sided(new, part, before);
                found.report(Fact::removed(rule, before, places.1, text).about(part));
            }
        }
    }
    for (part, after) in members(new, key) {
        if old.get(key).and_then(|map| map.get(part)).is_none() {
            let text = format!("the encoding of {part} is given");
            let rule = one_sided(old, part, after);
            found.report(Fact::added(rule, after, places.0, text).about(part));
        }
    }
    if found.count() == reports {
        let text = "an empty map of encodings comes or goes";
        found.report(Fact::keyword(&rules::RESTATED, key, old, new, text));
    }
}

/// The rule for an encoding that only one side gives.
fn one_sided(other: &Value, part: &str, encoding: &Value) -> &'static rules::Rule {
    let schema = other.get("schema");
    let inline = schema.and_then(|schema| schema.get("properties"));
    let is_new = inline.is_some_and(|properties| properties.get(part).is_none());
    // An encoding that comes or goes with its part changes nothing for the other parts.
    let content = inline.and_then(|properties| default_content(properties.get(part)?));
    if is_new || is_default(encoding, content) {
        &rules::RESTATED
    } else {
        &rules::ENCODING_CHANGED
    }
}

/// The media type in which a part is written unless its encoding says otherwise.
fn default_content(part: &Value) -> Option<&'static str> {
    let text = |key: &str| part.get(key).and_then(Value::as_str);
    match (text("type")?, text("format")) {
        ("string", Some("binary" | "byte")) => Some("application/octet-stream"),
        ("string" | "integer" | "number" | "boolean", _) => Some("text/plain"),
        ("object", _) => Some("application/json"),
        ("array", _) => default_content(part.get("items")?),
        _ => None,
    }
}

/// True when an encoding says what holds without it.
fn is_default(encoding: &Value, content: Option<&str>) -> bool {
    let map = encoding.as_object();
    map.is_some_and(|map| {
        map.iter().all(|(key, value)| match key.as_str() {
            "contentType" => content.is_some() && value.as_str() == content,
            "style" => value == "form",
            "explode" => *value == Value::Bool(true),
            "allowReserved" => *value == Value::Bool(false),
            key => key.starts_with("x-"),
        })
    })
}

/// Compares lists of media types such as `image/png, image/*`; none when neither contains the other.
fn content_types(
    key: &str,
    old: Option<&Value>,
    new: Option<&Value>,
) -> Option<(&'static rules::Rule, &'static str)> {
    let list = |value: Option<&Value>| -> Option<Vec<MediaType>> {
        let text = value.filter(|_| key == "contentType")?.as_str()?;
        Some(text.split(',').map(MediaType::parse).collect())
    };
    let (old, new) = (list(old)?, list(new)?);
    let within = |some: &[MediaType], all: &[MediaType]| {
        let allowed = |one: &MediaType| all.iter().any(|range| range.allows(one));
        some.iter().all(allowed)
    };
    match (within(&old, &new), within(&new, &old)) {
        (true, true) => Some((&rules::RESTATED, "names the same media types")),
        (true, false) => Some((&rules::MEDIA_TYPE_WIDENED, "may be of more media types")),
        (false, true) => Some((&rules::MEDIA_TYPE_NARROWED, "may be of fewer media types")),
        (false, false) => None,
    }
}

fn part_changed<'a>(found: &mut Findings<'a>, part: &str, before: &'a Value, after: &'a Value) {
    if before == after {
        return;
    }
    let (Some(left), Some(right)) = (before.as_object(), after.as_object()) else {
        found.remaining((before, after), &[]);
        return;
    };
    let style =
        |side: &Value| side.get("style").and_then(Value::as_str).unwrap_or("form") == "form";
    for key in union(left, right) {
        let (old, new) = (left.get(key), right.get(key));
        if old == new || key.starts_with("x-") {
            continue;
        }
        let effective = |side: &Value, value: Option<&Value>| match (key, value) {
            (_, Some(value)) => value.clone(),
            ("style", None) => "form".into(),
            ("explode", None) => style(side).into(),
            ("allowReserved", None) => false.into(),
            (_, None) => Value::Null,
        };
        let (rule, text) = if let Some(judged) = content_types(key, old, new) {
            (judged.0, format!("the part {part} {}", judged.1))
        } else if effective(before, old) == effective(after, new) {
            (
                &rules::RESTATED,
                format!("{key} of the part {part} states its default"),
            )
        } else if key == "allowReserved" && new == Some(&Value::Bool(true)) {
            let text = format!("reserved characters of the part {part} may be sent as they are");
            (&rules::PARAMETER_SERIALIZATION_LOOSENED, text)
        } else {
            (
                &rules::ENCODING_CHANGED,
                format!("the part {part} is written with another {key}"),
            )
        };
        let fact = Fact::keyword(rule, key, before, after, text);
        found.report(fact.about(format!("{part} {key}")));
    }
    let handled: Vec<&str> = union(left, right)
        .filter(|key| !key.starts_with("x-"))
        .collect();
    found.remaining((before, after), &handled);
}

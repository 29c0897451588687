//! Types and formats.

use serde_json::Value;

use super::keywords::{Pair, keyword};
use crate::compare::context::Findings;
use crate::compare::fact::Fact;
use crate::read::{Document, Schema, is_nothing, is_null};
use crate::rules;

/// Deepest nesting of unions whose common type is looked for; ends cycles.
const MAX_DEPTH: usize = 4;

/// The type of the values that a schema describes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Type<'a> {
    Any,
    Named(&'a str),
}

impl<'a> Type<'a> {
    /// The stated type, or the one that the other keywords only make sense with.
    pub(super) fn of(document: &Document<'a>, schema: &Schema<'a>) -> Self {
        Self::find(document, schema, MAX_DEPTH).map_or(Self::Any, Self::Named)
    }

    fn find(document: &Document<'a>, schema: &Schema<'a>, depth: usize) -> Option<&'a str> {
        if let Some(name) = schema.all("type").find_map(Value::as_str) {
            return Some(name);
        }
        if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
            return Some("object");
        }
        if schema.get("items").is_some() {
            return Some("array");
        }
        let strings = |list: &'a Value| {
            let list = list.as_array()?;
            if matches!(list.as_slice(), [Value::Null]) {
                return Some("null");
            }
            let mut texts = list.iter().filter(|value| !value.is_null()).peekable();
            texts.peek()?;
            texts.all(Value::is_string).then_some("string")
        };
        schema
            .get("enum")
            .and_then(strings)
            .or_else(|| Self::common(document, schema, depth.checked_sub(1)?))
    }

    /// The type of every alternative.
    fn common(document: &Document<'a>, schema: &Schema<'a>, depth: usize) -> Option<&'a str> {
        let lists = ["oneOf", "anyOf"]
            .into_iter()
            .flat_map(|key| schema.all(key));
        let variants = lists.filter_map(Value::as_array).flatten();
        let variants = variants.filter(|one| !is_null(document, one) && !is_nothing(document, one));
        let mut types = variants.map(|variant| {
            let variant = Schema::read(document, &variant.into());
            Self::find(document, &variant, depth)
        });
        let first = types.next()??;
        types.all(|other| other == Some(first)).then_some(first)
    }

    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Any => "any",
            Self::Named(name) => name,
        }
    }
}

/// True when the generated crate has a type of its own for such a schema.
pub(super) fn is_named(schema: &Value) -> bool {
    ["properties", "allOf", "oneOf", "anyOf", "enum"]
        .into_iter()
        .any(|key| schema.get(key).is_some())
}

/// Compares types; false when they differ, so that nothing else is worth comparing.
pub(super) fn compare<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    (before, after): (Type<'a>, Type<'a>),
    stated: bool,
) -> bool {
    let (left, right) = pair;
    let malformed = |schema: &Schema<'a>| schema.all("type").any(|name| !name.is_string());
    if stated && (malformed(left) || malformed(right)) {
        let text = "type is not a string";
        found.report(keyword(&rules::UNCLASSIFIED, "type", pair, text));
        return false;
    }
    if before == after {
        let clashes = |schema: &Schema<'a>| schema.all("type").any(|name| name != before.name());
        if stated && (clashes(left) || clashes(right)) {
            let text = "parts of the schema want different types";
            found.report(keyword(&rules::UNCLASSIFIED, "type", pair, text));
        } else if stated && left.get("type").is_some() != right.get("type").is_some() {
            let text = "the type is stated on one side and implied on the other";
            found.report(keyword(&rules::RESTATED, "type", pair, text));
        } else if stated && !left.is_composed() && !right.is_composed() {
            let text = "the type is written differently";
            found.report(keyword(&rules::RESTATED, "type", pair, text));
        }
        return true;
    }
    let (rule, text) = match (before.name(), after.name()) {
        ("integer", "number") => (&rules::TYPE_WIDENED, "any number is allowed"),
        ("number", "integer") => (&rules::TYPE_NARROWED, "only integers are allowed"),
        ("any", _) => (&rules::TYPE_CLOSED, "has a type now"),
        (_, "any") => (&rules::TYPE_OPENED, "may be anything"),
        _ => (&rules::TYPE_CHANGED, "has another type"),
    };
    let text = format!("{text}: {} becomes {}", before.name(), after.name());
    let fact = Fact::changed(rule, left.place, right.place, text);
    let values = fact.values(before.name(), after.name());
    found.report(values.about("type"));
    false
}

/// The format that holds when none is given.
fn implied(type_name: &str) -> Option<&'static str> {
    match type_name {
        "integer" => Some("int64"),
        "number" => Some("double"),
        _ => None,
    }
}

/// A format that only tells forms not to show what is typed.
const HINT: &str = "password";

/// The formats of JSON Schema and of the registry of OpenAPI.
const KNOWN: [&str; 48] = [
    "base64url",
    "binary",
    "byte",
    "char",
    "commonmark",
    "date",
    "date-time",
    "date-time-local",
    "decimal",
    "decimal128",
    "double",
    "double-int",
    "duration",
    "email",
    "float",
    "hostname",
    "html",
    "http-date",
    "idn-email",
    "idn-hostname",
    "int16",
    "int32",
    "int64",
    "int8",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "media-range",
    "regex",
    "relative-json-pointer",
    "sf-binary",
    "sf-boolean",
    "sf-decimal",
    "sf-integer",
    "sf-string",
    "sf-token",
    "time",
    "time-local",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// True for a format that programs check.
fn is_known(format: Option<&str>) -> bool {
    format.is_some_and(|name| KNOWN.contains(&name))
}

/// Compares formats of the same type.
pub(super) fn formats<'a>(
    found: &mut Findings<'a>,
    pair: Pair<'_, 'a>,
    types: (Type<'a>, Type<'a>),
) {
    let (left, right) = pair;
    let malformed = |schema: &Schema<'a>| schema.all("format").any(|name| !name.is_string());
    if malformed(left) || malformed(right) {
        let text = "format is not a string";
        found.report(keyword(&rules::UNCLASSIFIED, "format", pair, text));
        return;
    }
    let stated = |schema: &Schema<'a>| {
        let format = schema.get("format").and_then(Value::as_str);
        format.filter(|name| *name != HINT)
    };
    let unknown = !is_known(stated(left)) && !is_known(stated(right));
    let before = stated(left).or_else(|| implied(types.0.name()));
    let after = stated(right).or_else(|| implied(types.1.name()));
    let (rule, text) = match (before, after) {
        (before, after) if before == after => {
            (&rules::RESTATED, "the format says nothing about values")
        }
        _ if unknown => (
            &rules::FORMAT_UNKNOWN,
            "a format that no registry knows is different",
        ),
        (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
            (&rules::FORMAT_WIDENED, "larger numbers are possible")
        }
        (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
            (&rules::FORMAT_NARROWED, "only smaller numbers fit")
        }
        (None, _) => (&rules::FORMAT_ADDED, "has a format now"),
        (_, None) => (&rules::FORMAT_REMOVED, "needs no format any more"),
        _ => (&rules::FORMAT_CHANGED, "has another format"),
    };
    found.report(keyword(rule, "format", pair, text));
}

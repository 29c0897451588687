//! Limits, examples and encodings of single values.

use serde_json::{Map, Value};

use crate::pointer;

pub(super) fn bounds(map: &mut Map<String, Value>) {
    for (exclusive, inclusive, is_lower) in [
        ("exclusiveMinimum", "minimum", true),
        ("exclusiveMaximum", "maximum", false),
    ] {
        let Some(bound) = map.get(exclusive).and_then(Value::as_f64) else {
            continue;
        };
        let value = map.remove(exclusive).unwrap_or_default();
        let other = map.get(inclusive).and_then(Value::as_f64);
        let is_tighter = other.is_none_or(|other| {
            if is_lower {
                bound >= other
            } else {
                bound <= other
            }
        });
        if is_tighter {
            map.insert(inclusive.to_owned(), value);
            map.insert(exclusive.to_owned(), Value::Bool(true));
        }
    }
}

pub(super) fn examples(map: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = map.get_mut("examples") {
        let first = (!examples.is_empty()).then(|| examples.remove(0));
        map.remove("examples");
        if let Some(first) = first {
            map.entry("example").or_insert(first);
        }
    }
}

pub(super) fn content(map: &mut Map<String, Value>, at: &str, note: &mut dyn FnMut(&str, String)) {
    let encoding = map.remove("contentEncoding");
    let media = map.remove("contentMediaType");
    let format = match (encoding.as_ref().and_then(Value::as_str), &media) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some(Value::String(media)))
            if !media.starts_with("text/") && !media.ends_with("json") =>
        {
            "binary"
        }
        _ => {
            for (key, value) in [("contentEncoding", encoding), ("contentMediaType", media)] {
                if let Some(value) = value {
                    let reason = format!(
                        "{value} has no counterpart in OpenAPI 3.0; the value is read as plain text"
                    );
                    note(&pointer::join(at, &[key]), reason);
                }
            }
            return;
        }
    };
    map.entry("type").or_insert_with(|| "string".into());
    map.entry("format").or_insert_with(|| format.into());
}

//! Single JSON values as text.

use serde_json::Value;

use super::plain;

/// A scalar, without quotes unless it is an empty text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

/// The value at field names joined by dots.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    let found = path
        .split('.')
        .try_fold(value, |value, name| value.get(name));
    found.unwrap_or(&Value::Null)
}

/// A value in one cell of a table: nothing for `null`, a list of scalars separated by commas, the
/// ids of objects that have one, anything else as JSON.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(items) if !items.iter().any(is_nested) => {
            let items: Vec<String> = items.iter().map(text).collect();
            items.join(", ")
        }
        Value::Array(items) => match items.iter().map(identity).collect::<Option<Vec<_>>>() {
            Some(names) => names.join(", "),
            None => plain(&value.to_string()),
        },
        Value::String(text) => plain(text),
        Value::Object(fields) if fields.get("id").is_some_and(Value::is_string) => {
            cell(at(value, "id"))
        }
        value => plain(&value.to_string()),
    }
}

/// The id of an item of a list.
fn identity(value: &Value) -> Option<String> {
    const NAMES: [&str; 5] = ["id", "cid", "user_id", "user.id", "call.cid"];
    let mut texts = NAMES.iter().map(|path| at(value, path));
    texts.find_map(Value::as_str).map(plain)
}

/// A time without its fraction; other texts as they are.
pub(super) fn short_time(text: String) -> String {
    match text.split_once('.') {
        Some((seconds, fraction)) if fraction.ends_with('Z') && is_time(&text) => {
            format!("{seconds}Z")
        }
        _ => text,
    }
}

pub(super) fn is_time(text: &str) -> bool {
    text.len() >= "2026-01-31T12:00:00Z".len() && text.parse::<video_api::Timestamp>().is_ok()
}

/// The items of a list, or the values of a map.
pub(super) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Returns whether there is nothing to show.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

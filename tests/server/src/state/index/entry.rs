//! Entries of the index: where a call is found by one of its values.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use crate::state::calls::Call;

/// Calls with more values than this are candidates for every query, so that one call with thousands
/// of custom fields does not cost thousands of entries.
const MAX_VALUES: usize = 256;
/// The entry of those calls.
pub(super) const UNINDEXED: Entry = (0, 0);

/// A field with a kind of value, and a value of that kind. Numbers keep their order; other values
/// are hashed.
pub(super) type Entry = (u64, u64);

/// Entries of a call, with the text where the value is one.
pub(super) type Entries<'c> = BTreeMap<Entry, Option<&'c str>>;

/// A field that is true for few calls: only these have an entry.
pub(super) fn is_flag(field: &str) -> bool {
    matches!(
        field,
        "ongoing" | "backstage" | "recording" | "transcribing"
    )
}

/// A field that calls can lack.
fn is_optional(field: &str) -> bool {
    matches!(field, "team" | "channel_cid" | "current_session_id") || is_custom(field)
}

fn is_custom(field: &str) -> bool {
    field.starts_with("custom.")
}

/// The entries of a call.
pub(super) fn entries_of<'c>(cid: &'c str, call: &'c Call) -> Entries<'c> {
    let mut entries = Entries::new();
    let texts = [
        ("id", Some(&*call.id)),
        ("type", Some(&*call.kind)),
        ("cid", Some(cid)),
        ("created_by", Some(&*call.created_by)),
        ("routing_number", Some(&*call.routing_number)),
        ("team", call.team.as_deref()),
        ("channel_cid", call.channel_cid.as_deref()),
        ("current_session_id", call.current_session.as_deref()),
    ];
    for (field, text) in texts {
        if let Some(text) = text {
            entries.insert(text_entry(field, text), Some(text));
            entries.extend(not_null(field).map(|entry| (entry, None)));
        }
    }
    for member in &call.members {
        entries.insert(text_entry("members", &member.user_id), None);
    }
    for user in &call.blocked_user_ids {
        entries.insert(text_entry("blocked_user_ids", user), None);
    }
    let flags = [
        ("ongoing", call.ongoing),
        ("backstage", call.backstage),
        ("recording", call.egress.records()),
        ("transcribing", call.egress.transcription.is_some()),
    ];
    for (field, is_set) in flags {
        entries.extend(is_set.then(|| (flag_entry(field), None)));
    }
    add_fields(&mut entries, "custom", &call.custom);
    if entries.len() > MAX_VALUES {
        entries = Entries::from([(UNINDEXED, None)]);
    }
    entries
}

fn add_fields<'c>(entries: &mut Entries<'c>, path: &str, fields: &'c Map<String, Value>) {
    for (name, value) in fields {
        if entries.len() > MAX_VALUES {
            return;
        }
        // No condition reaches such a field: its name would be a path.
        if name.contains('.') {
            continue;
        }
        let path = format!("{path}.{name}");
        if !value.is_null() {
            entries.extend(not_null(&path).map(|entry| (entry, None)));
        }
        add_value(entries, &path, value, false);
    }
}

fn add_value<'c>(entries: &mut Entries<'c>, path: &str, value: &'c Value, is_in_list: bool) {
    match value {
        Value::Object(fields) if !is_in_list => add_fields(entries, path, fields),
        // A list equals each of its items.
        Value::Array(items) => {
            for item in items {
                if entries.len() > MAX_VALUES {
                    return;
                }
                add_value(entries, path, item, true);
            }
        }
        _ => {
            let text = value.as_str().filter(|_| !is_in_list);
            entries.extend(entry(path, value, is_in_list).map(|entry| (entry, text)));
        }
    }
}

/// The entry of a value in a field; `None` where the field has no index, and for null, lists and
/// objects.
pub(super) fn entry(field: &str, value: &Value, is_in_list: bool) -> Option<Entry> {
    let field = match field {
        field if is_flag(field) => return (value == true).then(|| flag_entry(field)),
        "created_by_user_id" => "created_by",
        "id" | "type" | "cid" | "created_by" | "routing_number" | "team" | "channel_cid"
        | "current_session_id" | "members" | "blocked_user_ids" => field,
        field if is_custom(field) => field,
        _ => return None,
    };
    match value {
        Value::String(text) if is_in_list => Some(hashed(field, "text in a list", text)),
        Value::String(text) => Some(text_entry(field, text)),
        Value::Bool(flag) => Some(hashed(field, "flag", &(*flag, is_in_list))),
        Value::Number(number) => {
            let kind = if is_in_list {
                "number in a list"
            } else {
                "number"
            };
            Some((hash(&(field, kind)), ordered(number.as_f64()?)))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns true if the calls with the entry of a value are exactly those that hold it. Integers too
/// large for a float share their entries with others.
pub(super) fn is_exact(value: &Value) -> bool {
    value.as_f64().is_none_or(|number| number.abs() < WHOLE)
}

/// Returns true for the second part of the entry of a number that no other number shares.
pub(super) fn is_exact_number(value: u64) -> bool {
    ordered(-WHOLE) < value && value < ordered(WHOLE)
}

/// 2^53: below it, every integer is a float of its own.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// The entry of all calls that have a field; `None` where no call lacks it.
pub(super) fn not_null(field: &str) -> Option<Entry> {
    is_optional(field).then(|| (hash(&(field, "not null")), 1))
}

/// The first part of the entries of texts in a field; `None` where they are not kept as texts.
pub(super) fn texts_in(field: &str) -> Option<u64> {
    let field = match field {
        "created_by_user_id" => "created_by",
        "id" | "type" | "cid" | "created_by" | "routing_number" | "team" | "channel_cid"
        | "current_session_id" => field,
        field if is_custom(field) => field,
        _ => return None,
    };
    Some(hash(&(field, "text")))
}

/// The first part of the entries of numbers in a field, which come in the order of the numbers.
pub(super) fn numbers_in(field: &str) -> Option<u64> {
    is_custom(field).then(|| hash(&(field, "number")))
}

fn text_entry(field: &str, text: &str) -> Entry {
    hashed(field, "text", text)
}

fn flag_entry(field: &str) -> Entry {
    hashed(field, "flag", &true)
}

/// The bits of a number, rearranged so that they keep its order. 1 is 1.0, and 0 is -0.
pub(super) fn ordered(number: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = (number + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn hashed(field: &str, kind: &str, value: &(impl Hash + ?Sized)) -> Entry {
    (hash(&(field, kind)), hash(value))
}

/// Neither the field of [`UNINDEXED`] nor the last of all values.
fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    (hasher.finish() >> 1).max(1)
}

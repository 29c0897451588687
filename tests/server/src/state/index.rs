//! Calls in the orders and by the values that queries ask for.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use serde_json::{Map, Value};

use super::calls::Call;
use crate::span::Span;

/// Calls by a moment, and by id where that is the same.
pub(crate) type ByTime = OrdMap<(i64, Arc<str>), Arc<Call>>;

/// Reads a time of a call.
type TimeOf = fn(&Call) -> Option<i64>;

/// The fields with an order of their own.
const TIMES: [(&str, TimeOf); 4] = [
    ("created_at", |call| Some(call.created_at)),
    ("updated_at", |call| Some(call.updated_at)),
    ("starts_at", |call| call.starts_at),
    ("ended_at", |call| call.ended_at),
];

/// Calls with more values than this are found by every value, so that one call with thousands of
/// custom fields does not cost thousands of entries.
const MAX_VALUES: usize = 256;
/// The entry of those calls.
const UNINDEXED: (u64, u64) = (0, 0);

/// A field with a kind of value, and a value of that kind. Numbers keep their order; other values
/// are hashed, so that an entry says where to look and not what fits.
type Entry = (u64, u64);

/// When calls were created, and their ids.
type Found<'a> = Box<dyn Iterator<Item = (i64, &'a Arc<str>)> + 'a>;

/// Follows every change of the calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallIndex {
    by_time: [ByTime; TIMES.len()],
    /// An entry, when the call was created, and its id.
    by_value: OrdSet<(u64, u64, i64, Arc<str>)>,
}

impl CallIndex {
    /// Calls in the order of a time field, without those that have no such time.
    pub(crate) fn by_time(&self, field: &str) -> Option<&ByTime> {
        let position = TIMES.iter().position(|(name, _)| *name == field)?;
        self.by_time.get(position)
    }

    /// Every call, in the order of creation, which is about the order of memory.
    pub(crate) fn by_creation(&self) -> &ByTime {
        let [by_creation, ..] = &self.by_time;
        by_creation
    }

    /// At most how many calls hold a value of a span, counted up to `limit`; `None` where the index
    /// does not know.
    pub(crate) fn count(&self, span: Span<'_>, limit: usize) -> Option<usize> {
        Some(self.find(span)?.take(limit).count())
    }

    /// The calls that may hold a value of one of the spans, in the order of creation.
    pub(crate) fn with_values(&self, spans: &[Span<'_>]) -> Vec<&Call> {
        let found = spans.iter().filter_map(|span| self.find(*span)).flatten();
        let unindexed = self.entries(UNINDEXED, UNINDEXED.1);
        let keys: BTreeSet<(i64, &Arc<str>)> = found.chain(unindexed).collect();
        keys.into_iter().filter_map(|key| self.call(key)).collect()
    }

    /// The calls with a number of a span, in the order of these numbers; `None` where the index does
    /// not know all of them.
    pub(crate) fn in_order<'a>(
        &'a self,
        span: Span<'_>,
    ) -> Option<impl DoubleEndedIterator<Item = &'a Call> + use<'a>> {
        let is_complete = self.entries(UNINDEXED, UNINDEXED.1).next().is_none();
        let (from, to) = numbers(span).filter(|_| is_complete)?;
        let found = self.entries(from, to);
        Some(found.filter_map(move |key| self.call(key)))
    }

    fn call(&self, (created_at, cid): (i64, &Arc<str>)) -> Option<&Call> {
        let call = self.by_creation().get(&(created_at, Arc::clone(cid)));
        call.map(AsRef::as_ref)
    }

    /// When the calls with a value of a span were created, and their ids.
    fn find(&self, span: Span<'_>) -> Option<Found<'_>> {
        if let Some(by_time) = self.by_time(span.field) {
            let end = |value: Option<&Value>, open| value.map_or(Some(open), Value::as_i64);
            let (from, to) = (end(span.from, i64::MIN)?, end(span.to, i64::MAX)?);
            let calls = by_time.range((from, Arc::<str>::from(""))..);
            let calls = calls.take_while(move |((time, _), _)| *time <= to);
            return Some(Box::new(
                calls.map(|((_, cid), call)| (call.created_at, cid)),
            ));
        }
        if span.from == span.to {
            let value = span.from?;
            let alone = entry(span.field, value, false)?;
            let in_list = entry(span.field, value, true)?;
            let found = self.entries(alone, alone.1);
            return Some(Box::new(found.chain(self.entries(in_list, in_list.1))));
        }
        let (from, to) = numbers(span)?;
        Some(Box::new(self.entries(from, to)))
    }

    fn entries(
        &self,
        (field, from): Entry,
        to: u64,
    ) -> impl DoubleEndedIterator<Item = (i64, &Arc<str>)> {
        let end = |value| (field, value, i64::MIN, Arc::<str>::from(""));
        let entries = self.by_value.range(end(from)..end(to.saturating_add(1)));
        entries.map(|(_, _, created_at, cid)| (*created_at, cid))
    }

    /// Follows a change of one call.
    pub(super) fn follow(
        &mut self,
        cid: &Arc<str>,
        before: Option<&Arc<Call>>,
        after: Option<&Arc<Call>>,
    ) {
        for ((_, time), index) in TIMES.iter().zip(&mut self.by_time) {
            let old = before.and_then(|call| time(call));
            let new = after.and_then(|call| time(call));
            if let Some(old) = old.filter(|_| old != new) {
                index.remove(&(old, Arc::clone(cid)));
            }
            if let (Some(new), Some(call)) = (new, after) {
                index.insert((new, Arc::clone(cid)), Arc::clone(call));
            }
        }
        let (old, new) = (values_of(before), values_of(after));
        for (field, value, created_at) in old.difference(&new) {
            let entry = (*field, *value, *created_at, Arc::clone(cid));
            self.by_value.remove(&entry);
        }
        for (field, value, created_at) in new.difference(&old) {
            let entry = (*field, *value, *created_at, Arc::clone(cid));
            self.by_value.insert(entry);
        }
    }
}

/// The entries of a call, each with the time of its creation.
fn values_of(call: Option<&Arc<Call>>) -> BTreeSet<(u64, u64, i64)> {
    let Some(call) = call else {
        return BTreeSet::new();
    };
    let mut entries = BTreeSet::new();
    let cid = call.cid();
    let texts = [
        ("id", Some(&call.id)),
        ("type", Some(&call.kind)),
        ("cid", Some(&cid)),
        ("created_by", Some(&call.created_by)),
        ("routing_number", Some(&call.routing_number)),
        ("team", call.team.as_ref()),
        ("channel_cid", call.channel_cid.as_ref()),
        ("current_session_id", call.current_session.as_ref()),
    ];
    for (field, text) in texts {
        entries.extend(text.map(|text| text_entry(field, text)));
    }
    for member in &call.members {
        entries.insert(text_entry("members", &member.user_id));
    }
    // Most calls are none of these, and an entry for that would narrow no search.
    for (field, is_set) in [("ongoing", call.ongoing), ("backstage", call.backstage)] {
        entries.extend(is_set.then(|| hashed(field, "flag", &true)));
    }
    add_fields(&mut entries, "custom", &call.custom);
    if entries.len() > MAX_VALUES {
        entries = BTreeSet::from([UNINDEXED]);
    }
    let entries = entries.into_iter();
    entries
        .map(|(field, value)| (field, value, call.created_at))
        .collect()
}

fn add_fields(entries: &mut BTreeSet<Entry>, path: &str, fields: &Map<String, Value>) {
    for (name, value) in fields {
        if entries.len() > MAX_VALUES {
            return;
        }
        add_value(entries, &format!("{path}.{name}"), value, false);
    }
}

fn add_value(entries: &mut BTreeSet<Entry>, path: &str, value: &Value, is_in_list: bool) {
    match value {
        Value::Object(fields) if !is_in_list => add_fields(entries, path, fields),
        // A list equals each of its items.
        Value::Array(items) => {
            for item in items.iter().take(MAX_VALUES + 1) {
                add_value(entries, path, item, true);
            }
        }
        _ => entries.extend(entry(path, value, is_in_list)),
    }
}

/// The entry of a value in a field; `None` where the field has no index, and for null, lists and
/// objects.
fn entry(field: &str, value: &Value, is_in_list: bool) -> Option<Entry> {
    let field = match field {
        "created_by_user_id" => "created_by",
        "ongoing" | "backstage" => return (value == true).then(|| hashed(field, "flag", &true)),
        "id" | "type" | "cid" | "created_by" | "routing_number" | "team" | "channel_cid"
        | "current_session_id" | "members" => field,
        field if field.starts_with("custom.") => field,
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

fn text_entry(field: &str, text: &str) -> Entry {
    hashed(field, "text", text)
}

/// The first entry of a span of numbers, and the value of the last.
fn numbers(span: Span<'_>) -> Option<(Entry, u64)> {
    if !span.field.starts_with("custom.") || (span.from, span.to) == (None, None) {
        return None;
    }
    let end = |value: Option<&Value>, open| match value {
        None => Some(open),
        Some(value) => value.as_f64().map(ordered),
    };
    let field = hash(&(span.field, "number"));
    let (from, to) = (end(span.from, 0)?, end(span.to, u64::MAX)?);
    Some(((field, from), to))
}

/// The bits of a number, rearranged so that they keep its order. 1 is 1.0, and 0 is -0.
fn ordered(number: f64) -> u64 {
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

//! Calls in the orders and by the values that queries ask for.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use serde_json::{Map, Value};

use super::calls::Call;

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
const MAX_VALUES: usize = 64;
/// The entry of those calls.
const ANY_VALUE: u64 = 0;

/// Follows every change of the calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallIndex {
    by_time: [ByTime; TIMES.len()],
    /// Hash of a field and its value, when the call was created, and its id. A hash may stand for
    /// several values: it says where to look, not what fits.
    by_value: OrdSet<(u64, i64, Arc<str>)>,
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

    /// At most how many calls hold a value in a field, counted up to `limit`; `None` where the
    /// field has no index.
    pub(crate) fn count(&self, field: &str, value: &Value, limit: usize) -> Option<usize> {
        let hash = hash(field, value)?;
        Some(self.entries(hash).take(limit).count())
    }

    /// The calls that may hold one of the values in its field, in the order of creation.
    pub(crate) fn with_values(&self, values: &[(&str, &Value)]) -> Vec<&Call> {
        let hashes = values
            .iter()
            .filter_map(|(field, value)| hash(field, value));
        let hashes: BTreeSet<u64> = hashes.chain([ANY_VALUE]).collect();
        let entries = hashes.into_iter().flat_map(|hash| self.entries(hash));
        let keys: BTreeSet<(i64, &Arc<str>)> = entries.collect();
        let calls = keys
            .into_iter()
            .filter_map(|(created_at, cid)| self.by_creation().get(&(created_at, Arc::clone(cid))));
        calls.map(AsRef::as_ref).collect()
    }

    fn entries(&self, wanted: u64) -> impl Iterator<Item = (i64, &Arc<str>)> {
        let from = (wanted, i64::MIN, Arc::from(""));
        let entries = self.by_value.range(from..);
        entries
            .take_while(move |(hash, ..)| *hash == wanted)
            .map(|(_, created_at, cid)| (*created_at, cid))
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
        let (old, new) = (entries_of(before), entries_of(after));
        for (hash, created_at) in old.difference(&new) {
            self.by_value.remove(&(*hash, *created_at, Arc::clone(cid)));
        }
        for (hash, created_at) in new.difference(&old) {
            self.by_value.insert((*hash, *created_at, Arc::clone(cid)));
        }
    }
}

/// The hashes of the values of a call, each with the time of its creation.
fn entries_of(call: Option<&Arc<Call>>) -> BTreeSet<(u64, i64)> {
    let Some(call) = call else {
        return BTreeSet::new();
    };
    let mut hashes = BTreeSet::new();
    hashes.extend(hash_text("created_by", &call.created_by));
    hashes.extend(
        call.team
            .as_deref()
            .and_then(|team| hash_text("team", team)),
    );
    for member in &call.members {
        hashes.extend(hash_text("members", &member.user_id));
    }
    add_fields(&mut hashes, "custom", &call.custom);
    if hashes.len() > MAX_VALUES {
        hashes = BTreeSet::from([ANY_VALUE]);
    }
    let entries = hashes.into_iter().map(|hash| (hash, call.created_at));
    entries.collect()
}

fn add_fields(hashes: &mut BTreeSet<u64>, path: &str, fields: &Map<String, Value>) {
    for (name, value) in fields {
        if hashes.len() > MAX_VALUES {
            return;
        }
        add_value(hashes, &format!("{path}.{name}"), value);
    }
}

fn add_value(hashes: &mut BTreeSet<u64>, path: &str, value: &Value) {
    match value {
        Value::Object(fields) => add_fields(hashes, path, fields),
        // A list equals each of its items.
        Value::Array(items) => {
            for item in items.iter().take(MAX_VALUES + 1) {
                add_value(hashes, path, item);
            }
        }
        _ => hashes.extend(hash(path, value)),
    }
}

/// The hash of a field and a value that it may hold; `None` where the field has no index and for
/// null, lists and objects.
fn hash(field: &str, value: &Value) -> Option<u64> {
    let mut hasher = hasher(field)?;
    match value {
        Value::String(text) => text.hash(&mut hasher),
        Value::Bool(flag) => flag.hash(&mut hasher),
        // 1 equals 1.0, and 0 equals -0.
        Value::Number(number) => (number.as_f64()? + 0.0).to_bits().hash(&mut hasher),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    }
    Some(hasher.finish().max(ANY_VALUE + 1))
}

fn hash_text(field: &str, text: &str) -> Option<u64> {
    let mut hasher = hasher(field)?;
    text.hash(&mut hasher);
    Some(hasher.finish().max(ANY_VALUE + 1))
}

fn hasher(field: &str) -> Option<DefaultHasher> {
    let name = match field {
        "created_by_user_id" => "created_by",
        "created_by" | "members" | "team" => field,
        field if field.starts_with("custom.") => field,
        _ => return None,
    };
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    Some(hasher)
}

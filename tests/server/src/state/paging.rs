//! Sorting and cursors.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use super::filter::{Kinds, compare};
use super::text;
use crate::error::ApiError;

/// Items on a page when the request does not say.
const DEFAULT_LIMIT: usize = 25;

/// Fields to sort by, each with its direction.
pub(super) struct Sort {
    fields: Vec<(String, i64)>,
}

impl Sort {
    /// Reads `sort`; without one, `default`.
    pub(super) fn read(
        sort: Option<&Value>,
        kinds: Kinds<'_>,
        default: (&str, i64),
    ) -> Result<Self, ApiError> {
        let mut fields = Vec::new();
        for entry in sort.and_then(Value::as_array).into_iter().flatten() {
            let field = entry
                .get("field")
                .and_then(Value::as_str)
                .unwrap_or(default.0);
            if kinds(field).is_none() {
                let message = format!("{field} is not a field to filter or sort by");
                return Err(ApiError::input(message));
            }
            let direction = match entry.get("direction").and_then(Value::as_i64) {
                None | Some(0 | 1) => 1,
                Some(-1) => -1,
                Some(other) => {
                    return Err(ApiError::input(format!(
                        "a sort direction is 1 or -1, not {other}"
                    )));
                }
            };
            fields.push((field.to_owned(), direction));
        }
        if fields.is_empty() {
            fields.push((default.0.to_owned(), default.1));
        }
        Ok(Self { fields })
    }

    /// Items with their keys, in order; the key settles ties. What has no value comes last.
    pub(super) fn apply<'a, T>(
        &self,
        items: Vec<&'a T>,
        field: impl Fn(&T, &str) -> Value,
        key: impl Fn(&T) -> String,
    ) -> Vec<(String, &'a T)> {
        let mut keyed: Vec<(Vec<Value>, String, &T)> = items
            .into_iter()
            .map(|item| {
                let values = self.fields.iter().map(|(name, _)| field(item, name));
                (values.collect(), key(item), item)
            })
            .collect();
        keyed.sort_by(|left, right| {
            let by_field = self
                .fields
                .iter()
                .zip(left.0.iter().zip(&right.0))
                .map(|((_, direction), (left, right))| order(left, right, *direction))
                .find(|order| order.is_ne());
            by_field.unwrap_or_else(|| left.1.cmp(&right.1))
        });
        keyed
            .into_iter()
            .map(|(_, key, item)| (key, item))
            .collect()
    }
}

fn order(left: &Value, right: &Value, direction: i64) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => {
            let order = compare(left, right).unwrap_or(Ordering::Equal);
            if direction < 0 {
                order.reverse()
            } else {
                order
            }
        }
        (left, right) => left.cmp(&right),
    }
}

/// One page, with the ways out of it.
pub(super) struct Page<'a, T> {
    pub(super) items: Vec<&'a T>,
    next: Option<String>,
    prev: Option<String>,
}

impl<T> Page<'_, T> {
    /// The response body with the rendered items under `name`.
    pub(super) fn into_body(self, name: &str, items: Vec<Value>) -> Value {
        let mut fields = Map::new();
        fields.insert(name.into(), items.into());
        for (name, cursor) in [("next", self.next), ("prev", self.prev)] {
            if let Some(cursor) = cursor {
                fields.insert(name.into(), cursor.into());
            }
        }
        Value::Object(fields)
    }
}

/// Cuts the page that `limit`, `next` and `prev` of the body ask for.
///
/// A cursor names the item it stands at, so that pages neither repeat nor skip items
/// when others come and go, and belongs to one operation, filter and sort order.
pub(super) fn page<'a, T>(
    sorted: &[(String, &'a T)],
    operation: &str,
    body: &Map<String, Value>,
) -> Result<Page<'a, T>, ApiError> {
    let limit = match body.get("limit").and_then(Value::as_u64) {
        None | Some(0) => DEFAULT_LIMIT,
        Some(limit) => usize::try_from(limit).unwrap_or(DEFAULT_LIMIT),
    };
    let query = fingerprint(operation, body);
    let cursor = |name| text(body, name).filter(|cursor| !cursor.is_empty());
    let (start, end) = match (cursor("next"), cursor("prev")) {
        (Some(_), Some(_)) => return Err(ApiError::input("next and prev exclude each other")),
        (Some(next), None) => {
            let start = position(sorted, next, "next", query)?;
            (start, (start + limit).min(sorted.len()))
        }
        (None, Some(prev)) => {
            let end = position(sorted, prev, "prev", query)?;
            (end.saturating_sub(limit), end)
        }
        (None, None) => (0, limit.min(sorted.len())),
    };
    let items = sorted.get(start..end).unwrap_or_default();
    let cursor_at = |direction, item: Option<&(String, &T)>, index: usize| {
        item.map(|(key, _)| encode(&json!([direction, key, index, query])))
    };
    Ok(Page {
        items: items.iter().map(|(_, item)| *item).collect(),
        next: cursor_at("next", items.last(), end).filter(|_| end < sorted.len()),
        prev: cursor_at("prev", items.first(), start).filter(|_| start > 0),
    })
}

/// Where the page starts (`next`) or ends (`prev`).
fn position<T>(
    sorted: &[(String, &T)],
    cursor: &str,
    direction: &str,
    query: u64,
) -> Result<usize, ApiError> {
    let invalid = || ApiError::input(format!("the {direction} cursor is not valid"));
    let decoded = decode(cursor).ok_or_else(invalid)?;
    let parts = decoded.as_array().map(Vec::as_slice);
    let Some([towards, key, index, origin]) = parts else {
        return Err(invalid());
    };
    if towards.as_str() != Some(direction) {
        return Err(invalid());
    }
    if origin.as_u64() != Some(query) {
        let message = format!("the {direction} cursor belongs to another filter or sort order");
        return Err(ApiError::input(message));
    }
    let found = sorted
        .iter()
        .position(|(known, _)| Some(known.as_str()) == key.as_str());
    let after = usize::from(direction == "next");
    let fallback = index.as_u64().and_then(|index| usize::try_from(index).ok());
    let position = match found {
        Some(found) => found + after,
        // The item is gone: where it stood is the closest there is.
        None => fallback.unwrap_or_default().saturating_sub(after),
    };
    Ok(position.min(sorted.len()))
}

fn fingerprint(operation: &str, body: &Map<String, Value>) -> u64 {
    let mut hasher = DefaultHasher::new();
    operation.hash(&mut hasher);
    for name in ["type", "id", "filter_conditions", "sort"] {
        let value = body.get(name).map(Value::to_string);
        value.hash(&mut hasher);
    }
    hasher.finish()
}

fn encode(value: &Value) -> String {
    let text = value.to_string();
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn decode(cursor: &str) -> Option<Value> {
    let digits: Option<Vec<u8>> = cursor
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let bytes: Vec<u8> = digits?
        .chunks(2)
        .filter_map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    serde_json::from_slice(&bytes).ok()
}

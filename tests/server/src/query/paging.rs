//! Order and cursors.
//!
//! A cursor holds the fields and the key of the record it stands at, so that pages neither repeat
//! nor skip records when others come and go, and it belongs to one operation, filter and order.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use super::columns::{Columns, Source};
use super::filter::Filter;
use super::value::Field;
use crate::error::ApiError;
use crate::input::{Fields, ReadFields};

/// Records on a page when the request does not say.
const DEFAULT_LIMIT: usize = 25;
/// Fields that an order may name.
const MAX_SORT: usize = 5;

/// One page, with the ways out of it.
#[derive(Debug)]
pub(crate) struct Page<'a, T> {
    /// In the order asked for.
    pub(crate) records: Vec<&'a T>,
    next: Option<String>,
    prev: Option<String>,
}

impl<T> Page<'_, T> {
    /// The response body with the rendered records under `name`.
    pub(crate) fn into_body(self, name: &str, rendered: Vec<Value>) -> Fields {
        let mut fields = Map::new();
        fields.insert(name.into(), rendered.into());
        for (name, cursor) in [("next", self.next), ("prev", self.prev)] {
            if let Some(cursor) = cursor {
                fields.insert(name.into(), cursor.into());
            }
        }
        fields
    }
}

/// A query as a request asks it.
pub(crate) struct Request<T: 'static> {
    filter: Filter<T>,
    order: Order<T>,
    limit: usize,
    cursor: Option<Cursor>,
    /// Of operation, filter and order.
    fingerprint: u64,
    key: fn(&T) -> String,
}

struct Order<T: 'static> {
    /// The name of the first field.
    leading: String,
    fields: Vec<(Source<T>, i64)>,
}

struct Cursor {
    is_forward: bool,
    values: Vec<Value>,
    key: String,
}

impl<T> Request<T> {
    /// Reads `filter_conditions`, `sort`, `limit`, `next` and `prev`.
    pub(crate) fn read(
        operation: &str,
        fields: &Fields,
        columns: &Columns<T>,
    ) -> Result<Self, ApiError> {
        let fingerprint = fingerprint(operation, fields);
        let limit = fields.integer("limit").filter(|limit| *limit != 0);
        Ok(Self {
            filter: Filter::read(fields.object("filter_conditions"), columns)?,
            order: Order::read(fields.list("sort"), columns)?,
            limit: match limit {
                None => DEFAULT_LIMIT,
                Some(limit) => usize::try_from(limit)
                    .map_err(|_| ApiError::input("limit must not be negative"))?,
            },
            cursor: Cursor::read(fields, fingerprint)?,
            fingerprint,
            key: columns.key,
        })
    }

    pub(crate) fn filter(&self) -> &Filter<T> {
        &self.filter
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// The field that decides first, and whether the page wants it from low to high.
    pub(crate) fn leading(&self) -> (&str, bool) {
        let direction = self
            .order
            .fields
            .first()
            .map_or(1, |(_, direction)| *direction);
        (&self.order.leading, (direction > 0) == self.is_forward())
    }

    /// Returns true if the page goes with the order; otherwise it ends at the cursor.
    pub(crate) fn is_forward(&self) -> bool {
        self.cursor.as_ref().is_none_or(|cursor| cursor.is_forward)
    }

    /// The page of the records that fit. Records that come sorted by the leading field, in the
    /// direction of the page, are read only as far as they are needed.
    pub(crate) fn page<'a>(
        &self,
        records: impl Iterator<Item = &'a T>,
        are_sorted: bool,
    ) -> Page<'a, T> {
        let is_forward = self.is_forward();
        let towards = |order: Ordering| if is_forward { order } else { order.reverse() };
        let (mut ahead, mut behind): (Vec<&T>, bool) = (Vec::new(), false);
        let mut worst: Option<&T> = None;
        for record in records {
            let last = ahead
                .last()
                .filter(|_| are_sorted && ahead.len() > self.limit);
            if last.is_some_and(|last| self.leading_order(last, record).is_ne()) {
                break;
            }
            if !self.filter.matches(record) {
                continue;
            }
            let is_beyond = self
                .cursor
                .as_ref()
                .is_none_or(|cursor| towards(self.order_to_cursor(record, cursor)).is_gt());
            if !is_beyond {
                behind = true;
                continue;
            }
            if worst.is_some_and(|worst| towards(self.order(record, worst)).is_ge()) {
                continue;
            }
            ahead.push(record);
            // Only the first ones matter; cutting now and then keeps the work linear.
            if ahead.len() >= self.limit.saturating_add(1).saturating_mul(8) {
                self.cut(&mut ahead, is_forward);
                worst = ahead.last().copied();
            }
        }
        self.cut(&mut ahead, is_forward);
        let is_more = ahead.len() > self.limit;
        ahead.truncate(self.limit);
        if !is_forward {
            ahead.reverse();
        }
        let (has_next, has_prev) = if is_forward {
            (is_more, behind)
        } else {
            (behind, is_more)
        };
        let cursor_at = |direction, record: Option<&&T>, is_there: bool| {
            let record = record.filter(|_| is_there)?;
            Some(self.cursor_at(direction, record))
        };
        Page {
            next: cursor_at("next", ahead.last(), has_next),
            prev: cursor_at("prev", ahead.first(), has_prev),
            records: ahead,
        }
    }

    /// Keeps the records that come first, in order, one more than a page holds.
    fn cut(&self, records: &mut Vec<&T>, is_forward: bool) {
        records.sort_by(|left, right| {
            let order = self.order(left, right);
            if is_forward { order } else { order.reverse() }
        });
        records.truncate(self.limit.saturating_add(1));
    }

    fn order(&self, left: &T, right: &T) -> Ordering {
        let mut by_field =
            self.order.fields.iter().map(|(source, direction)| {
                order(&source.read(left), &source.read(right), *direction)
            });
        let decisive = by_field.find(|order| order.is_ne());
        decisive.unwrap_or_else(|| (self.key)(left).cmp(&(self.key)(right)))
    }

    fn leading_order(&self, left: &T, right: &T) -> Ordering {
        let leading = self.order.fields.first();
        leading.map_or(Ordering::Equal, |(source, direction)| {
            order(&source.read(left), &source.read(right), *direction)
        })
    }

    fn order_to_cursor(&self, record: &T, cursor: &Cursor) -> Ordering {
        let pairs = self.order.fields.iter().zip(&cursor.values);
        let mut by_field = pairs.map(|((source, direction), value)| {
            order(&source.read(record), &Field::from_json(value), *direction)
        });
        let decisive = by_field.find(|order| order.is_ne());
        decisive.unwrap_or_else(|| (self.key)(record).cmp(&cursor.key))
    }

    fn cursor_at(&self, direction: &str, record: &T) -> String {
        let fields = self.order.fields.iter();
        let values: Vec<Value> = fields
            .map(|(source, _)| source.read(record).to_json())
            .collect();
        encode(&json!([
            direction,
            self.fingerprint,
            values,
            (self.key)(record)
        ]))
    }
}

/// Compares fields; those without a value come last in both directions.
fn order(left: &Field<'_>, right: &Field<'_>, direction: i64) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => {
            let order = left.total_order(right);
            if direction < 0 {
                order.reverse()
            } else {
                order
            }
        }
        (left, right) => left.cmp(&right),
    }
}

impl<T> Order<T> {
    fn read(sort: &[Value], columns: &Columns<T>) -> Result<Self, ApiError> {
        if sort.len() > MAX_SORT {
            let message = format!("sort names more than {MAX_SORT} fields");
            return Err(ApiError::input(message));
        }
        let mut fields = Vec::new();
        let mut leading = columns.order.0.to_owned();
        for entry in sort.iter().filter_map(Value::as_object) {
            let name = entry.text("field").filter(|name| !name.is_empty());
            let name = name.unwrap_or(columns.order.0);
            let (source, _) = columns.find(name)?;
            if fields.is_empty() {
                name.clone_into(&mut leading);
            }
            let direction = match entry.integer("direction") {
                None | Some(0 | 1) => 1,
                Some(-1) => -1,
                Some(other) => {
                    let message = format!("a sort direction is 1 or -1, not {other}");
                    return Err(ApiError::input(message));
                }
            };
            fields.push((source, direction));
        }
        if fields.is_empty() {
            let (source, _) = columns.find(columns.order.0)?;
            fields.push((source, columns.order.1));
        }
        Ok(Self { leading, fields })
    }
}

impl Cursor {
    fn read(fields: &Fields, fingerprint: u64) -> Result<Option<Self>, ApiError> {
        let given = |name| fields.text(name).filter(|cursor| !cursor.is_empty());
        let (name, cursor) = match (given("next"), given("prev")) {
            (None, None) => return Ok(None),
            (Some(next), None) => ("next", next),
            (None, Some(prev)) => ("prev", prev),
            (Some(_), Some(_)) => return Err(ApiError::input("next and prev exclude each other")),
        };
        let invalid = || ApiError::input(format!("the {name} cursor is not valid"));
        let decoded = decode(cursor).ok_or_else(invalid)?;
        let Some([towards, origin, values, key]) = decoded.as_array().map(Vec::as_slice) else {
            return Err(invalid());
        };
        if towards.as_str() != Some(name) {
            return Err(invalid());
        }
        if origin.as_u64() != Some(fingerprint) {
            let message = format!("the {name} cursor belongs to another filter or sort order");
            return Err(ApiError::input(message));
        }
        let values = values.as_array().ok_or_else(invalid)?;
        Ok(Some(Self {
            is_forward: name == "next",
            values: values.clone(),
            key: key.as_str().ok_or_else(invalid)?.to_owned(),
        }))
    }
}

fn fingerprint(operation: &str, body: &Fields) -> u64 {
    let mut hasher = DefaultHasher::new();
    operation.hash(&mut hasher);
    for name in ["type", "id", "filter_conditions", "sort"] {
        let value = body.get(name).filter(|value| !value.is_null());
        value.map(Value::to_string).hash(&mut hasher);
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
            let digit = digit.to_digit(16)?;
            u8::try_from(digit).ok()
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

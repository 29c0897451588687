//! Calls in the orders and by the values that queries ask for.

use std::ops::Bound;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use memchr::memmem::Finder;
use serde_json::Value;
use smol_str::SmolStr;

use super::entry::{self, Entries, Entry, UNINDEXED};
use super::read_ahead::read_ahead;
use crate::bound::{Values, has_word};
use crate::state::calls::Call;

/// Calls by a moment, and by id where that is the same.
type ByTime = OrdMap<(i64, Arc<str>), Arc<Call>>;

/// Reads a time of a call.
type TimeOf = fn(&Call) -> Option<i64>;

/// The fields with an order of their own.
const TIMES: [(&str, TimeOf); 4] = [
    ("created_at", |call| Some(call.created_at)),
    ("updated_at", |call| Some(call.updated_at)),
    ("starts_at", |call| call.starts_at),
    ("ended_at", |call| call.ended_at),
];

/// When a call was created, and its id.
pub(super) type Key<'a> = (i64, &'a Arc<str>);

pub(super) type Keys<'a> = Box<dyn Iterator<Item = Key<'a>> + 'a>;

/// Calls as they come.
pub(crate) type Calls<'a> = Box<dyn Iterator<Item = &'a Call> + 'a>;

/// A part of the index.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    /// Entries of a field, given first, from one value to another.
    Values(u64, u64, u64),
    /// Calls by one of the times, from the first to the last.
    Time(usize, i64, i64),
}

/// With fewer texts in a field, the order of its texts does not help.
const MANY_TEXTS: usize = 8;

/// Every call: each was created.
const EVERYTHING: Range = Range::Time(0, i64::MIN, i64::MAX);

/// Follows every change of the calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallIndex {
    by_time: [ByTime; TIMES.len()],
    /// An entry, when the call was created, and its id.
    by_value: OrdSet<(u64, u64, i64, Arc<str>)>,
    /// The second part of the entry of a text, by the first part and the text.
    texts: OrdMap<(u64, SmolStr), u64>,
    /// How many entries there are, by their first part.
    sizes: OrdMap<u64, usize>,
}

impl CallIndex {
    /// Every call, in the order of creation, which is about the order of memory.
    pub(crate) fn by_creation(&self) -> impl DoubleEndedIterator<Item = &Call> {
        let [by_creation, ..] = &self.by_time;
        by_creation.values().map(AsRef::as_ref)
    }

    /// Every call, in the order of a field; those without a value come last, whichever way the order
    /// goes. `None` where the index has no such order.
    pub(crate) fn in_order(
        &self,
        field: &str,
        is_rising: bool,
        nulls_first: bool,
    ) -> Option<Calls<'_>> {
        let with = match time(field).and_then(|position| self.by_time.get(position)) {
            Some(calls) => directed(calls.values().map(AsRef::as_ref), is_rising),
            None => self.values_in_order(field, is_rising)?,
        };
        let (present, everyone_has) =
            (self.present(field), self.count_present(field) == self.len());
        // Looked for only when the page gets so far.
        let without = std::iter::once_with(move || {
            if everyone_has {
                Vec::new()
            } else {
                self.all_but(&[present]).collect()
            }
        });
        let without = without.flatten().filter_map(|key| self.call(key));
        Some(if nulls_first {
            Box::new(without.chain(with))
        } else {
            Box::new(with.chain(without))
        })
    }

    /// The calls with a number or moment between two ends in a field, in its order; `None` where the
    /// index does not know all of them.
    pub(crate) fn in_order_of(
        &self,
        field: &str,
        values: Values<'_>,
        is_rising: bool,
    ) -> Option<Calls<'_>> {
        let Values::Between(from, to) = values else {
            return None;
        };
        let Some(position) = time(field) else {
            let numbers = self.numbers(field, from, to, is_rising);
            return numbers.or_else(|| self.texts_in_order(field, from, to, is_rising));
        };
        let (from, to) = moments(from, to)?;
        let start = Bound::Included((from, Arc::from("")));
        let end = match to {
            i64::MAX => Bound::Unbounded,
            to => Bound::Excluded((to + 1, Arc::from(""))),
        };
        let calls = self.by_time.get(position)?.range((start, end));
        Some(directed(calls.map(|(_, call)| call.as_ref()), is_rising))
    }

    /// The calls with a value in a field, in its order; `None` where these are neither all numbers
    /// nor all texts.
    fn values_in_order(&self, field: &str, is_rising: bool) -> Option<Calls<'_>> {
        let are_all = |part: Option<u64>| {
            let size = part.map(|part| self.size(part));
            size == Some(self.count_present(field))
        };
        if are_all(entry::numbers_in(field)) {
            self.numbers(field, None, None, is_rising)
        } else if are_all(entry::texts_in(field)) {
            // With a few texts, a page is a large part of all calls, which are faster to go through.
            let texts = self.texts(field, None, None)?;
            let are_many = texts.take(MANY_TEXTS).count() == MANY_TEXTS;
            are_many.then(|| self.texts_in_order(field, None, None, is_rising))?
        } else {
            None
        }
    }

    fn numbers(
        &self,
        field: &str,
        from: Option<&Value>,
        to: Option<&Value>,
        is_rising: bool,
    ) -> Option<Calls<'_>> {
        let range = number_range(field, from, to).filter(|_| self.is_complete())?;
        let Range::Values(field, from, to) = range else {
            return None;
        };
        // Large integers that share an entry are not in their order.
        let mut ends = self.values((field, from), to);
        let ends = [ends.next(), ends.next_back()];
        let are_exact = |(_, value, ..): &(u64, u64, i64, Arc<str>)| entry::is_exact_number(*value);
        if !ends.into_iter().flatten().all(are_exact) {
            return None;
        }
        let found = self.entries((field, from), to);
        let calls = found.filter_map(move |key| self.call(key));
        Some(directed(calls, is_rising))
    }

    /// The calls with a text between two ends in a field, in its order.
    fn texts_in_order(
        &self,
        field: &str,
        from: Option<&Value>,
        to: Option<&Value>,
        is_rising: bool,
    ) -> Option<Calls<'_>> {
        let texts = self.texts(field, from, to)?;
        let ranges = texts.map(|(_, range)| range);
        let with = |range| self.keys(range).filter_map(|key| self.call(key));
        self.is_complete().then(|| -> Calls<'_> {
            if is_rising {
                Box::new(ranges.flat_map(with))
            } else {
                Box::new(ranges.rev().flat_map(with))
            }
        })
    }

    /// The texts of a field between two ends, each once for all calls that hold it, with the part of
    /// the index where these are; `None` where an end is not a text.
    fn texts(
        &self,
        field: &str,
        from: Option<&Value>,
        to: Option<&Value>,
    ) -> Option<impl DoubleEndedIterator<Item = (&str, Range)> + use<'_>> {
        let field = entry::texts_in(field)?;
        let start = (field, SmolStr::new(from.map_or(Some(""), Value::as_str)?));
        let end = match to {
            None => Bound::Excluded((field + 1, SmolStr::default())),
            Some(to) => Bound::Included((field, SmolStr::new(to.as_str()?))),
        };
        let texts = self.texts.range((Bound::Included(start), end));
        Some(
            texts.map(|((field, text), value)| {
                (text.as_str(), Range::Values(*field, *value, *value))
            }),
        )
    }

    /// Returns true if every call has entries for its values.
    fn is_complete(&self) -> bool {
        self.entries(UNINDEXED, UNINDEXED.1).next().is_none()
    }

    /// How many entries have this first part.
    fn size(&self, part: u64) -> usize {
        self.sizes.get(&part).copied().unwrap_or_default()
    }

    /// How many calls have a field, but for those that are not indexed.
    fn count_present(&self, field: &str) -> usize {
        match (time(field), entry::not_null(field)) {
            (Some(position), _) => self.by_time.get(position).map_or(0, OrdMap::len),
            (None, Some((part, _))) => self.size(part),
            (None, None) => self.len(),
        }
    }

    pub(super) fn len(&self) -> usize {
        let [by_creation, ..] = &self.by_time;
        by_creation.len()
    }

    pub(super) fn call(&self, (created_at, cid): Key<'_>) -> Option<&Call> {
        let [by_creation, ..] = &self.by_time;
        let call = by_creation.get(&(created_at, Arc::clone(cid)));
        call.map(AsRef::as_ref)
    }

    /// The part of the index with all calls that have a field, but for those that are not indexed.
    fn present(&self, field: &str) -> Range {
        match (time(field), entry::not_null(field)) {
            (Some(position), _) => Range::Time(position, i64::MIN, i64::MAX),
            (None, Some((field, value))) => Range::Values(field, value, value),
            (None, None) => EVERYTHING,
        }
    }

    /// The parts of the index with all calls that hold certain values, but for those that are not
    /// indexed; `None` where the index does not know, or where `most` texts would have to be looked
    /// up.
    pub(super) fn ranges(
        &self,
        field: &str,
        values: Values<'_>,
        most: usize,
    ) -> Option<Vec<Range>> {
        let one = |(field, value): Entry| Range::Values(field, value, value);
        match values {
            Values::NotNull => Some(vec![self.present(field)]),
            Values::Equal(value) => {
                if let Some(position) = time(field) {
                    let moment = value.as_i64()?;
                    return Some(vec![Range::Time(position, moment, moment)]);
                }
                let alone = entry::entry(field, value, false)?;
                let in_list = entry::entry(field, value, true)?;
                Some(vec![one(alone), one(in_list)])
            }
            Values::Between(from, to) => {
                if let Some(position) = time(field) {
                    let (from, to) = moments(from, to)?;
                    return Some(vec![Range::Time(position, from, to)]);
                }
                if let Some(range) = number_range(field, from, to) {
                    return Some(vec![range]);
                }
                let texts = self.texts(field, from, to)?;
                fewer_than(most, texts.map(|(_, range)| range))
            }
            Values::Containing(part) => {
                let finder = Finder::new(part);
                self.fitting_texts(field, most, |text| finder.find(text.as_bytes()).is_some())
            }
            Values::Beginning(prefix) => {
                self.fitting_texts(field, most, |text| has_word(text, prefix))
            }
        }
    }

    /// The parts of the index with the texts of a field for which a test holds.
    fn fitting_texts(
        &self,
        field: &str,
        most: usize,
        test: impl Fn(&str) -> bool,
    ) -> Option<Vec<Range>> {
        let texts = self.texts(field, None, None)?;
        let texts = read_ahead(texts, [|(text, _)| text.starts_with('-')]);
        let fitting = texts.filter(|(text, _)| test(text));
        fewer_than(most, fitting.map(|(_, range)| range))
    }

    /// The calls outside some parts of the index, in the order of creation.
    pub(super) fn all_but(&self, ranges: &[Range]) -> impl Iterator<Item = Key<'_>> {
        let parts = ranges.iter().map(|range| self.by_creation_in(*range));
        let mut parts: Vec<_> = parts.map(Iterator::peekable).collect();
        self.keys(EVERYTHING).filter(move |key| {
            // A call in several parts is passed in each.
            let mut is_outside = true;
            for part in &mut parts {
                is_outside &= part.next_if(|other| is_same(*other, *key)).is_none();
            }
            is_outside
        })
    }

    /// The calls of a part in the order of creation.
    fn by_creation_in(&self, range: Range) -> Keys<'_> {
        let keys = self.keys(range);
        match range {
            Range::Values(_, from, to) if from == to => keys,
            Range::Time(0, ..) => keys,
            _ => {
                let mut keys: Vec<Key<'_>> = keys.collect();
                keys.sort();
                Box::new(keys.into_iter())
            }
        }
    }

    pub(super) fn keys(&self, range: Range) -> Keys<'_> {
        match range {
            Range::Values(field, from, to) => Box::new(self.entries((field, from), to)),
            Range::Time(position, from, to) => {
                let by_time = self.by_time.get(position).into_iter();
                let calls = by_time.flat_map(move |calls| calls.range((from, Arc::from(""))..));
                let calls = calls.take_while(move |((time, _), _)| *time <= to);
                Box::new(calls.map(move |((time, cid), call)| match position {
                    // Without a look at the call, which lies elsewhere in memory.
                    0 => (*time, cid),
                    _ => (call.created_at, cid),
                }))
            }
        }
    }

    fn entries(&self, from: Entry, to: u64) -> impl DoubleEndedIterator<Item = Key<'_>> {
        let values = self.values(from, to);
        values.map(|(_, _, created_at, cid)| (*created_at, cid))
    }

    fn values(
        &self,
        (field, from): Entry,
        to: u64,
    ) -> impl DoubleEndedIterator<Item = &(u64, u64, i64, Arc<str>)> {
        let end = |value| (field, value, i64::MIN, Arc::<str>::from(""));
        self.by_value.range(end(from)..end(to.saturating_add(1)))
    }

    /// Follows a change of one call.
    pub(crate) fn follow(
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
        fn entries<'c>(cid: &'c str, call: Option<&'c Arc<Call>>) -> (i64, Entries<'c>) {
            let entries = call.map(|call| (call.created_at, entry::entries_of(cid, call)));
            entries.unwrap_or_default()
        }
        let ((created, old), (recreated, new)) = (entries(cid, before), entries(cid, after));
        let is_same = created == recreated;
        for (entry, text) in &old {
            if !is_same || !new.contains_key(entry) {
                self.remove(*entry, *text, created, cid);
            }
        }
        for (entry, text) in new {
            if !is_same || !old.contains_key(&entry) {
                self.insert(entry, text, recreated, cid);
            }
        }
    }

    fn insert(&mut self, entry: Entry, text: Option<&str>, created_at: i64, cid: &Arc<str>) {
        let (field, value) = entry;
        self.by_value
            .insert((field, value, created_at, Arc::clone(cid)));
        *self.sizes.entry(field).or_default() += 1;
        if let Some(text) = text {
            let key = (field, SmolStr::new(text));
            if !self.texts.contains_key(&key) {
                self.texts.insert(key, value);
            }
        }
    }

    fn remove(&mut self, entry: Entry, text: Option<&str>, created_at: i64, cid: &Arc<str>) {
        let (field, value) = entry;
        self.by_value
            .remove(&(field, value, created_at, Arc::clone(cid)));
        *self.sizes.entry(field).or_default() -= 1;
        if self.size(field) == 0 {
            self.sizes.remove(&field);
        }
        if let Some(text) = text
            && self.entries(entry, value).next().is_none()
        {
            self.texts.remove(&(field, SmolStr::new(text)));
        }
    }
}

fn time(field: &str) -> Option<usize> {
    TIMES.iter().position(|(name, _)| *name == field)
}

/// The first and the last moment between two ends; `None` where an end cannot be read as one.
fn moments(from: Option<&Value>, to: Option<&Value>) -> Option<(i64, i64)> {
    let end = |value: Option<&Value>, open| value.map_or(Some(open), Value::as_i64);
    Some((end(from, i64::MIN)?, end(to, i64::MAX)?))
}

/// The part of the index with the numbers of a field between two ends.
fn number_range(field: &str, from: Option<&Value>, to: Option<&Value>) -> Option<Range> {
    let end = |value: Option<&Value>, open| match value {
        None => Some(open),
        Some(value) => value.as_f64().map(entry::ordered),
    };
    let (from, to) = (end(from, 0)?, end(to, u64::MAX)?);
    Some(Range::Values(entry::numbers_in(field)?, from, to))
}

/// Parts of the index; `None` where there are `most` or more.
fn fewer_than(most: usize, ranges: impl Iterator<Item = Range>) -> Option<Vec<Range>> {
    let ranges: Vec<Range> = ranges.take(most).collect();
    (ranges.len() < most).then_some(ranges)
}

// Most ids are shared, and those that are not lie elsewhere in memory.
fn is_same((created_at, cid): Key<'_>, other: Key<'_>) -> bool {
    created_at == other.0 && (Arc::ptr_eq(cid, other.1) || cid == other.1)
}

/// Calls from first to last, or the other way.
pub(crate) fn directed<'a>(
    calls: impl DoubleEndedIterator<Item = &'a Call> + 'a,
    is_rising: bool,
) -> Calls<'a> {
    if is_rising {
        Box::new(calls)
    } else {
        Box::new(calls.rev())
    }
}

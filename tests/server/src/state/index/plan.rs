//! Finds calls by the bound of a filter.

use super::entry::{self, UNINDEXED};
use super::lookup::{CallIndex, Key, Range};
use crate::bound::{Bound, Values};
use crate::state::calls::Call;

/// A search that finds so few calls is not worth a better one.
const FEW: usize = 500;

/// More parts than these are not looked through together.
const FEW_PARTS: usize = 64;

/// A way to find all calls within a bound, among others.
#[derive(Default)]
pub(crate) struct Cover<'a> {
    ranges: Vec<Range>,
    keys: Vec<Key<'a>>,
    /// At most how many calls it finds.
    pub(crate) count: usize,
}

impl CallIndex {
    /// The way that finds the fewest calls; `None` where each known one would find `most` or more.
    pub(crate) fn cover(&self, bound: &Bound<'_>, most: usize) -> Option<Cover<'_>> {
        let cover = match bound {
            Bound::Unknown => return None,
            Bound::Field(field, Values::Equal(value))
                if entry::is_flag(field) && *value == false =>
            {
                let is_set = Bound::Field(field, Values::Equal(&true.into()));
                return self.cover_all_but(&is_set, most);
            }
            Bound::Field(field, values) => {
                let ranges = self.ranges(field, *values, most)?;
                let keys = ranges.iter().flat_map(|range| self.keys(*range));
                let count = keys.take(most).count();
                let keys = Vec::new();
                Cover {
                    ranges,
                    keys,
                    count,
                }
            }
            Bound::All(parts) => self.best_cover(parts, most)?,
            Bound::Any(parts) => {
                let mut union = Cover::default();
                for part in parts {
                    union.add(self.cover(part, most)?);
                    if union.count >= most {
                        return None;
                    }
                }
                union
            }
            Bound::Not(part) => return self.cover_all_but(part, most),
        };
        (cover.count < most).then_some(cover)
    }

    fn best_cover(&self, parts: &[Bound<'_>], most: usize) -> Option<Cover<'_>> {
        // Texts are looked through one by one.
        let (slow, fast): (Vec<_>, Vec<_>) = parts.iter().partition(|part| looks_at_texts(part));
        let mut best: Option<Cover<'_>> = None;
        for part in fast.into_iter().chain(slow) {
            let known = best.as_ref().map(|best| best.count);
            if looks_at_texts(part) && known.is_some_and(|count| count <= FEW) {
                break;
            }
            best = self.cover(part, known.unwrap_or(most)).or(best);
        }
        best
    }

    /// Finds the calls that are not certainly within a bound.
    fn cover_all_but(&self, bound: &Bound<'_>, most: usize) -> Option<Cover<'_>> {
        if let Bound::Field(field, Values::Equal(value)) = bound
            && entry::is_flag(field)
            && *value == false
        {
            return self.cover(&Bound::Field(field, Values::Equal(&true.into())), most);
        }
        let certain = self.certain(bound);
        // Each key is looked for in each part.
        if certain.is_empty() || certain.len() > FEW_PARTS {
            return None;
        }
        let keys: Vec<Key<'_>> = self.all_but(&certain).take(most).collect();
        let (ranges, count) = (Vec::new(), keys.len());
        (count < most).then_some(Cover {
            ranges,
            keys,
            count,
        })
    }

    /// Parts of the index in which every call is within a bound.
    fn certain(&self, bound: &Bound<'_>) -> Vec<Range> {
        match bound {
            Bound::Field(field, values) => {
                let is_certain = match values {
                    Values::Equal(value) => entry::is_exact(value),
                    Values::NotNull => true,
                    _ => false,
                };
                let ranges = is_certain.then(|| self.ranges(field, *values, usize::MAX));
                ranges.flatten().unwrap_or_default()
            }
            Bound::Any(parts) => parts.iter().flat_map(|part| self.certain(part)).collect(),
            Bound::All(parts) => match parts.as_slice() {
                [part] => self.certain(part),
                _ => Vec::new(),
            },
            Bound::Unknown | Bound::Not(_) => Vec::new(),
        }
    }

    /// The calls with a text in a field, and perhaps others.
    pub(crate) fn holding(&self, field: &str, text: &str) -> Vec<&Call> {
        let text = text.into();
        let bound = Bound::Field(field, Values::Equal(&text));
        let cover = self.cover(&bound, usize::MAX);
        cover.map_or_else(Vec::new, |cover| self.covered(cover))
    }

    /// The calls that a cover finds, in the order of creation.
    pub(crate) fn covered<'a>(&'a self, cover: Cover<'a>) -> Vec<&'a Call> {
        let (field, value) = UNINDEXED;
        let unindexed = Range::Values(field, value, value);
        let ranges = cover.ranges.into_iter().chain([unindexed]);
        let mut keys = cover.keys;
        keys.extend(ranges.flat_map(|range| self.keys(range)));
        keys.sort();
        keys.dedup();
        keys.into_iter().filter_map(|key| self.call(key)).collect()
    }
}

impl<'a> Cover<'a> {
    fn add(&mut self, other: Self) {
        self.ranges.extend(other.ranges);
        self.keys.extend(other.keys);
        self.count += other.count;
    }
}

fn looks_at_texts(bound: &Bound<'_>) -> bool {
    match bound {
        Bound::Field(_, values) => {
            matches!(values, Values::Containing(_) | Values::Beginning(_))
        }
        Bound::All(parts) | Bound::Any(parts) => parts.iter().any(looks_at_texts),
        Bound::Not(_) | Bound::Unknown => false,
    }
}

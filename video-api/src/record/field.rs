//! The fields of a struct, and finding keys among them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Visitor};

/// A field as the wire has it.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// `true` if the API documents it as always present.
    pub(crate) required: bool,
}

impl Field {
    /// Compares the name with a key. Most names have 4 to 16 bytes, and two comparisons of words
    /// decide on those: calling `memcmp` for each key would be 2 % of decoding.
    #[inline]
    fn is(&self, key: &str) -> bool {
        let (name, key) = (self.name.as_bytes(), key.as_bytes());
        name.len() == key.len()
            && match name.len() {
                4..=8 => have_same_ends::<4>(name, key),
                9..=16 => have_same_ends::<8>(name, key),
                _ => name == key,
            }
    }
}

/// Compares the first and the last `N` bytes, which are all of `N` to `2 * N` bytes.
#[inline]
fn have_same_ends<const N: usize>(a: &[u8], b: &[u8]) -> bool {
    a.first_chunk::<N>() == b.first_chunk() && a.last_chunk::<N>() == b.last_chunk()
}

/// A struct as the wire has it.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
    /// `true` if members that are not listed are kept.
    pub(crate) keeps_rest: bool,
}

/// Decodes the keys of an object to the indices of their fields; an index beyond the fields is
/// unknown. Servers write fields in the same order every time, so a search begins behind the last
/// hit.
pub(super) struct Keys {
    fields: &'static [Field],
    /// Index behind the last field that was found.
    next: usize,
    /// `true` if a required field was passed over or is `null`. Only then is it worth looking
    /// through all fields for those that are missing.
    pub(super) has_gap: bool,
    /// Takes a name that is not listed, where those are kept.
    pub(super) other: Option<String>,
}

impl Keys {
    pub(super) fn new(layout: &Layout) -> Self {
        Self {
            fields: layout.fields,
            next: 0,
            has_gap: false,
            other: layout.keeps_rest.then(String::new),
        }
    }

    /// Returns true if at least one field was found.
    pub(super) fn found_any(&self) -> bool {
        self.next > 0
    }

    /// Notes the end of the object, after which no field can follow.
    #[inline]
    pub(super) fn end(&mut self) {
        let mut rest = self.fields.get(self.next..).unwrap_or_default().iter();
        self.has_gap |= rest.any(|field| field.required);
    }

    #[inline(never)] // So that the usual case stays small.
    fn search(&mut self, key: &str) -> usize {
        let mut has_gap = false;
        for (index, field) in self.fields.iter().enumerate().skip(self.next) {
            if field.is(key) {
                self.has_gap |= has_gap;
                self.next = index + 1;
                return index;
            }
            has_gap |= field.required;
        }
        if let Some(index) = self
            .fields
            .iter()
            .take(self.next)
            .position(|field| field.is(key))
        {
            self.next = index + 1;
            return index;
        }
        if let Some(other) = &mut self.other {
            key.clone_into(other);
        }
        usize::MAX
    }
}

impl<'de> DeserializeSeed<'de> for &mut Keys {
    type Value = usize;

    #[inline(always)] // Into the one loop over all records.
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &mut Keys {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    #[inline(always)]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        match self.fields.get(self.next) {
            Some(field) if field.is(key) => {
                self.next += 1;
                Ok(self.next - 1)
            }
            _ => Ok(self.search(key)),
        }
    }
}

//! The fields of a struct, and finding a key among them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Visitor};

/// A field as the wire has it.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// `true` if the API documents it as always present.
    pub(crate) required: bool,
}

/// Decodes a key to the index of its field; an index beyond the fields is unknown. Servers write
/// fields in the same order every time, so the search begins behind the last hit.
pub(super) struct Key<'a> {
    pub(super) fields: &'static [Field],
    pub(super) next: usize,
    /// Takes a name that is not listed, where those are kept.
    pub(super) other: Option<&'a mut String>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    #[inline(always)] // Into the one loop over all records.
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    #[inline(always)]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        match self.fields.get(self.next) {
            Some(field) if field.name == key => Ok(self.next),
            _ => {
                let index = self.search(key);
                if let (usize::MAX, Some(other)) = (index, self.other) {
                    key.clone_into(other);
                }
                Ok(index)
            }
        }
    }
}

impl Key<'_> {
    #[inline(never)] // So that the usual case stays small.
    fn search(&self, key: &str) -> usize {
        let (before, after) = self.fields.split_at(self.next.min(self.fields.len()));
        let behind = after.iter().position(|field| field.name == key);
        behind
            .map(|index| index + before.len())
            .or_else(|| before.iter().position(|field| field.name == key))
            .unwrap_or(usize::MAX)
    }
}

//! Reading, writing, comparing and showing of the generated structs, driven by their fields.
//!
//! Deriving serde's traits compiles to a handful of functions a struct, which with hundreds of
//! structs is most of a build. Here a struct contributes its table and one match.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::decode::{Lenient, Seed};

/// A struct as the wire has it.
pub(crate) struct Table {
    name: &'static str,
    fields: &'static [Field],
    required: Fields,
}

pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Whether an object without it is no such object.
    pub(crate) required: bool,
}

impl Table {
    pub(crate) const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self {
            name,
            fields,
            required: Fields::required(fields),
        }
    }
}

/// A struct with a table of fields.
pub(crate) trait Record: Default {
    const TABLE: Table;

    /// Reads the value of the field at `index`; `again` when it was read before.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        again: bool,
        map: &mut A,
    ) -> Result<(), A::Error>;

    fn write_fields<W: Writer>(&self, writer: &mut W);
}

/// What takes the fields of a struct one by one.
pub(crate) trait Writer {
    fn put<T: Lenient + Serialize + fmt::Debug>(&mut self, name: &'static str, value: &T);
}

/// Implements everything of a struct but its making; the table is in the order of the declaration.
macro_rules! record {
    ($name:ident { $($index:literal $field:ident $wire:literal $($required:ident)?,)* }) => {
        #[allow(deprecated)] // Deprecated fields are still on the wire.
        impl $crate::record::Record for $name {
            const TABLE: $crate::record::Table = $crate::record::Table::new(
                ::std::stringify!($name),
                &[$(
                    $crate::record::Field {
                        name: $wire,
                        required: $crate::record::record!(@ $($required)?),
                    },
                )*],
            );

            #[allow(unused_variables)] // A struct may have no fields.
            fn read_field<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                index: usize,
                again: bool,
                map: &mut A,
            ) -> ::std::result::Result<(), A::Error> {
                match index {
                    $($index => $crate::record::value(map, again, &mut self.$field),)*
                    _ => ::std::result::Result::Ok(()),
                }
            }

            #[allow(unused_variables)]
            fn write_fields<W: $crate::record::Writer>(&self, writer: &mut W) {
                $(writer.put($wire, &self.$field);)*
            }
        }

        #[allow(deprecated)]
        impl ::std::cmp::PartialEq for $name {
            #[inline]
            #[allow(unused_variables)]
            fn eq(&self, other: &Self) -> bool {
                true $(&& $crate::record::same(&self.$field, &other.$field))*
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::record::debug(self, f)
            }
        }

        impl $crate::decode::Lenient for $name {
            fn read_value<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> ::std::result::Result<(), D::Error> {
                $crate::record::fill_from(self, deserializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::record::read(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::record::write(self, serializer)
            }
        }
    };
    (@) => { false };
    (@ required) => { true };
}
pub(crate) use record;

/// Reads an object; `null` is an error.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Record>(deserializer: D) -> Result<T, D::Error> {
    let mut record = T::default();
    fill_from(&mut record, deserializer)?;
    Ok(record)
}

/// Reads an object into a record that is empty.
pub(crate) fn fill_from<'de, D: Deserializer<'de>, T: Record>(
    record: &mut T,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(RecordVisitor(record))
}

/// Reads the value that belongs to the key just read.
pub(crate) fn value<'de, A: MapAccess<'de>, T: Lenient>(
    map: &mut A,
    again: bool,
    field: &mut T,
) -> Result<(), A::Error> {
    if again {
        *field = T::default();
    }
    map.next_value_seed(Seed(field)).map(drop)
}

pub(crate) fn write<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut writer = MapWriter {
        map: serializer.serialize_map(None)?,
        error: None,
    };
    record.write_fields(&mut writer);
    match writer.error {
        Some(error) => Err(error),
        None => writer.map.end(),
    }
}

/// Writes fields until one fails. That it keeps the error makes the code of a struct straight.
struct MapWriter<M: SerializeMap> {
    map: M,
    error: Option<M::Error>,
}

impl<M: SerializeMap> Writer for MapWriter<M> {
    fn put<T: Lenient + Serialize + fmt::Debug>(&mut self, name: &'static str, value: &T) {
        if self.error.is_none() && !value.is_absent() {
            self.error = self.map.serialize_entry(name, value).err();
        }
    }
}

/// Shows the fields that are set, by their names on the wire. Most are optional, and a line of
/// `None`s would hide the others.
pub(crate) fn debug<T: Record>(record: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut writer = f.debug_struct(T::TABLE.name);
    record.write_fields(&mut writer);
    writer.finish()
}

impl Writer for fmt::DebugStruct<'_, '_> {
    fn put<T: Lenient + Serialize + fmt::Debug>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            self.field(name, value);
        }
    }
}

/// Compares two fields.
#[inline(never)] // Copied into the comparison of every struct it would be most of a build again.
pub(crate) fn same<T: PartialEq>(a: &T, b: &T) -> bool {
    a == b
}

struct RecordVisitor<'a, T>(&'a mut T);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::TABLE.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill(const { &T::TABLE }, self.0, map)
    }
}

/// A record seen from one kind of map, so that filling is compiled once for all records.
trait Slots<'de, A: MapAccess<'de>> {
    fn read_slot(&mut self, index: usize, again: bool, map: &mut A) -> Result<(), A::Error>;
}

impl<'de, A: MapAccess<'de>, T: Record> Slots<'de, A> for T {
    fn read_slot(&mut self, index: usize, again: bool, map: &mut A) -> Result<(), A::Error> {
        self.read_field(index, again, map)
    }
}

#[inline(never)]
fn fill<'de, A: MapAccess<'de>>(
    table: &'static Table,
    slots: &mut dyn Slots<'de, A>,
    mut map: A,
) -> Result<(), A::Error> {
    let fields = table.fields;
    let mut seen = Fields::default();
    let mut next = 0;
    while let Some(index) = map.next_key_seed(Key { fields, next })? {
        if index < fields.len() {
            slots.read_slot(index, seen.add(index), &mut map)?;
            next = index + 1;
        } else {
            map.next_value::<IgnoredAny>()?;
        }
    }
    match seen.first_missing(&table.required) {
        None => Ok(()),
        Some(missing) => Err(de::Error::missing_field(
            fields.get(missing).map_or("", |field| field.name),
        )),
    }
}

/// More fields than this and presence could not be told.
const MAX_FIELDS: usize = 256;

/// A set of fields by their indices.
#[derive(Default)]
struct Fields([u64; MAX_FIELDS / 64]);

impl Fields {
    /// The fields an object must have.
    #[allow(clippy::indexing_slicing)] // Evaluated by the compiler, which has no other way.
    const fn required(fields: &[Field]) -> Self {
        assert!(fields.len() <= MAX_FIELDS, "a struct has too many fields");
        let mut set = [0; MAX_FIELDS / 64];
        let mut index = 0;
        while index < fields.len() {
            if fields[index].required {
                set[index / 64] |= 1 << (index % 64);
            }
            index += 1;
        }
        Self(set)
    }

    /// Adds a field, and tells whether it was there before.
    fn add(&mut self, index: usize) -> bool {
        let Some(word) = self.0.get_mut(index / 64) else {
            return false;
        };
        let bit = 1 << (index % 64);
        let again = *word & bit != 0;
        *word |= bit;
        again
    }

    /// The first field of `wanted` that is not in this set.
    fn first_missing(&self, wanted: &Self) -> Option<usize> {
        let mut words = wanted.0.iter().zip(&self.0).enumerate();
        words.find_map(|(at, (wanted, have))| {
            let missing = wanted & !have;
            (missing != 0).then(|| at * 64 + missing.trailing_zeros() as usize)
        })
    }
}

/// Finds a key in the table; an index beyond it is no field. Servers write fields in the same order
/// every time, so the search begins behind the last hit.
struct Key {
    fields: &'static [Field],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;

    #[inline(always)] // Into the one loop over all records.
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    #[inline(always)]
    fn visit_str<E>(self, key: &str) -> Result<usize, E> {
        match self.fields.get(self.next) {
            Some(field) if field.name == key => Ok(self.next),
            _ => Ok(self.search(key)),
        }
    }
}

impl Key {
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

#[cfg(test)]
mod tests;

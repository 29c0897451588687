//! Reading and writing of the generated structs, driven by a table of their fields.
//!
//! Deriving serde's traits compiles to a handful of functions a struct, which with hundreds of
//! structs is most of a build. Here a struct contributes its table and one match.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;

use crate::decode::{self, Lenient};

/// A field as the wire has it.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    /// Whether an object without it is no such object.
    pub(crate) required: bool,
}

/// A struct with a table of fields.
pub(crate) trait Record: Default {
    const NAME: &'static str;
    const FIELDS: &'static [Field];

    /// Reads the value of the field at `index`.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        map: &mut A,
    ) -> Result<(), A::Error>;
}

/// More fields than this and presence could not be told.
pub(crate) const MAX_FIELDS: usize = 256;

/// Implements reading and writing of a struct; the table is in the order of the declaration.
macro_rules! record {
    ($name:ident { $($index:literal $field:ident $wire:literal $($required:ident)?,)* }) => {
        #[allow(deprecated)] // Deprecated fields are still on the wire.
        impl $crate::record::Record for $name {
            const NAME: &'static str = ::std::stringify!($name);
            const FIELDS: &'static [$crate::record::Field] = &[$(
                $crate::record::Field {
                    name: $wire,
                    required: $crate::record::record!(@ $($required)?),
                },
            )*];

            #[allow(unused_variables)] // A struct may have no fields.
            fn read_field<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                index: usize,
                map: &mut A,
            ) -> ::std::result::Result<(), A::Error> {
                match index {
                    $($index => self.$field = $crate::record::value(map)?,)*
                    _ => {}
                }
                ::std::result::Result::Ok(())
            }
        }

        const _: () = ::std::assert!(
            <$name as $crate::record::Record>::FIELDS.len() <= $crate::record::MAX_FIELDS
        );

        impl $crate::decode::Lenient for $name {
            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<::std::option::Option<Self>, D::Error> {
                $crate::record::read_or_null(deserializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::record::read(deserializer)
            }
        }

        #[allow(deprecated)]
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                #[allow(unused_mut)] // A struct may have no fields.
                let mut map = serializer.serialize_map(::std::option::Option::None)?;
                $($crate::record::put(&mut map, $wire, &self.$field)?;)*
                ::serde::ser::SerializeMap::end(map)
            }
        }
    };
    (@) => { false };
    (@ required) => { true };
}
pub(crate) use record;

/// Reads an object; `null` is an error.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Record>(deserializer: D) -> Result<T, D::Error> {
    deserializer
        .deserialize_map(RecordVisitor(PhantomData))?
        .ok_or_else(|| de::Error::invalid_type(de::Unexpected::Unit, &T::NAME))
}

/// Reads an object or `null`.
pub(crate) fn read_or_null<'de, D: Deserializer<'de>, T: Record>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(RecordVisitor(PhantomData))
}

/// Reads the value that belongs to the key just read.
pub(crate) fn value<'de, A: MapAccess<'de>, T: Lenient + Default>(
    map: &mut A,
) -> Result<T, A::Error> {
    map.next_value_seed(decode::Seed(PhantomData))
        .map(Option::unwrap_or_default)
}

/// Writes a field unless it is unset.
pub(crate) fn put<M: SerializeMap, T: Lenient + serde::Serialize>(
    map: &mut M,
    name: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if value.is_absent() {
        return Ok(());
    }
    map.serialize_entry(name, value)
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", T::NAME)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut record = T::default();
        let mut seen = Seen::default();
        let mut next = 0;
        while let Some(index) = map.next_key_seed(Key {
            fields: T::FIELDS,
            next,
        })? {
            match index {
                Some(index) => {
                    record.read_field(index, &mut map)?;
                    seen.add(index);
                    next = index + 1;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match seen.missing(T::FIELDS) {
            Some(field) => Err(de::Error::missing_field(field)),
            None => Ok(Some(record)),
        }
    }
}

/// Which fields were present.
#[derive(Default)]
struct Seen([u64; MAX_FIELDS / 64]);

impl Seen {
    fn add(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    fn missing(&self, fields: &'static [Field]) -> Option<&'static str> {
        let absent = |index: usize| {
            self.0
                .get(index / 64)
                .is_none_or(|word| word & (1 << (index % 64)) == 0)
        };
        let missing = fields
            .iter()
            .enumerate()
            .find(|(index, field)| field.required && absent(*index));
        missing.map(|(_, field)| field.name)
    }
}

/// Finds a key in the table. Servers write fields in the same order every time, so the search
/// begins behind the last hit.
struct Key {
    fields: &'static [Field],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let (before, after) = self.fields.split_at(self.next.min(self.fields.len()));
        let behind = after.iter().position(|field| field.name == key);
        Ok(behind
            .map(|index| index + before.len())
            .or_else(|| before.iter().position(|field| field.name == key)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use crate::{JsonObject, Timestamp};

    #[derive(Debug, Default, PartialEq)]
    struct Everything {
        count: i32,
        custom: JsonObject,
        inner: Option<Box<Everything>>,
        kind: String,
        moments: Vec<Timestamp>,
        total: Option<u64>,
        weights: BTreeMap<String, f32>,
    }
    record!(Everything {
        0 count "count" required,
        1 custom "custom",
        2 inner "inner",
        3 kind "type" required,
        4 moments "moments",
        5 total "total",
        6 weights "weights",
    });

    fn read(json: Value) -> Result<Everything, String> {
        serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn fields_are_found_in_any_order_and_unknown_ones_skipped() {
        let forwards = r#"{"count":1,"inner":{"count":2,"type":"b","x":{}},"type":"a","y":[1]}"#;
        let backwards = r#"{"y":[1],"type":"a","inner":{"x":{},"type":"b","count":2},"count":1}"#;
        let one: Everything = serde_json::from_str(forwards).unwrap();
        assert_eq!(one, serde_json::from_str(backwards).unwrap());
        assert_eq!((one.count, one.kind.as_str()), (1, "a"));
        assert_eq!(one.inner.unwrap().count, 2);
    }

    #[test]
    fn null_is_unset_or_empty_wherever_it_stands() {
        let nulls = json!({
            "count": null, "custom": null, "inner": null, "type": null, "moments": null,
            "total": null, "weights": null,
        });
        assert_eq!(read(nulls).unwrap(), Everything::default());
    }

    #[test]
    fn missing_values_are_named_but_collections_may_be_missing() {
        let error = read(json!({"count": 1})).unwrap_err();
        assert!(error.contains("missing field `type`"), "{error}");
        assert!(read(json!({"count": 1, "type": ""})).is_ok());
    }

    #[test]
    fn only_objects_are_objects() {
        for json in [json!(null), json!([]), json!("x"), json!(1)] {
            let error = read(json).unwrap_err();
            assert!(error.contains("Everything"), "{error}");
        }
        assert!(read(json!({"count": 1, "type": "", "inner": []})).is_err());
    }

    #[test]
    fn what_is_unset_is_not_written_and_what_is_empty_is() {
        let value = Everything {
            kind: "k".to_owned(),
            ..Everything::default()
        };
        let written = serde_json::to_value(&value).unwrap();
        let expected = json!({"count": 0, "custom": {}, "type": "k", "moments": [], "weights": {}});
        assert_eq!(written, expected);
        assert_eq!(read(written).unwrap(), value);
    }
}

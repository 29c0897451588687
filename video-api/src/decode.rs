//! Lenient decoding: what the server may write in place of the documented value.
//!
//! The server is written in Go, where an empty list or map is written as `null`, and
//! numbers may arrive as `1.0`. How lenient a field is follows from its type.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value that a field may have.
pub(crate) trait Lenient: Sized {
    /// Reads a value; `null` is none.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Whether a field with this value is left out when writing.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Reads what an optional value of the type would read.
macro_rules! as_option {
    ($($t:ty)*) => {$(
        impl Lenient for $t {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                Option::deserialize(deserializer)
            }
        }
    )*};
}
as_option!(bool f32 f64 String crate::Timestamp crate::JsonObject);

/// Any JSON: `null` is a value like any other.
impl Lenient for serde_json::Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }
}

/// An optional value; `null` is none.
impl<T: Lenient> Lenient for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(Some)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Lenient> Lenient for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::read(deserializer)?.map(Box::new))
    }
}

/// A list, whose `null` elements are dropped.
impl<T: Lenient> Lenient for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

/// A map, whose entries with the value `null` are dropped.
impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

/// Lets serde's collections read a value.
pub(crate) struct Seed<T>(pub(crate) PhantomData<T>);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// The integer types of the API.
pub(crate) trait Integer: Default + Copy {
    const NAME: &'static str;
    fn from_i128(value: i128) -> Option<Self>;
}

macro_rules! integers {
    ($($t:ident)*) => {$(
        impl Integer for $t {
            const NAME: &'static str = stringify!($t);
            fn from_i128(value: i128) -> Option<Self> {
                Self::try_from(value).ok()
            }
        }

        /// An integer, also written as an integral float.
        impl Lenient for $t {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                deserializer.deserialize_any(IntVisitor(PhantomData))
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

struct IntVisitor<T>(PhantomData<T>);

impl<T: Integer> IntVisitor<T> {
    fn check<E: de::Error>(value: i128, unexpected: de::Unexpected<'_>) -> Result<Option<T>, E> {
        T::from_i128(value)
            .map(Some)
            .ok_or_else(|| E::invalid_value(unexpected, &T::NAME))
    }
}

impl<'de, T: Integer> Visitor<'de> for IntVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<Self::Value, E> {
        Self::check(v.into(), de::Unexpected::Signed(v))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<Self::Value, E> {
        Self::check(v.into(), de::Unexpected::Unsigned(v))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<Self::Value, E> {
        if v.fract() != 0.0 {
            return Err(E::invalid_value(de::Unexpected::Float(v), &T::NAME));
        }
        Self::check(v as i128, de::Unexpected::Float(v))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Seed(PhantomData))? {
            items.extend(item);
        }
        Ok(Some(items))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for MapVisitor<T> {
    type Value = Option<BTreeMap<String, T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(key) = access.next_key::<String>()? {
            if let Some(value) = access.next_value_seed(Seed(PhantomData))? {
                map.insert(key, value);
            }
        }
        Ok(Some(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Lenient>(json: &str) -> Result<Option<T>, serde_json::Error> {
        T::read(&mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn null_is_none_everywhere() {
        assert_eq!(read::<String>("null").unwrap(), None);
        assert_eq!(read::<i32>("null").unwrap(), None);
        assert_eq!(read::<Vec<bool>>("null").unwrap(), None);
        assert_eq!(read::<BTreeMap<String, f64>>("null").unwrap(), None);
        assert_eq!(read::<Box<u8>>("null").unwrap(), None);
        assert_eq!(read::<Option<i64>>("null").unwrap(), Some(None));
        assert_eq!(
            read::<serde_json::Value>("null").unwrap(),
            Some(serde_json::Value::Null)
        );
    }

    #[test]
    fn nulls_inside_collections_are_dropped() {
        let list: Option<Vec<String>> = read(r#"["a",null,"b"]"#).unwrap();
        assert_eq!(list.unwrap(), ["a", "b"]);
        let map: Option<BTreeMap<String, i64>> = read(r#"{"x":1,"y":null}"#).unwrap();
        assert_eq!(map.unwrap(), BTreeMap::from([("x".to_owned(), 1)]));
    }

    #[test]
    fn integers_may_be_written_as_floats_but_must_fit() {
        assert_eq!(read::<i32>("-2.0").unwrap(), Some(-2));
        assert_eq!(read::<u64>("18446744073709551615").unwrap(), Some(u64::MAX));
        for bad in ["1.5", "2147483648", "\"1\"", "1e300"] {
            assert!(read::<i32>(bad).is_err(), "{bad}");
        }
        assert!(read::<u64>("-1").is_err());
    }
}

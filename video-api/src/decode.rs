//! Lenient decoding: what the server may write in place of the documented value.
//!
//! The server is written in Go, where an empty list or map is written as `null`, and
//! numbers may arrive as `1.0`. How lenient a field is follows from its type.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value that a field may have. Reading fills it in place, so that nothing large is moved; it is
/// as `Default` makes it before.
pub(crate) trait Lenient: Default {
    /// Reads a value that is not `null`.
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;

    /// Reads a value and tells whether there was one; `null` is none.
    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(NullOr(self))
    }

    /// Whether a field with this value is left out when writing.
    fn is_absent(&self) -> bool {
        false
    }
}

struct NullOr<'a, T>(&'a mut T);

impl<'de, T: Lenient> Visitor<'de> for NullOr<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.read_value(deserializer).map(|()| true)
    }
}

/// What serde reads well enough.
macro_rules! as_serde_does {
    ($($t:ty)*) => {$(
        impl Lenient for $t {
            fn read_value<'de, D: Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<(), D::Error> {
                *self = Deserialize::deserialize(deserializer)?;
                Ok(())
            }
        }
    )*};
}
as_serde_does!(bool f32 f64 String crate::Timestamp crate::JsonObject);

/// Any JSON: `null` is a value like any other.
impl Lenient for serde_json::Value {
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        *self = Deserialize::deserialize(deserializer)?;
        Ok(())
    }

    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<bool, D::Error> {
        self.read_value(deserializer).map(|()| true)
    }
}

/// An optional value; `null` is none.
impl<T: Lenient> Lenient for Option<T> {
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        self.insert(T::default()).read_value(deserializer)
    }

    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_option(NullOr(self))?;
        Ok(true)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Lenient> Lenient for Box<T> {
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        (**self).read_value(deserializer)
    }
}

/// A list, whose `null` elements are dropped.
impl<T: Lenient> Lenient for Vec<T> {
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(ListVisitor(self))
    }
}

/// A map, whose entries with the value `null` are dropped.
impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn read_value<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(MapVisitor(self))
    }
}

/// Lets serde's collections fill a value; tells whether there was one.
pub(crate) struct Seed<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Lenient> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.read(deserializer)
    }
}

/// The integer types of the API.
trait Integer: TryFrom<i64> + TryFrom<u64> {
    const NAME: &'static str;
}

macro_rules! integers {
    ($($t:ident)*) => {$(
        impl Integer for $t {
            const NAME: &'static str = stringify!($t);
        }

        /// An integer, also written as an integral float.
        impl Lenient for $t {
            fn read_value<'de, D: Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<(), D::Error> {
                *self = deserializer.deserialize_i64(IntVisitor(PhantomData))?;
                Ok(())
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

struct IntVisitor<T>(PhantomData<T>);

impl<T: Integer> Visitor<'_> for IntVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: de::Error>(self, v: i64) -> Result<T, E> {
        T::try_from(v).map_err(|_| E::invalid_value(de::Unexpected::Signed(v), &T::NAME))
    }

    fn visit_u64<E: de::Error>(self, v: u64) -> Result<T, E> {
        T::try_from(v).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(v), &T::NAME))
    }

    fn visit_f64<E: de::Error>(self, v: f64) -> Result<T, E> {
        // Beyond 128 bits the conversion saturates, which fits no integer of the API either.
        let whole = (v.fract() == 0.0).then_some(v as i128);
        let fitting = whole.and_then(|whole| match i64::try_from(whole) {
            Ok(whole) => T::try_from(whole).ok(),
            Err(_) => T::try_from(u64::try_from(whole).ok()?).ok(),
        });
        fitting.ok_or_else(|| E::invalid_value(de::Unexpected::Float(v), &T::NAME))
    }
}

struct ListVisitor<'a, T>(&'a mut Vec<T>);

impl<'de, T: Lenient> Visitor<'de> for ListVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut item = T::default();
        while let Some(is_some) = seq.next_element_seed(Seed(&mut item))? {
            if is_some {
                self.0.push(std::mem::take(&mut item));
            }
        }
        Ok(())
    }
}

struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>);

impl<'de, T: Lenient> Visitor<'de> for MapVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(key) = access.next_key::<String>()? {
            let mut value = T::default();
            if access.next_value_seed(Seed(&mut value))? {
                self.0.insert(key, value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Lenient>(json: &str) -> Result<Option<T>, serde_json::Error> {
        let mut value = T::default();
        let is_some = value.read(&mut serde_json::Deserializer::from_str(json))?;
        Ok(is_some.then_some(value))
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

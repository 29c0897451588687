//! Lenient decoding: what the server may write in place of the documented value.
//!
//! The server is written in Go, where an empty list or map is written as `null`, and
//! numbers may arrive as `1.0`. Generated types name these helpers in their attributes.
#![allow(dead_code)] // Which helpers are used is up to the generated types.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// `null` becomes the default.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An optional value; `null` is none.
pub(crate) fn opt<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer)
}

/// An integer, also written as an integral float; `null` is zero.
pub(crate) fn int<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Integer,
{
    deserializer
        .deserialize_any(IntVisitor(PhantomData))
        .map(Option::unwrap_or_default)
}

/// An optional integer, also written as an integral float; `null` is none.
pub(crate) fn opt_int<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Integer,
{
    deserializer.deserialize_any(IntVisitor(PhantomData))
}

/// A list; `null` is empty, and `null` elements are dropped.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    opt_list(deserializer).map(Option::unwrap_or_default)
}

/// An optional list; `null` is none, and `null` elements are dropped.
pub(crate) fn opt_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ListVisitor(PhantomData))
}

/// A map; `null` is empty, and entries whose value is `null` are dropped.
pub(crate) fn map<'de, D, M>(deserializer: D) -> Result<M, D::Error>
where
    D: Deserializer<'de>,
    M: MapLike<'de>,
{
    opt_map(deserializer).map(Option::unwrap_or_default)
}

/// An optional map; `null` is none, and entries whose value is `null` are dropped.
pub(crate) fn opt_map<'de, D, M>(deserializer: D) -> Result<Option<M>, D::Error>
where
    D: Deserializer<'de>,
    M: MapLike<'de>,
{
    deserializer.deserialize_any(MapVisitor(PhantomData))
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

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Option<T>>()? {
            items.extend(item);
        }
        Ok(Some(items))
    }
}

/// The map types of the API.
pub(crate) trait MapLike<'de>: Default {
    type Value: Deserialize<'de>;
    fn put(&mut self, key: String, value: Self::Value);
}

impl<'de, K, V: Deserialize<'de>> MapLike<'de> for HashMap<K, V>
where
    K: From<String> + Hash + Eq,
{
    type Value = V;
    fn put(&mut self, key: String, value: V) {
        self.insert(key.into(), value);
    }
}

impl<'de, K, V: Deserialize<'de>> MapLike<'de> for BTreeMap<K, V>
where
    K: From<String> + Ord,
{
    type Value = V;
    fn put(&mut self, key: String, value: V) {
        self.insert(key.into(), value);
    }
}

struct MapVisitor<M>(PhantomData<M>);

impl<'de, M: MapLike<'de>> Visitor<'de> for MapVisitor<M> {
    type Value = Option<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut map = M::default();
        while let Some((key, value)) = access.next_entry::<String, Option<M::Value>>()? {
            if let Some(value) = value {
                map.put(key, value);
            }
        }
        Ok(Some(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Loose {
        #[serde(deserialize_with = "null_default")]
        name: String,
        #[serde(deserialize_with = "int")]
        count: i32,
        #[serde(deserialize_with = "opt_int")]
        total: Option<u64>,
        #[serde(deserialize_with = "list")]
        tags: Vec<String>,
        #[serde(deserialize_with = "opt_map")]
        seen: Option<HashMap<String, i64>>,
    }

    #[test]
    fn null_is_the_default_everywhere() {
        let json = r#"{"name":null,"count":null,"total":null,"tags":null,"seen":null}"#;
        assert_eq!(
            serde_json::from_str::<Loose>(json).unwrap(),
            Loose::default()
        );
        assert_eq!(
            serde_json::from_str::<Loose>("{}").unwrap(),
            Loose::default()
        );
    }

    #[test]
    fn nulls_inside_collections_are_dropped() {
        let got: Loose =
            serde_json::from_str(r#"{"tags":["a",null,"b"],"seen":{"x":1,"y":null}}"#).unwrap();
        assert_eq!(got.tags, ["a", "b"]);
        assert_eq!(got.seen.unwrap(), HashMap::from([("x".to_owned(), 1)]));
    }

    #[test]
    fn integers_may_be_written_as_floats_but_must_fit() {
        let got: Loose =
            serde_json::from_str(r#"{"count":-2.0,"total":18446744073709551615}"#).unwrap();
        assert_eq!((got.count, got.total), (-2, Some(u64::MAX)));
        for bad in [
            r#"{"count":1.5}"#,
            r#"{"count":2147483648}"#,
            r#"{"total":-1}"#,
            r#"{"count":"1"}"#,
            r#"{"count":1e300}"#,
        ] {
            assert!(serde_json::from_str::<Loose>(bad).is_err(), "{bad}");
        }
    }
}

//! The decoding trait, and its implementations for the types of the standard library.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::context::Context;

/// A type that the API's JSON is decoded into. Decoding fills a value that is as `Default` makes
/// it, so that nothing large is moved.
pub(crate) trait Decode: Default {
    /// Whether `null` is a value like any other, also where the value is optional.
    const KEEPS_NULL: bool = false;

    /// The expected JSON in the words of an error, such as `a list`.
    const EXPECTED: &'static str;

    /// Whether `null` is an ordinary way to write the zero value.
    const NULL_IS_EMPTY: bool = false;

    /// Whether a response may have no body.
    const ACCEPTS_EMPTY_BODY: bool = false;

    /// Decodes a value that is not `null`.
    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error>;

    /// Decodes a value and tells whether there was one; `null` is none.
    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<bool, D::Error> {
        deserializer.deserialize_option(NullOr(self, context))
    }

    /// Whether a field with this value is left out when writing.
    fn is_absent(&self) -> bool {
        false
    }

    /// The `duration` field that responses have.
    fn server_duration(&self) -> Option<&str> {
        None
    }
}

struct NullOr<'a, T>(&'a mut T, &'a mut Context);

impl<'de, T: Decode> Visitor<'de> for NullOr<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_none<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.decode(deserializer, self.1).map(|()| true)
    }
}

/// Decodes a value inside one of serde's collections, and tells whether there was one.
pub(crate) struct Seed<'a, T>(pub(crate) &'a mut T, pub(crate) &'a mut Context);

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        let Self(value, context) = self;
        let decoded = value.decode_or_null(deserializer, context);
        if decoded.is_err() {
            context.expected(T::EXPECTED);
        }
        decoded
    }
}

/// Implements [`Decode`] by serde's own implementation.
macro_rules! decode_with_serde {
    ($($t:ty, $expected:literal $(, $constant:ident)*;)*) => {$(
        impl $crate::decode::Decode for $t {
            const EXPECTED: &'static str = $expected;
            $(const $constant: bool = true;)*

            fn decode<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                _: &mut $crate::decode::Context,
            ) -> ::std::result::Result<(), D::Error> {
                *self = ::serde::Deserialize::deserialize(deserializer)?;
                ::std::result::Result::Ok(())
            }
        }
    )*};
}
pub(crate) use decode_with_serde;

decode_with_serde! {
    bool, "a boolean";
    f32, "a number";
    f64, "a number";
    String, "a string", NULL_IS_EMPTY;
    crate::timestamp::Timestamp, "a time as RFC 3339 text";
}

/// Any JSON: `null` is a value like any other.
impl Decode for serde_json::Value {
    const EXPECTED: &'static str = "JSON";

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        _: &mut Context,
    ) -> Result<(), D::Error> {
        *self = Deserialize::deserialize(deserializer)?;
        Ok(())
    }

    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<bool, D::Error> {
        self.decode(deserializer, context).map(|()| true)
    }
}

/// A response without a documented body: whatever JSON arrives is ignored.
impl Decode for () {
    const EXPECTED: &'static str = "JSON";
    const ACCEPTS_EMPTY_BODY: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        _: &mut Context,
    ) -> Result<(), D::Error> {
        de::IgnoredAny::deserialize(deserializer).map(drop)
    }
}

/// An optional value, for which `null` is none.
impl<T: Decode> Decode for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const ACCEPTS_EMPTY_BODY: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        self.insert(T::default()).decode(deserializer, context)
    }

    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<bool, D::Error> {
        if T::KEEPS_NULL {
            return self
                .insert(T::default())
                .decode_or_null(deserializer, context);
        }
        deserializer.deserialize_option(NullOr(self, context))?;
        Ok(true)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Decode> Decode for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        (**self).decode(deserializer, context)
    }
}

impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a list";
    const NULL_IS_EMPTY: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_seq(ListVisitor(self, context))
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";
    const NULL_IS_EMPTY: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &mut Context,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_map(MapVisitor(self, context))
    }
}

struct ListVisitor<'a, T>(&'a mut Vec<T>, &'a mut Context);

impl<'de, T: Decode> Visitor<'de> for ListVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self(list, context) = self;
        let mut item = T::default();
        let mut index = 0;
        context.enter_item(index);
        while let Some(is_some) = seq.next_element_seed(Seed(&mut item, context))? {
            if is_some {
                list.push(std::mem::take(&mut item));
            }
            index += 1;
            context.leave();
            context.enter_item(index);
        }
        context.leave();
        Ok(())
    }
}

struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>, &'a mut Context);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self(map, context) = self;
        while let Some(key) = access.next_key::<String>()? {
            let mut value = T::default();
            context.enter_entry(key);
            let is_some = access.next_value_seed(Seed(&mut value, context))?;
            let key = context.leave_entry();
            if is_some {
                map.insert(key, value);
            }
        }
        Ok(())
    }
}

//! The decoding trait, and its implementations for the types of the standard library.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::context::Context;

/// A type that the API's JSON is decoded into. Decoding fills a value that is as `Default` makes
/// it, so that nothing large is moved.
pub(crate) trait Decode: Default {
    /// `true` if `null` is a value like any other, also where the value is optional.
    const KEEPS_NULL: bool = false;

    /// The expected JSON in the words of an error, such as `a list`.
    const EXPECTED: &'static str;

    /// `true` if `null` is an ordinary way to write the zero value.
    const NULL_IS_EMPTY: bool = false;

    /// `true` if a response may have no body.
    const ACCEPTS_EMPTY_BODY: bool = false;

    /// Decodes a value that is not `null`.
    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
    ) -> Result<(), D::Error>;

    /// Decodes a value and tells whether there was one; `null` is none.
    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
    ) -> Result<bool, D::Error> {
        deserializer.deserialize_option(NullOr(self, context))
    }

    /// Returns true if a field with this value is left out when writing.
    fn is_absent(&self) -> bool {
        false
    }

    /// The `duration` field that responses have.
    fn server_duration(&self) -> Option<&str> {
        None
    }
}

struct NullOr<'a, T>(&'a mut T, &'a Context<'a>);

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

/// Decodes a value inside one of serde's collections, and tells whether there was one. After an
/// error the caller notes what was expected, so that most values need no context.
pub(crate) struct Seed<'a, T>(pub(crate) &'a mut T, pub(crate) &'a Context<'a>);

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = bool;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.decode_or_null(deserializer, self.1)
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
                _: &$crate::decode::Context<'_>,
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
        _: &Context<'_>,
    ) -> Result<(), D::Error> {
        *self = Deserialize::deserialize(deserializer)?;
        Ok(())
    }

    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
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
        _: &Context<'_>,
    ) -> Result<(), D::Error> {
        de::IgnoredAny::deserialize(deserializer).map(drop)
    }
}

/// An optional value, for which `null` is none.
impl<T: Decode> Decode for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const NULL_IS_EMPTY: bool = true;
    const ACCEPTS_EMPTY_BODY: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
    ) -> Result<(), D::Error> {
        self.insert(T::default()).decode(deserializer, context)
    }

    #[inline]
    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
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
        context: &Context<'_>,
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
        context: &Context<'_>,
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
        context: &Context<'_>,
    ) -> Result<(), D::Error> {
        deserializer.deserialize_map(MapVisitor(self, context))
    }
}

struct ListVisitor<'a, T>(&'a mut Vec<T>, &'a Context<'a>);

impl<'de, T: Decode> Visitor<'de> for ListVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self(list, context) = self;
        let mut item = T::default();
        let index = Cell::new(0);
        let place = Context::Item(context, &index);
        loop {
            let decoded = seq.next_element_seed(Seed(&mut item, &place));
            match decoded.inspect_err(|_| place.expected(T::EXPECTED))? {
                Some(true) => list.push(std::mem::take(&mut item)),
                Some(false) => {}
                None => return Ok(()),
            }
            index.set(index.get() + 1);
        }
    }
}

struct MapVisitor<'a, T>(&'a mut BTreeMap<String, T>, &'a Context<'a>);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let Self(map, context) = self;
        while let Some(key) = access.next_key::<String>()? {
            let mut value = T::default();
            let place = Context::Entry(context, &key);
            let decoded = access.next_value_seed(Seed(&mut value, &place));
            if decoded.inspect_err(|_| place.expected(T::EXPECTED))? {
                map.insert(key, value);
            }
        }
        Ok(())
    }
}

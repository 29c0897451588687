//! Integers, which may also be written as integral floats.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserializer, Visitor};

use super::context::Context;
use super::value::Decode;

/// The integer types of the API.
trait Integer: TryFrom<i64> + TryFrom<u64> {
    const NAME: &'static str;
}

macro_rules! integers {
    ($($t:ident)*) => {$(
        impl Integer for $t {
            const NAME: &'static str = stringify!($t);
        }

        impl Decode for $t {
            const EXPECTED: &'static str = "an integer in range";

            fn decode<'de, D: Deserializer<'de>>(
                &mut self,
                deserializer: D,
                _: &Context<'_>,
            ) -> Result<(), D::Error> {
                *self = deserializer.deserialize_i64(IntegerVisitor(PhantomData))?;
                Ok(())
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

struct IntegerVisitor<T>(PhantomData<T>);

impl<T: Integer> Visitor<'_> for IntegerVisitor<T> {
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

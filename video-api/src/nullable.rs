//! Values of requests that may be `null`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{Context, Decode, Document};

/// A value that may be `null`, which differs from one that is left out: a change that sends `null`
/// clears a field, one without it leaves the field as it is.
///
/// Setters take the value itself, an `Option`, or [`Nullable::Null`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Nullable<T> {
    /// Sent as `null`.
    #[default]
    Null,
    /// Sent as this value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if it is not `null`.
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value, if it is not `null`.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_option().serialize(serializer)
    }
}

impl<'de, T: Decode> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Self::Null;
        value.decode_or_null(deserializer, &Context::Document(&Document::default()))?;
        Ok(value)
    }
}

impl<T: Decode> Decode for Nullable<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const KEEPS_NULL: bool = true;

    fn decode<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
    ) -> Result<(), D::Error> {
        let mut value = T::default();
        value.decode(deserializer, context)?;
        *self = Self::Value(value);
        Ok(())
    }

    fn decode_or_null<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
        context: &Context<'_>,
    ) -> Result<bool, D::Error> {
        let mut value = None;
        Decode::decode_or_null(&mut value, deserializer, context)?;
        *self = Self::from(value);
        Ok(true)
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Nullable<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_a_value_are_read_and_written_as_they_are() {
        for (json, value) in [("null", Nullable::Null), ("7", Nullable::Value(7))] {
            assert_eq!(serde_json::from_str::<Nullable<i64>>(json).unwrap(), value);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }

    #[test]
    fn an_optional_one_keeps_null_apart_from_nothing() {
        let mut field: Option<Nullable<String>> = None;
        let read = &mut serde_json::Deserializer::from_str("null");
        let document = Document::default();
        assert!(
            field
                .decode_or_null(read, &Context::Document(&document))
                .unwrap()
        );
        assert_eq!(field, Some(Nullable::Null));
    }

    #[test]
    fn it_is_made_from_a_value_an_option_or_text() {
        assert_eq!(Nullable::from(1), Nullable::Value(1));
        assert_eq!(Nullable::<i64>::from(None), Nullable::Null);
        assert_eq!(Nullable::from("a"), Nullable::Value("a".to_owned()));
    }
}

//! From JSON to an event.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::{Error, JsonFault, Kind};
use crate::{Event, json_path};

// Compiled where it is used, with all types of events: who takes no webhooks pays nothing.
#[inline]
pub(super) fn read(json: Cow<'_, [u8]>) -> Result<Event, Error> {
    let json = std::str::from_utf8(&json).map_err(JsonFault::Utf8)?;
    let event_type = event_type(json)?;
    Event::read(&event_type, json).map_err(|source| {
        // Found by position and only now, so that decoding pays nothing for it.
        let path = json_path::of(&source, json.as_bytes());
        let raw = json.into();
        Kind::Misfit {
            event_type,
            path,
            raw,
            source,
        }
        .into()
    })
}

/// Reads all of the JSON, so that later errors are never about its syntax as such.
#[inline]
fn event_type(json: &str) -> Result<Box<str>, Error> {
    let with_raw = |fault: fn(Box<str>) -> JsonFault| Error::from(fault(json.into()));
    let text = json.trim_ascii_start();
    if text.is_empty() {
        return Err(JsonFault::Empty.into());
    }
    if !text.starts_with('{') {
        serde_json::from_str::<IgnoredAny>(text).map_err(JsonFault::Syntax)?;
        return Err(with_raw(JsonFault::NotAnObject));
    }
    match serde_json::from_str(text).map_err(JsonFault::Syntax)? {
        Head(Some(TypeName(Some(name)))) => Ok(name),
        Head(Some(TypeName(None))) => Err(with_raw(JsonFault::TypeIsNoString)),
        Head(None) => Err(with_raw(JsonFault::NoType)),
    }
}

/// An object of which only the discriminator is looked at; the last one counts, as in `Value`.
struct Head(Option<TypeName>);

impl<'de> Deserialize<'de> for Head {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadVisitor)
    }
}

struct HeadVisitor;

impl<'de> Visitor<'de> for HeadVisitor {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let mut head = Head(None);
        while let Some(IsDiscriminator(wanted)) = map.next_key()? {
            if wanted {
                head = Head(Some(map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(head)
    }
}

/// Compares keys without keeping them.
struct IsDiscriminator(bool);

impl<'de> Deserialize<'de> for IsDiscriminator {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Self(false))
    }
}

impl Visitor<'_> for IsDiscriminator {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self, E> {
        Ok(Self(key == Event::DISCRIMINATOR))
    }
}

/// A string, or none for any other value.
struct TypeName(Option<Box<str>>);

impl<'de> Deserialize<'de> for TypeName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self(None))
    }
}

impl<'de> Visitor<'de> for TypeName {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the type of an event")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self, E> {
        Ok(Self(Some(name.into())))
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self)
    }
}

//! From JSON to an event.

use std::borrow::Cow;

use serde_json::Value;

use super::error::{Error, JsonFault, Kind};
use crate::generated::{Event, EventHead};

// Inlined into the application, with all types of events: without webhooks nothing is compiled.
#[inline]
pub(super) fn read(json: Cow<'_, [u8]>) -> Result<Event, Error> {
    let json = std::str::from_utf8(&json).map_err(JsonFault::Utf8)?;
    let event_type = event_type(json)?;
    let mut missing = Vec::new();
    match Event::decode(&event_type, json, &mut missing) {
        Ok(event) => {
            if !missing.is_empty() {
                tracing::debug!(
                    event_type = &*event_type,
                    ?missing,
                    "the event lacks documented fields, which read as their zero values"
                );
            }
            Ok(event)
        }
        Err(mismatch) => Err(Kind::Misfit {
            event_type,
            path: mismatch.path,
            raw: json.into(),
            source: mismatch.error,
        }
        .into()),
    }
}

/// Reads all of the JSON, so that later errors are never about its syntax.
#[inline]
fn event_type(json: &str) -> Result<Box<str>, Error> {
    let with_raw = |fault: fn(Box<str>) -> JsonFault| Error::from(fault(json.into()));
    let text = json.trim_ascii_start();
    if text.is_empty() {
        return Err(JsonFault::Empty.into());
    }
    if !text.starts_with('{') {
        serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(JsonFault::Syntax)?;
        return Err(with_raw(JsonFault::NotAnObject));
    }
    match serde_json::from_str(text) {
        Ok(EventHead {
            event_type: Some(Value::String(name)),
        }) => Ok(name.into()),
        Ok(EventHead {
            event_type: Some(_),
        }) => Err(with_raw(JsonFault::TypeIsNoString)),
        Ok(EventHead { event_type: None }) => Err(with_raw(JsonFault::NoType)),
        Err(error) => Err(JsonFault::Syntax(error).into()),
    }
}

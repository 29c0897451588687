//! Events as webhooks carry them: by the spec's event types, with timestamps as RFC 3339.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::events::Event;
use crate::generate_body::{SampleMode, sample};
use crate::schema::{self, Direction};
use crate::spec::Api;
use crate::time;

/// Deeper than any event.
const MAX_DEPTH: usize = 32;

/// The event types of a spec.
#[derive(Clone)]
pub(crate) struct Events {
    api: Arc<Api>,
}

impl Events {
    pub(super) fn new(api: &Arc<Api>) -> Self {
        Self {
            api: Arc::clone(api),
        }
    }

    /// The names of all events.
    pub(crate) fn names(&self) -> Vec<&str> {
        let events = self.api.document().pointer("/x-webhook-events/events");
        let events = events.and_then(Value::as_object).into_iter().flatten();
        events.map(|(name, _)| name.as_str()).collect()
    }

    /// An event made by hand: what is known about the call and the user, and plain samples for the
    /// rest.
    ///
    /// # Errors
    ///
    /// When the spec has no such event.
    pub(crate) fn example(
        &self,
        kind: &str,
        now: i64,
        known: &Map<String, Value>,
    ) -> Result<Event, String> {
        let schema = self.schema(kind).ok_or_else(|| {
            let names = self.names().join(", ");
            format!("no event is called `{kind}`; there are {names}")
        })?;
        let document = self.api.document();
        let body = sample(document, schema, SampleMode::Minimal, Direction::Response);
        let mut payload = match body {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        for (name, value) in &mut payload {
            make_sensible(name, value);
        }
        let properties = schema::resolve(document, schema).ok();
        let properties = properties.and_then(|schema| schema.get("properties")?.as_object());
        for (name, value) in known {
            if !properties.is_some_and(|properties| properties.contains_key(name)) {
                continue;
            }
            match (payload.get_mut(name), value) {
                // What is not known about a user or call is what the sample says.
                (Some(Value::Object(sample)), Value::Object(known)) => sample.extend(known.clone()),
                _ => {
                    payload.insert(name.clone(), value.clone());
                }
            }
        }
        payload.insert("type".into(), kind.into());
        payload.insert("created_at".into(), now.into());
        let cid = known.get("call_cid").and_then(Value::as_str);
        Ok(Event {
            kind: kind.to_owned(),
            cid: cid.map(str::to_owned),
            created_at: now,
            payload,
        })
    }

    /// The JSON text of an event.
    pub(super) fn body(&self, event: &Event) -> String {
        let mut body = json!(event.payload);
        if let Some(schema) = self.schema(&event.kind) {
            write_timestamps(self.api.document(), schema, &mut body, 0);
        }
        body.to_string()
    }

    fn schema(&self, kind: &str) -> Option<&Value> {
        let events = self.api.document().pointer("/x-webhook-events/events")?;
        events.get(kind)
    }
}

/// Puts something that could be true in place of what a sample says.
fn make_sensible(name: &str, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                make_sensible(name, field);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| make_sensible(name, item)),
        Value::String(text) if text.starts_with(&format!("{name}-")) => {
            *text = match name {
                "egress_id" | "session_id" | "user_session_id" => Uuid::new_v4().to_string(),
                "id" | "user_id" | "created_by_id" | "speaker_id" => "someone".to_owned(),
                "call_cid" | "cid" => "default:example".to_owned(),
                "filename" => "example.mp4".to_owned(),
                "language" => "en".to_owned(),
                "role" => "user".to_owned(),
                _ if name.ends_with("url") => "https://example.com/".to_owned(),
                _ => name.replace('_', " "),
            };
        }
        _ => {}
    }
}

/// Turns the nanoseconds of responses into text, wherever the schema has a timestamp.
fn write_timestamps(document: &Value, schema: &Value, value: &mut Value, depth: usize) {
    let Ok(schema) = schema::resolve(document, schema) else {
        return;
    };
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Number(number) if schema.get("format") == Some(&"date-time".into()) => {
            if let Some(nanoseconds) = number.as_i64() {
                *value = time::format_utc(nanoseconds).into();
            }
        }
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            for item in items {
                write_timestamps(document, schema, item, depth + 1);
            }
        }
        Value::Object(fields) => {
            let rest = schema.get("additionalProperties");
            for (name, field) in fields {
                let property = schema.get("properties").and_then(|known| known.get(name));
                if let Some(schema) = property.or(rest) {
                    write_timestamps(document, schema, field, depth + 1);
                }
            }
        }
        _ => {}
    }
}

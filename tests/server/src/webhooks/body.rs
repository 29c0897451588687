//! Events as webhooks carry them: by the spec's event types, with timestamps in the form asked for.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::example::Example;
use crate::events::Event;
use crate::schema;
use crate::spec::Api;
use crate::time;

/// Deeper than any event.
const MAX_DEPTH: usize = 32;

/// The form of timestamps in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WebhookTimestamps {
    /// Integers of nanoseconds since the Unix epoch, as in responses.
    #[default]
    Integer,
    /// Text in UTC, as some hosts send it.
    Rfc3339,
}

/// The event types of a spec.
#[derive(Clone)]
pub(crate) struct Events {
    api: Arc<Api>,
    timestamps: WebhookTimestamps,
}

impl Events {
    pub(super) fn new(api: &Arc<Api>, timestamps: WebhookTimestamps) -> Self {
        Self {
            api: Arc::clone(api),
            timestamps,
        }
    }

    /// The names of all events.
    pub(crate) fn names(&self) -> Vec<&str> {
        let events = self.api.document().pointer("/x-webhook-events/events");
        let events = events.and_then(Value::as_object).into_iter().flatten();
        events.map(|(name, _)| name.as_str()).collect()
    }

    /// Builds an event by hand from the call and user that are known, with plausible values for the
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
        let example = Example::new(self.api.document(), kind, now, known);
        let mut payload = example.payload(schema);
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
        if self.timestamps == WebhookTimestamps::Rfc3339
            && let Some(schema) = self.schema(&event.kind)
        {
            write_timestamps(self.api.document(), schema, &mut body, 0);
        }
        body.to_string()
    }

    fn schema(&self, kind: &str) -> Option<&Value> {
        let events = self.api.document().pointer("/x-webhook-events/events")?;
        events.get(kind)
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

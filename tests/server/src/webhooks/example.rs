//! The body of an event made by hand: the call and user that are known, and plausible values for
//! every other field.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::generate_body::{SampleMode, sample};
use crate::schema::{self, Direction};
use crate::time::SECOND;

/// Tells timestamps from counts: every timestamp of a sample is larger, every count smaller.
const EARLIEST: i64 = 1_000_000_000_000_000_000;
/// The duration of what an event ends, in seconds.
const LASTED: i64 = 60;

pub(super) struct Example<'a> {
    document: &'a Value,
    kind: &'a str,
    now: i64,
    known: &'a Map<String, Value>,
    session_id: Value,
}

impl<'a> Example<'a> {
    pub(super) fn new(
        document: &'a Value,
        kind: &'a str,
        now: i64,
        known: &'a Map<String, Value>,
    ) -> Self {
        let session = known.get("session_id").cloned();
        Self {
            document,
            kind,
            now,
            known,
            session_id: session.unwrap_or_else(|| Uuid::new_v4().to_string().into()),
        }
    }

    /// Builds the fields of the event by its schema.
    pub(super) fn payload(&self, schema: &Value) -> Map<String, Value> {
        let minimal = |schema| {
            sample(
                self.document,
                schema,
                SampleMode::Minimal,
                Direction::Response,
            )
        };
        let mut payload = match minimal(schema) {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let properties = self.properties(schema);
        for (name, value) in &mut payload {
            self.fill(name, properties.and_then(|known| known.get(name)), value);
        }
        for (name, value) in self.known {
            let is_documented = properties.is_some_and(|known| known.contains_key(name));
            // `fill` has put in the members, because some events carry only their ids.
            if !is_documented || name == "members" {
                continue;
            }
            match (payload.get_mut(name), value) {
                (Some(Value::Object(sample)), Value::Object(known)) => sample.extend(known.clone()),
                _ => {
                    payload.insert(name.clone(), value.clone());
                }
            }
        }
        payload
    }

    fn properties<'s>(&'s self, schema: &'s Value) -> Option<&'s Map<String, Value>> {
        schema::resolve(self.document, schema)
            .ok()?
            .get("properties")?
            .as_object()
    }

    fn user_id(&self) -> &str {
        let user = self.known.get("user");
        user.and_then(|user| user.get("id")?.as_str())
            .unwrap_or("someone")
    }

    /// Replaces sample values by plausible ones.
    fn fill(&self, name: &str, schema: Option<&Value>, value: &mut Value) {
        match value {
            Value::Object(fields) => match name {
                "users" => {
                    let user = self.known.get("user").cloned();
                    fields.extend(user.map(|user| (self.user_id().to_owned(), user)));
                }
                "participants_count_by_role" => *value = json!({ "user": 1 }),
                "capabilities_by_role" => {
                    *value =
                        json!({ "user": ["join-call", "read-call", "send-audio", "send-video"] });
                }
                _ => {
                    let properties = schema.and_then(|schema| self.properties(schema));
                    for (name, field) in fields.iter_mut() {
                        self.fill(name, properties.and_then(|known| known.get(name)), field);
                    }
                    if let (true, Some(Value::Object(user))) = (
                        name == "user" || name.ends_with("_user"),
                        self.known.get("user"),
                    ) {
                        fields.extend(user.clone());
                    }
                }
            },
            Value::Array(items) => {
                if let Some(item) = schema.and_then(|schema| self.item(name, schema)) {
                    *items = item;
                }
            }
            Value::Number(number) => {
                if let Some(number) = number.as_i64() {
                    *value = self.number(name, number).into();
                }
            }
            Value::String(text) if text.starts_with(&format!("{name}-")) => {
                *value = self.text(name);
            }
            _ => {}
        }
    }

    /// Items of a list: the members that are known, or one sample of the schema.
    fn item(&self, name: &str, schema: &Value) -> Option<Vec<Value>> {
        let items = schema::resolve(self.document, schema).ok()?.get("items")?;
        let items = schema::resolve(self.document, items).ok()?;
        let is_text = items.get("type").and_then(Value::as_str) == Some("string");
        let members = self.known.get("members").and_then(Value::as_array);
        Some(match (name, members) {
            ("members", Some(members)) if !is_text && !members.is_empty() => members.clone(),
            ("members" | "muted_user_ids", _) if is_text => vec![self.user_id().into()],
            ("permissions" | "own_capabilities", _) => vec!["send-audio".into()],
            ("members", _) => {
                let mut member = sample(
                    self.document,
                    items,
                    SampleMode::Minimal,
                    Direction::Response,
                );
                self.fill("member", Some(items), &mut member);
                vec![member]
            }
            _ => return None,
        })
    }

    fn number(&self, name: &str, sample: i64) -> i64 {
        match name {
            "start_time" | "started_at" | "joined_at" => self.now.saturating_sub(LASTED * SECOND),
            _ if sample >= EARLIEST => self.now,
            "duration_seconds" => LASTED,
            "duration_ms" => 120,
            "rating" => 5,
            "anonymous_participant_count" => 0,
            // Counts fit a call with one participant.
            _ => 1,
        }
    }

    fn text(&self, name: &str) -> Value {
        let file = match self.kind {
            "call.transcription_ready" => "example.jsonl",
            "call.frame_recording_ready" => "example.png",
            "call.hls_broadcasting_started" => "playlist.m3u8",
            _ => "example.mp4",
        };
        match name {
            "session_id" => return self.session_id.clone(),
            "call_cid" | "cid" => {
                let known = self.known.get("call_cid").cloned();
                return known.unwrap_or_else(|| "default:example".into());
            }
            "user_id" | "speaker_id" | "from_user_id" | "created_by_id" => {
                self.user_id().to_owned()
            }
            "id" | "egress_id" | "user_session_id" | "ingress_stream_id" => {
                Uuid::new_v4().to_string()
            }
            "filename" => file.to_owned(),
            _ if name.ends_with("url") => format!("https://example.com/{file}"),
            _ => match name {
                "digit" => "5",
                "error" => "the stream broke off",
                "language" => "en",
                "message" => "Please keep to the rules of the call",
                "name" => "tv",
                "publisher_type" => "rtmp",
                "reason" => "",
                "recording_type" => "composite",
                "role" => "user",
                "text" => "Hello",
                "track_type" => "video",
                "type" => "like",
                other => return other.replace('_', " ").into(),
            }
            .to_owned(),
        }
        .into()
    }
}

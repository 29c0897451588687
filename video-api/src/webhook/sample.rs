//! Events to test receivers with.

use serde_json::{Map, Value, json};

use crate::{Event, Timestamp};

/// Builds the body of an event as the API would post it, to test a receiver without the API.
///
/// It has what most events have (type, time, call and user); every other field can be set, and what
/// is not set reads as its zero value.
///
/// ```
/// use serde_json::json;
/// use video_api::Event;
/// use video_api::webhook::{SampleEvent, Signer, Verifier};
///
/// let body = SampleEvent::new("call.recording_ready")
///     .call("default", "standup")
///     .field("call_recording", json!({"filename": "rec.mp4", "url": "https://example.com/rec.mp4"}))
///     .body();
/// let signature = Signer::new("the API secret").sign(body.as_bytes());
///
/// // Instead of this, post body and signature to the receiver.
/// match Verifier::new("the API secret").event(body.as_bytes(), &signature)? {
///     Event::CallRecordingReady(event) => assert_eq!(event.call_recording.filename, "rec.mp4"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), video_api::webhook::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SampleEvent {
    fields: Map<String, Value>,
}

impl SampleEvent {
    /// An event of this type, one of [`Event::KNOWN_TYPES`] or any other; it is about the call
    /// `default:standup` and caused by the user `ana`, now.
    pub fn new(event_type: impl Into<String>) -> Self {
        let event = Self { fields: Map::new() };
        event
            .field(Event::DISCRIMINATOR, event_type.into())
            .field("created_at", Timestamp::now().to_string())
            .call("default", "standup")
            .user("ana")
    }

    /// The call that it is about.
    pub fn call(self, call_type: &str, id: &str) -> Self {
        let cid = format!("{call_type}:{id}");
        let call = json!({"type": call_type, "id": id, "cid": cid});
        self.field("call_cid", cid).field("call", call)
    }

    /// The user who caused it.
    pub fn user(self, id: &str) -> Self {
        self.field("user", json!({"id": id, "name": id}))
    }

    /// Sets any field.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// The JSON to post.
    pub fn body(&self) -> String {
        Value::from(self.fields.clone()).to_string()
    }
}

//! Every event type, from payloads made from the spec.

use std::collections::HashSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use video_api::webhook::{self, Error};
use video_api::{Event, types};
use video_api_server::{Direction, SampleMode, embedded_spec, sample};

/// Checks of the payload type of an event.
trait Visit {
    fn payload<T: Serialize + DeserializeOwned>(&mut self, payload: Option<&T>);
}

macro_rules! known {
    ($($variant:ident($payload:ident))*) => {
        fn visit(event: &Event, visit: &mut impl Visit) {
            match event {
                $(Event::$variant(payload) => visit.payload::<types::$payload>(Some(payload)),)*
                other => panic!("add `{}` to the list of this test", other.event_type()),
            }
        }
    };
}

known! {
    CallAccepted(CallAcceptedEvent)
    CallBlockedUser(BlockedUserEvent)
    CallClosedCaption(ClosedCaptionEvent)
    CallClosedCaptionsFailed(CallClosedCaptionsFailedEvent)
    CallClosedCaptionsStarted(CallClosedCaptionsStartedEvent)
    CallClosedCaptionsStopped(CallClosedCaptionsStoppedEvent)
    CallCreated(CallCreatedEvent)
    CallDeleted(CallDeletedEvent)
    CallDtmf(CallDtmfEvent)
    CallEnded(CallEndedEvent)
    CallFrameRecordingFailed(CallFrameRecordingFailedEvent)
    CallFrameRecordingReady(CallFrameRecordingFrameReadyEvent)
    CallFrameRecordingStarted(CallFrameRecordingStartedEvent)
    CallFrameRecordingStopped(CallFrameRecordingStoppedEvent)
    CallHlsBroadcastingFailed(CallHlsBroadcastingFailedEvent)
    CallHlsBroadcastingStarted(CallHlsBroadcastingStartedEvent)
    CallHlsBroadcastingStopped(CallHlsBroadcastingStoppedEvent)
    CallKickedUser(KickedUserEvent)
    CallLiveStarted(CallLiveStartedEvent)
    CallMemberAdded(CallMemberAddedEvent)
    CallMemberRemoved(CallMemberRemovedEvent)
    CallMemberUpdated(CallMemberUpdatedEvent)
    CallMemberUpdatedPermission(CallMemberUpdatedPermissionEvent)
    CallMissed(CallMissedEvent)
    CallModerationBlur(CallModerationBlurEvent)
    CallModerationWarning(CallModerationWarningEvent)
    CallNotification(CallNotificationEvent)
    CallPermissionRequest(PermissionRequestEvent)
    CallPermissionsUpdated(UpdatedCallPermissionsEvent)
    CallReactionNew(CallReactionEvent)
    CallRecordingFailed(CallRecordingFailedEvent)
    CallRecordingReady(CallRecordingReadyEvent)
    CallRecordingStarted(CallRecordingStartedEvent)
    CallRecordingStopped(CallRecordingStoppedEvent)
    CallRejected(CallRejectedEvent)
    CallRing(CallRingEvent)
    CallRtmpBroadcastFailed(CallRtmpBroadcastFailedEvent)
    CallRtmpBroadcastStarted(CallRtmpBroadcastStartedEvent)
    CallRtmpBroadcastStopped(CallRtmpBroadcastStoppedEvent)
    CallSessionEnded(CallSessionEndedEvent)
    CallSessionParticipantCountUpdated(CallSessionParticipantCountsUpdatedEvent)
    CallSessionParticipantJoined(CallSessionParticipantJoinedEvent)
    CallSessionParticipantLeft(CallSessionParticipantLeftEvent)
    CallSessionStarted(CallSessionStartedEvent)
    CallStatsReportReady(CallStatsReportReadyEvent)
    CallTranscriptionFailed(CallTranscriptionFailedEvent)
    CallTranscriptionReady(CallTranscriptionReadyEvent)
    CallTranscriptionStarted(CallTranscriptionStartedEvent)
    CallTranscriptionStopped(CallTranscriptionStoppedEvent)
    CallUnblockedUser(UnblockedUserEvent)
    CallUpdated(CallUpdatedEvent)
    CallUserFeedbackSubmitted(CallUserFeedbackSubmittedEvent)
    CallUserMuted(CallUserMutedEvent)
    Custom(CustomVideoEvent)
    IngressError(IngressErrorEvent)
    IngressStarted(IngressStartedEvent)
    IngressStopped(IngressStoppedEvent)
}

fn samples(mode: SampleMode) -> Vec<(String, Value)> {
    let spec = embedded_spec();
    let events = spec["x-webhook-events"]["events"].as_object().unwrap();
    let made = events.iter().map(|(event_type, schema)| {
        let mut payload = sample(&spec, schema, mode, Direction::Response);
        payload["type"] = event_type.as_str().into();
        (event_type.clone(), payload)
    });
    made.collect()
}

fn read(payload: &Value) -> Result<Event, Error> {
    webhook::parse(payload.to_string())
}

/// Writes the payload of an event as JSON again.
#[derive(Default)]
struct Encode(Value);

impl Visit for Encode {
    fn payload<T: Serialize + DeserializeOwned>(&mut self, payload: Option<&T>) {
        self.0 = serde_json::to_value(payload).unwrap();
    }
}

fn encode(event: &Event) -> Value {
    let mut encode = Encode::default();
    visit(event, &mut encode);
    encode.0
}

#[test]
fn the_samples_are_of_all_event_types() {
    let types: Vec<String> = samples(SampleMode::Minimal)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(types, Event::KNOWN_TYPES);
    assert_eq!(types.len(), 57);
}

#[test]
fn each_event_type_survives_decoding_and_encoding() {
    for mode in [SampleMode::Minimal, SampleMode::Maximal] {
        for (event_type, payload) in samples(mode) {
            let event = read(&payload).unwrap_or_else(|error| panic!("{error}\n{payload:#}"));
            assert_eq!(event.event_type(), event_type);
            let again = encode(&event);
            assert_eq!(read(&again).unwrap(), event, "{event_type}");
            // Nothing of it got lost, and only times are written differently.
            assert_contains(&again, &payload, &event_type);
        }
    }
}

/// `written` has all that `given` has; nanoseconds may have become text.
fn assert_contains(written: &Value, given: &Value, path: &str) {
    match (written, given) {
        (Value::Object(written), Value::Object(given)) => {
            for (key, value) in given {
                let Some(written) = written.get(key) else {
                    panic!("{path}.{key} is lost");
                };
                assert_contains(written, value, &format!("{path}.{key}"));
            }
        }
        (Value::Array(written), Value::Array(given)) => {
            assert_eq!(written.len(), given.len(), "{path}");
            for (at, (written, given)) in written.iter().zip(given).enumerate() {
                assert_contains(written, given, &format!("{path}[{at}]"));
            }
        }
        (Value::String(text), Value::Number(nanoseconds)) => {
            let time: video_api::Timestamp = text
                .parse()
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(Some(time.as_nanos()), nanoseconds.as_i128(), "{path}");
        }
        (Value::Number(written), Value::Number(given)) => {
            assert_eq!(written.as_f64(), given.as_f64(), "{path}");
        }
        _ => assert_eq!(written, given, "{path}"),
    }
}

#[test]
fn times_are_read_as_nanoseconds_and_as_text() {
    for (event_type, mut payload) in samples(SampleMode::Minimal) {
        let mut both = Vec::new();
        for time in [
            json!(1_718_896_965_123_456_789_i64),
            json!("2024-06-20T15:22:45.123456789Z"),
        ] {
            payload["created_at"] = time;
            both.push(read(&payload).unwrap());
        }
        assert_eq!(both[0], both[1], "{event_type}");
        assert_eq!(
            encode(&both[0])["created_at"],
            "2024-06-20T15:22:45.123456789Z",
            "{event_type}"
        );
    }
}

#[test]
fn what_the_server_adds_or_leaves_null_does_not_matter() {
    for (event_type, payload) in samples(SampleMode::Maximal) {
        let mut changed = payload.clone();
        for value in changed.as_object_mut().unwrap().values_mut() {
            if value != &json!(event_type) {
                *value = Value::Null;
            }
        }
        changed["brand_new"] = json!({"a": [1, {"b": null}]});
        let event = read(&changed).unwrap_or_else(|error| panic!("{error}\n{changed:#}"));
        assert_eq!(event.event_type(), event_type);
    }
}

/// The path where `serde_path_to_error` says that `json` does not fit.
struct ExactPath<'a> {
    json: &'a str,
    path: Option<String>,
}

impl Visit for ExactPath<'_> {
    fn payload<T: Serialize + DeserializeOwned>(&mut self, _: Option<&T>) {
        let mut json = serde_json::Deserializer::from_str(self.json);
        let result = serde_path_to_error::deserialize::<_, T>(&mut json);
        self.path = result.err().map(|error| error.path().to_string());
    }
}

/// Every place in the value, outermost first.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{at}/{key}"), all);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

#[test]
fn a_wrong_value_anywhere_is_named_by_its_path() {
    let mut misfits = 0;
    // The same types come back in many events: a place is tried in the first that has it.
    let mut tried = HashSet::from([String::new(), "/type".to_owned()]);
    for (event_type, payload) in samples(SampleMode::Maximal) {
        let event = read(&payload).unwrap();
        let mut places = Vec::new();
        pointers(&payload, "", &mut places);
        places.retain(|place| tried.insert(place.clone()));
        for (number, place) in places.iter().enumerate() {
            let wrong = [
                json!(true),
                json!({"x": [1]}),
                json!(["x"]),
                json!(-1.5),
                json!("no"),
            ][number % 5]
                .clone();
            let mut changed = payload.clone();
            *changed.pointer_mut(place).unwrap() = wrong;
            let json = if number % 2 == 0 {
                changed.to_string()
            } else {
                format!("{changed:#}")
            };
            let mut exact = ExactPath {
                json: &json,
                path: None,
            };
            visit(&event, &mut exact);
            match webhook::parse(&json) {
                Ok(_) => assert_eq!(exact.path, None, "{json}"),
                Err(error) => {
                    assert!(error.is_misfit() && error.raw() == Some(json.as_str()));
                    assert_eq!(
                        error.path(),
                        exact.path.as_deref(),
                        "{event_type} {place}: {error}\n{json}"
                    );
                    misfits += 1;
                }
            }
        }
    }
    assert!(misfits > 900, "{misfits}");
}

#[test]
fn a_type_alone_is_an_event() {
    for (event_type, payload) in samples(SampleMode::Minimal) {
        for sparse in [
            json!({"type": event_type}),
            json!({"type": event_type, "created_at": "2025-10-09T08:53:20Z"}),
            json!({"created_at": payload["created_at"], "type": event_type}),
        ] {
            let event = read(&sparse).unwrap_or_else(|error| panic!("{error}\n{sparse}"));
            assert_eq!(event.event_type(), event_type);
        }
    }
    let sparse = r#"{"type":"call.session_started","created_at":1760000000000000000}"#;
    let Event::CallSessionStarted(event) = webhook::parse(sparse).unwrap() else {
        panic!("another event");
    };
    assert_eq!(event.created_at.as_seconds(), 1_760_000_000);
    assert_eq!((event.call_cid.as_str(), event.call.cid.as_str()), ("", ""));
}

#[test]
fn any_missing_field_reads_as_its_zero_value() {
    for (event_type, payload) in samples(SampleMode::Minimal) {
        for field in payload.as_object().unwrap().keys() {
            let mut changed = payload.clone();
            changed.as_object_mut().unwrap().remove(field);
            let event = read(&changed);
            assert_eq!(event.is_err(), field == "type", "{event_type} {field}");
        }
    }
}

#[test]
fn a_sample_of_every_event_reads_as_that_event() {
    for known in Event::KNOWN_TYPES {
        let sample = webhook::SampleEvent::new(*known)
            .call("livestream", "launch")
            .body();
        let event = webhook::parse(&sample).unwrap_or_else(|error| panic!("{known}: {error}"));
        assert_eq!(event.event_type(), *known);
        assert!(!matches!(event, Event::Unknown(_)), "{known}");
    }
    let Event::CallEnded(event) =
        webhook::parse(webhook::SampleEvent::new("call.ended").user("bo").body()).unwrap()
    else {
        panic!("another event");
    };
    assert_eq!(event.call.cid, "default:standup");
    assert_eq!(event.user.as_ref().map(|user| user.id.as_str()), Some("bo"));
}

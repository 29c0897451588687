//! The events that state changes mean.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Model;
use crate::auth::Caller;
use crate::events::Event;
use crate::input::{Fields, Input};
use crate::operations::{Settings, simulate};
use crate::schema::{Checker, Direction};
use crate::spec::{Api, embedded_spec};
use crate::state::State;

const SECOND: i64 = 1_000_000_000;

/// Events that only media or push delivery bring about, which are not here.
const NOT_MODELLED: [&str; 2] = ["call.moderation_blur", "call.moderation_warning"];

struct Story {
    model: Model,
    now: i64,
    events: Vec<Event>,
}

impl Story {
    fn new() -> Self {
        let settings = Settings {
            key: "key".into(),
            secret: "secret".into(),
            base_url: "http://127.0.0.1:1".into(),
            create_users: true,
        };
        Self {
            model: Model::new(settings, State::default(), None),
            now: 1_760_000_000 * SECOND,
            events: Vec::new(),
        }
    }

    /// Performs an operation on the call `default:c`; returns the kinds of the events.
    fn ask(&mut self, operation: &str, more: &[(&str, &str)], body: Value) -> Vec<String> {
        let mut input = Input::default();
        for (name, value) in [("type", "default"), ("id", "c")].iter().chain(more) {
            input.path.insert((*name).to_owned(), (*value).into());
        }
        input.body = fields(body);
        self.now += SECOND;
        let done = self
            .model
            .perform(operation, &input, &Caller::server(), || self.now);
        let done = done
            .unwrap()
            .unwrap_or_else(|error| panic!("{operation}: {error:?}"));
        self.note(done.events)
    }

    fn act(&mut self, action: &str, body: Value) -> Vec<String> {
        self.now += SECOND;
        let action = simulate::read_action(action, &fields(body)).unwrap();
        let done = self.model.change(
            &Caller::server(),
            || self.now,
            |context| simulate::perform(context, "default:c", action),
        );
        self.note(done.unwrap().events)
    }

    fn pass(&mut self, seconds: i64) -> Vec<String> {
        self.now += seconds * SECOND;
        let events = self.model.catch_up(|| self.now).unwrap();
        self.note(events)
    }

    fn note(&mut self, events: Vec<Event>) -> Vec<String> {
        let kinds = events.iter().map(|event| event.kind.clone()).collect();
        self.events.extend(events);
        kinds
    }
}

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

/// A call with everything that can happen in it.
fn story() -> Story {
    let mut story = Story::new();
    let none = || json!({});
    let data = json!({ "data": { "created_by_id": "ana", "members": [{ "user_id": "ben" }] } });
    assert_eq!(story.ask("GetOrCreateCall", &[], data), ["call.created"]);
    let notify = json!({ "notify": true });
    assert_eq!(
        story.ask("GetOrCreateCall", &[], notify),
        ["call.notification"]
    );
    assert_eq!(
        story.ask("UpdateCall", &[], json!({ "custom": {} })),
        ["call.updated"]
    );
    let members =
        json!({ "update_members": [{ "user_id": "cyn" }, { "user_id": "ben", "role": "host" }] });
    assert_eq!(
        story.ask("UpdateCallMembers", &[], members),
        [
            "call.member_added",
            "call.member_updated",
            "call.member_updated_permission"
        ]
    );
    let removed = json!({ "remove_members": ["ben", "stranger"] });
    assert_eq!(
        story.ask("UpdateCallMembers", &[], removed),
        ["call.member_removed"]
    );

    assert_eq!(story.ask("RingCall", &[], none()), ["call.ring"]);
    assert_eq!(
        story.act("reject", json!({ "user_id": "cyn" })),
        ["call.rejected"]
    );
    story.ask("RingCall", &[], none());
    assert_eq!(
        story.act("accept", json!({ "user_id": "cyn" })),
        ["call.accepted"]
    );
    story.ask("RingCall", &[], none());
    assert_eq!(story.pass(16), ["call.missed"]);

    let join = json!({ "user_id": "ana", "tracks": ["audio"] });
    assert_eq!(
        story.act("join", join),
        [
            "call.session_started",
            "call.session_participant_joined",
            "call.session_participant_count_updated"
        ]
    );
    assert_eq!(story.ask("GoLive", &[], none()), ["call.live_started"]);
    story.ask("StopLive", &[], none());

    let composite = [("recording_type", "composite")];
    assert_eq!(
        story.ask("StartRecording", &composite, none()),
        ["call.recording_started"]
    );
    assert_eq!(
        story.ask("StopRecording", &composite, none()),
        ["call.recording_stopped", "call.recording_ready"]
    );
    assert_eq!(
        story.ask("StartFrameRecording", &[], none()),
        ["call.frame_recording_started"]
    );
    assert_eq!(
        story.ask("StopFrameRecording", &[], none()),
        ["call.frame_recording_ready", "call.frame_recording_stopped"]
    );
    assert_eq!(
        story.ask("StartTranscription", &[], none()),
        ["call.transcription_started"]
    );
    assert_eq!(
        story.ask("StartClosedCaptions", &[], none()),
        ["call.closed_captions_started"]
    );
    assert_eq!(
        story.act("speak", json!({ "user_id": "ana", "text": "Hi" })),
        ["call.closed_caption"]
    );
    assert_eq!(
        story.ask("StopTranscription", &[], none()),
        ["call.transcription_stopped", "call.transcription_ready"]
    );
    assert_eq!(
        story.ask("StopClosedCaptions", &[], none()),
        ["call.closed_captions_stopped"]
    );
    assert_eq!(
        story.ask("StartHLSBroadcasting", &[], none()),
        ["call.hls_broadcasting_started"]
    );
    assert_eq!(
        story.ask("StopHLSBroadcasting", &[], none()),
        ["call.hls_broadcasting_stopped"]
    );
    let tv = json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://x" }] });
    assert_eq!(
        story.ask("StartRTMPBroadcasts", &[], tv),
        ["call.rtmp_broadcast_started"]
    );
    assert_eq!(
        story.ask("StopRTMPBroadcast", &[("name", "tv")], none()),
        ["call.rtmp_broadcast_stopped"]
    );

    fail_everything(&mut story);

    let to = |user: &str| json!({ "user_id": user });
    assert_eq!(
        story.ask("MuteUsers", &[], json!({ "user_ids": ["ana"] })),
        ["call.user_muted"]
    );
    let grant = json!({ "user_id": "cyn", "grant_permissions": ["send-audio"] });
    assert_eq!(
        story.ask("UpdateUserPermissions", &[], grant),
        ["call.permissions_updated"]
    );
    let permissions = json!({ "user_id": "cyn", "permissions": ["send-video"] });
    assert_eq!(
        story.act("request_permissions", permissions),
        ["call.permission_request"]
    );
    let reaction = json!({ "user_id": "cyn", "kind": "like" });
    assert_eq!(story.act("react", reaction), ["call.reaction_new"]);
    assert_eq!(story.ask("SendCallEvent", &[], to("ana")), ["custom"]);
    assert_eq!(
        story.ask("BlockUser", &[], to("eve")),
        ["call.blocked_user"]
    );
    assert_eq!(story.ask("BlockUser", &[], to("eve")), [""; 0]);
    assert_eq!(
        story.ask("UnblockUser", &[], to("eve")),
        ["call.unblocked_user"]
    );
    story.ask("GoLive", &[], none());
    story.act("join", to("ben"));
    assert_eq!(
        story.ask("KickUser", &[], to("ben")),
        [
            "call.kicked_user",
            "call.session_participant_left",
            "call.session_participant_count_updated"
        ]
    );
    let rating = json!({ "rating": 4, "sdk": "x", "sdk_version": "1" });
    assert_eq!(
        story.ask("CollectUserFeedback", &[], rating),
        ["call.user_feedback_submitted"]
    );
    story.act("leave", to("ana"));
    assert_eq!(
        story.pass(31),
        ["call.session_ended", "call.stats_report_ready"]
    );
    assert_eq!(story.ask("EndCall", &[], none()), ["call.ended"]);
    assert_eq!(story.ask("EndCall", &[], none()), [""; 0]);
    assert_eq!(story.ask("DeleteCall", &[], none()), ["call.deleted"]);
    story
}

/// Starts whatever can break off, and breaks it off; then somebody publishes by RTMP until that fails.
fn fail_everything(story: &mut Story) {
    let composite = [("recording_type", "composite")];
    let tv = json!({ "broadcasts": [{ "name": "tv", "stream_url": "rtmp://x" }] });
    for (operation, path, body, what, event) in [
        (
            "StartRecording",
            &composite[..],
            json!({}),
            "composite_recording",
            "call.recording_failed",
        ),
        (
            "StartFrameRecording",
            &[],
            json!({}),
            "frame_recording",
            "call.frame_recording_failed",
        ),
        (
            "StartTranscription",
            &[],
            json!({}),
            "transcription",
            "call.transcription_failed",
        ),
        (
            "StartClosedCaptions",
            &[],
            json!({}),
            "closed_captions",
            "call.closed_captions_failed",
        ),
        (
            "StartHLSBroadcasting",
            &[],
            json!({}),
            "hls",
            "call.hls_broadcasting_failed",
        ),
        (
            "StartRTMPBroadcasts",
            &[],
            tv,
            "rtmp",
            "call.rtmp_broadcast_failed",
        ),
    ] {
        story.ask(operation, path, body);
        assert_eq!(story.act("fail", json!({ "what": what })), [event]);
    }
    let key = json!({ "user_id": "ana", "digit": "5" });
    assert_eq!(story.act("dtmf", key), ["call.dtmf"]);
    story.ask("GoLive", &[], json!({}));
    let by_rtmp = json!({ "user_id": "cyn", "client": { "publisher_type": "rtmp" } });
    let joined = story.act("join", by_rtmp);
    assert_eq!(joined.last().map(String::as_str), Some("ingress.started"));
    let broken = story.act("fail", json!({ "what": "ingress", "user_id": "cyn" }));
    assert_eq!(
        broken,
        [
            "ingress.error",
            "call.session_participant_left",
            "ingress.stopped",
            "call.session_participant_count_updated"
        ]
    );
    story.ask("StopLive", &[], json!({}));
}

#[test]
fn events_say_what_the_spec_documents() {
    let api = Api::new(embedded_spec()).unwrap();
    for event in story().events {
        let pointer = format!("/x-webhook-events/events/{}", event.kind);
        let schema = api.document().pointer(&pointer).unwrap().clone();
        let checker = Checker::new(schema, Direction::Response);
        let problems = checker.check(api.document(), &json!(event.payload));
        assert!(problems.is_empty(), "{}: {problems:#?}", event.kind);
    }
}

#[test]
fn every_event_of_the_spec_is_emitted_or_known_not_to_be() {
    let spec = embedded_spec();
    let documented = spec.pointer("/x-webhook-events/events").unwrap();
    let emitted: BTreeSet<String> = story().events.into_iter().map(|one| one.kind).collect();
    let missing: Vec<&String> = documented
        .as_object()
        .unwrap()
        .keys()
        .filter(|kind| !emitted.contains(*kind) && !NOT_MODELLED.contains(&kind.as_str()))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn a_refused_change_emits_nothing_and_changes_nothing() {
    let story = story();
    let before = story.model.snapshot().records().len();
    let refused = story.model.change(
        &Caller::server(),
        || story.now,
        |context| {
            context.create_user("zed", None);
            context.emit("custom", "default:c", json!({}));
            Err::<(), _>(crate::error::ApiError::input("no"))
        },
    );
    assert!(refused.is_err());
    assert_eq!(story.model.snapshot().records().len(), before);
}

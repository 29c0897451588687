//! Participants of a session, and the tracks they send.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::time;

/// The tracks that a participant sends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tracks {
    pub(crate) audio: bool,
    pub(crate) video: bool,
    pub(crate) screenshare: bool,
    pub(crate) screenshare_audio: bool,
}

impl Tracks {
    pub(crate) fn any(self) -> bool {
        self.audio || self.video || self.screenshare || self.screenshare_audio
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut bool> {
        Some(match name {
            "audio" => &mut self.audio,
            "video" => &mut self.video,
            "screenshare" => &mut self.screenshare,
            "screenshare_audio" => &mut self.screenshare_audio,
            _ => return None,
        })
    }

    /// The names of those that are sent.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        [
            ("audio", self.audio),
            ("video", self.video),
            ("screenshare", self.screenshare),
            ("screenshare_audio", self.screenshare_audio),
        ]
        .into_iter()
        .filter_map(|(name, sent)| sent.then_some(name))
    }
}

/// Something that happened to a participant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TimelineEvent {
    pub(crate) at: i64,
    pub(crate) kind: String,
    pub(crate) severity: String,
    pub(crate) data: Map<String, Value>,
}

impl TimelineEvent {
    /// The kind of a user's reaction.
    pub(crate) const REACTION: &'static str = "reaction";

    pub(crate) fn new(at: i64, kind: &str, data: Map<String, Value>) -> Self {
        Self {
            at,
            kind: kind.to_owned(),
            severity: "info".to_owned(),
            data,
        }
    }
}

/// Measurements that a participant reported at one moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) at: i64,
    /// The kind of track that was measured; the connection if there is none.
    pub(crate) track: Option<String>,
    /// Measured on what the participant received, not on what it sent.
    pub(crate) is_received: bool,
    /// By the names in [`Self::UNITS`].
    pub(crate) values: BTreeMap<String, f64>,
}

impl Sample {
    /// Measurements, each with its unit.
    pub(crate) const UNITS: [(&'static str, &'static str); 9] = [
        ("bitrate", "bit/s"),
        ("concealment_pct", "%"),
        ("frame_encoding_time_ms", "ms"),
        ("framerate", "fps"),
        ("height", "px"),
        ("jitter_ms", "ms"),
        ("packets_lost_pct", "%"),
        ("rtt_ms", "ms"),
        ("width", "px"),
    ];
}

/// One user's presence from joining to leaving.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Participation {
    pub(crate) user_session_id: String,
    pub(crate) user_id: String,
    pub(crate) role: String,
    pub(crate) joined_at: i64,
    pub(crate) left_at: Option<i64>,
    /// Sent now.
    pub(crate) tracks: Tracks,
    /// Sent at any time.
    pub(crate) ever_published: Tracks,
    /// Since when each track is sent.
    pub(crate) published_since: BTreeMap<String, i64>,
    /// For how long each track was sent before, in nanoseconds.
    pub(crate) published_for: BTreeMap<String, i64>,
    pub(crate) client: Map<String, Value>,
    pub(crate) timeline: Vec<TimelineEvent>,
    /// The oldest first.
    #[serde(default)]
    pub(crate) samples: Vec<Sample>,
}

impl Participation {
    /// Returns how the user sends media: `webrtc`, or what the client said when it joined.
    pub(crate) fn publisher_type(&self) -> &str {
        let named = self.client.get("publisher_type").and_then(Value::as_str);
        named.unwrap_or("webrtc")
    }

    /// Returns whether the user publishes by RTMP, SRT, WHIP or the like.
    pub(crate) fn is_ingress(&self) -> bool {
        self.publisher_type() != "webrtc"
    }

    pub(crate) fn is_present(&self) -> bool {
        self.left_at.is_none()
    }

    /// Adds to what happened.
    pub(crate) fn note(&mut self, at: i64, kind: &str, data: Map<String, Value>) {
        self.timeline.push(TimelineEvent::new(at, kind, data));
    }

    /// Starts to send tracks; those that are sent already go on.
    pub(crate) fn publish(&mut self, tracks: Tracks, now: i64) {
        for name in tracks.names() {
            if let Some(sent) = self.tracks.get_mut(name).filter(|sent| !**sent) {
                *sent = true;
                self.published_since.insert(name.to_owned(), now);
                self.note(now, "track_published", track_type(name));
            }
            if let Some(ever) = self.ever_published.get_mut(name) {
                *ever = true;
            }
        }
    }

    /// Stops sending tracks.
    pub(crate) fn unpublish(&mut self, tracks: Tracks, now: i64) {
        for name in tracks.names() {
            if let Some(sent) = self.tracks.get_mut(name).filter(|sent| **sent) {
                *sent = false;
                let since = self.published_since.remove(name).unwrap_or(now);
                let before = self.published_for.entry(name.to_owned()).or_default();
                *before = before.saturating_add(time::elapsed(since, now));
                self.note(now, "track_unpublished", track_type(name));
            }
        }
    }

    /// Ends the presence.
    pub(crate) fn leave(&mut self, now: i64, reason: &str) {
        self.unpublish(self.tracks, now);
        self.left_at = Some(now);
        let mut data = Map::new();
        data.insert("reason".into(), reason.into());
        self.note(now, "participant_left", data);
    }

    /// For how long the user was there, in nanoseconds.
    pub(crate) fn duration(&self, now: i64) -> i64 {
        time::elapsed(self.joined_at, self.left_at.unwrap_or(now))
    }

    /// For how long each track was sent, in nanoseconds.
    pub(crate) fn track_durations(&self, now: i64) -> BTreeMap<String, i64> {
        let mut durations = self.published_for.clone();
        for (track, since) in &self.published_since {
            let end = self.left_at.unwrap_or(now);
            let before = durations.entry(track.clone()).or_default();
            *before = before.saturating_add(time::elapsed(*since, end));
        }
        durations
    }
}

fn track_type(name: &str) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("track_type".into(), name.into());
    data
}

//! Sessions: times in which somebody was in a call.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::participation::{Participation, TimelineEvent};

/// A session of a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) cid: String,
    pub(crate) created_at: i64,
    /// When the first participant joined; ringing makes a session before that.
    pub(crate) started_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) live_started_at: Option<i64>,
    pub(crate) live_ended_at: Option<i64>,
    pub(crate) timer_ends_at: Option<i64>,
    /// When it ends because nobody is in it.
    pub(crate) idle_ends_at: Option<i64>,
    /// When the next frame is captured.
    #[serde(default)]
    pub(crate) next_frame_at: Option<i64>,
    /// Users being rung, each with the moment at which the ring ends.
    pub(crate) ringing: BTreeMap<String, i64>,
    /// Users who have not answered a ring, each with the moment at which they miss the call.
    #[serde(default)]
    pub(crate) missing: BTreeMap<String, i64>,
    pub(crate) accepted_by: BTreeMap<String, i64>,
    pub(crate) rejected_by: BTreeMap<String, i64>,
    pub(crate) missed_by: BTreeMap<String, i64>,
    pub(crate) anonymous_participants: u32,
    /// In the order they joined.
    pub(crate) participations: Vec<Participation>,
    /// Events of the call in it.
    pub(crate) events: Vec<TimelineEvent>,
    pub(crate) speech: Vec<Speech>,
}

/// Something that was said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Speech {
    pub(crate) user_id: String,
    pub(crate) text: String,
    pub(crate) language: String,
    pub(crate) start_time: i64,
    pub(crate) end_time: i64,
}

impl Session {
    pub(crate) fn present(&self) -> impl Iterator<Item = &Participation> {
        self.participations.iter().filter(|one| one.is_present())
    }

    /// When it ends by itself.
    pub(crate) fn deadline(&self) -> Option<i64> {
        if self.ended_at.is_some() {
            return None;
        }
        let moments = [self.timer_ends_at, self.idle_ends_at, self.next_frame_at];
        let rings = self.ringing.values().chain(self.missing.values());
        moments.into_iter().flatten().chain(rings.copied()).min()
    }

    /// Ends the ring of a user; returns whether there was one.
    pub(crate) fn stop_ringing(&mut self, user: &str) -> bool {
        self.missing.remove(user);
        self.ringing.remove(user).is_some()
    }

    pub(crate) fn participation(&self, user: &str, user_session: &str) -> Option<&Participation> {
        let mut all = self.participations.iter();
        all.find(|one| one.user_id == user && one.user_session_id == user_session)
    }
}

/// Feedback of a user about a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Feedback {
    pub(crate) cid: String,
    pub(crate) session_id: String,
    pub(crate) user_id: String,
    pub(crate) user_session_id: String,
    pub(crate) rating: i64,
    pub(crate) reason: String,
    pub(crate) sdk: String,
    pub(crate) sdk_version: String,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: i64,
}

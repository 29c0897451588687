//! Calls with their members and what runs in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A member of a call.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    pub(crate) user_id: String,
    pub(crate) role: Option<String>,
    pub(crate) custom: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Capabilities that a user was granted or denied beside their roles.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PermissionChange {
    pub(crate) granted: Vec<String>,
    pub(crate) revoked: Vec<String>,
}

/// A participant that everyone sees large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pin {
    pub(crate) user_id: String,
    pub(crate) session_id: String,
}

/// A recording of one type that runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunningRecording {
    pub(crate) egress_id: String,
    pub(crate) started_at: i64,
    pub(crate) storage: Option<String>,
}

/// A transcription or closed captions that run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RunningText {
    pub(crate) egress_id: String,
    pub(crate) started_at: i64,
    pub(crate) language: String,
    pub(crate) storage: Option<String>,
}

/// An HLS broadcast that runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Hls {
    pub(crate) playlist_url: String,
    pub(crate) started_at: i64,
}

/// An RTMP broadcast that runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RtmpBroadcast {
    pub(crate) name: String,
    pub(crate) stream_url: String,
    pub(crate) stream_key: Option<String>,
    pub(crate) started_at: i64,
}

/// Everything that leaves the call.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Egress {
    /// By type: `composite`, `individual`, `raw`, and `frame` for frame recording.
    pub(crate) recordings: BTreeMap<String, RunningRecording>,
    pub(crate) transcription: Option<RunningText>,
    pub(crate) captions: Option<RunningText>,
    pub(crate) hls: Option<Hls>,
    pub(crate) rtmps: Vec<RtmpBroadcast>,
}

/// The ways that media leave a call, apart from RTMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broadcast {
    /// HTTP live streaming.
    Hls,
    /// Text that is kept.
    Transcription,
    /// Text that is shown.
    Captions,
}

impl Egress {
    /// Returns true if the call is recorded; single pictures are not counted.
    pub(crate) fn records(&self) -> bool {
        self.recordings.keys().any(|kind| kind != "frame")
    }

    /// Returns true if this part of it runs.
    pub(crate) fn runs(&self, part: Broadcast) -> bool {
        match part {
            Broadcast::Hls => self.hls.is_some(),
            Broadcast::Transcription => self.transcription.is_some(),
            Broadcast::Captions => self.captions.is_some(),
        }
    }
}

/// A call, in the terms of requests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) created_by: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) starts_at: Option<i64>,
    pub(crate) ended_at: Option<i64>,
    /// Set when it was deleted softly: nobody sees it any more, but statistics count it.
    pub(crate) deleted_at: Option<i64>,
    pub(crate) team: Option<String>,
    pub(crate) channel_cid: Option<String>,
    /// For callers by telephone.
    pub(crate) routing_number: String,
    pub(crate) custom: Map<String, Value>,
    /// Differences from the settings of its type.
    pub(crate) settings_override: Map<String, Value>,
    pub(crate) backstage: bool,
    pub(crate) blocked_user_ids: Vec<String>,
    /// Oldest first.
    pub(crate) members: Vec<Member>,
    pub(crate) permissions: BTreeMap<String, PermissionChange>,
    pub(crate) pins: Vec<Pin>,
    /// The sessions it had, oldest first.
    pub(crate) session_ids: Vec<String>,
    /// The last of them, while it has not ended.
    pub(crate) current_session: Option<String>,
    /// Somebody is in it.
    pub(crate) ongoing: bool,
    pub(crate) egress: Egress,
}

impl Call {
    /// `type:id`.
    pub(crate) fn cid(&self) -> String {
        format!("{}:{}", self.kind, self.id)
    }

    pub(crate) fn member(&self, user_id: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user_id == user_id)
    }

    /// Members as lists show them: the newest first.
    pub(crate) fn newest_members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().rev()
    }
}

//! Recordings, transcriptions and frames.

use serde::{Deserialize, Serialize};

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileKind {
    /// Sound and pictures of a call.
    Recording,
    /// Words that were said.
    Transcription,
    /// One picture.
    Frame,
    /// The playlist of an HLS broadcast, which has no segments.
    Playlist,
}

/// Something that was recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) kind: FileKind,
    pub(crate) cid: String,
    pub(crate) session_id: String,
    pub(crate) filename: String,
    /// `composite`, `individual` or `raw` for recordings.
    pub(crate) recording_type: String,
    /// The external storage it went to.
    pub(crate) storage: Option<String>,
    pub(crate) url: String,
    pub(crate) start_time: i64,
    pub(crate) end_time: i64,
}

impl File {
    /// The key of its record.
    pub(crate) fn key(cid: &str, session_id: &str, filename: &str) -> String {
        format!("{cid}/{session_id}/{filename}")
    }
}

//! Files whose addresses the API answers: recordings, transcriptions, frames, playlists, and the
//! file that tries an external storage.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::error::LocalError;
use crate::shared::Shared;
use crate::state::{File, FileKind, State as ApiState};
use crate::time;

/// A second of black. Media are not modelled, but players get something they can play.
const VIDEO: &[u8] = include_bytes!("files/example.mp4");
/// A black picture.
const PICTURE: &[u8] = include_bytes!("files/example.png");

/// A file, as long as it is listed.
pub(super) async fn get(
    State(server): State<Arc<Shared>>,
    Path((cid, session, filename)): Path<(String, String, String)>,
) -> Result<Response, LocalError> {
    let state = server.model.snapshot();
    let file = state.files.get(&File::key(&cid, &session, &filename));
    let file = file.ok_or_else(|| LocalError::not_found(format!("there is no file {filename}")))?;
    let content =
        |kind: &'static str, bytes| ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    Ok(match file.kind {
        FileKind::Recording => content("video/mp4", VIDEO.to_vec()),
        FileKind::Frame => content("image/png", PICTURE.to_vec()),
        FileKind::Transcription => content("application/jsonl", said(&state, file).into_bytes()),
        FileKind::Playlist => {
            let playlist = playlist(&state, file).into_bytes();
            content("application/vnd.apple.mpegurl", playlist)
        }
    })
}

/// The file that was written to try an external storage.
pub(super) async fn storage_check(
    State(server): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<String, LocalError> {
    let state = server.model.snapshot();
    let storage = state.storages.get(&name);
    let missing = || LocalError::not_found(format!("there is no external storage {name}"));
    let storage = storage.ok_or_else(missing)?;
    Ok(format!(
        "This file was written to the bucket {}.\n",
        storage.bucket
    ))
}

/// Writes a valid playlist without segments, which ends once the broadcast does.
fn playlist(state: &ApiState, file: &File) -> String {
    let call = state.calls.get(&file.cid);
    let broadcast = call.and_then(|call| call.egress.hls.as_ref());
    let is_running = broadcast.is_some_and(|hls| hls.playlist_url == file.url);
    let end = if is_running { "" } else { "#EXT-X-ENDLIST\n" };
    format!("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:0\n{end}")
}

/// The words said while a transcription ran, one line of JSON each.
fn said(state: &ApiState, file: &File) -> String {
    let session = state.sessions.get(&file.session_id);
    let speech = session.into_iter().flat_map(|session| &session.speech);
    let lines = speech
        .filter(|one| (file.start_time..=file.end_time).contains(&one.start_time))
        .map(|one| {
            let line = json!({
                "type": "speech",
                "start_time": time::format_utc(one.start_time),
                "stop_time": time::format_utc(one.end_time),
                "speaker_id": one.user_id,
                "text": one.text,
                "language": one.language,
            });
            format!("{line}\n")
        });
    lines.collect()
}

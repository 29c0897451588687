//! Recordings: composite, individual, raw, and of single frames.

use serde_json::json;
use uuid::Uuid;

use super::checks::{already_running, not_running, require_startable, storage_for};
use super::files::{keep_file, recording_fields, safe_name};
use super::frames::{self, FRAME};
use crate::error::ApiError;
use crate::input::{Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::permissions;
use crate::operations::sessions::current;
use crate::state::{FileKind, RunningRecording};
use crate::time;

/// The recordings that a call can have beside frames.
pub(crate) const RECORDING_TYPES: [&str; 3] = ["composite", "individual", "raw"];

/// Starts a recording of the type in the path.
pub(crate) fn start_recording(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let kind = recording_type(context, input, "start")?;
    let storage = input.body.owned("recording_external_storage");
    if context.call(&cid)?.egress.recordings.contains_key(kind) {
        return Err(already_running());
    }
    ensure_recording(context, &cid, kind, storage)?;
    Ok(json!({}).into())
}

/// Stops the recording of the type in the path; its file is listed then.
pub(crate) fn stop_recording(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let kind = recording_type(context, input, "stop")?;
    if !end_recording(context, &cid, kind)? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Starts recording single pictures.
pub(crate) fn start_frame_recording(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    if context.call(&cid)?.egress.recordings.contains_key(FRAME) {
        return Err(already_running());
    }
    let storage = input.body.owned("recording_external_storage");
    ensure_recording(context, &cid, FRAME, storage)?;
    Ok(json!({}).into())
}

/// Stops recording single pictures.
pub(crate) fn stop_frame_recording(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    if !end_recording(context, &input.cid(), FRAME)? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// The type that the path names, which the caller has to be allowed to record.
fn recording_type(
    context: &Context<'_>,
    input: &Input,
    verb: &str,
) -> Result<&'static str, ApiError> {
    let call = context.call(&input.cid())?;
    let named = input.segment("recording_type");
    let known = RECORDING_TYPES.into_iter().find(|known| *known == named);
    let kind = known.ok_or_else(|| {
        ApiError::input(format!(
            "recording_type is composite, individual or raw, not {named}"
        ))
    })?;
    let capability = match kind {
        "composite" => format!("{verb}-record-call"),
        kind => format!("{verb}-{kind}-record-call"),
    };
    let action = if verb == "start" {
        "StartRecording"
    } else {
        "StopRecording"
    };
    permissions::require(context, call, &capability, action)?;
    Ok(kind)
}

pub(crate) fn setting_prefix(kind: &str) -> String {
    match kind {
        "composite" => String::new(),
        kind => format!("{kind}_"),
    }
}

/// Makes sure that a recording runs.
pub(crate) fn ensure_recording(
    context: &mut Context<'_>,
    cid: &str,
    kind: &str,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.recordings.contains_key(kind) {
        return Ok(());
    }
    let setting = format!("{}recording.mode", setting_prefix(kind));
    require_startable(context, cid, &setting)?;
    let storage = storage_for(context, cid, storage)?;
    let egress_id = Uuid::new_v4().to_string();
    let started_at = context.moment();
    let recording = RunningRecording {
        egress_id: egress_id.clone(),
        started_at,
        storage,
    };
    let call = context.change_call(cid)?;
    call.egress.recordings.insert(kind.to_owned(), recording);
    if kind == FRAME {
        frames::schedule(context, cid, started_at)?;
        context.emit_with_call(
            "call.frame_recording_started",
            cid,
            json!({ "egress_id": egress_id }),
        )
    } else {
        let payload = json!({ "egress_id": egress_id, "recording_type": kind });
        context.emit("call.recording_started", cid, payload);
        current::note_event(context, cid, "recording_started")
    }
}

/// Stops a recording; returns whether it ran. What was recorded is listed from then on.
pub(crate) fn end_recording(
    context: &mut Context<'_>,
    cid: &str,
    kind: &str,
) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.recordings.contains_key(kind) {
        return Ok(false);
    }
    let call = context.change_call(cid)?;
    let Some(recording) = call.egress.recordings.remove(kind) else {
        return Ok(false);
    };
    let egress_id = recording.egress_id.clone();
    if kind == FRAME {
        let now = context.moment();
        frames::capture(context, cid, &recording, now)?;
        let payload = json!({ "egress_id": egress_id });
        context.emit_with_call("call.frame_recording_stopped", cid, payload)?;
        return Ok(true);
    }
    let payload = json!({ "egress_id": egress_id, "recording_type": kind });
    context.emit("call.recording_stopped", cid, payload);
    current::note_event(context, cid, "recording_stopped")?;
    keep_recording(context, cid, kind, &recording)?;
    Ok(true)
}

/// Lists what a running recording has so far.
pub(crate) fn ready(context: &mut Context<'_>, cid: &str, kind: &str) -> Result<(), ApiError> {
    let running = context.call(cid)?.egress.recordings.get(kind).cloned();
    let running = running.ok_or_else(not_running)?;
    keep_recording(context, cid, kind, &running)
}

/// Lists what was recorded, once there was a session to record.
fn keep_recording(
    context: &mut Context<'_>,
    cid: &str,
    kind: &str,
    recording: &RunningRecording,
) -> Result<(), ApiError> {
    let extension = if kind == "raw" { "webm" } else { "mp4" };
    // Parts of the same recording have names of their own.
    let made_at = time::file_stamp(context.moment());
    let filename = format!("rec_{}_{kind}_{made_at}.{extension}", safe_name(cid));
    let file = keep_file(
        context,
        cid,
        FileKind::Recording,
        kind,
        &filename,
        recording,
        context.now,
    )?;
    if let Some(file) = file {
        let payload = json!({
            "egress_id": recording.egress_id,
            "recording_type": kind,
            "call_recording": recording_fields(&file),
        });
        context.emit("call.recording_ready", cid, payload);
    }
    Ok(())
}

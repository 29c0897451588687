//! Recordings and broadcasts that break off.

use serde_json::json;

use super::checks::not_running;
use super::frames::FRAME;
use super::recording::RECORDING_TYPES;
use crate::error::ApiError;
use crate::operations::context::Context;

/// Ends something that runs in a call without keeping a file, and emits the event of its failure.
/// `what` is a recording such as `composite_recording`, or `transcription`, `closed_captions`,
/// `hls` or `rtmp`; `name` chooses among several RTMP broadcasts.
pub(crate) fn fail(
    context: &mut Context<'_>,
    cid: &str,
    what: &str,
    name: Option<&str>,
    error: &str,
) -> Result<(), ApiError> {
    let egress = &mut context.change_call(cid)?.egress;
    let failed = match what {
        "transcription" => egress.transcription.take().map(|ran| {
            let payload = json!({ "egress_id": ran.egress_id, "error": error });
            ("call.transcription_failed", payload)
        }),
        "closed_captions" => {
            let ran = egress.captions.take();
            ran.map(|_| ("call.closed_captions_failed", json!({})))
        }
        "hls" => {
            let ran = egress.hls.take();
            ran.map(|_| ("call.hls_broadcasting_failed", json!({})))
        }
        "rtmp" => {
            let mut running = egress.rtmps.iter();
            let place = running.position(|one| name.is_none_or(|name| one.name == name));
            let ran = place.map(|place| egress.rtmps.remove(place));
            ran.map(|ran| ("call.rtmp_broadcast_failed", json!({ "name": ran.name })))
        }
        _ => {
            let kind = recording_type(what)?;
            let ran = egress.recordings.remove(kind);
            ran.map(|ran| match kind {
                FRAME => {
                    let payload = json!({ "egress_id": ran.egress_id });
                    ("call.frame_recording_failed", payload)
                }
                _ => {
                    let payload = json!({ "egress_id": ran.egress_id, "recording_type": kind });
                    ("call.recording_failed", payload)
                }
            })
        }
    };
    let (event, payload) = failed.ok_or_else(not_running)?;
    if event == "call.frame_recording_failed" {
        return context.emit_with_call(event, cid, payload);
    }
    context.emit(event, cid, payload);
    Ok(())
}

fn recording_type(what: &str) -> Result<&'static str, ApiError> {
    let mut kinds = RECORDING_TYPES.into_iter().chain([FRAME]);
    let named = what.strip_suffix("_recording");
    let kind = kinds.find(|kind| Some(*kind) == named);
    kind.ok_or_else(|| {
        ApiError::input(format!(
            "what fails is composite_recording, individual_recording, raw_recording, \
             frame_recording, transcription, closed_captions, hls, rtmp or ingress, not {what}"
        ))
    })
}

//! Everything at once: what settings start with a session, and the end of all of it.

use super::broadcast::{end_hls, end_rtmps, ensure_hls};
use super::checks::is_off;
use super::frames::FRAME;
use super::recording::{RECORDING_TYPES, end_recording, ensure_recording, setting_prefix};
use super::text::{end_captions, end_transcription, ensure_captions, ensure_transcription};
use crate::error::ApiError;
use crate::input::ReadFields;
use crate::operations::context::Context;
use crate::operations::render;

/// Starts what the settings of the call start by themselves with a session.
pub(crate) fn start_automatic(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    let is_automatic = |setting: &str, field: &str| {
        settings.object(setting).and_then(|one| one.text(field)) == Some("auto-on")
    };
    for kind in RECORDING_TYPES.into_iter().chain([FRAME]) {
        if is_automatic(&format!("{}recording", setting_prefix(kind)), "mode") {
            ensure_recording(context, cid, kind, None)?;
        }
    }
    if is_automatic("transcription", "mode") {
        ensure_transcription(context, cid, None, None)?;
    }
    if is_automatic("transcription", "closed_caption_mode") {
        ensure_captions(context, cid, None, None)?;
    }
    let broadcasting = settings.object("broadcasting");
    let hls = broadcasting.and_then(|one| one.object("hls"));
    if hls.is_some_and(|hls| hls.flag("auto_on")) && !is_off(&settings, "broadcasting.hls") {
        ensure_hls(context, cid)?;
    }
    Ok(())
}

/// Stops everything that leaves a call.
pub(crate) fn end_all(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
    for kind in RECORDING_TYPES.into_iter().chain([FRAME]) {
        end_recording(context, cid, kind)?;
    }
    end_transcription(context, cid)?;
    end_captions(context, cid)?;
    end_hls(context, cid)?;
    end_rtmps(context, cid)?;
    Ok(())
}

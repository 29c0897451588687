//! Going live and back behind the stage.

use serde_json::json;

use super::context::Context;
use super::egress::broadcast::{end_hls, end_rtmps, ensure_hls};
use super::egress::recording::{RECORDING_TYPES, end_recording, ensure_recording};
use super::egress::text::{end_captions, end_transcription, ensure_captions, ensure_transcription};
use super::handler::HandlerResult;
use super::permissions::capabilities_by_role;
use super::render;
use super::sessions::current;
use crate::input::{Input, ReadFields};

/// Opens a call to everyone, and starts what the flags name.
pub(super) fn go_live(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    context.change_call(&cid)?.backstage = false;
    current::note_live(context, &cid, true)?;
    let storage = body.owned("recording_storage_name");
    for kind in RECORDING_TYPES {
        let alone = kind == "composite" && body.flag("start_recording");
        if alone || body.flag(&format!("start_{kind}_recording")) {
            ensure_recording(context, &cid, kind, storage.clone())?;
        }
    }
    if body.flag("start_transcription") {
        let storage = body.owned("transcription_storage_name");
        ensure_transcription(context, &cid, None, storage)?;
    }
    if body.flag("start_closed_caption") {
        ensure_captions(context, &cid, None, None)?;
    }
    if body.flag("start_hls") {
        ensure_hls(context, &cid)?;
    }
    context.emit_with_call("call.live_started", &cid, json!({}))?;
    response(context, &cid)
}

/// Closes the stage, and stops whatever the flags do not let continue.
pub(super) fn stop_live(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    context.change_call(&cid)?.backstage = true;
    current::note_live(context, &cid, false)?;
    for kind in RECORDING_TYPES {
        let alone = kind == "composite" && body.flag("continue_recording");
        if !alone && !body.flag(&format!("continue_{kind}_recording")) {
            end_recording(context, &cid, kind)?;
        }
    }
    if !body.flag("continue_transcription") {
        end_transcription(context, &cid)?;
    }
    if !body.flag("continue_closed_caption") {
        end_captions(context, &cid)?;
    }
    if !body.flag("continue_hls") {
        end_hls(context, &cid)?;
    }
    if !body.flag("continue_rtmp_broadcasts") {
        end_rtmps(context, &cid)?;
    }
    let by_role = capabilities_by_role(context, &cid)?;
    context.emit_with_call(
        "call.updated",
        &cid,
        json!({ "capabilities_by_role": by_role }),
    )?;
    response(context, &cid)
}

fn response(context: &Context<'_>, cid: &str) -> HandlerResult {
    let call = context.call(cid)?;
    Ok(json!({ "call": render::call(context, call) }).into())
}

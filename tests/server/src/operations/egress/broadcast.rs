//! Broadcasts: HLS and RTMP.

use serde_json::{Value, json};

use super::checks::{not_running, require_startable};
use crate::error::ApiError;
use crate::file_urls::{self, PLAYLIST};
use crate::input::{Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::state::{Broadcast, File, FileKind, Hls, RtmpBroadcast};

/// Starts an HLS broadcast and answers where to watch it.
pub(crate) fn start_hls(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let playlist_url = ensure_hls(context, &cid)?;
    Ok(json!({ "playlist_url": playlist_url }).into())
}

/// Makes sure that an HLS broadcast runs; returns its playlist.
pub(crate) fn ensure_hls(context: &mut Context<'_>, cid: &str) -> Result<String, ApiError> {
    if let Some(hls) = &context.call(cid)?.egress.hls {
        return Ok(hls.playlist_url.clone());
    }
    let session = require_startable(context, cid, "broadcasting.hls")?;
    let playlist_url = file_urls::of_call(&context.settings.base_url, cid, &session, PLAYLIST);
    let started_at = context.moment();
    context.change_call(cid)?.egress.hls = Some(Hls {
        playlist_url: playlist_url.clone(),
        started_at,
    });
    let file = File {
        kind: FileKind::Playlist,
        cid: cid.to_owned(),
        session_id: session.clone(),
        filename: PLAYLIST.to_owned(),
        recording_type: String::new(),
        storage: None,
        url: playlist_url.clone(),
        start_time: started_at,
        end_time: started_at,
    };
    let key = File::key(cid, &session, PLAYLIST);
    context.state_mut().files.put(&key, file);
    let payload = json!({ "hls_playlist_url": playlist_url });
    context.emit_with_call("call.hls_broadcasting_started", cid, payload)?;
    Ok(playlist_url)
}

/// Stops the HLS broadcast.
pub(crate) fn stop_hls(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    if !end_hls(context, &input.cid())? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Stops the HLS broadcast; returns whether one ran.
pub(crate) fn end_hls(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.runs(Broadcast::Hls) {
        return Ok(false);
    }
    context.change_call(cid)?.egress.hls = None;
    context.emit("call.hls_broadcasting_stopped", cid, json!({}));
    Ok(true)
}

/// Starts RTMP broadcasts under the names given.
pub(crate) fn start_rtmp(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    context.call(&cid)?;
    let broadcasts = input.body.list("broadcasts");
    if broadcasts.is_empty() {
        return Err(ApiError::input(
            "broadcasts must name at least one broadcast",
        ));
    }
    require_startable(context, &cid, "broadcasting.rtmp")?;
    for broadcast in broadcasts.iter().filter_map(Value::as_object) {
        let name = broadcast.owned("name").unwrap_or_default();
        if name.is_empty() {
            return Err(ApiError::input("the name of a broadcast must not be empty"));
        }
        let running = &context.call(&cid)?.egress.rtmps;
        if running.iter().any(|known| known.name == name) {
            let message = format!("an RTMP broadcast with the name {name} is already running");
            return Err(ApiError::input(message));
        }
        let stream_url = broadcast.owned("stream_url").unwrap_or_default();
        if !stream_url.starts_with("rtmp://") && !stream_url.starts_with("rtmps://") {
            let message = format!("stream_url of {name} must start with rtmp:// or rtmps://");
            return Err(ApiError::input(message));
        }
        let started_at = context.moment();
        context.change_call(&cid)?.egress.rtmps.push(RtmpBroadcast {
            name: name.clone(),
            stream_url,
            stream_key: broadcast.owned("stream_key"),
            started_at,
        });
        context.emit("call.rtmp_broadcast_started", &cid, json!({ "name": name }));
    }
    Ok(json!({}).into())
}

/// Stops the RTMP broadcast that the path names.
pub(crate) fn stop_rtmp(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let name = input.segment("name");
    let running = &context.call(&cid)?.egress.rtmps;
    if !running.iter().any(|known| known.name == name) {
        return Err(not_running());
    }
    let call = context.change_call(&cid)?;
    call.egress.rtmps.retain(|known| known.name != name);
    context.emit("call.rtmp_broadcast_stopped", &cid, json!({ "name": name }));
    Ok(json!({}).into())
}

/// Stops every RTMP broadcast.
pub(crate) fn stop_all_rtmp(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    if !end_rtmps(context, &input.cid())? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Stops every RTMP broadcast; returns whether any ran.
pub(crate) fn end_rtmps(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if context.call(cid)?.egress.rtmps.is_empty() {
        return Ok(false);
    }
    let stopped = std::mem::take(&mut context.change_call(cid)?.egress.rtmps);
    for rtmp in stopped {
        context.emit(
            "call.rtmp_broadcast_stopped",
            cid,
            json!({ "name": rtmp.name }),
        );
    }
    Ok(true)
}

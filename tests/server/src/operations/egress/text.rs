//! Text of what is said: transcriptions and closed captions.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::checks::{already_running, not_running, require_startable, storage_for};
use super::files::{file_fields, keep_file, safe_name};
use crate::error::ApiError;
use crate::input::{Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::{Broadcast, FileKind, RunningRecording, RunningText};
use crate::time;

/// Starts to transcribe, with captions if asked.
pub(crate) fn start_transcription(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    if context.call(&cid)?.egress.runs(Broadcast::Transcription) {
        return Err(already_running());
    }
    let language = body.owned("language");
    let storage = body.owned("transcription_external_storage");
    ensure_transcription(context, &cid, language.clone(), storage)?;
    if body.flag("enable_closed_captions") {
        ensure_captions(context, &cid, language, None)?;
    }
    Ok(json!({}).into())
}

/// Stops transcribing; what was said is listed then.
pub(crate) fn stop_transcription(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    if !end_transcription(context, &cid)? {
        return Err(not_running());
    }
    if input.body.flag("stop_closed_captions") {
        end_captions(context, &cid)?;
    }
    Ok(json!({}).into())
}

/// Starts captions, with a transcription if asked.
pub(crate) fn start_captions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    if context.call(&cid)?.egress.runs(Broadcast::Captions) {
        return Err(already_running());
    }
    let language = body.owned("language");
    let storage = body.owned("external_storage");
    ensure_captions(context, &cid, language.clone(), storage.clone())?;
    if body.flag("enable_transcription") {
        ensure_transcription(context, &cid, language, storage)?;
    }
    Ok(json!({}).into())
}

/// Stops captions.
pub(crate) fn stop_captions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    if !end_captions(context, &cid)? {
        return Err(not_running());
    }
    if input.body.flag("stop_transcription") {
        end_transcription(context, &cid)?;
    }
    Ok(json!({}).into())
}

#[derive(Deserialize)]
struct CaptionRequest {
    speaker_id: String,
    text: String,
    language: Option<String>,
    service: Option<String>,
    #[serde(default)]
    translated: bool,
    #[serde(default, deserialize_with = "time::optional")]
    start_time: Option<i64>,
    #[serde(default, deserialize_with = "time::optional")]
    end_time: Option<i64>,
}

/// Shows a caption that was made elsewhere.
pub(crate) fn send_caption(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    context.call(&cid)?;
    let caption: CaptionRequest = input.read()?;
    let user = context.acting_user(&input.body, "user", "user_id")?;
    let user = user.unwrap_or_else(|| caption.speaker_id.clone());
    let start = caption.start_time.unwrap_or(context.now);
    let payload = json!({ "closed_caption": {
        "id": Uuid::new_v4().to_string(),
        "speaker_id": caption.speaker_id,
        "text": caption.text,
        "language": caption.language.as_deref().unwrap_or("en"),
        "service": caption.service.as_deref().unwrap_or("external"),
        "translated": caption.translated,
        "start_time": start,
        "end_time": caption.end_time.unwrap_or(start),
        "user": render::user(context.state(), &user),
    } });
    context.emit("call.closed_caption", &cid, payload);
    Ok(json!({}).into())
}

fn running_text(
    context: &mut Context<'_>,
    cid: &str,
    language: Option<String>,
    storage: Option<String>,
) -> Result<RunningText, ApiError> {
    let storage = storage_for(context, cid, storage)?;
    let settings = render::settings(context.state(), context.call(cid)?);
    let transcription = settings.object("transcription");
    let usual = transcription.and_then(|one| one.owned("language"));
    Ok(RunningText {
        egress_id: Uuid::new_v4().to_string(),
        started_at: context.moment(),
        language: language.or(usual).unwrap_or_else(|| "auto".into()),
        storage,
    })
}

/// Makes sure that a transcription runs.
pub(crate) fn ensure_transcription(
    context: &mut Context<'_>,
    cid: &str,
    language: Option<String>,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.runs(Broadcast::Transcription) {
        return Ok(());
    }
    require_startable(context, cid, "transcription.mode")?;
    let running = running_text(context, cid, language, storage)?;
    let egress_id = running.egress_id.clone();
    context.change_call(cid)?.egress.transcription = Some(running);
    context.emit(
        "call.transcription_started",
        cid,
        json!({ "egress_id": egress_id }),
    );
    Ok(())
}

/// Stops the transcription; returns whether one ran.
pub(crate) fn end_transcription(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.runs(Broadcast::Transcription) {
        return Ok(false);
    }
    let Some(running) = context.change_call(cid)?.egress.transcription.take() else {
        return Ok(false);
    };
    let egress_id = running.egress_id.clone();
    context.emit(
        "call.transcription_stopped",
        cid,
        json!({ "egress_id": egress_id }),
    );
    let stamp = time::file_stamp(running.started_at);
    let filename = format!("transcript_{}_{stamp}.jsonl", safe_name(cid));
    let recording = RunningRecording {
        egress_id: running.egress_id,
        started_at: running.started_at,
        storage: running.storage,
    };
    let kind = FileKind::Transcription;
    if let Some(file) = keep_file(context, cid, kind, "", &filename, &recording, context.now)? {
        let payload = json!({
            "egress_id": egress_id,
            "call_transcription": file_fields(&file),
        });
        context.emit("call.transcription_ready", cid, payload);
    }
    Ok(true)
}

/// Makes sure that captions run.
pub(crate) fn ensure_captions(
    context: &mut Context<'_>,
    cid: &str,
    language: Option<String>,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.runs(Broadcast::Captions) {
        return Ok(());
    }
    require_startable(context, cid, "transcription.closed_caption_mode")?;
    let running = running_text(context, cid, language, storage)?;
    context.change_call(cid)?.egress.captions = Some(running);
    context.emit("call.closed_captions_started", cid, json!({}));
    Ok(())
}

/// Stops the captions; returns whether they ran.
pub(crate) fn end_captions(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.runs(Broadcast::Captions) {
        return Ok(false);
    }
    context.change_call(cid)?.egress.captions = None;
    context.emit("call.closed_captions_stopped", cid, json!({}));
    Ok(true)
}

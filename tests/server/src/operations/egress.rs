//! Everything that leaves a call: recordings, transcriptions, captions, broadcasts.

use serde_json::{Value, json};
use uuid::Uuid;

use super::calls::require_session;
use super::{Answered, Context, permissions, render, sessions};
use crate::error::ApiError;
use crate::input::{Input, ReadFields};
use crate::media;
use crate::state::{Broadcast, File, FileKind, Hls, RtmpBroadcast, RunningRecording, RunningText};
use crate::time;

/// The recordings that a call can have beside frames.
pub(super) const RECORDING_TYPES: [&str; 3] = ["composite", "individual", "raw"];
/// The recording of single pictures.
const FRAME: &str = "frame";

fn not_running() -> ApiError {
    ApiError::input("call egress is not running")
}

fn already_running() -> ApiError {
    ApiError::input("call egress is already running")
}

/// Starts a recording of the type in the path.
pub(super) fn start_recording(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let kind = recording_type(context, input, "start")?;
    let storage = input.body.owned("recording_external_storage");
    require_enabled(context, &cid, &format!("{}recording", setting_prefix(kind)))?;
    require_session(context, &cid)?;
    if context.call(&cid)?.egress.recordings.contains_key(kind) {
        return Err(already_running());
    }
    ensure_recording(context, &cid, kind, storage)?;
    Ok(json!({}).into())
}

/// Stops the recording of the type in the path; its file is listed then.
pub(super) fn stop_recording(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let kind = recording_type(context, input, "stop")?;
    if !end_recording(context, &cid, kind)? {
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

fn setting_prefix(kind: &str) -> String {
    match kind {
        "composite" => String::new(),
        kind => format!("{kind}_"),
    }
}

/// Refuses what the settings of the call switch off.
fn require_enabled(context: &Context<'_>, cid: &str, setting: &str) -> Result<(), ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    let mode = settings.object(setting).and_then(|one| one.text("mode"));
    if mode == Some("disabled") {
        let message = format!("{setting} is disabled in the settings of the call");
        return Err(ApiError::input(message));
    }
    Ok(())
}

/// Refuses a storage that was never made.
fn require_storage(context: &Context<'_>, storage: Option<&str>) -> Result<(), ApiError> {
    match storage {
        Some(name) if !context.state().storages.contains(name) => Err(ApiError::input(format!(
            "the external storage {name} does not exist"
        ))),
        _ => Ok(()),
    }
}

/// The storage to use: the one named, or the one of the call type.
fn storage_for(
    context: &Context<'_>,
    cid: &str,
    named: Option<String>,
) -> Result<Option<String>, ApiError> {
    require_storage(context, named.as_deref())?;
    let kind = &context.call(cid)?.kind;
    let of_type = context.call_type(kind)?.external_storage.clone();
    Ok(named.or(of_type))
}

/// Makes sure that a recording runs.
pub(super) fn ensure_recording(
    context: &mut Context<'_>,
    cid: &str,
    kind: &str,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.recordings.contains_key(kind) {
        return Ok(());
    }
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
        context.emit_with_call(
            "call.frame_recording_started",
            cid,
            json!({ "egress_id": egress_id }),
        )
    } else {
        let payload = json!({ "egress_id": egress_id, "recording_type": kind });
        context.emit("call.recording_started", cid, payload);
        sessions::note_event(context, cid, "recording_started")
    }
}

/// Stops a recording; answers whether it ran. What was recorded is listed from then on.
pub(super) fn end_recording(
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
        capture_frame(context, cid, &recording)?;
        let payload = json!({ "egress_id": egress_id });
        context.emit_with_call("call.frame_recording_stopped", cid, payload)?;
        return Ok(true);
    }
    let payload = json!({ "egress_id": egress_id, "recording_type": kind });
    context.emit("call.recording_stopped", cid, payload);
    sessions::note_event(context, cid, "recording_stopped")?;
    keep_recording(context, cid, kind, &recording)?;
    Ok(true)
}

/// Lists what a running recording has so far.
pub(super) fn ready(context: &mut Context<'_>, cid: &str, kind: &str) -> Result<(), ApiError> {
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
    let filename = format!("rec_{}_{kind}_{made_at}.{extension}", file_safe(cid));
    let file = keep_file(
        context,
        cid,
        FileKind::Recording,
        kind,
        &filename,
        recording,
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

fn keep_file(
    context: &mut Context<'_>,
    cid: &str,
    kind: FileKind,
    recording_type: &str,
    filename: &str,
    recording: &RunningRecording,
) -> Result<Option<File>, ApiError> {
    let call = context.call(cid)?;
    let Some(session_id) = call.session_ids.last().cloned() else {
        return Ok(None);
    };
    let url = media::url(&context.settings.base_url, cid, &session_id, filename);
    let file = File {
        kind,
        cid: cid.to_owned(),
        session_id: session_id.clone(),
        filename: filename.to_owned(),
        recording_type: recording_type.to_owned(),
        storage: recording.storage.clone(),
        url,
        start_time: recording.started_at,
        end_time: context.now,
    };
    let key = File::key(cid, &session_id, filename);
    context.state_mut().files.put(&key, file.clone());
    Ok(Some(file))
}

fn capture_frame(
    context: &mut Context<'_>,
    cid: &str,
    recording: &RunningRecording,
) -> Result<(), ApiError> {
    let stamp = time::file_stamp(recording.started_at);
    let filename = format!("frame_{}_{stamp}.png", file_safe(cid));
    let kept = keep_file(context, cid, FileKind::Frame, FRAME, &filename, recording)?;
    let Some(file) = kept else {
        return Ok(());
    };
    let users: serde_json::Map<String, Value> = sessions::present_users(context, cid)?
        .into_iter()
        .map(|user| (user.clone(), render::user(context.state(), &user)))
        .collect();
    let payload = json!({
        "egress_id": recording.egress_id,
        "session_id": file.session_id,
        "captured_at": file.end_time,
        "track_type": "video",
        "url": file.url,
        "users": users,
    });
    context.emit("call.frame_recording_ready", cid, payload);
    Ok(())
}

fn file_safe(cid: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let letters = cid.chars();
    letters
        .map(|letter| if safe(letter) { letter } else { '_' })
        .collect()
}

/// Starts recording single pictures.
pub(super) fn start_frame_recording(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    require_enabled(context, &cid, "frame_recording")?;
    require_session(context, &cid)?;
    if context.call(&cid)?.egress.recordings.contains_key(FRAME) {
        return Err(already_running());
    }
    let storage = input.body.owned("recording_external_storage");
    ensure_recording(context, &cid, FRAME, storage)?;
    Ok(json!({}).into())
}

/// Stops recording single pictures.
pub(super) fn stop_frame_recording(context: &mut Context<'_>, input: &Input) -> Answered {
    if !end_recording(context, &input.cid(), FRAME)? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Lists what was recorded of a call, the oldest first.
pub(super) fn list_recordings(context: &mut Context<'_>, input: &Input) -> Answered {
    let files = files_of(context, &input.cid(), FileKind::Recording)?;
    let recordings: Vec<Value> = files.iter().map(recording_fields).collect();
    Ok(json!({ "recordings": recordings }).into())
}

/// Lists what was transcribed of a call, the oldest first.
pub(super) fn list_transcriptions(context: &mut Context<'_>, input: &Input) -> Answered {
    let files = files_of(context, &input.cid(), FileKind::Transcription)?;
    let transcriptions: Vec<Value> = files.iter().map(file_fields).collect();
    Ok(json!({ "transcriptions": transcriptions }).into())
}

fn files_of(context: &Context<'_>, cid: &str, kind: FileKind) -> Result<Vec<File>, ApiError> {
    context.call(cid)?;
    let files = &context.state().files;
    let keys = files.starting_with(&format!("{cid}/"));
    let of_call = keys.iter().filter_map(|key| files.get(key));
    let mut found: Vec<File> = of_call
        .filter(|file| file.kind == kind && file.cid == cid)
        .cloned()
        .collect();
    found.sort_by_key(|file| file.start_time);
    Ok(found)
}

fn file_fields(file: &File) -> Value {
    json!({
        "filename": file.filename,
        "session_id": file.session_id,
        "url": file.url,
        "start_time": file.start_time,
        "end_time": file.end_time,
    })
}

fn recording_fields(file: &File) -> Value {
    let mut fields = file_fields(file);
    render::set(&mut fields, "recording_type", file.recording_type.clone());
    fields
}

/// Deletes a recording.
pub(super) fn delete_recording(context: &mut Context<'_>, input: &Input) -> Answered {
    delete_file(
        context,
        input,
        FileKind::Recording,
        "recording doesn't exist",
    )
}

/// Deletes a transcription.
pub(super) fn delete_transcription(context: &mut Context<'_>, input: &Input) -> Answered {
    delete_file(
        context,
        input,
        FileKind::Transcription,
        "transcription doesn't exist",
    )
}

fn delete_file(context: &mut Context<'_>, input: &Input, kind: FileKind, absent: &str) -> Answered {
    let cid = input.cid();
    context.call(&cid)?;
    let key = File::key(&cid, input.segment("session"), input.segment("filename"));
    let file = context.state().files.get(&key);
    if file.is_none_or(|file| file.kind != kind) {
        return Err(ApiError::not_found(absent));
    }
    context.state_mut().files.remove(&key);
    Ok(json!({}).into())
}

/// Starts to transcribe, with captions if asked.
pub(super) fn start_transcription(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let body = &input.body;
    require_enabled(context, &cid, "transcription")?;
    require_session(context, &cid)?;
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
pub(super) fn stop_transcription(context: &mut Context<'_>, input: &Input) -> Answered {
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
pub(super) fn start_captions(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let body = &input.body;
    require_session(context, &cid)?;
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
pub(super) fn stop_captions(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    if !end_captions(context, &cid)? {
        return Err(not_running());
    }
    if input.body.flag("stop_transcription") {
        end_transcription(context, &cid)?;
    }
    Ok(json!({}).into())
}

/// Shows a caption that was made elsewhere.
pub(super) fn send_caption(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let body = &input.body;
    context.call(&cid)?;
    let speaker = body.owned("speaker_id").unwrap_or_default();
    let user = context.acting_user(body, "user", "user_id")?;
    let user = user.unwrap_or_else(|| speaker.clone());
    let start = body.moment("start_time").unwrap_or(context.now);
    let payload = json!({ "closed_caption": {
        "id": Uuid::new_v4().to_string(),
        "speaker_id": speaker,
        "text": body.text("text"),
        "language": body.text("language").unwrap_or("en"),
        "service": body.text("service").unwrap_or("external"),
        "translated": body.flag("translated"),
        "start_time": start,
        "end_time": body.moment("end_time").unwrap_or(start),
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
pub(super) fn ensure_transcription(
    context: &mut Context<'_>,
    cid: &str,
    language: Option<String>,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.runs(Broadcast::Transcription) {
        return Ok(());
    }
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

/// Stops the transcription; answers whether one ran.
pub(super) fn end_transcription(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
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
    let filename = format!("transcript_{}_{stamp}.jsonl", file_safe(cid));
    let recording = RunningRecording {
        egress_id: running.egress_id,
        started_at: running.started_at,
        storage: running.storage,
    };
    let kind = FileKind::Transcription;
    if let Some(file) = keep_file(context, cid, kind, "", &filename, &recording)? {
        let payload = json!({
            "egress_id": egress_id,
            "call_transcription": file_fields(&file),
        });
        context.emit("call.transcription_ready", cid, payload);
    }
    Ok(true)
}

/// Makes sure that captions run.
pub(super) fn ensure_captions(
    context: &mut Context<'_>,
    cid: &str,
    language: Option<String>,
    storage: Option<String>,
) -> Result<(), ApiError> {
    if context.call(cid)?.egress.runs(Broadcast::Captions) {
        return Ok(());
    }
    let running = running_text(context, cid, language, storage)?;
    context.change_call(cid)?.egress.captions = Some(running);
    context.emit("call.closed_captions_started", cid, json!({}));
    Ok(())
}

/// Stops the captions; answers whether they ran.
pub(super) fn end_captions(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.runs(Broadcast::Captions) {
        return Ok(false);
    }
    context.change_call(cid)?.egress.captions = None;
    context.emit("call.closed_captions_stopped", cid, json!({}));
    Ok(true)
}

/// Starts an HLS broadcast and answers where to watch it.
pub(super) fn start_hls(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    require_session(context, &cid)?;
    let playlist_url = ensure_hls(context, &cid)?;
    Ok(json!({ "playlist_url": playlist_url }).into())
}

/// Makes sure that an HLS broadcast runs; answers its playlist.
pub(super) fn ensure_hls(context: &mut Context<'_>, cid: &str) -> Result<String, ApiError> {
    if let Some(hls) = &context.call(cid)?.egress.hls {
        return Ok(hls.playlist_url.clone());
    }
    let session = sessions::current_or_new(context, cid)?;
    let playlist_url = media::url(&context.settings.base_url, cid, &session, "playlist.m3u8");
    let started_at = context.moment();
    context.change_call(cid)?.egress.hls = Some(Hls {
        playlist_url: playlist_url.clone(),
        started_at,
    });
    let payload = json!({ "hls_playlist_url": playlist_url });
    context.emit_with_call("call.hls_broadcasting_started", cid, payload)?;
    Ok(playlist_url)
}

/// Stops the HLS broadcast.
pub(super) fn stop_hls(context: &mut Context<'_>, input: &Input) -> Answered {
    if !end_hls(context, &input.cid())? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Stops the HLS broadcast; answers whether one ran.
pub(super) fn end_hls(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
    if !context.call(cid)?.egress.runs(Broadcast::Hls) {
        return Ok(false);
    }
    context.change_call(cid)?.egress.hls = None;
    context.emit("call.hls_broadcasting_stopped", cid, json!({}));
    Ok(true)
}

/// Starts RTMP broadcasts under the names given.
pub(super) fn start_rtmp(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    context.call(&cid)?;
    let broadcasts = input.body.list("broadcasts");
    if broadcasts.is_empty() {
        return Err(ApiError::input(
            "broadcasts must name at least one broadcast",
        ));
    }
    require_session(context, &cid)?;
    for broadcast in broadcasts.iter().filter_map(Value::as_object) {
        let name = broadcast.owned("name").unwrap_or_default();
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
pub(super) fn stop_rtmp(context: &mut Context<'_>, input: &Input) -> Answered {
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
pub(super) fn stop_all_rtmp(context: &mut Context<'_>, input: &Input) -> Answered {
    if !end_rtmps(context, &input.cid())? {
        return Err(not_running());
    }
    Ok(json!({}).into())
}

/// Stops every RTMP broadcast; answers whether any ran.
pub(super) fn end_rtmps(context: &mut Context<'_>, cid: &str) -> Result<bool, ApiError> {
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

/// Starts what the settings of the call start by themselves with a session.
pub(super) fn start_automatic(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
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
    Ok(())
}

/// Stops everything that leaves a call.
pub(super) fn end_all(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
    for kind in RECORDING_TYPES.into_iter().chain([FRAME]) {
        end_recording(context, cid, kind)?;
    }
    end_transcription(context, cid)?;
    end_captions(context, cid)?;
    end_hls(context, cid)?;
    end_rtmps(context, cid)?;
    Ok(())
}

//! Files that recordings and transcriptions leave behind.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::file_urls;
use crate::input::Input;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::{File, FileKind, RunningRecording};

/// Lists what was recorded of a call, the oldest first.
pub(crate) fn list_recordings(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let files = files_of(context, &input.cid(), FileKind::Recording)?;
    let recordings: Vec<Value> = files.iter().map(recording_fields).collect();
    Ok(json!({ "recordings": recordings }).into())
}

/// Lists what was transcribed of a call, the oldest first.
pub(crate) fn list_transcriptions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
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

/// Deletes a recording.
pub(crate) fn delete_recording(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    delete_file(
        context,
        input,
        FileKind::Recording,
        "recording doesn't exist",
    )
}

/// Deletes a transcription.
pub(crate) fn delete_transcription(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    delete_file(
        context,
        input,
        FileKind::Transcription,
        "transcription doesn't exist",
    )
}

fn delete_file(
    context: &mut Context<'_>,
    input: &Input,
    kind: FileKind,
    absent: &str,
) -> HandlerResult {
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

pub(crate) fn keep_file(
    context: &mut Context<'_>,
    cid: &str,
    kind: FileKind,
    recording_type: &str,
    filename: &str,
    recording: &RunningRecording,
    end_time: i64,
) -> Result<Option<File>, ApiError> {
    let call = context.call(cid)?;
    let Some(session_id) = call.session_ids.last().cloned() else {
        return Ok(None);
    };
    let url = file_urls::of_call(&context.settings.base_url, cid, &session_id, filename);
    let file = File {
        kind,
        cid: cid.to_owned(),
        session_id: session_id.clone(),
        filename: filename.to_owned(),
        recording_type: recording_type.to_owned(),
        storage: recording.storage.clone(),
        url,
        start_time: recording.started_at,
        end_time,
    };
    let key = File::key(cid, &session_id, filename);
    context.state_mut().files.put(&key, file.clone());
    Ok(Some(file))
}

pub(crate) fn safe_name(cid: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let letters = cid.chars();
    letters
        .map(|letter| if safe(letter) { letter } else { '_' })
        .collect()
}

pub(crate) fn file_fields(file: &File) -> Value {
    json!({
        "filename": file.filename,
        "session_id": file.session_id,
        "url": file.url,
        "start_time": file.start_time,
        "end_time": file.end_time,
    })
}

pub(crate) fn recording_fields(file: &File) -> Value {
    let mut fields = file_fields(file);
    render::set(&mut fields, "recording_type", file.recording_type.clone());
    fields
}

//! Frames: the pictures that a frame recording captures as time passes.

use serde_json::json;

use super::files::{keep_file, safe_name};
use crate::error::ApiError;
use crate::input::{Fields, ReadFields};
use crate::operations::context::Context;
use crate::operations::render;
use crate::operations::sessions::current;
use crate::state::{FileKind, RunningRecording, Session};
use crate::time::{self, SECOND};

/// The recording of single pictures.
pub(crate) const FRAME: &str = "frame";

/// Frames that are made up for when the clock jumps, the latest ones.
const MOST_AT_ONCE: i64 = 60;

/// Notes when the first frame is due after the one at `now`.
pub(super) fn schedule(context: &mut Context<'_>, cid: &str, now: i64) -> Result<(), ApiError> {
    let next = time::later(now, interval(context, cid)?, SECOND);
    set_next(context, cid, Some(next))
}

/// Captures the frames of a session that are due at `until`.
pub(crate) fn capture_due(
    context: &mut Context<'_>,
    session: &Session,
    until: i64,
) -> Result<(), ApiError> {
    let cid = &session.cid;
    let running = context.call(cid)?.egress.recordings.get(FRAME).cloned();
    let (Some(running), Some(first)) = (running, session.next_frame_at) else {
        return set_next(context, cid, None);
    };
    let step = interval(context, cid)?;
    let count = time::elapsed(first, until) / step.saturating_mul(SECOND);
    let skipped = (count.saturating_add(1))
        .saturating_sub(MOST_AT_ONCE)
        .max(0);
    // Nobody is in an empty session to be captured.
    if session.present().next().is_some() {
        for turn in skipped..=count {
            let at = time::later(first, turn.saturating_mul(step), SECOND);
            capture(context, cid, &running, at)?;
        }
    }
    let next = time::later(first, count.saturating_add(1).saturating_mul(step), SECOND);
    set_next(context, cid, Some(next).filter(|next| *next > until))
}

fn set_next(context: &mut Context<'_>, cid: &str, next: Option<i64>) -> Result<(), ApiError> {
    current::with_current(context, cid, |session, _| session.next_frame_at = next).map(|_| ())
}

/// The seconds between two frames.
fn interval(context: &Context<'_>, cid: &str) -> Result<i64, ApiError> {
    const USUAL: i64 = 5;
    let settings = render::settings(context.state(), context.call(cid)?);
    let frames = settings.object("frame_recording");
    let seconds = frames.and_then(|one| one.integer("capture_interval_in_seconds"));
    Ok(seconds.unwrap_or(USUAL).max(1))
}

/// Captures a frame of whoever is there.
pub(super) fn capture(
    context: &mut Context<'_>,
    cid: &str,
    recording: &RunningRecording,
    at: i64,
) -> Result<(), ApiError> {
    let filename = format!("frame_{}_{}.png", safe_name(cid), time::file_stamp(at));
    let kind = FileKind::Frame;
    let kept = keep_file(context, cid, kind, FRAME, &filename, recording, at)?;
    let Some(file) = kept else {
        return Ok(());
    };
    let users: Fields = current::present_users(context, cid)?
        .into_iter()
        .map(|user| (user.clone(), render::user(context.state(), &user)))
        .collect();
    let payload = json!({
        "egress_id": recording.egress_id,
        "session_id": file.session_id,
        "captured_at": at,
        "track_type": "video",
        "url": file.url,
        "users": users,
    });
    context.emit("call.frame_recording_ready", cid, payload);
    Ok(())
}

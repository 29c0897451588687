//! Deadlines: unanswered rings, frames to capture, empty sessions, calls at their longest duration.

use std::sync::Arc;

use super::context::Context;
use super::egress::frames;
use super::sessions::end::end_current;
use super::{calls, ring};
use crate::error::ApiError;

/// Ends every ring, session and call whose deadline has passed, and captures the frames until then.
pub(crate) fn meet_deadlines(context: &mut Context<'_>) -> Result<(), ApiError> {
    while let Some(id) = context.state().due_session(context.now) {
        let now = context.now;
        let Some(session) = context.state().sessions.get(&id).cloned() else {
            return Ok(());
        };
        let is_due = |moment: Option<i64>| moment.is_some_and(|moment| moment <= now);
        let has_call = context.call(&session.cid).is_ok();
        let ends_at = [session.timer_ends_at, session.idle_ends_at].into_iter();
        let until = ends_at.flatten().fold(now, i64::min);
        let has_frame = session.next_frame_at.is_some_and(|moment| moment <= until);
        if has_call && has_frame {
            frames::capture_due(context, &session, until)?;
        } else if has_call && is_due(session.timer_ends_at) {
            end_current(context, &session.cid)?;
            calls::end_call(context, &session.cid, "max_duration_reached")?;
        } else if has_call && is_due(session.idle_ends_at) {
            end_current(context, &session.cid)?;
        } else if has_call {
            ring::miss(context, &session)?;
        }
        // A session that is still due belongs to nothing any more; it must not come round for ever.
        if context.state().due_session(now) == Some(Arc::clone(&id)) {
            let state = context.state_mut();
            if let Some(session) = state.sessions.get_mut(&id) {
                session.ended_at = Some(now);
            }
            state.note_deadline(&id);
        }
    }
    Ok(())
}

//! The session of a call that runs, and notes in it.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::error::{ApiError, code};
use crate::input::Fields;
use crate::operations::context::Context;
use crate::state::{Session, Speech, TimelineEvent};

/// The session that runs; ringing makes one that waits for its first participant.
pub(crate) fn current_or_new(context: &mut Context<'_>, cid: &str) -> Result<String, ApiError> {
    if let Some(id) = context.call(cid)?.current_session.clone() {
        return Ok(id);
    }
    let id = Uuid::new_v4().to_string();
    let session = Session {
        id: id.clone(),
        cid: cid.to_owned(),
        created_at: context.moment(),
        started_at: None,
        ended_at: None,
        live_started_at: None,
        live_ended_at: None,
        timer_ends_at: None,
        idle_ends_at: None,
        next_frame_at: None,
        ringing: Default::default(),
        missing: Default::default(),
        accepted_by: Default::default(),
        rejected_by: Default::default(),
        missed_by: Default::default(),
        anonymous_participants: 0,
        participations: Vec::new(),
        events: Vec::new(),
        speech: Vec::new(),
    };
    context.state_mut().sessions.put(&id, session);
    let call = context.call_mut(cid)?;
    call.session_ids.push(id.clone());
    call.current_session = Some(id.clone());
    Ok(id)
}

/// Changes the session that runs, if one does.
pub(crate) fn with_current<T>(
    context: &mut Context<'_>,
    cid: &str,
    change: impl FnOnce(&mut Session, i64) -> T,
) -> Result<Option<T>, ApiError> {
    let now = context.now;
    let Some(id) = context.call(cid)?.current_session.clone() else {
        return Ok(None);
    };
    let state = context.state_mut();
    let changed = state
        .sessions
        .get_mut(&id)
        .map(|session| change(session, now));
    state.note_deadline(&id);
    Ok(changed)
}

/// The users who are in a call.
pub(crate) fn present_users(
    context: &Context<'_>,
    cid: &str,
) -> Result<BTreeSet<String>, ApiError> {
    let call = context.call(cid)?;
    let session = call.current_session.as_ref();
    let session = session.and_then(|id| context.state().sessions.get(id));
    let present = session.into_iter().flat_map(Session::present);
    Ok(present.map(|one| one.user_id.clone()).collect())
}

/// Notes in the running session that something happened to the call.
pub(crate) fn note_event(context: &mut Context<'_>, cid: &str, kind: &str) -> Result<(), ApiError> {
    let event = |at| TimelineEvent::new(at, kind, Fields::new());
    with_current(context, cid, |session, now| session.events.push(event(now))).map(|_| ())
}

/// Notes in the running session that a user reacted.
pub(crate) fn note_reaction(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    reaction: &str,
) -> Result<(), ApiError> {
    let data = [("user_id", user), ("reaction", reaction)];
    let data: Fields = data
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let event = |at| TimelineEvent::new(at, TimelineEvent::REACTION, data);
    with_current(context, cid, |session, now| session.events.push(event(now))).map(|_| ())
}

/// Notes in the running session what was said.
pub(crate) fn note_speech(
    context: &mut Context<'_>,
    cid: &str,
    speech: Speech,
) -> Result<(), ApiError> {
    with_current(context, cid, |session, _| session.speech.push(speech)).map(|_| ())
}

/// Notes in the running session that the call went live or stopped being so.
pub(crate) fn note_live(context: &mut Context<'_>, cid: &str, live: bool) -> Result<(), ApiError> {
    with_current(context, cid, |session, now| {
        if live {
            session.live_started_at = Some(now);
            session.live_ended_at = None;
        } else {
            session.live_ended_at = Some(now);
        }
    })
    .map(|_| ())
}

/// The session that has to be there before media can leave a call.
pub(crate) fn require_session(context: &Context<'_>, cid: &str) -> Result<String, ApiError> {
    let call = context.call(cid)?;
    let session = call.current_session.clone().filter(|id| {
        let session = context.state().sessions.get(id);
        session.is_some_and(|session| session.started_at.is_some())
    });
    session.ok_or_else(|| ApiError::new(400, code::INPUT, "there is no active session"))
}

//! Measures that several statistics share.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::input::Input;
use crate::operations::context::Context;
use crate::state::{Feedback, Participation, Session};
use crate::time::{self, SECOND};

/// How many took part in a session, and for how long.
pub(crate) fn counts_of(context: &Context<'_>, session_id: &str) -> Value {
    match context.state().sessions.get(session_id) {
        Some(session) => counts(session, context.now),
        None => json!({}),
    }
}

pub(crate) fn counts(session: &Session, now: i64) -> Value {
    let all = &session.participations;
    let users: BTreeSet<&str> = all.iter().map(|one| one.user_id.as_str()).collect();
    let publishers = all.iter().filter(|one| one.ever_published.any());
    let publishers: BTreeSet<&str> = publishers.map(|one| one.user_id.as_str()).collect();
    let total = time::total(all.iter().map(|one| one.duration(now)));
    json!({
        "participants": users.len(),
        "sessions": all.len(),
        "live_sessions": session.present().count(),
        "publishers": publishers.len(),
        "peak_concurrent_sessions": peak(session, false),
        "peak_concurrent_users": peak(session, true),
        "sfus_used": usize::from(!all.is_empty()),
        "call_event_count": session.events.len(),
        "total_participant_duration": total / SECOND,
    })
}

/// The most who were there at the same time: users, or presences of users.
pub(crate) fn peak(session: &Session, users: bool) -> usize {
    let all = &session.participations;
    let moments = all.iter().map(|one| one.joined_at);
    let present = |moment: i64| {
        let there = |one: &&Participation| {
            one.joined_at <= moment && one.left_at.is_none_or(|left| left > moment)
        };
        let there = all.iter().filter(there);
        if users {
            there
                .map(|one| one.user_id.as_str())
                .collect::<BTreeSet<_>>()
                .len()
        } else {
            there.count()
        }
    };
    moments.map(present).max().unwrap_or_default()
}

/// The session that the path names, which has to be one of the call.
pub(crate) fn session_of<'a>(
    context: &'a Context<'_>,
    input: &Input,
) -> Result<&'a Session, ApiError> {
    let cid = input.cid();
    context.call(&cid)?;
    let id = input.segment("session");
    let session = context.state().sessions.get(id);
    session.filter(|session| session.cid == cid).ok_or_else(|| {
        ApiError::not_found(format!("Can't find session with id {id} of the call {cid}"))
    })
}

/// The presence of a user that the path names.
pub(crate) fn participation_of<'a>(
    session: &'a Session,
    input: &Input,
) -> Result<&'a Participation, ApiError> {
    let (user, user_session) = (input.segment("user"), input.segment("user_session"));
    session.participation(user, user_session).ok_or_else(|| {
        ApiError::not_found(format!(
            "Can't find user session {user_session} of the user {user} in the session {}",
            session.id
        ))
    })
}

/// Sessions in which somebody was, the oldest first.
pub(crate) fn started_sessions<'a>(context: &'a Context<'_>) -> Vec<&'a Session> {
    let sessions = context.state().sessions.values();
    let mut started: Vec<&Session> = sessions.filter(|one| one.started_at.is_some()).collect();
    started.sort_by_key(|session| session.started_at);
    started
}

/// For how long a session lasts or lasted, in nanoseconds.
pub(crate) fn duration(session: &Session, now: i64) -> i64 {
    let start = session.started_at.unwrap_or(now);
    time::elapsed(start, session.ended_at.unwrap_or(now))
}

/// The feedback of users about a session.
pub(crate) fn feedback_of<'a>(
    context: &'a Context<'_>,
    session: &'a Session,
) -> impl Iterator<Item = &'a Feedback> {
    let all = context.state().feedback.values();
    all.filter(|feedback| feedback.session_id == session.id)
}

/// The mean of whole numbers; `None` of nothing.
#[allow(clippy::cast_precision_loss, reason = "far from the limit")]
pub(crate) fn mean(numbers: &[i64]) -> Option<f64> {
    let sum: i64 = numbers.iter().sum();
    (!numbers.is_empty()).then(|| sum as f64 / numbers.len() as f64)
}

/// A quality from 0 to 100. Nothing is lost on the way here, so that only users can lower it.
pub(crate) fn quality(ratings: &[i64]) -> f64 {
    mean(ratings).map_or(100.0, |mean| mean * 20.0)
}

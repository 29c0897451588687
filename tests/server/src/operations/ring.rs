//! Ringing and notifying the members of a call.

use serde_json::json;

use super::context::Context;
use super::handler::HandlerResult;
use super::render;
use super::sessions::current;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::state::Session;
use crate::time::{self, MILLISECOND};

/// Rings the members named, or all who are not in the call; returns the ones reached.
pub(super) fn ring(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let call = context.call(&cid)?;
    let named = input.body.texts("members_ids");
    if let Some(stranger) = named.iter().find(|id| call.member(id).is_none()) {
        let message = format!("the user {stranger} is not a member of the call {cid}");
        return Err(ApiError::input(message));
    }
    let present = current::present_users(context, &cid)?;
    let caller = context.caller.user.clone();
    let reached: Vec<String> = context
        .call(&cid)?
        .newest_members()
        .map(|member| member.user_id.clone())
        .filter(|id| named.is_empty() || named.contains(id))
        .filter(|id| !present.contains(id) && Some(id) != caller.as_ref())
        .collect();
    if reached.is_empty() {
        return Err(ApiError::input("no users to ring"));
    }
    emit(
        context,
        &cid,
        "call.ring",
        &reached,
        input.body.flag("video"),
    )?;
    Ok(json!({ "members_ids": reached }).into())
}

/// Rings or notifies the members when `ring` or `notify` ask for it.
pub(super) fn notify_members(
    context: &mut Context<'_>,
    cid: &str,
    fields: &Fields,
) -> Result<(), ApiError> {
    for (name, kind) in [("ring", "call.ring"), ("notify", "call.notification")] {
        if !fields.flag(name) {
            continue;
        }
        let call = context.call(cid)?;
        let creator = context.caller.user.as_ref().unwrap_or(&call.created_by);
        let ids = call.newest_members().map(|member| &member.user_id);
        let reached: Vec<String> = ids.filter(|id| *id != creator).cloned().collect();
        emit(context, cid, kind, &reached, fields.flag("video"))?;
    }
    Ok(())
}

fn emit(
    context: &mut Context<'_>,
    cid: &str,
    kind: &str,
    reached: &[String],
    video: bool,
) -> Result<(), ApiError> {
    let session = current::current_or_new(context, cid)?;
    let call = context.call(cid)?;
    let sender = context.caller.user.as_ref().unwrap_or(&call.created_by);
    let ids = reached.iter().map(String::as_str);
    let mut payload = json!({
        "session_id": session,
        "user": render::user(context.state(), sender),
        "members": render::members(context.state(), call, ids),
    });
    if kind == "call.ring" {
        render::set(&mut payload, "video", video);
    }
    if kind == "call.ring" {
        note_ringing(context, cid, reached)?;
    }
    context.emit_with_call(kind, cid, payload)
}

/// Rings users in the running session: they miss the call after one of the times in its settings, and
/// can answer until the other is over.
fn note_ringing(context: &mut Context<'_>, cid: &str, users: &[String]) -> Result<(), ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    let ring = settings.object("ring");
    let timeout = |name: &str| ring.and_then(|one| one.integer(name));
    let rings_for = timeout("incoming_call_timeout_ms").unwrap_or(15_000);
    let missed_after = timeout("missed_call_timeout_ms").unwrap_or(5_000);
    current::with_current(context, cid, |session, now| {
        let until = time::later(now, rings_for, MILLISECOND);
        let missed_at = time::later(now, missed_after, MILLISECOND);
        for user in users {
            session.ringing.insert(user.clone(), until);
            session.missing.insert(user.clone(), missed_at);
        }
    })
    .map(|_| ())
}

/// Notes that a user who is being rung accepts or rejects the call.
pub(super) fn answer(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    accepts: bool,
    reason: Option<&str>,
) -> Result<(), ApiError> {
    let was_rung = current::with_current(context, cid, |session, now| {
        let was_rung = session.stop_ringing(user);
        if was_rung {
            let answers = if accepts {
                &mut session.accepted_by
            } else {
                &mut session.rejected_by
            };
            answers.insert(user.to_owned(), now);
        }
        was_rung
    })?;
    if was_rung != Some(true) {
        let message = format!("the user {user} is not being rung in the call {cid}");
        return Err(ApiError::input(message));
    }
    let mut payload = json!({ "user": render::user(context.state(), user) });
    let kind = if accepts {
        "call.accepted"
    } else {
        "call.rejected"
    };
    if let Some(reason) = reason.filter(|_| !accepts) {
        render::set(&mut payload, "reason", reason);
    }
    context.emit_with_call(kind, cid, payload)
}

/// Notes who did not answer in time, and ends the rings that lasted long enough.
pub(super) fn miss(context: &mut Context<'_>, session: &Session) -> Result<(), ApiError> {
    let missed: Vec<String> = session
        .missing
        .iter()
        .filter(|(_, at)| **at <= context.now)
        .map(|(user, _)| user.clone())
        .collect();
    current::with_current(context, &session.cid, |session, now| {
        for user in &missed {
            session.missing.remove(user);
            session.missed_by.insert(user.clone(), now);
        }
        session.ringing.retain(|_, until| *until > now);
    })?;
    let call = context.call(&session.cid)?;
    let caller = render::user(context.state(), &call.created_by);
    for user in missed {
        let call = context.call(&session.cid)?;
        let members = render::members(context.state(), call, [user.as_str()]);
        let payload = json!({
            "session_id": session.id,
            "members": members,
            "notify_user": true,
            "user": caller,
        });
        context.emit_with_call("call.missed", &session.cid, payload)?;
    }
    Ok(())
}

//! Ringing and notifying the members of a call.

use serde_json::json;

use super::{Answered, Context, render, sessions};
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};

/// Rings the members named, or all who are not in the call; answers the ones reached.
pub(super) fn ring(context: &mut Context<'_>, input: &Input) -> Answered {
    let cid = input.cid();
    let call = context.call(&cid)?;
    let named = input.body.texts("members_ids");
    if let Some(stranger) = named.iter().find(|id| call.member(id).is_none()) {
        let message = format!("the user {stranger} is not a member of the call {cid}");
        return Err(ApiError::input(message));
    }
    let present = sessions::present_users(context, &cid)?;
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
    let session = sessions::current_or_new(context, cid)?;
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
        sessions::note_ringing(context, cid, reached)?;
    }
    context.emit_with_call(kind, cid, payload)
}

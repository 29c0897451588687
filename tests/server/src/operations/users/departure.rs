//! Calls that a user leaves behind: the presences of those who may no longer be there, and every
//! trace of those who are gone with their data.

use serde_json::json;

use crate::error::ApiError;
use crate::operations::context::Context;
use crate::operations::sessions::{current, presence};
use crate::state::{Call, User};

/// Takes a user out of every running session, and ends the rings that they did not answer.
pub(super) fn leave_sessions(
    context: &mut Context<'_>,
    user: &str,
    reason: &str,
) -> Result<(), ApiError> {
    let running = context.state().calls.values();
    let running =
        running.filter(|call| call.current_session.is_some() && call.deleted_at.is_none());
    let running: Vec<String> = running.map(Call::cid).collect();
    for cid in running {
        current::with_current(context, &cid, |session, _| {
            session.stop_ringing(user);
        })?;
        presence::leave(context, &cid, user, None, reason)?;
    }
    Ok(())
}

/// Removes a user from the lists of every call that holds them.
pub(super) fn leave_lists(context: &mut Context<'_>, user: &str) -> Result<(), ApiError> {
    let holding = context.state().calls.values();
    let holding: Vec<String> = holding
        .filter(|call| is_listed(call, user))
        .map(Call::cid)
        .collect();
    for cid in holding {
        let now = context.moment();
        let Some(call) = context.state_mut().calls.get_mut(&cid) else {
            continue;
        };
        call.updated_at = now;
        let was_member = call.member(user).is_some();
        call.members.retain(|member| member.user_id != user);
        call.blocked_user_ids.retain(|blocked| blocked != user);
        call.pins.retain(|pin| pin.user_id != user);
        call.permissions.remove(user);
        if was_member && call.deleted_at.is_none() {
            context.emit_with_call("call.member_removed", &cid, json!({ "members": [user] }))?;
        }
    }
    Ok(())
}

fn is_listed(call: &Call, user: &str) -> bool {
    call.member(user).is_some()
        || call.permissions.contains_key(user)
        || call.blocked_user_ids.iter().any(|blocked| blocked == user)
        || call.pins.iter().any(|pin| pin.user_id == user)
}

/// Removes a user. The id and the times stay for calls that they made and sessions they were in.
pub(super) fn erase(context: &mut Context<'_>, id: &str) {
    let now = context.moment();
    let Some(user) = context.state_mut().users.remove(id) else {
        return;
    };
    let remnant = User {
        updated_at: now,
        deleted_at: Some(now),
        ..User::new(id, user.created_at)
    };
    context.state_mut().erased_users.put(id, remnant);
}

//! Operations of moderators: block, kick, mute, pin, grant and revoke.

use serde::Deserialize;
use serde_json::json;

use super::context::Context;
use super::handler::HandlerResult;
use super::sessions::{current, presence};
use super::{permissions, render};
use crate::error::ApiError;
use crate::input::{Input, ReadFields};
use crate::state::{Participation, Pin, Tracks};

/// Keeps a user out of a call.
pub(super) fn block(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let user = named_user(context, input)?;
    block_user(context, &cid, &user)?;
    Ok(json!({}).into())
}

fn block_user(context: &mut Context<'_>, cid: &str, user: &str) -> Result<(), ApiError> {
    if context
        .call(cid)?
        .blocked_user_ids
        .iter()
        .any(|known| known == user)
    {
        return Ok(());
    }
    let call = context.change_call(cid)?;
    call.blocked_user_ids.push(user.to_owned());
    let mut payload = json!({ "user": render::user(context.state(), user) });
    if let Some(by) = &context.caller.user {
        render::set(
            &mut payload,
            "blocked_by_user",
            render::user(context.state(), by),
        );
    }
    context.emit("call.blocked_user", cid, payload);
    presence::leave(context, cid, user, None, "blocked")?;
    Ok(())
}

/// Lets a blocked user in again.
pub(super) fn unblock(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let user = named_user(context, input)?;
    if context.call(&cid)?.blocked_user_ids.contains(&user) {
        let call = context.change_call(&cid)?;
        call.blocked_user_ids.retain(|blocked| *blocked != user);
        let payload = json!({ "user": render::user(context.state(), &user) });
        context.emit("call.unblocked_user", &cid, payload);
    }
    Ok(json!({}).into())
}

/// Removes a user from the running session, and blocks them if asked.
pub(super) fn kick(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let user = named_user(context, input)?;
    let by = context.acting_user(&input.body, "kicked_by", "kicked_by_id")?;
    let mut payload = json!({ "user": render::user(context.state(), &user) });
    if let Some(by) = by {
        render::set(
            &mut payload,
            "kicked_by_user",
            render::user(context.state(), &by),
        );
    }
    context.emit("call.kicked_user", &cid, payload);
    presence::leave(context, &cid, &user, None, "kicked")?;
    if input.body.flag("block") {
        block_user(context, &cid, &user)?;
    }
    Ok(json!({}).into())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MuteRequest {
    #[serde(flatten)]
    tracks: Tracks,
    mute_all_users: bool,
    user_ids: Vec<String>,
}

/// Stops what users send; nothing named means sound.
pub(super) fn mute(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let MuteRequest {
        mut tracks,
        mute_all_users,
        user_ids,
    } = input.read()?;
    context.call(&cid)?;
    let by = context.acting_user(&input.body, "muted_by", "muted_by_id")?;
    tracks.audio |= !tracks.any();
    let users = if mute_all_users {
        let everyone = current::present_users(context, &cid)?;
        let others = everyone
            .into_iter()
            .filter(|user| Some(user) != by.as_ref());
        others.collect()
    } else {
        if user_ids.is_empty() {
            return Err(ApiError::input(
                "either user_ids or mute_all_users must be provided",
            ));
        }
        context.require_users(
            "call mute users operation",
            user_ids.iter().map(String::as_str),
        )?;
        user_ids
    };
    for user in &users {
        presence::stop_tracks(context, &cid, user, tracks)?;
    }
    let payload = json!({
        "from_user_id": by.unwrap_or_default(),
        "muted_user_ids": users,
        "reason": "",
    });
    context.emit("call.user_muted", &cid, payload);
    Ok(json!({}).into())
}

/// Grants and revokes capabilities of one user in one call.
pub(super) fn update_permissions(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let user = named_user(context, input)?;
    let grants = input.body.texts("grant_permissions");
    let revokes = input.body.texts("revoke_permissions");
    if let Some(both) = grants.iter().find(|grant| revokes.contains(grant)) {
        let message = format!("{both} is both granted and revoked");
        return Err(ApiError::input(message));
    }
    let call = context.change_call(&cid)?;
    let change = call.permissions.entry(user.clone()).or_default();
    change
        .granted
        .retain(|known| !revokes.contains(known) && !grants.contains(known));
    change
        .revoked
        .retain(|known| !revokes.contains(known) && !grants.contains(known));
    change.granted.extend(grants);
    let stopped = Tracks {
        audio: revokes.iter().any(|one| one == "send-audio"),
        video: revokes.iter().any(|one| one == "send-video"),
        screenshare: revokes.iter().any(|one| one == "screenshare"),
        screenshare_audio: revokes.iter().any(|one| one == "screenshare"),
    };
    change.revoked.extend(revokes);
    presence::stop_tracks(context, &cid, &user, stopped)?;
    let call = context.call(&cid)?;
    let payload = json!({
        "user": render::user(context.state(), &user),
        "own_capabilities": permissions::capabilities(context, call, &user),
    });
    context.emit("call.permissions_updated", &cid, payload);
    Ok(json!({}).into())
}

/// Pins a participant for everyone.
pub(super) fn pin(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let pin = read_pin(context, input)?;
    let session = current::require_session(context, &cid)?;
    let session = context.state().sessions.get(&session);
    let participation = session.and_then(|one| one.participation(&pin.user_id, &pin.session_id));
    if !participation.is_some_and(Participation::is_present) {
        let Pin {
            user_id,
            session_id,
        } = pin;
        return Err(ApiError::not_found(format!(
            "Can't find participant with user id {user_id} and session id {session_id} in the call {cid}"
        )));
    }
    let call = context.change_call(&cid)?;
    call.pins.retain(|known| *known != pin);
    call.pins.push(pin);
    Ok(json!({}).into())
}

/// Takes a pin away.
pub(super) fn unpin(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let pin = read_pin(context, input)?;
    if !context.call(&cid)?.pins.contains(&pin) {
        let Pin {
            user_id,
            session_id,
        } = pin;
        return Err(ApiError::not_found(format!(
            "Can't find pin of user {user_id} with session id {session_id} in the call {cid}"
        )));
    }
    let call = context.change_call(&cid)?;
    call.pins.retain(|known| *known != pin);
    Ok(json!({}).into())
}

fn read_pin(context: &mut Context<'_>, input: &Input) -> Result<Pin, ApiError> {
    let user_id = named_user(context, input)?;
    let session_id = input.body.owned("session_id").unwrap_or_default();
    if session_id.is_empty() {
        return Err(ApiError::input(
            "session_id must name a session of the user",
        ));
    }
    Ok(Pin {
        user_id,
        session_id,
    })
}

/// The user of the body, who has to exist; the call has to exist too.
fn named_user(context: &mut Context<'_>, input: &Input) -> Result<String, ApiError> {
    context.call(&input.cid())?;
    let user = input.body.owned("user_id").unwrap_or_default();
    if user.is_empty() {
        return Err(ApiError::input("user_id must name a user"));
    }
    context.require_users("the operation", [user.as_str()])?;
    Ok(user)
}

//! The way into a call, which starts a session if none runs.

use serde_json::json;
use uuid::Uuid;

use super::current::{current_or_new, present_users, with_current};
use super::ingress;
use super::presence::{emit_counts, may_send};
use crate::error::{ApiError, code};
use crate::input::{Fields, ReadFields};
use crate::operations::context::Context;
use crate::operations::egress;
use crate::operations::permissions;
use crate::operations::render;
use crate::state::{Participation, Tracks};
use crate::time::{self, SECOND};

/// Someone who joins.
pub(crate) struct Joining {
    pub(crate) user_id: String,
    pub(crate) user_session_id: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) tracks: Tracks,
    pub(crate) client: Fields,
}

/// Lets a user into a call, which starts a session if none runs.
pub(crate) fn join(
    context: &mut Context<'_>,
    cid: &str,
    joining: Joining,
) -> Result<Participation, ApiError> {
    if let Some(known) = known_presence(context, cid, &joining)? {
        return rejoin(context, cid, joining.tracks, known);
    }
    may_join(context, cid, &joining.user_id)?;
    may_send(context, cid, &joining.user_id, joining.tracks)?;
    let session_id = current_or_new(context, cid)?;
    let call = context.call(cid)?;
    let role = joining
        .role
        .unwrap_or_else(|| permissions::role_in_call(context, call, &joining.user_id));
    let settings = render::settings(context.state(), call);
    let longest = settings
        .object("limits")
        .and_then(|one| one.integer("max_duration_seconds"));
    let now = context.moment();
    let mut participation = Participation {
        user_session_id: joining
            .user_session_id
            .unwrap_or_else(|| Uuid::new_v4().to_string()),
        user_id: joining.user_id.clone(),
        role,
        joined_at: now,
        left_at: None,
        tracks: Tracks::default(),
        ever_published: Tracks::default(),
        published_since: Default::default(),
        published_for: Default::default(),
        client: joining.client,
        timeline: Vec::new(),
        samples: Vec::new(),
    };
    participation.note(now, "participant_joined", Fields::new());
    participation.publish(joining.tracks, now);
    let mut starts = false;
    with_current(context, cid, |session, _| {
        starts = session.started_at.is_none();
        if starts {
            session.started_at = Some(now);
            let longest = longest.filter(|seconds| *seconds > 0);
            session.timer_ends_at = longest.map(|seconds| time::later(now, seconds, SECOND));
        }
        session.idle_ends_at = None;
        if session.stop_ringing(&joining.user_id) {
            session.accepted_by.insert(joining.user_id.clone(), now);
        }
        session.participations.push(participation.clone());
    })?;
    let call = context.call_mut(cid)?;
    call.ongoing = true;
    if starts {
        start(context, cid, &session_id, now)?;
    }
    if let Some(user) = context.state_mut().users.get_mut(&joining.user_id) {
        user.last_active = Some(now);
    }
    let shown = render::participant(context.state(), &participation);
    context.emit(
        "call.session_participant_joined",
        cid,
        json!({ "session_id": session_id, "participant": shown }),
    );
    emit_counts(context, cid, &session_id);
    ingress::emit_started(context, cid, &participation);
    Ok(participation)
}

/// The presence that a client who joins goes on with: an id stands for one presence.
fn known_presence(
    context: &Context<'_>,
    cid: &str,
    joining: &Joining,
) -> Result<Option<Participation>, ApiError> {
    let session = context.call(cid)?.current_session.as_deref();
    let session = session.and_then(|id| context.state().sessions.get(id));
    let mut all = session.into_iter().flat_map(|one| &one.participations);
    let known = all.find(|one| Some(&one.user_session_id) == joining.user_session_id.as_ref());
    match known {
        Some(one) if one.user_id == joining.user_id && one.is_present() => Ok(Some(one.clone())),
        Some(one) => Err(ApiError::input(format!(
            "the user_session_id {} was used in this session before; every presence has its own",
            one.user_session_id
        ))),
        None => Ok(None),
    }
}

/// Goes on with a presence, which may send more from now on.
fn rejoin(
    context: &mut Context<'_>,
    cid: &str,
    tracks: Tracks,
    mut known: Participation,
) -> Result<Participation, ApiError> {
    may_send(context, cid, &known.user_id, tracks)?;
    known.publish(tracks, context.now);
    with_current(context, cid, |session, _| {
        let mut all = session.participations.iter_mut();
        if let Some(one) = all.find(|one| one.user_session_id == known.user_session_id) {
            one.clone_from(&known);
        }
    })?;
    Ok(known)
}

/// Does what the start of a session entails.
fn start(context: &mut Context<'_>, cid: &str, id: &str, now: i64) -> Result<(), ApiError> {
    let call = context.call(cid)?;
    if !call.backstage {
        with_current(context, cid, |session, _| {
            session.live_started_at = Some(now)
        })?;
    }
    context.emit_with_call("call.session_started", cid, json!({ "session_id": id }))?;
    egress::automatic::start_automatic(context, cid)
}

/// Refuses whoever may not come in.
fn may_join(context: &mut Context<'_>, cid: &str, user: &str) -> Result<(), ApiError> {
    context.call(cid)?;
    context.require_users("call join operation", [user])?;
    let call = context.call(cid)?;
    let allowed = permissions::capabilities(context, call, user);
    let refuse = |message: String| Err(ApiError::new(403, code::NOT_ALLOWED, message));
    if call.blocked_user_ids.iter().any(|blocked| blocked == user) {
        return refuse(format!("the user {user} is blocked from the call {cid}"));
    }
    if context
        .user(user)
        .is_some_and(|user| user.deactivated_at.is_some())
    {
        return refuse(format!("the user {user} is deactivated"));
    }
    if !allowed.contains("join-call") {
        return refuse(format!("the user {user} may not join the call {cid}"));
    }
    if call.ended_at.is_some() && !allowed.contains("join-ended-call") {
        return refuse(format!("the call {cid} has ended"));
    }
    let settings = render::settings(context.state(), call);
    let backstage = settings.object("backstage");
    let ahead = backstage.and_then(|one| one.integer("join_ahead_time_seconds"));
    let opens_at = call.starts_at.map(|start| {
        let ahead = ahead.unwrap_or(0).saturating_neg();
        time::later(start, ahead, SECOND)
    });
    let is_open = opens_at.is_some_and(|moment| moment <= context.now) && ahead > Some(0);
    if call.backstage && !is_open && !allowed.contains("join-backstage") {
        return refuse(format!("the call {cid} is backstage"));
    }
    let limits = settings.object("limits");
    let most = limits.and_then(|one| one.integer("max_participants"));
    let present = present_users(context, cid)?.len();
    if most.is_some_and(|most| most > 0 && i64::try_from(present).unwrap_or(i64::MAX) >= most) {
        return refuse(format!(
            "the call {cid} has no room for another participant"
        ));
    }
    Ok(())
}

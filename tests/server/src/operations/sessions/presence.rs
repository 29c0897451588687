//! Participants of the running session: joining, leaving, sending.

use serde_json::json;
use uuid::Uuid;

use super::current::{current_or_new, present_users, with_current};
use super::ingress;
use crate::error::{ApiError, code};
use crate::input::{Fields, ReadFields};
use crate::operations::context::Context;
use crate::operations::egress;
use crate::operations::permissions;
use crate::operations::render;
use crate::state::{Participation, Sample, Tracks};
use crate::time::{self, SECOND};

/// Samples that are kept of one participant, the latest ones.
const MAX_SAMPLES: usize = 4096;

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
    may_join(context, cid, &joining.user_id)?;
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
        if session.ringing.remove(&joining.user_id).is_some() {
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

/// Ends the presence of a user, of one of their devices or all; returns how many left.
pub(crate) fn leave(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    user_session: Option<&str>,
    reason: &str,
) -> Result<usize, ApiError> {
    let now = context.moment();
    let left = with_current(context, cid, |session, _| {
        let mut left = Vec::new();
        for one in &mut session.participations {
            let is_meant = one.user_id == user
                && user_session.is_none_or(|wanted| wanted == one.user_session_id);
            if is_meant && one.is_present() {
                one.leave(now, reason);
                left.push(one.clone());
            }
        }
        left
    })?
    .unwrap_or_default();
    let Some(session_id) = context.call(cid)?.current_session.clone() else {
        return Ok(0);
    };
    let call = context.call(cid)?;
    let settings = render::settings(context.state(), call);
    let session_settings = settings.object("session");
    let timeout = session_settings.and_then(|one| one.integer("inactivity_timeout_seconds"));
    let mut is_empty = false;
    with_current(context, cid, |session, _| {
        is_empty = session.present().next().is_none();
        if is_empty && !left.is_empty() {
            session.idle_ends_at = Some(time::later(now, timeout.unwrap_or(30), SECOND));
        }
    })?;
    for one in &left {
        emit_left(context, cid, &session_id, one, reason);
    }
    if !left.is_empty() {
        let call = context.call_mut(cid)?;
        call.ongoing = !is_empty;
        // A pin of somebody who left would stay for ever.
        call.pins
            .retain(|pin| !left.iter().any(|one| one.user_session_id == pin.session_id));
        emit_counts(context, cid, &session_id);
    }
    Ok(left.len())
}

pub(crate) fn emit_left(
    context: &mut Context<'_>,
    cid: &str,
    session: &str,
    one: &Participation,
    reason: &str,
) {
    let payload = json!({
        "session_id": session,
        "participant": render::participant(context.state(), one),
        "duration_seconds": one.duration(context.now) / SECOND,
        "reason": reason,
    });
    context.emit("call.session_participant_left", cid, payload);
    ingress::emit_stopped(context, cid, one);
}

/// Breaks off the stream of a user, who leaves with it; returns whether there was one.
pub(crate) fn fail_ingress(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    error: &str,
) -> Result<bool, ApiError> {
    let failed = with_current(context, cid, |session, _| {
        let mut present = session.present();
        let by_user = present.find(|one| one.user_id == user && one.is_ingress());
        by_user.cloned()
    })?;
    let Some(one) = failed.flatten() else {
        return Ok(false);
    };
    ingress::emit_failed(context, cid, &one, error);
    leave(context, cid, user, Some(&one.user_session_id), "error")?;
    Ok(true)
}

fn emit_counts(context: &mut Context<'_>, cid: &str, session_id: &str) {
    let Some(session) = context.state().sessions.get(session_id) else {
        return;
    };
    let shown = render::session(context.state(), session);
    let payload = json!({
        "session_id": session_id,
        "participants_count_by_role": shown.get("participants_count_by_role"),
        "anonymous_participant_count": session.anonymous_participants,
    });
    context.emit("call.session_participant_count_updated", cid, payload);
}

/// Starts what a participant sends.
pub(crate) fn publish(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    tracks: Tracks,
) -> Result<bool, ApiError> {
    let call = context.call(cid)?;
    let allowed = permissions::capabilities(context, call, user);
    let needs = [
        (tracks.audio, "send-audio"),
        (tracks.video, "send-video"),
        (
            tracks.screenshare || tracks.screenshare_audio,
            "screenshare",
        ),
    ];
    for (wanted, capability) in needs {
        if wanted && !allowed.contains(capability) {
            let message = format!("the user {user} lacks {capability} in the call {cid}");
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
    }
    change_present(context, cid, user, |one, now| one.publish(tracks, now))
}

/// Stops what a participant sends.
pub(crate) fn stop_tracks(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    tracks: Tracks,
) -> Result<bool, ApiError> {
    change_present(context, cid, user, |one, now| one.unpublish(tracks, now))
}

/// Keeps what a participant measured.
pub(crate) fn measure(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    sample: Sample,
) -> Result<bool, ApiError> {
    let known = Sample::UNITS.map(|(name, _)| name);
    if let Some(name) = sample
        .values
        .keys()
        .find(|name| !known.contains(&name.as_str()))
    {
        let message = format!("{name} is not measured; these are: {}", known.join(", "));
        return Err(ApiError::input(message));
    }
    change_present(context, cid, user, |one, _| {
        if one.samples.len() >= MAX_SAMPLES {
            one.samples.remove(0);
        }
        one.samples.push(sample.clone());
    })
}

fn change_present(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    change: impl Fn(&mut Participation, i64),
) -> Result<bool, ApiError> {
    let changed = with_current(context, cid, |session, now| {
        let all = session.participations.iter_mut();
        let present = all.filter(|one| one.user_id == user && one.is_present());
        present.map(|one| change(one, now)).count() > 0
    })?;
    Ok(changed.unwrap_or_default())
}

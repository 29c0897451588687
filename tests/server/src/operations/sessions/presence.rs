//! Participants of the running session: leaving, sending, measuring.

use serde_json::json;

use super::current::with_current;
use super::ingress;
use crate::error::{ApiError, code};
use crate::input::ReadFields;
use crate::operations::context::Context;
use crate::operations::egress::checks;
use crate::operations::permissions;
use crate::operations::render;
use crate::state::{Participation, Sample, Tracks};
use crate::time::{self, SECOND};

/// Samples that are kept of one participant, the latest ones.
const MAX_SAMPLES: usize = 4096;

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

pub(super) fn emit_counts(context: &mut Context<'_>, cid: &str, session_id: &str) {
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

/// Refuses tracks that the settings of the call disable, or that the user may not send.
pub(super) fn may_send(
    context: &Context<'_>,
    cid: &str,
    user: &str,
    tracks: Tracks,
) -> Result<(), ApiError> {
    let call = context.call(cid)?;
    let settings = render::settings(context.state(), call);
    let allowed = permissions::capabilities(context, call, user);
    let shares = tracks.screenshare || tracks.screenshare_audio;
    let needs = [
        (tracks.audio, "audio", "send-audio"),
        (tracks.video, "video", "send-video"),
        (shares, "screensharing", "screenshare"),
    ];
    for (_, setting, capability) in needs.into_iter().filter(|(wanted, ..)| *wanted) {
        checks::require_on(&settings, setting)?;
        if !allowed.contains(capability) {
            let message = format!("the user {user} lacks {capability} in the call {cid}");
            return Err(ApiError::new(403, code::NOT_ALLOWED, message));
        }
    }
    Ok(())
}

/// Starts what a participant sends.
pub(crate) fn publish(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    tracks: Tracks,
) -> Result<bool, ApiError> {
    may_send(context, cid, user, tracks)?;
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

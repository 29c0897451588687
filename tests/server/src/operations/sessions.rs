//! Sessions of a call: how they start, who comes and goes, how they end.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Context, calls, egress, permissions, render, stats};
use crate::error::{ApiError, code};
use crate::input::{Fields, ReadFields};
use crate::state::{Participation, Session, Speech, TimelineEvent, Tracks};

const SECOND: i64 = 1_000_000_000;
const MILLISECOND: i64 = 1_000_000;

/// The session that runs; ringing makes one that waits for its first participant.
pub(super) fn current_or_new(context: &mut Context<'_>, cid: &str) -> Result<String, ApiError> {
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
        ringing: Default::default(),
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
fn with_current<T>(
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

/// Someone who joins.
pub(super) struct Joining {
    pub(super) user_id: String,
    pub(super) user_session_id: Option<String>,
    pub(super) role: Option<String>,
    pub(super) tracks: Tracks,
    pub(super) client: Fields,
}

/// Lets a user into a call, which starts a session if none runs.
pub(super) fn join(
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
    };
    note(&mut participation, now, "participant_joined", json!({}));
    publish_tracks(&mut participation, joining.tracks, now);
    let mut starts = false;
    with_current(context, cid, |session, _| {
        starts = session.started_at.is_none();
        if starts {
            session.started_at = Some(now);
            let longest = longest.filter(|seconds| *seconds > 0);
            session.timer_ends_at = longest.map(|seconds| now + seconds * SECOND);
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
    Ok(participation)
}

/// What a session brings with it when it starts.
fn start(context: &mut Context<'_>, cid: &str, id: &str, now: i64) -> Result<(), ApiError> {
    let call = context.call(cid)?;
    if !call.backstage {
        with_current(context, cid, |session, _| {
            session.live_started_at = Some(now)
        })?;
    }
    context.emit_with_call("call.session_started", cid, json!({ "session_id": id }))?;
    egress::start_automatic(context, cid)
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
    let opens_at = call
        .starts_at
        .map(|start| start - ahead.unwrap_or(0) * SECOND);
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

/// The users who are in a call.
pub(super) fn present_users(
    context: &Context<'_>,
    cid: &str,
) -> Result<BTreeSet<String>, ApiError> {
    let call = context.call(cid)?;
    let session = call.current_session.as_ref();
    let session = session.and_then(|id| context.state().sessions.get(id));
    let present = session.into_iter().flat_map(Session::present);
    Ok(present.map(|one| one.user_id.clone()).collect())
}

/// Ends the presence of a user, of one of their devices or all; answers how many left.
pub(super) fn leave(
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
                end_presence(one, now, reason);
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
            session.idle_ends_at = Some(now + timeout.unwrap_or(30) * SECOND);
        }
    })?;
    for one in &left {
        emit_left(context, cid, &session_id, one, reason);
    }
    if !left.is_empty() {
        context.call_mut(cid)?.ongoing = !is_empty;
        emit_counts(context, cid, &session_id);
    }
    Ok(left.len())
}

fn emit_left(
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

/// Takes a user out, because of a moderator.
pub(super) fn remove_user(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    reason: &str,
) -> Result<(), ApiError> {
    leave(context, cid, user, None, reason).map(|_| ())
}

/// Starts what a participant sends.
pub(super) fn publish(
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
    change_present(context, cid, user, |one, now| {
        publish_tracks(one, tracks, now)
    })
}

/// Stops what a participant sends.
pub(super) fn stop_tracks(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    tracks: Tracks,
) -> Result<bool, ApiError> {
    change_present(context, cid, user, |one, now| {
        unpublish_tracks(one, tracks, now)
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

fn publish_tracks(one: &mut Participation, tracks: Tracks, now: i64) {
    for name in tracks.names() {
        if let Some(sent) = flag(&mut one.tracks, name).filter(|sent| !**sent) {
            *sent = true;
            one.published_since.insert(name.to_owned(), now);
            note(one, now, "track_published", json!({ "track_type": name }));
        }
        if let Some(ever) = flag(&mut one.ever_published, name) {
            *ever = true;
        }
    }
}

fn unpublish_tracks(one: &mut Participation, tracks: Tracks, now: i64) {
    for name in tracks.names() {
        if let Some(sent) = flag(&mut one.tracks, name).filter(|sent| **sent) {
            *sent = false;
            let since = one.published_since.remove(name).unwrap_or(now);
            *one.published_for.entry(name.to_owned()).or_default() += now - since;
            note(one, now, "track_unpublished", json!({ "track_type": name }));
        }
    }
}

fn flag<'a>(tracks: &'a mut Tracks, name: &str) -> Option<&'a mut bool> {
    Some(match name {
        "audio" => &mut tracks.audio,
        "video" => &mut tracks.video,
        "screenshare" => &mut tracks.screenshare,
        "screenshare_audio" => &mut tracks.screenshare_audio,
        _ => return None,
    })
}

fn end_presence(one: &mut Participation, now: i64, reason: &str) {
    let sent = one.tracks;
    unpublish_tracks(one, sent, now);
    one.left_at = Some(now);
    note(one, now, "participant_left", json!({ "reason": reason }));
}

fn note(one: &mut Participation, at: i64, kind: &str, data: Value) {
    one.timeline.push(TimelineEvent {
        at,
        kind: kind.to_owned(),
        severity: "info".to_owned(),
        data: render::fields(data),
    });
}

/// Notes in the running session that something happened to the call.
pub(super) fn note_event(context: &mut Context<'_>, cid: &str, kind: &str) -> Result<(), ApiError> {
    let event = |at| TimelineEvent {
        at,
        kind: kind.to_owned(),
        severity: "info".to_owned(),
        data: Fields::new(),
    };
    with_current(context, cid, |session, now| session.events.push(event(now))).map(|_| ())
}

/// Notes in the running session what was said.
pub(super) fn note_speech(
    context: &mut Context<'_>,
    cid: &str,
    speech: Speech,
) -> Result<(), ApiError> {
    with_current(context, cid, |session, _| session.speech.push(speech)).map(|_| ())
}

/// Notes in the running session that the call went live or stopped being so.
pub(super) fn note_live(context: &mut Context<'_>, cid: &str, live: bool) -> Result<(), ApiError> {
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

/// Ends the session that runs, with everyone and everything in it.
pub(super) fn end_current(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
    let Some(id) = context.call(cid)?.current_session.clone() else {
        return egress::end_all(context, cid);
    };
    egress::end_all(context, cid)?;
    let now = context.moment();
    let mut started = false;
    let left = with_current(context, cid, |session, _| {
        started = session.started_at.is_some();
        session.ended_at = Some(now);
        session.ringing.clear();
        let mut left = Vec::new();
        for one in &mut session.participations {
            if one.is_present() {
                end_presence(one, now, "session_ended");
                left.push(one.clone());
            }
        }
        left
    })?
    .unwrap_or_default();
    for one in &left {
        emit_left(context, cid, &id, one, "session_ended");
    }
    let call = context.call_mut(cid)?;
    call.current_session = None;
    call.ongoing = false;
    call.pins.clear();
    if started {
        context.emit_with_call("call.session_ended", cid, json!({ "session_id": id }))?;
        let counts = stats::counts_of(context, &id);
        context.emit(
            "call.stats_report_ready",
            cid,
            json!({ "session_id": id, "counts": counts }),
        );
    }
    Ok(())
}

/// Rings users in the running session until the time that the settings give them is over.
pub(super) fn note_ringing(
    context: &mut Context<'_>,
    cid: &str,
    users: &[String],
) -> Result<(), ApiError> {
    let settings = render::settings(context.state(), context.call(cid)?);
    let ring = settings.object("ring");
    let timeout = ring.and_then(|one| one.integer("incoming_call_timeout_ms"));
    let timeout = timeout.unwrap_or(15_000) * MILLISECOND;
    with_current(context, cid, |session, now| {
        for user in users {
            session.ringing.insert(user.clone(), now + timeout);
        }
    })
    .map(|_| ())
}

/// Notes that a user who is being rung accepts or rejects the call.
pub(super) fn answer_ring(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    accepts: bool,
    reason: Option<&str>,
) -> Result<(), ApiError> {
    let was_rung = with_current(context, cid, |session, now| {
        let was_rung = session.ringing.remove(user).is_some();
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

/// Does what happens by itself now that time has passed: rings that nobody answered, empty
/// sessions, calls that reached their longest duration.
pub(crate) fn settle(context: &mut Context<'_>) -> Result<(), ApiError> {
    while let Some(id) = context.state().due_session(context.now) {
        let now = context.now;
        let Some(session) = context.state().sessions.get(&id).cloned() else {
            return Ok(());
        };
        let is_due = |moment: Option<i64>| moment.is_some_and(|moment| moment <= now);
        let has_call = context.call(&session.cid).is_ok();
        if has_call && is_due(session.timer_ends_at) {
            end_current(context, &session.cid)?;
            calls::end_call(context, &session.cid, "max_duration_reached")?;
        } else if has_call && is_due(session.idle_ends_at) {
            end_current(context, &session.cid)?;
        } else if has_call {
            miss(context, &session)?;
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

fn miss(context: &mut Context<'_>, session: &Session) -> Result<(), ApiError> {
    let missed: Vec<String> = session
        .ringing
        .iter()
        .filter(|(_, until)| **until <= context.now)
        .map(|(user, _)| user.clone())
        .collect();
    with_current(context, &session.cid, |session, now| {
        for user in &missed {
            session.ringing.remove(user);
            session.missed_by.insert(user.clone(), now);
        }
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

//! The report of a call.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::measures::{duration, feedback_of, mean, peak, quality};
use crate::error::ApiError;
use crate::input::{Input, ReadFields};
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::state::{Participation, Session, TimelineEvent};
use crate::time::{self, SECOND};

const MINUTE: i64 = 60 * SECOND;
/// Minutes that a curve shows at most.
const LONGEST_CURVE: i64 = 24 * 60;

/// Reports on a session of a call, the last one if none is named.
pub(crate) fn call_report(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let session = reported_session(context, input)?;
    let ratings: Vec<i64> = feedback_of(context, session)
        .map(|one| one.rating)
        .collect();
    let mut call = render::fields(json!({ "score": quality(&ratings) }));
    render::put(&mut call, "started_at", session.started_at);
    render::put(&mut call, "ended_at", session.ended_at);
    Ok(json!({
        "session_id": session.id,
        "session": render::session(context.state(), session),
        "report": {
            "call": call,
            "participants": participants(session, context.now),
            "user_ratings": {
                "average": mean(&ratings).unwrap_or(0.0),
                "count": ratings.len(),
            },
        },
        "video_reactions": reactions(session),
        "chat_activity": { "Messages": { "count_over_time": [] } },
    })
    .into())
}

/// Counts every kind of reaction by minute.
fn reactions(session: &Session) -> Vec<Value> {
    let start = session.started_at.unwrap_or_default();
    let mut kinds: BTreeMap<&str, BTreeMap<i64, i64>> = BTreeMap::new();
    let events = session.events.iter();
    for event in events.filter(|event| event.kind == TimelineEvent::REACTION) {
        let kind = event.data.text("reaction").unwrap_or_default();
        let minute = time::later(start, time::elapsed(start, event.at) / MINUTE, MINUTE);
        *kinds.entry(kind).or_default().entry(minute).or_default() += 1;
    }
    let kinds = kinds.into_iter();
    kinds
        .map(|(kind, minutes)| {
            let minutes = minutes.into_iter();
            let minutes =
                minutes.map(|(start, count)| json!({ "start_ts": start, "count": count }));
            let by_minute: Vec<Value> = minutes.collect();
            json!({ "reaction": kind, "count_over_time": { "by_minute": by_minute } })
        })
        .collect()
}

fn reported_session<'a>(context: &'a Context<'_>, input: &Input) -> Result<&'a Session, ApiError> {
    let cid = input.cid();
    let call = context.call(&cid)?;
    let sessions = call.session_ids.iter().rev();
    let mut started = sessions
        .filter_map(|id| context.state().sessions.get(id))
        .filter(|session| session.started_at.is_some());
    let wanted = input.query.text("session_id").filter(|id| !id.is_empty());
    match wanted {
        Some(id) => started.find(|session| session.id == id).ok_or_else(|| {
            ApiError::not_found(format!("Can't find session with id {id} of the call {cid}"))
        }),
        None => started.next().ok_or_else(|| {
            ApiError::not_found(format!(
                "there is no session of the call {cid} to report on"
            ))
        }),
    }
}

fn participants(session: &Session, now: i64) -> Value {
    let all = &session.participations;
    let users: BTreeSet<&str> = all.iter().map(|one| one.user_id.as_str()).collect();
    let publishing = || all.iter().filter(|one| one.ever_published.any());
    let publishers: BTreeSet<&str> = publishing().map(|one| one.user_id.as_str()).collect();
    let mut by_track: BTreeMap<String, i64> = BTreeMap::new();
    for one in all {
        for (track, duration) in one.track_durations(now) {
            let before = by_track.entry(track).or_default();
            *before = before.saturating_add(duration);
        }
    }
    let by_track = by_track.iter().map(
        |(track, duration)| json!({ "track_type": track, "duration_seconds": duration / SECOND }),
    );
    let subscribed: Vec<&Participation> = all
        .iter()
        .filter(|one| publishing().any(|other| other.user_session_id != one.user_session_id))
        .collect();
    let subscribers: BTreeSet<&str> = subscribed.iter().map(|one| one.user_id.as_str()).collect();
    let subscribed_for = time::total(subscribed.iter().map(|one| one.duration(now)));
    json!({
        "sum": all.len(),
        "unique": users.len(),
        "max_concurrent": peak(session, false),
        "count_over_time": { "by_minute": by_minute(session, now) },
        "by_browser": grouped(all, "browser"),
        "by_country": grouped(all, "country"),
        "by_device": grouped(all, "device"),
        "by_operating_system": grouped(all, "os"),
        "publishers": {
            "total": publishing().count(),
            "unique": publishers.len(),
            "by_track": by_track.collect::<Vec<_>>(),
        },
        "subscribers": {
            "total": subscribed.len(),
            "unique": subscribers.len(),
            "total_subscribed_duration_seconds": subscribed_for / SECOND,
        },
    })
}

/// How many different users there were by what their clients said about themselves.
fn grouped(all: &[Participation], name: &str) -> Vec<Value> {
    let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in all {
        if let Some(value) = one.client.text(name) {
            groups.entry(value).or_default().insert(&one.user_id);
        }
    }
    let groups = groups.iter();
    groups
        .map(|(name, users)| json!({ "name": name, "unique": users.len() }))
        .collect()
}

/// How many were there in each minute.
fn by_minute(session: &Session, now: i64) -> Vec<Value> {
    let Some(start) = session.started_at else {
        return Vec::new();
    };
    let minutes = (duration(session, now) / MINUTE + 1).min(LONGEST_CURVE);
    let present_at = |moment: i64| {
        let all = session.participations.iter();
        let present = all
            .filter(|one| one.joined_at <= moment && one.left_at.is_none_or(|left| left > moment));
        present.count()
    };
    (0..minutes)
        .map(|minute| {
            let from = time::later(start, minute, MINUTE);
            let to = from.saturating_add(MINUTE - 1);
            let changes = session.participations.iter();
            let changes = changes
                .flat_map(|one| [Some(one.joined_at), one.left_at])
                .flatten();
            let within = changes.filter(|moment| (from..=to).contains(moment));
            let counts: Vec<usize> = [from, to]
                .into_iter()
                .chain(within)
                .map(present_at)
                .collect();
            json!({
                "start_ts": from,
                "first": present_at(from),
                "last": present_at(to),
                "min": counts.iter().min(),
                "max": counts.iter().max(),
            })
        })
        .collect()
}

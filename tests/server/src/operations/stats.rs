//! Statistics, computed from what happened in sessions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Context;
use crate::state::{Participation, Session};

const SECOND: i64 = 1_000_000_000;

/// How many took part in a session, and for how long.
pub(super) fn counts_of(context: &Context<'_>, session_id: &str) -> Value {
    match context.state().sessions.get(session_id) {
        Some(session) => counts(session, context.now),
        None => json!({}),
    }
}

fn counts(session: &Session, now: i64) -> Value {
    let all = &session.participations;
    let users: BTreeSet<&str> = all.iter().map(|one| one.user_id.as_str()).collect();
    let publishers = all.iter().filter(|one| one.ever_published.any());
    let publishers: BTreeSet<&str> = publishers.map(|one| one.user_id.as_str()).collect();
    let total: i64 = all.iter().map(|one| one.duration(now)).sum();
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
fn peak(session: &Session, users: bool) -> usize {
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

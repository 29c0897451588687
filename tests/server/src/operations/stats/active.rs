//! The calls of the moment.

use serde_json::json;

use super::samples;
use crate::input::Input;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::state::{Participation, Sample, Session};
use crate::time::SECOND;

/// How far back the status looks, in seconds.
const WINDOW: i64 = 60;

/// Responds with how many calls and participants there are.
pub(crate) fn active_calls(context: &mut Context<'_>, _: &Input) -> HandlerResult {
    let state = context.state();
    let ongoing = state
        .calls
        .values()
        .filter(|call| call.ongoing && call.deleted_at.is_none());
    let sessions: Vec<&Session> = ongoing
        .filter_map(|call| state.sessions.get(call.current_session.as_ref()?))
        .collect();
    let present: Vec<&Participation> = sessions.iter().flat_map(|one| one.present()).collect();
    let publishers = present.iter().filter(|one| one.tracks.any()).count();
    // Whoever is there with somebody else who sends something receives it.
    let subscribers: usize = sessions.iter().map(|session| subscribers(session)).sum();
    let start = context.now.saturating_sub(WINDOW * SECOND);
    let all = sessions.iter().flat_map(|one| &one.participations);
    let measured = all.clone().flat_map(|one| &one.samples);
    let measured: Vec<&Sample> = measured.filter(|one| one.at >= start).collect();
    let joins = all.filter(|one| one.joined_at >= start).count();
    Ok(json!({
        "start_time": start,
        "end_time": context.now,
        "summary": {
            "active_calls": sessions.len(),
            "participants": present.len(),
            "active_publishers": publishers,
            "active_subscribers": subscribers,
        },
        "metrics": {
            "join_call_api": { "total": joins, "failures": 0, "latency": samples::no_times() },
            "publishers": { "all": samples::sent(&measured) },
            "subscribers": { "all": samples::received(&measured) },
        },
    })
    .into())
}

fn subscribers(session: &Session) -> usize {
    let receives = |one: &&Participation| {
        let mut others = session
            .present()
            .filter(|other| other.user_session_id != one.user_session_id);
        others.any(|other| other.tracks.any())
    };
    session.present().filter(receives).count()
}

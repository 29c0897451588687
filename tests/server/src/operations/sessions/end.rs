//! The end of the running session.

use serde_json::json;

use super::current::with_current;
use super::presence::emit_left;
use crate::error::ApiError;
use crate::operations::context::Context;
use crate::operations::egress;
use crate::operations::stats::measures;

/// Ends the session that runs, with everyone and everything in it.
pub(crate) fn end_current(context: &mut Context<'_>, cid: &str) -> Result<(), ApiError> {
    let Some(id) = context.call(cid)?.current_session.clone() else {
        return egress::automatic::end_all(context, cid);
    };
    egress::automatic::end_all(context, cid)?;
    let now = context.moment();
    let mut started = false;
    let left = with_current(context, cid, |session, _| {
        started = session.started_at.is_some();
        session.ended_at = Some(now);
        session.ringing.clear();
        session.missing.clear();
        let mut left = Vec::new();
        for one in &mut session.participations {
            if one.is_present() {
                one.leave(now, "session_ended");
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
        let counts = measures::counts_of(context, &id);
        context.emit(
            "call.stats_report_ready",
            cid,
            json!({ "session_id": id, "counts": counts }),
        );
    }
    Ok(())
}

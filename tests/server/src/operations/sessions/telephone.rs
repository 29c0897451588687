//! Keys that participants press on their telephones.

use serde_json::json;

use super::current::with_current;
use crate::error::ApiError;
use crate::operations::context::Context;
use crate::operations::render;

/// Presses a key on the telephone of a participant; returns whether the user is one.
pub(crate) fn press_key(
    context: &mut Context<'_>,
    cid: &str,
    user: &str,
    digit: &str,
    milliseconds: u32,
) -> Result<bool, ApiError> {
    const KEY: &str = "key_pressed";
    let is_key = digit.len() == 1 && digit.chars().all(|key| "0123456789*#ABCD".contains(key));
    if !is_key {
        let message = format!("digit is one of 0 to 9, *, # and A to D, not {digit}");
        return Err(ApiError::input(message));
    }
    let pressed = with_current(context, cid, |session, now| {
        let all = session.participations.iter_mut();
        let mut present = all.filter(|one| one.user_id == user && one.is_present());
        present.next().map(|one| {
            let data = render::fields(json!({ "digit": digit }));
            one.note(now, KEY, data);
            let presses = one.timeline.iter().filter(|event| event.kind == KEY);
            (presses.count(), now)
        })
    })?;
    let Some((number, at)) = pressed.flatten() else {
        return Ok(false);
    };
    let payload = json!({
        "user": render::user(context.state(), user),
        "digit": digit,
        "duration_ms": milliseconds,
        "seq_number": number,
        "timestamp": at,
    });
    context.emit("call.dtmf", cid, payload);
    Ok(true)
}

//! Events of participants who publish by RTMP, SRT, WHIP or the like.

use serde_json::{Value, json};

use crate::input::ReadFields;
use crate::operations::context::Context;
use crate::operations::render;
use crate::state::Participation;

fn stream(one: &Participation) -> Value {
    json!({ "user_id": one.user_id, "ingress_stream_id": one.user_session_id })
}

/// Emits that a participant publishes, unless by WebRTC.
pub(crate) fn emit_started(context: &mut Context<'_>, cid: &str, one: &Participation) {
    if !one.is_ingress() {
        return;
    }
    let mut payload = stream(one);
    render::set(&mut payload, "publisher_type", one.publisher_type());
    for (name, known) in [
        ("client_ip", "ip"),
        ("client_name", "sdk"),
        ("version", "sdk_version"),
    ] {
        if let Some(value) = one.client.owned(known) {
            render::set(&mut payload, name, value);
        }
    }
    context.emit("ingress.started", cid, payload);
}

/// Emits that a participant no longer publishes, unless by WebRTC.
pub(crate) fn emit_stopped(context: &mut Context<'_>, cid: &str, one: &Participation) {
    if one.is_ingress() {
        context.emit("ingress.stopped", cid, stream(one));
    }
}

/// Emits that the stream of a participant broke off.
pub(crate) fn emit_failed(context: &mut Context<'_>, cid: &str, one: &Participation, error: &str) {
    let mut payload = stream(one);
    render::set(&mut payload, "error", error);
    context.emit("ingress.error", cid, payload);
}

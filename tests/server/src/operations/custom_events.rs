//! Events of the customer's own.

use serde_json::json;

use super::context::Context;
use super::handler::HandlerResult;
use super::render;
use crate::input::{Input, ReadFields};

/// Sends an event of the customer's own to everyone in the call.
pub(super) fn send(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    context.call(&cid)?;
    let user = context.required_acting_user(&input.body, "user", "user_id")?;
    let payload = json!({
        "user": render::user(context.state(), &user),
        "custom": input.body.object("custom").cloned().unwrap_or_default(),
    });
    context.emit("custom", &cid, payload);
    Ok(json!({}).into())
}

//! Feedback of users about calls.

use serde::Deserialize;
use serde_json::{Value, json};

use super::context::Context;
use super::handler::HandlerResult;
use super::render;
use super::sessions::current;
use crate::input::{Fields, Input, ReadFields};
use crate::query::{Column, Columns, Field, Request};
use crate::state::{Call, Feedback, Participation};

static FEEDBACK: Columns<Feedback> = Columns {
    fields: &[
        Column::plain("cid", |one| Field::Text(&one.cid)),
        Column::plain("call_cid", |one| Field::Text(&one.cid)),
        Column::plain("session_id", |one| Field::Text(&one.session_id)),
        Column::plain("user_id", |one| Field::Text(&one.user_id)),
        Column::plain("user_session_id", |one| Field::Text(&one.user_session_id)),
        Column::plain("rating", |one| Field::Integer(one.rating)),
        Column::plain("reason", |one| Field::Text(&one.reason)),
        Column::plain("sdk", |one| Field::Text(&one.sdk)),
        Column::plain("sdk_version", |one| Field::Text(&one.sdk_version)),
        Column::time("created_at", |one| Field::Integer(one.created_at)),
    ],
    custom: Some(|one| &one.custom),
    key: |one| one.created_at.to_string(),
    order: ("created_at", -1),
};

#[derive(Default, Deserialize)]
#[serde(default)]
struct FeedbackRequest {
    user_session_id: String,
    rating: i64,
    reason: String,
    sdk: String,
    sdk_version: String,
    custom: Fields,
}

/// Keeps what a user thinks of a call.
pub(super) fn collect(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let request: FeedbackRequest = input.read()?;
    let call = context.call(&cid)?;
    let session_id = call.session_ids.last().cloned().unwrap_or_default();
    let participation = participation(context, call, &request.user_session_id);
    let by_session = participation.map(|one| one.user_id.clone());
    let user_id = context
        .caller
        .user
        .clone()
        .or(by_session)
        .unwrap_or_default();
    let created_at = context.moment();
    let feedback = Feedback {
        cid: cid.clone(),
        session_id: session_id.clone(),
        user_id: user_id.clone(),
        user_session_id: request.user_session_id,
        rating: request.rating,
        reason: request.reason,
        sdk: request.sdk,
        sdk_version: request.sdk_version,
        custom: request.custom,
        created_at,
    };
    let payload = json!({
        "session_id": session_id,
        "user": render::user(context.state(), &user_id),
        "rating": feedback.rating,
        "reason": feedback.reason,
        "sdk": feedback.sdk,
        "sdk_version": feedback.sdk_version,
        "custom": feedback.custom,
    });
    context
        .state_mut()
        .feedback
        .put(&format!("{created_at:020}"), feedback);
    context.emit("call.user_feedback_submitted", &cid, payload);
    current::note_event(context, &cid, "user_feedback_submitted")?;
    Ok(json!({}).into())
}

fn participation<'a>(
    context: &'a Context<'_>,
    call: &Call,
    user_session: &str,
) -> Option<&'a Participation> {
    let sessions = call.session_ids.iter().rev();
    let sessions = sessions.filter_map(|id| context.state().sessions.get(id));
    let mut all = sessions.flat_map(|session| &session.participations);
    all.find(|one| one.user_session_id == user_session)
}

/// Responds with the feedback that fits.
pub(super) fn query(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request = Request::read("QueryUserFeedback", &input.body, &FEEDBACK)?;
    let page = request.page(context.state().feedback.values(), false);
    let shown: Vec<Value> = page.records.iter().map(|one| show(context, one)).collect();
    Ok(page.into_body("user_feedback", shown).into())
}

fn show(context: &Context<'_>, one: &Feedback) -> Value {
    let client = context
        .state()
        .sessions
        .get(&one.session_id)
        .and_then(|session| {
            let found = session.participation(&one.user_id, &one.user_session_id);
            found.map(|one| one.client.clone())
        });
    let client = client.unwrap_or_default();
    let text = |name: &str| client.owned(name).unwrap_or_default();
    json!({
        "cid": one.cid,
        "session_id": one.session_id,
        "user_id": one.user_id,
        "rating": one.rating,
        "reason": one.reason,
        "sdk": one.sdk,
        "sdk_version": one.sdk_version,
        "custom": one.custom,
        "platform": {
            "browser": { "name": text("browser"), "version": text("browser_version") },
            "device": { "name": text("device"), "version": text("device_version") },
            "os": { "name": text("os"), "version": text("os_version"), "architecture": text("architecture") },
        },
    })
}

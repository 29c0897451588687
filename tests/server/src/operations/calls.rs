//! The life of one call.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::json;

use super::context::Context;
use super::handler::HandlerResult;
use super::members::{self, NewMember};
use super::render::{self, DEFAULT_MEMBERS};
use super::sessions::end::end_current;
use super::users::upsert::{require_own, upsert};
use super::{permissions, ring, tasks};
use crate::error::ApiError;
use crate::input::{self, Fields, Input, ReadFields};
use crate::state::{Call, merge_settings};
use crate::time;

/// Creator of a call when nobody is named and the server makes up users.
const STAND_IN_CREATOR: &str = "server";

/// Responds with the call that exists, or creates it as the request says.
pub(super) fn get_or_create(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    let limit = members_limit(body)?;
    let exists = context.call(&cid).is_ok();
    if exists {
        let call = context.call(&cid)?;
        permissions::require(context, call, "read-call", "ReadCall")?;
    } else {
        let data = body.object("data").map(input::read).transpose()?;
        let (kind, id) = (input.segment("type"), input.segment("id"));
        create(context, kind, id, data.unwrap_or_default())?;
    }
    ring::notify_members(context, &cid, body)?;
    let mut fields = render::call_state(context, context.call(&cid)?, limit);
    fields.insert("created".into(), (!exists).into());
    Ok(fields.into())
}

/// Makes sure that a call exists; a new one belongs to `creator`.
pub(super) fn ensure(
    context: &mut Context<'_>,
    kind: &str,
    id: &str,
    creator: &str,
    custom: &Fields,
) -> Result<(), ApiError> {
    if context.call(&format!("{kind}:{id}")).is_ok() {
        return Ok(());
    }
    let data = CallRequest {
        created_by_id: creator.to_owned(),
        custom: custom.clone(),
        ..CallRequest::default()
    };
    create(context, kind, id, data)
}

/// A call as a request describes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CallRequest {
    created_by: Option<Fields>,
    created_by_id: String,
    members: Vec<NewMember>,
    #[serde(deserialize_with = "time::optional")]
    starts_at: Option<i64>,
    team: Option<String>,
    channel_cid: Option<String>,
    custom: Fields,
    settings_override: Fields,
}

fn create(
    context: &mut Context<'_>,
    kind: &str,
    id: &str,
    data: CallRequest,
) -> Result<(), ApiError> {
    context.call_type(kind)?;
    members::check_distinct(&data.members)?;
    let created_by = creator(context, &data)?;
    let ids = data.members.iter().map(|member| member.user_id.as_str());
    let involved = ids.chain([created_by.as_str()]);
    context.require_users("call create operation", involved)?;
    let cid = format!("{kind}:{id}");
    let backstage = starts_backstage(context, kind, &data.settings_override)?;
    let now = context.moment();
    let mut call = Call {
        id: id.to_owned(),
        kind: kind.to_owned(),
        created_by,
        created_at: now,
        updated_at: now,
        starts_at: data.starts_at,
        ended_at: None,
        deleted_at: None,
        team: data.team,
        channel_cid: data.channel_cid,
        routing_number: routing_number(&cid),
        custom: data.custom,
        settings_override: data.settings_override,
        backstage,
        blocked_user_ids: Vec::new(),
        members: Vec::new(),
        permissions: Default::default(),
        pins: Vec::new(),
        session_ids: Vec::new(),
        current_session: None,
        ongoing: false,
        egress: Default::default(),
    };
    permissions::require(context, &call, "create-call", "CreateCall")?;
    for member in data.members {
        let now = context.moment();
        members::put(&mut call, member, now);
    }
    // What a deleted call of the same id left behind is not this one's.
    remove_files(context, &cid);
    context.state_mut().calls.put(&cid, call);
    let members: Vec<_> = {
        let call = context.call(&cid)?;
        let members = call.newest_members();
        members
            .map(|one| render::member(context.state(), one))
            .collect()
    };
    context.emit_with_call("call.created", &cid, json!({ "members": members }))
}

/// The user that a new call belongs to.
fn creator(context: &mut Context<'_>, data: &CallRequest) -> Result<String, ApiError> {
    if let Some(request) = &data.created_by {
        require_own(
            context,
            request.text("id").unwrap_or_default(),
            "UpdateUser",
        )?;
        return upsert(context, request);
    }
    if !data.created_by_id.is_empty() {
        return Ok(data.created_by_id.clone());
    }
    match &context.caller.user {
        Some(user) => Ok(user.clone()),
        None if context.settings.create_users => Ok(STAND_IN_CREATOR.to_owned()),
        None => Err(ApiError::input(
            "either data.created_by or data.created_by_id must be provided when using server side auth.",
        )),
    }
}

/// Returns true if a call of a type has to go live before others than its hosts can join.
fn starts_backstage(
    context: &Context<'_>,
    kind: &str,
    overrides: &Fields,
) -> Result<bool, ApiError> {
    let mut settings = context.call_type(kind)?.settings.clone();
    merge_settings(&mut settings, overrides);
    Ok(settings
        .object("backstage")
        .is_some_and(|backstage| backstage.flag("enabled")))
}

/// Ten digits that lead a caller by telephone into the call, the same for the same call.
fn routing_number(cid: &str) -> String {
    let mut hasher = DefaultHasher::new();
    cid.hash(&mut hasher);
    format!("{:010}", hasher.finish() % 10_000_000_000)
}

/// Responds with a call with its members.
pub(super) fn get(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let limit = members_limit(&input.query)?;
    let cid = input.cid();
    context.call(&cid)?;
    ring::notify_members(context, &cid, &input.query)?;
    Ok(render::call_state(context, context.call(&cid)?, limit).into())
}

/// Replaces custom data, moves the start, and overrides settings of a call.
pub(super) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let body = &input.body;
    if body.object("settings_override").is_some() {
        let call = context.call(&cid)?;
        permissions::require(context, call, "update-call-settings", "UpdateCallSettings")?;
    }
    let call = context.change_call(&cid)?;
    if let Some(custom) = body.object("custom") {
        call.custom = custom.clone();
    }
    if let Some(starts_at) = body.moment("starts_at") {
        call.starts_at = Some(starts_at);
    }
    if let Some(overrides) = body.object("settings_override") {
        merge_settings(&mut call.settings_override, overrides);
        let backstage = overrides.object("backstage");
        if let Some(enabled) = backstage.and_then(|one| one.get("enabled")?.as_bool()) {
            call.backstage = enabled;
        }
    }
    let by_role = permissions::capabilities_by_role(context, &cid)?;
    context.emit_with_call(
        "call.updated",
        &cid,
        json!({ "capabilities_by_role": by_role }),
    )?;
    Ok(render::call_state(context, context.call(&cid)?, DEFAULT_MEMBERS).into())
}

/// Ends a call for everyone. One that has ended stays so.
pub(super) fn end(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    context.call(&cid)?;
    end_call(context, &cid, "")?;
    Ok(json!({}).into())
}

/// Ends a call, with its session and whatever runs in it.
pub(super) fn end_call(context: &mut Context<'_>, cid: &str, reason: &str) -> Result<(), ApiError> {
    if context.call(cid)?.ended_at.is_some() {
        return Ok(());
    }
    end_current(context, cid)?;
    let call = context.change_call(cid)?;
    call.ended_at = Some(call.updated_at);
    let mut payload = json!({ "reason": reason });
    if let Some(user) = context.caller.user.clone() {
        render::set(&mut payload, "user", render::user(context.state(), &user));
    }
    context.emit_with_call("call.ended", cid, payload)
}

/// Deletes a call: softly, so that it is only no longer seen, or with all its data.
pub(super) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let call = context.call(&cid)?;
    if let Some(user) = context.caller.user.as_deref() {
        let is_own = call.created_by == user;
        if !is_own && permissions::role_in_call(context, call, user) != "admin" {
            return Err(permissions::forbidden(
                context,
                "DeleteCall",
                Some(&call.kind),
            ));
        }
    }
    end_current(context, &cid)?;
    let rendered = render::call(context, context.call(&cid)?);
    context.emit("call.deleted", &cid, json!({ "call": rendered }));
    let mut fields = Fields::new();
    if input.body.flag("hard") {
        remove_with_data(context, &cid);
        let mut result = Fields::new();
        result.insert(cid, json!({ "status": "ok" }));
        let task = tasks::done(context, result);
        fields.insert("task_id".into(), task.into());
    } else {
        let call = context.change_call(&cid)?;
        call.deleted_at = Some(call.updated_at);
    }
    fields.insert("call".into(), rendered);
    Ok(fields.into())
}

fn remove_files(context: &mut Context<'_>, cid: &str) {
    let keys = context.state().files.starting_with(&format!("{cid}/"));
    for key in keys {
        context.state_mut().files.remove(&key);
    }
}

/// Removes a call, its sessions, files and feedback.
pub(super) fn remove_with_data(context: &mut Context<'_>, cid: &str) {
    remove_files(context, cid);
    let state = context.state_mut();
    let Some(call) = state.calls.remove(cid) else {
        return;
    };
    for session in &call.session_ids {
        state.sessions.remove(session);
        state.note_deadline(session);
    }
    let of_call = state.feedback.iter().filter(|(_, one)| one.cid == cid);
    let feedback: Vec<_> = of_call.map(|(key, _)| key.to_string()).collect();
    for key in feedback {
        state.feedback.remove(&key);
    }
}

/// Zero and absent mean the default, as elsewhere in this API.
fn members_limit(fields: &Fields) -> Result<usize, ApiError> {
    match fields.integer("members_limit") {
        None | Some(0) => Ok(DEFAULT_MEMBERS),
        Some(limit) => usize::try_from(limit)
            .map_err(|_| ApiError::input("members_limit must not be negative")),
    }
}

//! Members of a call.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::context::Context;
use super::handler::HandlerResult;
use super::{permissions, render};
use crate::error::ApiError;
use crate::input::{Fields, Input};
use crate::state::{Call, Member};

/// A member as a request names it.
#[derive(Debug, Deserialize)]
pub(super) struct NewMember {
    pub(super) user_id: String,
    role: Option<String>,
    #[serde(default)]
    custom: Fields,
}

/// Refuses a list that names a member twice.
pub(super) fn check_distinct(members: &[NewMember]) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    match members.iter().find(|one| !seen.insert(&one.user_id)) {
        Some(NewMember { user_id, .. }) => {
            let message = format!("the member {user_id} is named twice");
            Err(ApiError::input(message))
        }
        None => Ok(()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UpdateRequest {
    update_members: Vec<NewMember>,
    remove_members: Vec<String>,
}

/// Adds a member, or replaces what is known about one.
pub(super) fn put(call: &mut Call, new: NewMember, now: i64) {
    let role = new.role.filter(|role| !role.is_empty());
    let mut known = call.members.iter_mut();
    match known.find(|known| known.user_id == new.user_id) {
        Some(known) => {
            known.updated_at = now;
            known.role = role;
            known.custom = new.custom;
        }
        None => call.members.push(Member {
            user_id: new.user_id,
            role,
            custom: new.custom,
            created_at: now,
            updated_at: now,
        }),
    }
}

/// Adds, replaces and removes members; returns those that were added or replaced.
pub(super) fn update(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let cid = input.cid();
    let UpdateRequest {
        update_members: updates,
        remove_members: removals,
    } = input.read()?;
    check_distinct(&updates)?;
    let call = context.call(&cid)?;
    if !removals.is_empty() {
        permissions::require(context, call, "remove-call-member", "RemoveCallMember")?;
    }
    let ids: Vec<String> = updates.iter().map(|one| one.user_id.clone()).collect();
    if let Some(both) = ids.iter().find(|id| removals.contains(id)) {
        let message = format!("the member {both} is both updated and removed");
        return Err(ApiError::input(message));
    }
    context.require_users(
        "call update members operation",
        ids.iter().map(String::as_str),
    )?;
    let call = context.call(&cid)?;
    let is_member = |id: &String| call.member(id).is_some();
    let (known, added): (Vec<String>, Vec<String>) = ids.iter().cloned().partition(is_member);
    let (removed, _): (Vec<String>, Vec<String>) = removals.into_iter().partition(is_member);
    let has_new_role = |one: &&NewMember| {
        let known = call.member(&one.user_id);
        known.is_some_and(|known| known.role != one.role)
    };
    let promoted: Vec<String> = updates
        .iter()
        .filter(has_new_role)
        .map(|one| one.user_id.clone())
        .collect();
    context.change_call(&cid)?;
    for member in updates {
        let now = context.moment();
        put(context.call_mut(&cid)?, member, now);
    }
    let call = context.call_mut(&cid)?;
    call.members
        .retain(|member| !removed.contains(&member.user_id));
    for (kind, ids) in [
        ("call.member_added", &added),
        ("call.member_updated", &known),
    ] {
        if !ids.is_empty() {
            let members = rendered(context, &cid, ids)?;
            context.emit_with_call(kind, &cid, json!({ "members": members }))?;
        }
    }
    if !promoted.is_empty() {
        let payload = json!({
            "members": rendered(context, &cid, &promoted)?,
            "capabilities_by_role": permissions::capabilities_by_role(context, &cid)?,
        });
        context.emit_with_call("call.member_updated_permission", &cid, payload)?;
    }
    if !removed.is_empty() {
        context.emit_with_call("call.member_removed", &cid, json!({ "members": removed }))?;
    }
    Ok(json!({ "members": rendered(context, &cid, &ids)? }).into())
}

fn rendered(context: &Context<'_>, cid: &str, ids: &[String]) -> Result<Value, ApiError> {
    let ids = ids.iter().map(String::as_str);
    Ok(render::members(context.state(), context.call(cid)?, ids))
}

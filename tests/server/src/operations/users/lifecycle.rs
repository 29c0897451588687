//! Users who go and come back: deactivated, reactivated, deleted.

use serde::Deserialize;
use serde_json::json;

use super::departure;
use super::upsert::existing;
use crate::error::ApiError;
use crate::input::{Fields, Input, ReadFields};
use crate::operations::calls;
use crate::operations::context::Context;
use crate::operations::handler::HandlerResult;
use crate::operations::render;
use crate::operations::tasks;
use crate::state::Call;

#[derive(Default, Deserialize)]
#[serde(default)]
struct DeleteRequest {
    user_ids: Vec<String>,
    /// `soft`, `hard` or `pruning`.
    user: String,
    /// How to delete the calls of the users: `soft` or `hard`; they stay if left out.
    calls: String,
    new_call_owner_id: Option<String>,
}

/// Deletes users: softly, or with all their data. Their calls go too if asked.
pub(crate) fn delete(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let request: DeleteRequest = input.read()?;
    require_existing(context, &request.user_ids)?;
    let is_hard = matches!(request.user.as_str(), "hard" | "pruning");
    if let Some(owner) = request.new_call_owner_id.as_deref() {
        context.require_users("delete users operation", [owner])?;
    }
    let mut result = Fields::new();
    for id in request.user_ids {
        let owned: Vec<String> = {
            let calls = context.state().call_index.holding("created_by", &id);
            let owned = calls.into_iter().filter(|call| call.created_by == id);
            owned.map(Call::cid).collect()
        };
        for cid in owned {
            match (request.calls.as_str(), &request.new_call_owner_id) {
                (_, Some(owner)) => {
                    if let Some(call) = context.state_mut().calls.get_mut(&cid) {
                        call.created_by.clone_from(owner);
                    }
                }
                ("hard", None) => calls::remove_with_data(context, &cid),
                ("soft", None) if context.call(&cid).is_ok() => {
                    let call = context.change_call(&cid)?;
                    call.deleted_at = Some(call.updated_at);
                }
                _ => {}
            }
        }
        departure::leave_sessions(context, &id, "deleted")?;
        if is_hard {
            departure::leave_lists(context, &id)?;
            departure::erase(context, &id);
        } else {
            let now = context.moment();
            if let Some(user) = context.state_mut().users.get_mut(&id) {
                user.deleted_at = Some(now);
            }
        }
        result.insert(id, json!({ "status": "ok" }));
    }
    Ok(json!({ "task_id": tasks::done(context, result) }).into())
}

fn require_existing(context: &Context<'_>, ids: &[String]) -> Result<(), ApiError> {
    for id in ids {
        existing(context, id)?;
    }
    Ok(())
}

/// Deactivates the user of the path.
pub(crate) fn deactivate(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let id = input.segment("user_id").to_owned();
    if existing(context, &id)?.deactivated_at.is_some() {
        return Err(ApiError::input(format!("user {id} is already deactivated")));
    }
    set_deactivated(context, &id, true)?;
    Ok(json!({ "user": render::user(context.state(), &id) }).into())
}

/// Deactivates many users, as a task.
pub(crate) fn deactivate_many(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    change_many(context, input, true)
}

/// Reactivates the user of the path, under another name if asked.
pub(crate) fn reactivate(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let id = input.segment("user_id").to_owned();
    if existing(context, &id)?.deactivated_at.is_none() {
        return Err(ApiError::input(format!("user {id} is not deactivated")));
    }
    set_deactivated(context, &id, false)?;
    if let (Some(name), Some(user)) = (
        input.body.owned("name"),
        context.state_mut().users.get_mut(&id),
    ) {
        user.name = Some(name);
    }
    Ok(json!({ "user": render::user(context.state(), &id) }).into())
}

/// Reactivates many users, as a task.
pub(crate) fn reactivate_many(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    change_many(context, input, false)
}

fn change_many(context: &mut Context<'_>, input: &Input, deactivated: bool) -> HandlerResult {
    let mut result = Fields::new();
    let ids = input.body.texts("user_ids");
    require_existing(context, &ids)?;
    for id in ids {
        set_deactivated(context, &id, deactivated)?;
        result.insert(id, json!({ "status": "ok" }));
    }
    Ok(json!({ "task_id": tasks::done(context, result) }).into())
}

fn set_deactivated(context: &mut Context<'_>, id: &str, deactivated: bool) -> Result<(), ApiError> {
    if deactivated {
        departure::leave_sessions(context, id, "deactivated")?;
    }
    let now = context.moment();
    if let Some(user) = context.state_mut().users.get_mut(id) {
        user.deactivated_at = deactivated.then_some(now);
        user.updated_at = now;
    }
    Ok(())
}

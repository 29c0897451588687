//! Tasks. Here they are done as soon as they are given.

use serde_json::json;
use uuid::Uuid;

use super::context::Context;
use super::handler::HandlerResult;
use crate::error::ApiError;
use crate::input::{Fields, Input};
use crate::state::Task;

/// Keeps a task that is done already; returns its id.
pub(super) fn done(context: &mut Context<'_>, result: Fields) -> String {
    let id = Uuid::new_v4().to_string();
    let created_at = context.moment();
    context
        .state_mut()
        .tasks
        .put(&id, Task { created_at, result });
    id
}

/// Responds with how a task stands.
pub(super) fn get(context: &mut Context<'_>, input: &Input) -> HandlerResult {
    let id = input.segment("id");
    let task = context.state().tasks.get(id);
    let task = task.ok_or_else(|| ApiError::not_found(format!("Can't find task with id {id}")))?;
    Ok(json!({
        "task_id": id,
        "status": "completed",
        "created_at": task.created_at,
        "updated_at": task.created_at,
        "result": task.result,
    })
    .into())
}

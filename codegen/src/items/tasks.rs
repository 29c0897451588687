//! Operations that answer with the id of a background task.

use super::text::Text;
use super::types::Field;
use crate::model::{Api, Operation};
use crate::shape::Shape;
use crate::surface::{Kind, Wire};

/// The operation that reads a task, which the hand-written `wait_for_task` repeats.
const READS_A_TASK: &str = "GetTask";
const ID: &str = "task_id";

/// How a response names the task that it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Always,
    Sometimes,
}

/// The task of an operation that changes something and answers with a `task_id`.
pub(crate) fn task(api: &Api, operation: &Operation, response: &[Field]) -> Option<Task> {
    let can_wait = api.operations.iter().any(|o| o.id == READS_A_TASK);
    if !can_wait || operation.method == "get" {
        return None;
    }
    let id = response
        .iter()
        .find(|field| field.wire == ID && field.shape == Shape::Text)?;
    Some(if id.optional {
        Task::Sometimes
    } else {
        Task::Always
    })
}

/// Writes the `send_and_wait` method of the request.
pub(crate) fn method(text: &mut Text, task: Task) {
    let waits = "Sends the request and waits for the background task that it starts, as \
                 [`Client::wait_for_task`] does with its defaults; the result is the task's.";
    // Another specification is generated without the hand-written methods over this API's own.
    let (note, result, wait) = match task {
        Task::Always => (
            "",
            "Response<types::GetTaskResponse>",
            "client.wait_for_task(response.task_id.as_str()).send().await",
        ),
        Task::Sometimes => (
            "`None` when everything was done at once, without a task.",
            "Option<Response<types::GetTaskResponse>>",
            "match &response.task_id {
                Some(id) if !id.is_empty() => client.wait_for_task(id).send().await.map(Some),
                _ => Ok(None),
            }",
        ),
    };
    text.docs(&[waits, note]);
    text.line("#[cfg(not(other_spec))]");
    let signature = format!("(self) -> Result<{result}, Error>");
    text.line(format_args!("pub async fn send_and_wait{signature} {{"));
    text.record(
        Kind::Function,
        "send_and_wait",
        &signature,
        false,
        Wire::None,
    );
    text.line("let client = Client { shared: self.parts.shared.clone() };");
    text.line("let response = self.send().await?;");
    text.line(wait);
    text.line("}");
}

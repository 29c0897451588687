//! Waiting for background tasks.

use std::iter;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::error::TaskError;
use crate::types::GetTaskResponse;
use crate::{Client, Error, Response};

const INTERVAL: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(60);
/// Each pause is longer than the one before by half, up to this many intervals.
const MAX_INTERVALS: u32 = 5;

impl Client {
    /// Waits until a background task ends (`GetTask`, again and again).
    ///
    /// Returns the task with its `result` once it is `completed`. A task that fails is an
    /// [`Error`] with the reason in [`Error::task`]; so is one that has not ended after the
    /// deadline, for which [`Error::is_timeout`] is true as well. Operations that start a task have
    /// `send_and_wait`, which does both.
    ///
    /// ```no_run
    /// # async fn example(client: video_api::Client) -> Result<(), video_api::Error> {
    /// use std::time::Duration;
    ///
    /// let started = client.delete_users(["ana"]).user("hard").send().await?;
    /// let task = client
    ///     .wait_for_task(&started.task_id)
    ///     .with_deadline(Duration::from_secs(300))
    ///     .send()
    ///     .await?;
    /// println!("{:?}", task.result);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for_task(&self, id: impl Into<String>) -> WaitForTask {
        WaitForTask {
            client: self.clone(),
            id: id.into(),
            interval: INTERVAL,
            deadline: DEADLINE,
        }
    }
}

/// Polls a background task until it ends; made by [`Client::wait_for_task`].
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct WaitForTask {
    client: Client,
    id: String,
    interval: Duration,
    deadline: Duration,
}

impl WaitForTask {
    /// Pause after the first poll, 1 s unless set and at least 1 ms. Later pauses grow by half
    /// each, up to five times this one.
    pub fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(1));
        self
    }

    /// Time after which waiting ends, 60 s unless set. The last poll begins then.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Polls until the task is `completed`.
    ///
    /// A poll that fails with an error that [may pass](Error::is_retryable) is repeated like any
    /// other; at the deadline it is the error that is returned. How long one poll may take is up
    /// to the client's timeouts.
    pub async fn send(self) -> Result<Response<GetTaskResponse>, Error> {
        let end = Instant::now() + self.deadline;
        let mut pauses = pauses(self.interval);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.client.get_task(self.id.as_str()).send().await {
                Ok(task) if task.status == "completed" => return Ok(task),
                Ok(task) if task.status == TaskError::FAILED || left.is_zero() => {
                    return Err(Error::from_task(task_error(task.into_inner())));
                }
                Err(error) if left.is_zero() || !error.is_retryable() => return Err(error),
                Ok(_) | Err(_) => sleep(pauses.next().map_or(left, |pause| pause.min(left))).await,
            }
        }
    }
}

/// Endless, and growing up to a limit.
fn pauses(interval: Duration) -> impl Iterator<Item = Duration> {
    let longest = interval.saturating_mul(MAX_INTERVALS);
    iter::successors(Some(interval), move |pause| {
        Some(pause.saturating_mul(3).min(longest.saturating_mul(2)) / 2)
    })
}

fn task_error(task: GetTaskResponse) -> TaskError {
    let mut error = TaskError {
        task_id: task.task_id,
        status: task.status,
        ..TaskError::default()
    };
    if let Some(reason) = task.error {
        error.error_type = reason.r#type;
        error.description = reason.description;
        error.stacktrace = reason.stacktrace;
        error.version = reason.version;
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_by_half_up_to_five_intervals() {
        let pauses: Vec<u128> = pauses(INTERVAL).take(7).map(|p| p.as_millis()).collect();
        assert_eq!(pauses, [1000, 1500, 2250, 3375, 5000, 5000, 5000]);
        assert!(
            super::pauses(Duration::MAX)
                .take(9)
                .all(|p| p <= Duration::MAX)
        );
    }
}

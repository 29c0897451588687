//! A background task that did not succeed.

/// A background task that failed, or did not end before the deadline of waiting for it.
///
/// Reached through [`Error::task`](crate::Error::task).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskError {
    /// Id of the task.
    pub task_id: String,
    /// Last status: `failed`, or after the deadline any other.
    pub status: String,
    /// Kind of failure, empty if the task did not report one.
    pub error_type: String,
    /// Text that explains the failure, empty if the task did not report one.
    pub description: String,
    /// Stack trace on the server.
    pub stacktrace: Option<String>,
    /// Version of the server that reported the failure.
    pub version: Option<String>,
}

impl TaskError {
    /// Returns `true` if the task ended as `failed`; otherwise it may still be running.
    pub fn is_failed(&self) -> bool {
        self.status == Self::FAILED
    }

    pub(crate) const FAILED: &str = "failed";
}

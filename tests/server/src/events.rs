//! One event, before it is delivered to webhooks.

use serde_json::{Map, Value};

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// The event's `type`, such as `call.created`.
    pub(crate) kind: String,
    /// The call it is about; events of one call are delivered in order.
    pub(crate) cid: Option<String>,
    /// In nanoseconds since the epoch.
    pub(crate) created_at: i64,
    /// The whole body. Timestamps are integers, as in responses.
    pub(crate) payload: Map<String, Value>,
}

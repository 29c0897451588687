//! One event on its way, with everything that was tried.

use serde::{Deserialize, Serialize};

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// The server has no receiver.
    Unsent,
    /// Waiting for its turn or for the next attempt.
    Pending,
    /// The receiver answered with a 2xx.
    Delivered,
    /// The last attempt failed.
    Failed,
}

impl DeliveryState {
    pub(super) fn is_final(self) -> bool {
        self != Self::Pending
    }
}

/// One attempt to deliver an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was made, in nanoseconds since the Unix epoch.
    pub at: i64,
    /// The status that the receiver answered.
    pub status: Option<u16>,
    /// The failure in place of a status.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

impl Attempt {
    pub(super) fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// An event on its way to the receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Sent as the header `X-Webhook-Id`; the same for every attempt.
    pub id: String,
    /// The event's `type`.
    pub event: String,
    /// The call it is about, as `type:id`.
    pub call_cid: Option<String>,
    /// When it happened, in nanoseconds since the Unix epoch.
    pub created_at: i64,
    /// The body, as it is sent.
    pub body: String,
    /// The header `X-Signature`: hex HMAC-SHA256 of the body.
    pub signature: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

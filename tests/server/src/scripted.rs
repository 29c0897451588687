//! Responses that a test dictates.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use serde_json::Value;

/// One response for one request that passed all checks.
#[derive(Debug, Clone, Default)]
pub struct Scripted {
    /// The status of the response.
    pub status: u16,
    /// Headers beside the usual ones; a usual one of the same name is replaced.
    pub headers: Vec<(String, String)>,
    /// The body, sent as it is. `None` sends what the server would have sent anyway.
    pub body: Option<Bytes>,
    /// How long the response is held back.
    pub delay: Option<Duration>,
}

impl Scripted {
    /// A status with an empty body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            body: Some(Bytes::new()),
            ..Self::default()
        }
    }

    /// A status with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::raw(status, "application/json", body.to_string())
    }

    /// A status with any body.
    pub fn raw(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            body: Some(body.into()),
            ..Self::default()
        }
        .header("content-type", content_type)
    }

    /// The same response with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Refuses what cannot be an HTTP response.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !(200..1000).contains(&self.status) {
            return Err(format!(
                "{} is not the status of a final response",
                self.status
            ));
        }
        for (name, value) in &self.headers {
            if name.parse::<HeaderName>().is_err() || value.parse::<HeaderValue>().is_err() {
                return Err(format!("`{name}: {value}` is not a header"));
            }
        }
        Ok(())
    }

    /// The same response, held back.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }
}

/// Responses still to be given, per operation, in order.
#[derive(Debug, Default)]
pub(crate) struct Script {
    queues: HashMap<String, VecDeque<Scripted>>,
}

impl Script {
    pub(crate) fn push(&mut self, operation: &str, scripted: Scripted) {
        let queue = self.queues.entry(operation.to_owned()).or_default();
        queue.push_back(scripted);
    }

    pub(crate) fn next(&mut self, operation: &str) -> Option<Scripted> {
        self.queues.get_mut(operation)?.pop_front()
    }
}

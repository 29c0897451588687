//! One event on its way, with everything that was tried.

use std::sync::Weak;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{ATTEMPTS, Inner, TIMEOUT};

/// How far an event has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// There is no receiver.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was made, in nanoseconds since the Unix epoch.
    pub at: i64,
    /// The status that the receiver answered.
    pub status: Option<u16>,
    /// Why there is no status.
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

impl Attempt {
    fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// An event on its way to the receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// What was tried, oldest first.
    pub attempts: Vec<Attempt>,
}

/// Sends what waits for one call, one after the other, until nothing does or the server is gone.
pub(super) async fn send_queue(server: Weak<Inner>, call: Option<String>) {
    loop {
        let Some(inner) = server.upgrade() else {
            return;
        };
        let next = {
            let mut kept = inner.lock();
            let first = kept
                .queues
                .get(&call)
                .and_then(|queue| queue.front())
                .cloned();
            if first.is_none() {
                kept.queues.remove(&call);
            }
            first
        };
        drop(inner);
        let Some(id) = next else {
            return;
        };
        deliver(&server, &id).await;
        if let Some(inner) = server.upgrade()
            && let Some(queue) = inner.lock().queues.get_mut(&call)
        {
            queue.pop_front();
        }
    }
}

/// Tries until the receiver accepts or too many attempts failed.
async fn deliver(server: &Weak<Inner>, id: &str) {
    for number in 1..=ATTEMPTS {
        let Some(inner) = server.upgrade() else {
            return;
        };
        let found = inner
            .lock()
            .deliveries
            .iter()
            .find(|one| one.id == id)
            .cloned();
        let Some(delivery) = found else {
            return;
        };
        let attempt = attempt(&inner, &delivery, number).await;
        let state = match (attempt.is_success(), number) {
            (true, _) => DeliveryState::Delivered,
            (false, ATTEMPTS) => DeliveryState::Failed,
            (false, _) => DeliveryState::Pending,
        };
        inner.note(id, attempt, state);
        if state.is_final() {
            return;
        }
        let pause =
            inner.first_pause * 2_u32.saturating_pow(u32::try_from(number - 1).unwrap_or(0));
        // Nothing keeps the server alive while it waits.
        drop(inner);
        tokio::time::sleep(pause).await;
    }
}

async fn attempt(inner: &Inner, delivery: &Delivery, number: usize) -> Attempt {
    let at = inner.clock.now();
    let started = Instant::now();
    let request = inner
        .client
        .post(inner.receiver.as_deref().unwrap_or_default())
        .timeout(TIMEOUT)
        .header("content-type", "application/json")
        .header("x-api-key", &inner.key)
        .header("x-signature", &delivery.signature)
        .header("x-webhook-id", &delivery.id)
        .header("x-webhook-attempt", number)
        .body(delivery.body.clone());
    let result = request.send().await;
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (status, error) = match result {
        Ok(response) => (Some(response.status().as_u16()), None),
        Err(error) => (None, Some(describe(&error))),
    };
    Attempt {
        at,
        status,
        error,
        milliseconds,
    }
}

/// The error with its causes: reqwest's own line does not say why.
fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", Duration::as_secs(&TIMEOUT));
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl Inner {
    fn note(&self, id: &str, attempt: Attempt, state: DeliveryState) {
        let mut kept = self.lock();
        let found = kept.deliveries.iter_mut().find(|one| one.id == id);
        if let Some(delivery) = found {
            delivery.attempts.push(attempt);
            delivery.state = state;
            let delivery = delivery.clone();
            drop(kept);
            drop(self.news.send(delivery));
        }
    }
}

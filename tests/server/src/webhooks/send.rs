//! Sending: one event after the other per call, again if need be.

use std::sync::Weak;
use std::time::{Duration, Instant};

use super::delivery::{Attempt, Delivery, DeliveryState};
use super::outbox::Outbox;

/// How often an event is tried before it is given up.
const ATTEMPTS: usize = 6;
/// How long the receiver may take.
const TIMEOUT: Duration = Duration::from_secs(6);

/// Sends what waits for one call, one after the other, until nothing does or the server is gone.
pub(super) async fn send_queue(server: Weak<Outbox>, call: Option<String>) {
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
async fn deliver(server: &Weak<Outbox>, id: &str) {
    for number in 1..=ATTEMPTS {
        let Some(inner) = server.upgrade() else {
            return;
        };
        let found = inner.lock().pending(id).cloned();
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

async fn attempt(inner: &Outbox, delivery: &Delivery, number: usize) -> Attempt {
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
        return format!("no response within {} s", Duration::as_secs(&TIMEOUT));
    }
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

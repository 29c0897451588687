//! Events on their way to the receiver: signed, retried, in order per call, and visible.

mod body;
mod delivery;
mod example;
mod outbox;
mod send;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::clock::Clock;
use crate::database::{Database, UNDELIVERED};
use crate::events::Event;
use crate::spec::Api;
use crate::state::Change;

pub(crate) use body::Events;
pub use body::WebhookTimestamps;
pub use delivery::{Attempt, Delivery, DeliveryState};
use outbox::{Deliveries, Outbox};

/// How long to wait before the second attempt; doubled before each further one.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How many events a slow listener may lag behind.
const BACKLOG: usize = 256;

/// The webhooks of one server. Without a receiver, events are only kept to look at.
#[derive(Clone)]
pub(crate) struct Webhooks {
    inner: Arc<Outbox>,
}

/// The receiver of events.
pub(crate) struct Receiver {
    pub(crate) url: Option<String>,
    pub(crate) key: String,
    pub(crate) secret: String,
    pub(crate) first_pause: Duration,
    pub(crate) timestamps: WebhookTimestamps,
    /// Keeps what is not delivered yet.
    pub(crate) database: Weak<Database>,
}

impl Webhooks {
    pub(crate) fn new(receiver: Receiver, clock: Clock, api: &Arc<Api>) -> Self {
        Self {
            inner: Arc::new(Outbox {
                receiver: receiver.url,
                key: receiver.key,
                secret: receiver.secret,
                first_pause: receiver.first_pause,
                clock,
                database: receiver.database,
                events: Events::new(api, receiver.timestamps),
                client: reqwest::Client::new(),
                kept: Mutex::default(),
                news: broadcast::Sender::new(BACKLOG),
            }),
        }
    }

    /// The URL that events go to.
    pub(crate) fn receiver(&self) -> Option<&str> {
        self.inner.receiver.as_deref()
    }

    /// The event types that the spec has.
    pub(crate) fn events(&self) -> &Events {
        &self.inner.events
    }

    /// Makes a signed delivery of each event. Their ids grow.
    pub(crate) fn sign_all(&self, events: &[Event]) -> Vec<Delivery> {
        let deliveries = events.iter().map(|event| {
            let body = self.inner.events.body(event);
            Delivery {
                id: Uuid::now_v7().to_string(),
                event: event.kind.clone(),
                call_cid: event.cid.clone(),
                created_at: event.created_at,
                signature: sign(&self.inner.secret, &body),
                body,
                state: self.first_state(),
                attempts: Vec::new(),
            }
        });
        deliveries.collect()
    }

    fn first_state(&self) -> DeliveryState {
        match self.inner.receiver {
            Some(_) => DeliveryState::Pending,
            None => DeliveryState::Unsent,
        }
    }

    /// The records that keep deliveries in the data file until they are final.
    pub(crate) fn records(&self, deliveries: &[Delivery]) -> Vec<Change> {
        let pending = deliveries.iter().filter(|one| !one.state.is_final());
        let record = |delivery: &Delivery| Change {
            table: UNDELIVERED,
            key: delivery.id.as_str().into(),
            record: serde_json::to_value(delivery).ok(),
        };
        pending.map(record).collect()
    }

    /// Sends deliveries in their order, without waiting for the receiver. Needs a tokio runtime.
    pub(crate) fn send(&self, deliveries: Vec<Delivery>) {
        for delivery in deliveries {
            self.keep(delivery);
        }
    }

    /// Sends what the data file kept, in the order in which it happened.
    pub(crate) fn resume(&self, records: Vec<Value>) {
        let kept = records.into_iter().map(serde_json::from_value);
        let mut kept: Vec<Delivery> = kept.filter_map(Result::ok).collect();
        kept.sort_by(|one, other| one.id.cmp(&other.id));
        for delivery in &mut kept {
            delivery.state = self.first_state();
        }
        self.send(kept);
    }

    /// Sends an event once more, behind those of its call that are under way; returns nothing for one
    /// that is not kept (any more).
    ///
    /// # Errors
    ///
    /// Without a receiver.
    pub(crate) fn resend(&self, id: &str) -> Result<Option<Delivery>, String> {
        if self.inner.receiver.is_none() {
            return Err("there is no receiver: start the server with one".into());
        }
        let mut kept = self.inner.lock();
        let found = kept.update(id, |delivery| delivery.state = DeliveryState::Pending);
        let Some(delivery) = found else {
            return Ok(None);
        };
        if let Some(database) = self.inner.database.upgrade() {
            database.write(self.records(std::slice::from_ref(&delivery)))?;
        }
        self.enqueue(&mut kept, &delivery);
        drop(kept);
        drop(self.inner.news.send(delivery.clone()));
        Ok(Some(delivery))
    }

    /// The kept ones, oldest first.
    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.inner.lock().all()
    }

    /// Forgets what is kept, and what is under way.
    pub(crate) fn clear(&self) {
        let pending = self.inner.lock().clear();
        self.inner
            .forget_on_disk(pending.iter().map(String::as_str));
    }

    /// Every change of a delivery from now on.
    pub(crate) fn listen(&self) -> broadcast::Receiver<Delivery> {
        self.inner.news.subscribe()
    }

    fn keep(&self, delivery: Delivery) {
        let mut kept = self.inner.lock();
        kept.insert(delivery.clone());
        if delivery.state == DeliveryState::Pending {
            self.enqueue(&mut kept, &delivery);
        }
        drop(kept);
        // Without listeners there is nobody to tell.
        drop(self.inner.news.send(delivery));
    }

    /// Puts a delivery behind the others of its call; the first one starts the sending.
    fn enqueue(&self, kept: &mut Deliveries, delivery: &Delivery) {
        let queue = kept.queues.entry(delivery.call_cid.clone()).or_default();
        queue.push_back(delivery.id.clone());
        if queue.len() == 1 {
            let inner = Arc::downgrade(&self.inner);
            tokio::spawn(send::send_queue(inner, delivery.call_cid.clone()));
        }
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Webhooks")
            .field("kept", &self.inner.lock().len())
            .finish_non_exhaustive()
    }
}

/// Lower-case hex HMAC-SHA256 of a body.
fn sign(secret: &str, body: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body.as_bytes());
    let digest = mac.finalize().into_bytes();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

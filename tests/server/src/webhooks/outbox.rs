//! What is kept of the events, and which of them wait for their turn.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::broadcast;

use super::body::Events;
use super::delivery::{Attempt, Delivery, DeliveryState};
use crate::clock::Clock;

pub(super) struct Outbox {
    pub(super) receiver: Option<String>,
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) first_pause: Duration,
    pub(super) clock: Clock,
    pub(super) events: Events,
    pub(super) client: reqwest::Client,
    pub(super) kept: Mutex<Kept>,
    pub(super) news: broadcast::Sender<Delivery>,
}

#[derive(Default)]
pub(super) struct Kept {
    pub(super) deliveries: VecDeque<Delivery>,
    /// Those under way, by call: the first one is being sent.
    pub(super) queues: HashMap<Option<String>, VecDeque<String>>,
}

impl Outbox {
    pub(super) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an attempt, and tells those who listen.
    pub(super) fn note(&self, id: &str, attempt: Attempt, state: DeliveryState) {
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

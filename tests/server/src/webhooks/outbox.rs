//! The kept events, and the queues of those under way.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::broadcast;

use super::body::Events;
use super::delivery::{Attempt, Delivery, DeliveryState};
use crate::clock::Clock;
use crate::database::{Database, UNDELIVERED};
use crate::state::Change;

pub(super) struct Outbox {
    pub(super) receiver: Option<String>,
    pub(super) key: String,
    pub(super) secret: String,
    pub(super) first_pause: Duration,
    pub(super) clock: Clock,
    /// Weak, because an attempt under way must not keep the file of a stopped server open.
    pub(super) database: Weak<Database>,
    pub(super) events: Events,
    pub(super) client: reqwest::Client,
    pub(super) kept: Mutex<Deliveries>,
    pub(super) news: broadcast::Sender<Delivery>,
}

#[derive(Default)]
pub(super) struct Deliveries {
    pub(super) deliveries: VecDeque<Delivery>,
    /// Those under way, by call: the first one is being sent.
    pub(super) queues: HashMap<Option<String>, VecDeque<String>>,
}

impl Outbox {
    pub(super) fn lock(&self) -> MutexGuard<'_, Deliveries> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes events from the data file. One that stays there, because the file cannot be written,
    /// is sent again after the next start.
    pub(super) fn forget_on_disk<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        let Some(database) = self.database.upgrade() else {
            return;
        };
        let removed = ids.into_iter().map(|id| Change {
            table: UNDELIVERED,
            key: id.into(),
            record: None,
        });
        drop(database.write(removed.collect()));
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
            if state.is_final() {
                self.forget_on_disk([id]);
            }
            drop(self.news.send(delivery));
        }
    }
}

//! The kept events, and the queues of those under way.

use std::collections::{BTreeMap, HashMap, VecDeque};
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

/// How many events that are not under way are kept to look at.
const KEPT: usize = 1000;

/// Events by their ids, which grow.
#[derive(Default)]
pub(super) struct Deliveries {
    /// Those under way, every one.
    pending: BTreeMap<String, Delivery>,
    /// The latest of the others.
    done: BTreeMap<String, Delivery>,
    /// The ids of those under way, by call: the first one is being sent.
    pub(super) queues: HashMap<Option<String>, VecDeque<String>>,
}

impl Deliveries {
    pub(super) fn insert(&mut self, delivery: Delivery) {
        let id = delivery.id.clone();
        if delivery.state == DeliveryState::Pending {
            self.pending.insert(id, delivery);
            return;
        }
        self.done.insert(id, delivery);
        if self.done.len() > KEPT {
            self.done.pop_first();
        }
    }

    pub(super) fn pending(&self, id: &str) -> Option<&Delivery> {
        self.pending.get(id)
    }

    /// Changes one that is kept, and returns it.
    pub(super) fn update(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Delivery),
    ) -> Option<Delivery> {
        let found = self.pending.remove(id).or_else(|| self.done.remove(id));
        let mut delivery = found?;
        change(&mut delivery);
        self.insert(delivery.clone());
        Some(delivery)
    }

    /// The kept ones, oldest first.
    pub(super) fn all(&self) -> Vec<Delivery> {
        let mut all: Vec<_> = self.done.values().chain(self.pending.values()).collect();
        all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        all.into_iter().cloned().collect()
    }

    pub(super) fn len(&self) -> usize {
        self.pending.len() + self.done.len()
    }

    /// Forgets all of them, and returns the ids of those under way.
    pub(super) fn clear(&mut self) -> Vec<String> {
        self.done.clear();
        for queue in self.queues.values_mut() {
            // The task that sends the first one takes it from the queue.
            queue.truncate(1);
        }
        std::mem::take(&mut self.pending).into_keys().collect()
    }
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
        let noted = self.lock().update(id, |delivery| {
            delivery.attempts.push(attempt);
            delivery.state = state;
        });
        if let Some(delivery) = noted {
            if state.is_final() {
                self.forget_on_disk([id]);
            }
            drop(self.news.send(delivery));
        }
    }
}

//! The way of a write: its records and undelivered events go to the data file in one transaction,
//! then the events to the webhooks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, watch};

use crate::database::Database;
use crate::events::Event;
use crate::state::{Journal, State};
use crate::webhooks::{Delivery, Webhooks};

/// The journal of one server.
pub(crate) struct WriteAhead {
    database: Option<Arc<Database>>,
    webhooks: Webhooks,
    written: mpsc::UnboundedSender<Vec<Delivery>>,
    /// How many groups of events were handed over.
    given: AtomicU64,
    /// How many of them went to the webhooks.
    sent: watch::Receiver<u64>,
}

impl WriteAhead {
    /// Events leave in the order of their writes, once these are on disk. Needs a tokio runtime.
    pub(crate) fn new(database: Option<Arc<Database>>, webhooks: Webhooks) -> Self {
        let (written, mut flushing) = mpsc::unbounded_channel();
        let (progress, sent) = watch::channel(0);
        let (file, sender) = (database.clone(), webhooks.clone());
        tokio::spawn(async move {
            while let Some(deliveries) = flushing.recv().await {
                if let Some(database) = &file
                    && database.flushed().await.is_err()
                {
                    // What is not on disk has not happened.
                    return;
                }
                sender.send(deliveries);
                progress.send_modify(|sent| *sent += 1);
            }
        });
        Self {
            database,
            webhooks,
            written,
            given: AtomicU64::new(0),
            sent,
        }
    }

    /// Waits until every write so far is on disk and its events are with the webhooks.
    pub(crate) async fn settled(&self) -> Result<(), String> {
        let given = self.given.load(Ordering::SeqCst);
        if let Some(database) = &self.database {
            database.flushed().await?;
        }
        let mut sent = self.sent.clone();
        let reached = sent.wait_for(|sent| *sent >= given).await;
        reached
            .map(drop)
            .map_err(|_| "the server is stopping".to_owned())
    }
}

impl Journal for WriteAhead {
    fn write(&self, state: &State, events: &[Event]) -> Result<(), String> {
        let deliveries = self.webhooks.sign_all(events);
        if let Some(database) = &self.database {
            let mut changes = state.changes();
            changes.extend(self.webhooks.records(&deliveries));
            if !changes.is_empty() {
                database.write(changes)?;
            }
        }
        if !deliveries.is_empty() {
            self.given.fetch_add(1, Ordering::SeqCst);
            // The receiving end is gone only while the server stops.
            drop(self.written.send(deliveries));
        }
        Ok(())
    }

    fn replace(&self, state: &State) -> Result<(), String> {
        match &self.database {
            Some(database) => database.replace(state.records()),
            None => Ok(()),
        }
    }
}

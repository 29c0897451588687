//! The way of a write: its records and undelivered events go to the data file in one transaction,
//! then the events to the webhooks.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::database::Database;
use crate::events::Event;
use crate::state::{Journal, State};
use crate::webhooks::{Delivery, Webhooks};

/// The journal of one server.
pub(crate) struct WriteAhead {
    database: Option<Arc<Database>>,
    webhooks: Webhooks,
    written: mpsc::UnboundedSender<Vec<Delivery>>,
}

impl WriteAhead {
    /// Events leave in the order of their writes, once these are on disk. Needs a tokio runtime.
    pub(crate) fn new(database: Option<Arc<Database>>, webhooks: Webhooks) -> Self {
        let (written, mut flushing) = mpsc::unbounded_channel();
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
            }
        });
        Self {
            database,
            webhooks,
            written,
        }
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

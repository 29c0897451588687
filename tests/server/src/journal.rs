//! What becomes of a write: its records go to the data file, then its events to the webhooks.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::database::Database;
use crate::events::Event;
use crate::state::{Journal, State};
use crate::webhooks::Webhooks;

/// The journal of one server.
pub(crate) struct Writes {
    database: Option<Arc<Database>>,
    events: mpsc::UnboundedSender<Vec<Event>>,
}

impl Writes {
    /// Events leave in the order of their writes, once these are on disk. Needs a tokio runtime.
    pub(crate) fn new(database: Option<Arc<Database>>, webhooks: Webhooks) -> Self {
        let (events, mut written) = mpsc::unbounded_channel();
        let kept = database.clone();
        tokio::spawn(async move {
            while let Some(events) = written.recv().await {
                if let Some(database) = &kept
                    && database.flushed().await.is_err()
                {
                    // What is not on disk has not happened.
                    return;
                }
                webhooks.send(events);
            }
        });
        Self { database, events }
    }
}

impl Journal for Writes {
    fn write(&self, state: &State, events: &[Event]) -> Result<(), String> {
        if let Some(database) = &self.database {
            let changes = state.changes();
            if !changes.is_empty() {
                database.write(changes)?;
            }
        }
        if !events.is_empty() {
            // Only a server that stops has nobody at the other end.
            drop(self.events.send(events.to_vec()));
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

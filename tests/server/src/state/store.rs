//! The published state: read without waiting, written by one at a time.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::tables::State;
use crate::error::ApiError;
use crate::events::Event;

/// The result of a successful write.
#[derive(Debug)]
pub(crate) struct Done<T> {
    pub(crate) value: T,
    /// Its events, in order.
    pub(crate) events: Vec<Event>,
}

/// Takes every write before anyone sees it, in order; an error keeps the write from happening.
pub(crate) trait Journal: Send + Sync {
    /// One write: the state knows what it changed.
    fn write(&self, state: &State, events: &[Event]) -> Result<(), String>;

    /// A state in place of everything before.
    fn replace(&self, state: &State) -> Result<(), String>;
}

/// The state that all requests share.
pub(crate) struct Store {
    published: RwLock<Arc<State>>,
    writing: Mutex<()>,
    journal: Option<Arc<dyn Journal>>,
}

impl Store {
    pub(crate) fn new(state: State, journal: Option<Arc<dyn Journal>>) -> Self {
        Self {
            published: RwLock::new(Arc::new(state)),
            writing: Mutex::new(()),
            journal,
        }
    }

    /// The state as it is now; it stays so for whoever holds it.
    pub(crate) fn snapshot(&self) -> Arc<State> {
        let published = self.published.read();
        Arc::clone(&published.unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets `change` work on a copy and publishes it. A failure changes nothing.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(Arc<State>) -> Result<(T, Arc<State>, Vec<Event>), ApiError>,
    ) -> Result<Done<T>, ApiError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, mut state, events) = change(self.snapshot())?;
        if let Some(journal) = &self.journal {
            journal.write(&state, &events).map_err(not_kept)?;
        }
        Arc::make_mut(&mut state).forget_changes();
        self.publish(state);
        Ok(Done { value, events })
    }

    /// Replaces everything. A failure changes nothing.
    pub(crate) fn replace(&self, state: State) -> Result<(), ApiError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(journal) = &self.journal {
            journal.replace(&state).map_err(not_kept)?;
        }
        self.publish(Arc::new(state));
        Ok(())
    }

    fn publish(&self, state: Arc<State>) {
        *self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// The one failure that is the server's own: its disk.
fn not_kept(reason: String) -> ApiError {
    ApiError::new(500, crate::error::code::INTERNAL, reason)
}

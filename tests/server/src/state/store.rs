//! The published state: read without waiting, written by one at a time.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::{Change, State};
use crate::error::ApiError;
use crate::events::Event;

/// What a successful write leaves behind.
#[derive(Debug)]
pub(crate) struct Done<T> {
    pub(crate) value: T,
    /// What happened, in order.
    pub(crate) events: Vec<Event>,
}

/// Keeps changes before they are published; an error keeps the write from happening.
pub(crate) type Commit = Box<dyn Fn(&[Change], &[Event]) -> Result<(), String> + Send + Sync>;

/// The state that all requests share.
pub(crate) struct Store {
    published: RwLock<Arc<State>>,
    writing: Mutex<()>,
    commit: Option<Commit>,
}

impl Store {
    pub(crate) fn new(state: State, commit: Option<Commit>) -> Self {
        Self {
            published: RwLock::new(Arc::new(state)),
            writing: Mutex::new(()),
            commit,
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
        if let Some(commit) = &self.commit {
            let changes = state.changes();
            if !changes.is_empty() {
                commit(&changes, &events)
                    .map_err(|reason| ApiError::new(500, crate::error::code::INTERNAL, reason))?;
            }
        }
        Arc::make_mut(&mut state).forget_changes();
        self.publish(state);
        Ok(Done { value, events })
    }

    /// Replaces everything.
    pub(crate) fn replace(&self, state: State) {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.publish(Arc::new(state));
    }

    fn publish(&self, state: Arc<State>) {
        *self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner) = state;
    }
}

//! The behaviour of the API: requests that were understood, on the state that they change.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::events::Event;
use crate::input::Input;
use crate::operations::{self, Context, Kind, Reply, Settings};
use crate::state::{Done, Journal, State, Store};

/// State, settings and behaviour of one server.
pub(crate) struct Model {
    pub(crate) settings: Settings,
    store: Store,
}

impl Model {
    /// The journal gets the changes and events of each write before anyone sees them.
    pub(crate) fn new(settings: Settings, state: State, journal: Option<Arc<dyn Journal>>) -> Self {
        Self {
            settings,
            store: Store::new(state, journal),
        }
    }

    /// The state as it is now.
    pub(crate) fn snapshot(&self) -> Arc<State> {
        self.store.snapshot()
    }

    /// Replaces the state, without events.
    pub(crate) fn replace(&self, state: State) -> Result<(), ApiError> {
        self.store.replace(state)
    }

    /// How a request treats the state; `None` when its operation is not modelled.
    pub(crate) fn kind(&self, operation: &str, input: &Input) -> Option<Kind> {
        operations::find(operation).map(|handler| handler.kind(input))
    }

    /// Performs a request; `None` when its operation is not modelled. A change asks for the time once
    /// it is its turn.
    pub(crate) fn perform(
        &self,
        operation: &str,
        input: &Input,
        caller: &Caller,
        now: impl Fn() -> i64,
    ) -> Option<Result<Done<Reply>, ApiError>> {
        let handler = operations::find(operation)?;
        let before = match self.catch_up(&now) {
            Ok(events) => events,
            Err(error) => return Some(Err(error)),
        };
        let with_those_before = |mut done: Done<Reply>| {
            done.events.splice(0..0, before);
            done
        };
        let run = |context: &mut Context<'_>| {
            operations::authorize(context, handler, input)?;
            handler.run(context, input)
        };
        if handler.kind(input) == Kind::Write {
            let done = self.change(caller, now, |context| {
                operations::connect(context);
                run(context)
            });
            return Some(done.map(with_those_before));
        }
        let mut context = Context::new(&self.settings, caller, now(), self.snapshot());
        let done = run(&mut context).map(|value| Done {
            value,
            events: Vec::new(),
        });
        Some(done.map(with_those_before))
    }

    /// Lets `change` work on the state, as the server itself or a user. The time is taken when nothing
    /// else changes any more, so that a later change never seems to be the earlier one.
    pub(crate) fn change<T>(
        &self,
        caller: &Caller,
        now: impl Fn() -> i64,
        change: impl FnOnce(&mut Context<'_>) -> Result<T, ApiError>,
    ) -> Result<Done<T>, ApiError> {
        self.store.write(|state| {
            let mut context = Context::new(&self.settings, caller, now(), state);
            let value = change(&mut context)?;
            let (state, events) = context.into_parts();
            Ok((value, state, events))
        })
    }

    /// The next moment at which something ends by itself.
    pub(crate) fn next_deadline(&self) -> Option<i64> {
        self.snapshot().next_deadline()
    }

    /// Meets the deadlines up to now; returns the events.
    pub(crate) fn catch_up(&self, now: impl Fn() -> i64) -> Result<Vec<Event>, ApiError> {
        if self.next_deadline().is_none_or(|deadline| deadline > now()) {
            return Ok(Vec::new());
        }
        let caller = Caller::server();
        let done = self.change(&caller, now, operations::meet_deadlines)?;
        Ok(done.events)
    }
}

//! Everything that requests share, and its changes.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::watch;

use crate::auth::Caller;
use crate::clock::Clock;
use crate::error::{ApiError, code};
use crate::faults::{Fault, Faults};
use crate::input::Input;
use crate::journal::WriteAhead;
use crate::model::Model;
use crate::operations::{Action, Context, Kind, Reply, simulate};
use crate::queries::Queries;
use crate::rate_limit::RateLimits;
use crate::recorder::Recorder;
use crate::scripted::Script;
use crate::spec::Api;
use crate::state::{Done, State};
use crate::webhooks::Webhooks;

/// The source of the bodies of successes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyMode {
    /// Always from the response schema, required fields only. Nothing is kept.
    Minimal,
    /// Always from the response schema, every field. Nothing is kept.
    Maximal,
    /// From the state that requests change.
    #[default]
    Stateful,
}

/// Everything that requests share.
pub(crate) struct Shared {
    pub(crate) api: Arc<Api>,
    pub(crate) key: String,
    pub(crate) secret: String,
    /// Host names beside the loopback ones for which the local routes are served.
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) mode: BodyMode,
    pub(crate) gzip: bool,
    pub(crate) strict: bool,
    pub(crate) refuse_double_encoding: bool,
    pub(crate) clock: Clock,
    pub(crate) model: Arc<Model>,
    pub(crate) queries: Queries,
    pub(crate) journal: Arc<WriteAhead>,
    pub(crate) webhooks: Webhooks,
    pub(crate) script: Mutex<Script>,
    pub(crate) faults: Faults,
    pub(crate) rate_limits: RateLimits,
    pub(crate) recorder: Option<Recorder>,
    /// Becomes true when the server stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Shared {
    /// Replaces the failures, unless one of them cannot happen.
    pub(crate) fn set_faults(&self, seed: u64, faults: Vec<Fault>) -> Result<(), String> {
        for fault in &faults {
            fault.check()?;
            if let Some(operation) = &fault.operation
                && self.api.operation(operation).is_none()
            {
                return Err(format!("no operation is called `{operation}`"));
            }
        }
        self.faults.set(seed, faults);
        Ok(())
    }

    /// Performs a request; `None` when its operation is not modelled. Queries run beside the
    /// others, and a write has settled when this ends.
    pub(crate) async fn perform(
        &self,
        operation: &str,
        input: Input,
        caller: Caller,
    ) -> Option<Result<Reply, ApiError>> {
        self.catch_up();
        let kind = self.model.kind(operation, &input)?;
        let clock = self.clock.clone();
        let now = move || clock.now();
        let performed = if kind == Kind::Query {
            let model = Arc::clone(&self.model);
            let operation = operation.to_owned();
            let query = move || model.perform(&operation, &input, &caller, now);
            match self.queries.run(query).await {
                Ok(performed) => performed,
                Err(error) => {
                    let message = format!("the query could not be run: {error}");
                    return Some(Err(ApiError::new(500, code::INTERNAL, message)));
                }
            }
        } else {
            self.model.perform(operation, &input, &caller, now)
        };
        let done = match performed? {
            Ok(done) => done,
            Err(error) => return Some(Err(error)),
        };
        if kind == Kind::Write
            && let Err(error) = self.settled().await
        {
            return Some(Err(error));
        }
        Some(Ok(done.value))
    }

    /// Lets `change` work on the state as the server itself; it has settled when this ends.
    pub(crate) async fn change<T>(
        &self,
        change: impl FnOnce(&mut Context<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.catch_up();
        let Done { value, .. } =
            self.model
                .change(&Caller::server(), || self.clock.now(), change)?;
        self.settled().await?;
        Ok(value)
    }

    /// Does in a call what media do.
    pub(crate) async fn simulate(&self, cid: &str, action: Action) -> Result<Value, ApiError> {
        self.change(|context| simulate::perform(context, cid, action))
            .await
    }

    /// Meets the deadlines up to now.
    pub(crate) fn catch_up(&self) {
        // It fails only where the data file does, which the next write reports.
        drop(self.model.catch_up(|| self.clock.now()));
    }

    /// Forgets everything: state, requests, webhooks, faults, used rate limits, a moved clock.
    pub(crate) async fn reset(&self) -> Result<(), ApiError> {
        self.faults.set(0, Vec::new());
        self.rate_limits.reset();
        self.clock.reset();
        self.model.replace(State::default())?;
        self.webhooks.clear();
        if let Some(recorder) = &self.recorder {
            recorder.clear();
        }
        self.settled().await
    }

    async fn settled(&self) -> Result<(), ApiError> {
        let settled = self.journal.settled().await;
        settled.map_err(|reason| ApiError::new(500, code::INTERNAL, reason))
    }
}

//! One of many callers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use video_api::{Client, Error, Response};

use crate::ledger::Ledger;
use crate::rng::permille;

/// Performs operations one after the other.
pub(crate) struct Caller {
    seed: u64,
    task: u64,
    client: Client,
    ledger: Arc<Ledger>,
    tally: Tally,
}

/// The outcomes of the operations.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<(&'static str, &'static str), u64>);

impl Caller {
    pub(crate) fn new(seed: u64, task: u64, client: Client, ledger: Arc<Ledger>) -> Self {
        Self {
            seed,
            task,
            client,
            ledger,
            tally: Tally::default(),
        }
    }

    pub(crate) async fn run(mut self, operations: u64) -> Tally {
        for number in 0..operations {
            let id = format!("{}-{number}", self.task);
            let draw = |what| permille([self.seed, self.task, number, what]);
            let which = draw(1);
            let impatient = draw(2);
            let operation = self.perform(which, &id);
            let (method, outcome) = if impatient < 20 {
                // Given up on while it is under way.
                let patience = Duration::from_micros(impatient * 300);
                let done = tokio::time::timeout(patience, operation).await;
                done.unwrap_or(("any", "cancelled"))
            } else {
                operation.await
            };
            *self.tally.0.entry((method, outcome)).or_default() += 1;
            self.ledger.finish();
        }
        self.tally
    }

    async fn perform(&self, which: u64, id: &str) -> (&'static str, &'static str) {
        let call = self.client.call("default", id);
        match which {
            0..300 => {
                let result = call.get().send().await;
                ("GET", self.judge(result, false, |body| body.call.id == id))
            }
            300..700 => {
                let result = call.get_or_create().ring(true).send().await;
                ("POST", self.judge(result, true, |body| body.call.id == id))
            }
            700..850 => {
                let result = call.update().send().await;
                ("PATCH", self.judge(result, true, |_| true))
            }
            850..950 => {
                let result = self.client.update_call_type(id).send().await;
                ("PUT", self.judge(result, false, |body| body.name == id))
            }
            _ => {
                let result = self.client.delete_call_type(id).send().await;
                ("DELETE", self.judge(result, false, |_| true))
            }
        }
    }

    fn judge<T>(
        &self,
        result: Result<Response<T>, Error>,
        once: bool,
        own: impl FnOnce(&T) -> bool,
    ) -> &'static str {
        match result {
            Ok(response) => {
                if once {
                    self.ledger.succeeded(response.request_id());
                }
                if !own(&response) {
                    let id = response.request_id();
                    self.ledger
                        .problem(format!("{id} got the response of another request"));
                }
                if response.attempts() > 1 {
                    "ok after retries"
                } else {
                    "ok"
                }
            }
            Err(error) => {
                if once {
                    self.ledger.failed(&error);
                }
                self.class(&error)
            }
        }
    }

    fn class(&self, error: &Error) -> &'static str {
        if error.is_timeout() {
            "timeout"
        } else if error.is_connect() {
            "connect"
        } else if error.is_rate_limited() {
            "429"
        } else if error.is_decode() {
            "decode"
        } else if error
            .status()
            .is_some_and(|status| status.is_server_error())
        {
            "5xx"
        } else if error.status().is_none_or(|status| status.is_success()) {
            "broken"
        } else {
            self.ledger.problem(format!("unexpected: {error:?}"));
            "unexpected"
        }
    }
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    pub(crate) fn operations(&self) -> u64 {
        self.0.values().sum()
    }

    fn count(&self, outcome: &str) -> u64 {
        let those = self.0.iter().filter(|((_, of), _)| *of == outcome);
        those.map(|(_, count)| count).sum()
    }

    /// Every outcome there can be was there.
    pub(crate) fn assert_varied(&self) {
        for outcome in [
            "ok after retries",
            "timeout",
            "connect",
            "429",
            "decode",
            "5xx",
            "broken",
            "cancelled",
        ] {
            let count = self.count(outcome);
            assert!(count >= 10, "only {count} times: {outcome}");
        }
        let fine = self.count("ok") + self.count("ok after retries");
        assert!(fine > self.operations() * 7 / 10, "only {fine} went well");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client: {} operations", self.operations())?;
        for ((method, outcome), count) in &self.0 {
            write!(f, ", {count} {method} {outcome}")?;
        }
        Ok(())
    }
}

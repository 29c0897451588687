//! The server's record of what it did, compared with the client's.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use video_api::Error;

/// Counts what happens to each request that must not happen twice.
#[derive(Default)]
pub(crate) struct Ledger {
    /// How often each POST or PATCH was processed, by request id.
    processed: Mutex<HashMap<String, u32>>,
    /// How often each operation has arrived.
    attempts: Mutex<HashMap<u64, u64>>,
    faults: Mutex<BTreeMap<&'static str, u64>>,
    problems: Mutex<Vec<String>>,
    finished: AtomicU64,
    unsent: AtomicU64,
}

impl Ledger {
    /// A request takes effect.
    pub(crate) fn process(&self, method: &str, request_id: &str) {
        if !matches!(method, "POST" | "PATCH") {
            return;
        }
        let mut processed = lock(&self.processed);
        let count = processed.entry(request_id.to_owned()).or_default();
        *count += 1;
        if *count > 1 {
            let count = *count;
            drop(processed);
            self.problem(format!("{method} {request_id} was processed {count} times"));
        }
    }

    /// Which attempt at an operation this is, from 1.
    pub(crate) fn attempt(&self, operation: u64) -> u64 {
        let mut attempts = lock(&self.attempts);
        let count = attempts.entry(operation).or_default();
        *count += 1;
        *count
    }

    pub(crate) fn fault(&self, name: &'static str) {
        *lock(&self.faults).entry(name).or_default() += 1;
    }

    fn count(&self, request_id: &str) -> u32 {
        lock(&self.processed).get(request_id).copied().unwrap_or(0)
    }

    /// The client reports success of a POST or PATCH.
    pub(crate) fn succeeded(&self, request_id: &str) {
        if self.count(request_id) != 1 {
            self.problem(format!(
                "{request_id} succeeded but was processed {} times",
                self.count(request_id)
            ));
        }
    }

    /// The client reports failure of a POST or PATCH.
    pub(crate) fn failed(&self, error: &Error) {
        // No connection, or a refusal: surely not processed.
        let unsent = error.is_connect() || error.is_rate_limited() || error.attempts() == 0;
        if !unsent {
            return;
        }
        self.unsent.fetch_add(1, Ordering::SeqCst);
        let count = self.count(error.request_id().unwrap_or_default());
        if count != 0 {
            self.problem(format!("processed {count} times, but reported: {error}"));
        }
    }

    pub(crate) fn finish(&self) {
        self.finished.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn finished(&self) -> u64 {
        self.finished.load(Ordering::SeqCst)
    }

    pub(crate) fn problem(&self, problem: String) {
        lock(&self.problems).push(problem);
    }

    pub(crate) fn problems(&self) -> Vec<String> {
        lock(&self.problems).clone()
    }

    pub(crate) fn assert_varied(&self) {
        for (fault, count) in lock(&self.faults).iter() {
            assert!(*count >= 20, "only {count} times: {fault}");
        }
        let unsent = self.unsent.load(Ordering::SeqCst);
        assert!(unsent >= 50, "only {unsent} POSTs failed before being sent");
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "server: ")?;
        for (fault, count) in lock(&self.faults).iter() {
            write!(f, "{count} {fault}, ")?;
        }
        write!(
            f,
            "{} POST and PATCH processed, {} reported as surely not",
            lock(&self.processed).len(),
            self.unsent.load(Ordering::SeqCst)
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

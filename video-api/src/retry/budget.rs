//! A shared allowance of retries, which keeps them from making an outage worse.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

/// An allowance of retries, shared by all clones of a client (and by all clients that were
/// given the same budget).
///
/// It begins full, each retry takes one, each new operation returns a fraction, and time
/// returns some too. When it is empty, failures are reported instead of repeated. So
/// however many callers fail together, retries add only about that fraction to the load.
///
/// The default holds 20, returns 0.1 per operation and 1 per second.
#[derive(Clone)]
pub struct RetryBudget(Option<Arc<Bucket>>);

struct Bucket {
    capacity: f64,
    per_operation: f64,
    per_second: f64,
    level: Mutex<(f64, Instant)>,
}

impl RetryBudget {
    /// A full budget of `capacity` retries, refilled per operation and per second.
    pub fn new(capacity: u32, per_operation: f64, per_second: f64) -> Self {
        let capacity = f64::from(capacity);
        let sane = |rate: f64| if rate.is_finite() { rate.max(0.0) } else { 0.0 };
        Self(Some(Arc::new(Bucket {
            capacity,
            per_operation: sane(per_operation),
            per_second: sane(per_second),
            level: Mutex::new((capacity, Instant::now())),
        })))
    }

    /// Retries without limit.
    pub fn unlimited() -> Self {
        Self(None)
    }

    /// A new operation begins.
    pub(crate) fn deposit(&self) {
        if let Some(bucket) = &self.0 {
            bucket.change(bucket.per_operation);
        }
    }

    /// Takes one retry, if there is one.
    pub(crate) fn withdraw(&self) -> bool {
        self.0.as_ref().is_none_or(|bucket| bucket.change(-1.0))
    }
}

impl Bucket {
    fn change(&self, amount: f64) -> bool {
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        // A full bucket cannot gain: the usual case does not read the clock.
        if amount >= 0.0 && level.0 >= self.capacity {
            return true;
        }
        let now = Instant::now();
        let refill = now.duration_since(level.1).as_secs_f64() * self.per_second;
        let filled = (level.0 + refill + amount.max(0.0)).min(self.capacity);
        let left = filled + amount.min(0.0);
        let allowed = left >= 0.0;
        *level = (if allowed { left } else { filled }, now);
        allowed
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(20, 0.1, 1.0)
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("RetryBudget(unlimited)"),
            Some(bucket) => f
                .debug_struct("RetryBudget")
                .field("capacity", &bucket.capacity)
                .field("per_operation", &bucket.per_operation)
                .field("per_second", &bucket.per_second)
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn take_all(budget: &RetryBudget) -> usize {
        (0..1000).take_while(|_| budget.withdraw()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn is_used_up_and_comes_back_with_operations_and_time() {
        let budget = RetryBudget::new(5, 0.5, 2.0);
        assert_eq!(take_all(&budget.clone()), 5, "clones share it");
        assert_eq!(take_all(&budget), 0);
        for _ in 0..4 {
            budget.deposit();
        }
        assert_eq!(take_all(&budget), 2);
        tokio::time::advance(Duration::from_millis(1500)).await;
        assert_eq!(take_all(&budget), 3);
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert_eq!(take_all(&budget), 5, "never more than its capacity");
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_bucket_left_alone_counts_time_from_the_first_withdrawal() {
        let budget = RetryBudget::new(2, 0.1, 1.0);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(take_all(&budget), 2);
        assert_eq!(take_all(&budget), 0);
    }

    #[test]
    fn unlimited_is_unlimited() {
        assert_eq!(take_all(&RetryBudget::unlimited()), 1000);
        assert_eq!(take_all(&RetryBudget::new(0, f64::NAN, -1.0)), 0);
    }
}

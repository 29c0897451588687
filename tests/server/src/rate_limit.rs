//! How many requests each operation takes per minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;

/// The limit in the headers when none is enforced.
const CLAIMED: u64 = 60_000;
const MINUTE: i64 = 60;

/// The values of the rate-limit headers of one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// When the next minute begins, in Unix seconds.
    pub(crate) reset: i64,
    /// Seconds until then, when this request is one too many.
    pub(crate) retry_after: Option<i64>,
}

/// Counts requests by operation and minute.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    per_minute: Option<u64>,
    /// By operation: the minute, and the requests in it.
    used: Mutex<HashMap<String, (i64, u64)>>,
}

impl RateLimits {
    /// Enforces `per_minute` requests of every operation, or nothing.
    pub(crate) fn new(per_minute: Option<u64>) -> Self {
        Self {
            per_minute,
            used: Mutex::default(),
        }
    }

    /// Counts one request of an operation.
    pub(crate) fn take(&self, operation: &str, clock: &Clock) -> Allowance {
        let now = clock.seconds();
        let minute = now.div_euclid(MINUTE);
        let reset = minute.saturating_add(1).saturating_mul(MINUTE);
        let limit = self.per_minute.unwrap_or(CLAIMED);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = match used.get_mut(operation) {
            Some(entry) => entry,
            None => used.entry(operation.to_owned()).or_insert((minute, 0)),
        };
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        let is_over = self.per_minute.is_some() && entry.1 >= limit;
        if !is_over {
            entry.1 += 1;
        }
        Allowance {
            limit,
            remaining: limit.saturating_sub(entry.1),
            reset,
            retry_after: is_over.then_some(reset.saturating_sub(now)),
        }
    }

    /// Forgets what was used.
    pub(crate) fn reset(&self) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RateLimits;
    use crate::clock::Clock;

    #[test]
    fn one_request_too_many_waits_for_the_next_minute() {
        let limits = RateLimits::new(Some(2));
        let clock = Clock::default();
        clock.set(1_760_000_000_000_000_000);
        let remaining: Vec<_> = (0..3)
            .map(|_| limits.take("GetCall", &clock))
            .map(|allowance| (allowance.remaining, allowance.retry_after.is_some()))
            .collect();
        assert_eq!(remaining, [(1, false), (0, false), (0, true)]);
        assert_eq!(limits.take("GetEdges", &clock).retry_after, None);
        clock.advance(Duration::from_secs(60));
        assert_eq!(limits.take("GetCall", &clock).retry_after, None);
    }

    #[test]
    fn without_a_limit_nothing_is_refused() {
        let limits = RateLimits::new(None);
        let clock = Clock::default();
        let over = (0..70_000).filter(|_| limits.take("GetCall", &clock).retry_after.is_some());
        assert_eq!(over.count(), 0);
    }
}

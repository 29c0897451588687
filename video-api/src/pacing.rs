//! Pacing requests by the rate limits that the server reports.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::time::Instant;

use crate::Timestamp;
use crate::rate_limit::{self, RateLimit};

/// The limits known so far, per operation: that is how the server counts.
#[derive(Default)]
pub(crate) struct Pacer {
    // A few dozen at most, for which a hash table would be more code than use.
    windows: Mutex<Vec<(&'static str, Window)>>,
}

struct Window {
    limit: u64,
    remaining: u64,
    resets: Instant,
    /// When the next request may go, in the spread-out part of a window.
    next: Instant,
    /// How many already wait for the next window.
    queued: u32,
}

/// Below this part of the limit, requests are spread over the time that is left.
const SPREAD_BELOW: u64 = 5;

impl Pacer {
    /// How long the next request has to wait; an error with that time when it would be
    /// later than `latest`, and then nothing is reserved.
    pub(crate) fn reserve(
        &self,
        operation: &'static str,
        now: Instant,
        latest: Instant,
    ) -> Result<Duration, Duration> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(window) = find(&mut windows, operation) else {
            return Ok(Duration::ZERO);
        };
        if now >= window.resets {
            // A new window: the first response will tell about it.
            return Ok(Duration::ZERO);
        }
        let left = window.resets.duration_since(now);
        if window.remaining == 0 {
            // Requests that wait for the next window are not sent all at once.
            let spacing =
                Duration::from_secs(60) / u32::try_from(window.limit.max(1)).unwrap_or(u32::MAX);
            let wait = left + spacing * window.queued;
            return if now + wait < latest {
                window.queued += 1;
                Ok(wait)
            } else {
                Err(wait)
            };
        }
        if window.remaining >= window.limit.div_ceil(SPREAD_BELOW) {
            window.remaining -= 1;
            return Ok(Duration::ZERO);
        }
        let slot = window.next.max(now);
        if slot >= latest {
            return Err(slot.duration_since(now));
        }
        window.next = slot + left / u32::try_from(window.remaining).unwrap_or(u32::MAX);
        window.remaining -= 1;
        Ok(slot.duration_since(now))
    }

    /// Records the limits that a response reports.
    pub(crate) fn update(
        &self,
        operation: &'static str,
        headers: &HeaderMap,
        now: Timestamp,
        clock: Instant,
    ) {
        let Some(RateLimit {
            limit,
            remaining: Some(remaining),
            reset: Some(_),
            ..
        }) = RateLimit::from_headers(headers)
        else {
            return;
        };
        let Some(left) = rate_limit::reset_after(headers, now) else {
            return;
        };
        // A reset in the far future is a mistake, not a reason to stop for hours.
        let resets = clock + left.min(Duration::from_secs(3600));
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window {
            limit: limit.unwrap_or(remaining),
            remaining,
            resets,
            next: clock,
            queued: 0,
        };
        match find(&mut windows, operation) {
            // Responses overtake each other: within a window, the lowest count is the latest.
            // Resets are whole seconds, so the same window may seem to end a moment later.
            Some(known)
                if clock < known.resets && resets <= known.resets + Duration::from_millis(1500) =>
            {
                known.remaining = known.remaining.min(remaining);
                known.limit = limit.unwrap_or(known.limit);
            }
            Some(ended) => *ended = fresh,
            None => windows.push((operation, fresh)),
        }
    }
}

fn find<'a>(windows: &'a mut [(&'static str, Window)], operation: &str) -> Option<&'a mut Window> {
    let mut windows = windows.iter_mut();
    windows.find_map(|(id, window)| (*id == operation).then_some(window))
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pacer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn told(pacer: &Pacer, limit: u64, remaining: u64, reset_in: i64, now: Instant) {
        let values = [
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset", (1_700_000_000 + reset_in).to_string()),
        ];
        let headers = values
            .into_iter()
            .map(|(k, v)| {
                (
                    HeaderName::from_static(k),
                    HeaderValue::from_str(&v).unwrap(),
                )
            })
            .collect();
        pacer.update(
            "Op",
            &headers,
            Timestamp::from_seconds(1_700_000_000).unwrap(),
            now,
        );
    }

    fn waits(pacer: &Pacer, now: Instant, n: usize) -> Vec<u64> {
        let latest = now + Duration::from_secs(1000);
        (0..n)
            .map(|_| pacer.reserve("Op", now, latest).unwrap().as_secs())
            .collect()
    }

    #[test]
    fn free_until_the_last_fifth_then_spread_then_the_next_window() {
        let (pacer, now) = (Pacer::default(), Instant::now());
        assert_eq!(
            waits(&pacer, now, 3),
            [0, 0, 0],
            "nothing known, nothing slowed"
        );
        told(&pacer, 10, 4, 60, now);
        // Two free ones, then the last at once and 60 s for the next, then the next window.
        assert_eq!(waits(&pacer, now, 5), [0, 0, 0, 0, 60][..].to_vec());
        assert_eq!(pacer.reserve("Other", now, now), Ok(Duration::ZERO));
    }

    #[test]
    fn spreads_what_is_left() {
        let (pacer, now) = (Pacer::default(), Instant::now());
        told(&pacer, 100, 4, 40, now);
        // 4 left in 40 s: 10 s apart at first.
        let got = waits(&pacer, now, 3);
        assert_eq!(got[..2], [0, 10]);
        assert!(got[2] > got[1] && got[2] <= 40, "{got:?}");
    }

    #[test]
    fn an_empty_window_is_waited_for_or_refused() {
        let (pacer, now) = (Pacer::default(), Instant::now());
        told(&pacer, 60, 0, 30, now);
        let latest = now + Duration::from_secs(10);
        assert_eq!(
            pacer.reserve("Op", now, latest),
            Err(Duration::from_secs(30))
        );
        assert_eq!(waits(&pacer, now, 3), [30, 31, 32]);
        let later = now + Duration::from_secs(31);
        assert_eq!(pacer.reserve("Op", later, later), Ok(Duration::ZERO));
    }

    #[test]
    fn a_window_about_to_end_counts_too() {
        let (pacer, now) = (Pacer::default(), Instant::now());
        told(&pacer, 60, 0, 1, now);
        assert_eq!(waits(&pacer, now, 1), [1]);
        told(&pacer, 60, 0, 1, now + Duration::from_secs(2));
        assert_eq!(waits(&pacer, now + Duration::from_secs(2), 1), [1]);
    }

    #[test]
    fn responses_may_overtake_each_other() {
        let (pacer, now) = (Pacer::default(), Instant::now());
        told(&pacer, 100, 0, 30, now);
        told(&pacer, 100, 50, 30, now);
        assert_eq!(waits(&pacer, now, 1), [30]);
        told(&pacer, 100, 99, 90, now);
        assert_eq!(waits(&pacer, now, 1), [0], "a later window replaces it");
    }
}

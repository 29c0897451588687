//! The time of one server: the system's, unless it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// A clock that can be moved. Clones are the same clock.
///
/// Everything a server does by time follows it: token expiry, scheduled starts, timeouts,
/// timestamps. What concerns the machine (socket timeouts, latencies) does not.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Nanoseconds ahead of the system's clock.
    offset: Arc<watch::Sender<i64>>,
    /// The latest moment that [`tick`](Clock::tick) gave out.
    latest: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            offset: Arc::new(watch::Sender::new(0)),
            latest: Arc::default(),
        }
    }
}

impl Clock {
    /// The present, in nanoseconds since the Unix epoch.
    pub fn now(&self) -> i64 {
        system_now().saturating_add(*self.offset.borrow())
    }

    /// The present, in whole seconds since the Unix epoch.
    pub fn seconds(&self) -> i64 {
        self.now().div_euclid(1_000_000_000)
    }

    /// The present, and never the same moment twice, so that sorting by time is stable.
    pub fn tick(&self) -> i64 {
        let now = self.now();
        let next = |latest: i64| Some(now.max(latest.saturating_add(1)));
        // The closure always gives a value, so this never fails.
        match self
            .latest
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
        {
            Ok(latest) | Err(latest) => now.max(latest.saturating_add(1)),
        }
    }

    /// Moves the clock ahead.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_nanos()).unwrap_or(i64::MAX);
        self.offset
            .send_modify(|offset| *offset = offset.saturating_add(by));
    }

    /// Moves the clock to a moment, in nanoseconds since the Unix epoch; it goes on from there.
    /// It can be moved back: what happens next is then older than what happened before.
    pub fn set(&self, moment: i64) {
        self.latest.store(0, Ordering::Relaxed);
        self.offset
            .send_replace(moment.saturating_sub(system_now()));
    }

    /// Returns true for a moment that the clock can be [`set`](Self::set) to.
    pub(crate) fn reaches(&self, moment: i64) -> bool {
        moment.checked_sub(system_now()).is_some()
    }

    /// Back to the system's time.
    pub fn reset(&self) {
        self.latest.store(0, Ordering::Relaxed);
        self.offset.send_replace(0);
    }

    /// Nanoseconds that this clock is ahead of the system's.
    pub fn offset(&self) -> i64 {
        *self.offset.borrow()
    }

    /// Waits until the clock is moved.
    pub async fn moved(&self) {
        // The sender is this clock, which is there.
        drop(self.offset.subscribe().changed().await);
    }

    /// Waits until the clock shows `moment`, because time passes or because it is moved.
    pub async fn reached(&self, moment: i64) {
        let mut moves = self.offset.subscribe();
        loop {
            let left = moment.saturating_sub(self.now());
            let Ok(left) = u64::try_from(left) else {
                return;
            };
            if left == 0 {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_nanos(left)) => {}
                _ = moves.changed() => {}
            }
        }
    }
}

fn system_now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_nanos()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Clock;

    const DAY: i64 = 86_400_000_000_000;

    #[test]
    fn a_moved_clock_goes_on_from_where_it_was_moved_to() {
        let clock = Clock::default();
        let before = clock.now();
        clock.advance(Duration::from_secs(86_400));
        assert!(clock.now() >= before + DAY);
        clock.set(1_760_000_000_000_000_000);
        let moved = clock.seconds();
        assert!((1_760_000_000..before / 1_000_000_000).contains(&moved));
        clock.reset();
        assert_eq!(clock.offset(), 0);
        assert!(clock.now() >= before);
    }

    #[test]
    fn no_moment_comes_twice_and_clones_share_it() {
        let clock = Clock::default();
        let other = clock.clone();
        let moments: Vec<i64> = (0..1000)
            .map(|turn| {
                if turn % 2 == 0 {
                    clock.tick()
                } else {
                    other.tick()
                }
            })
            .collect();
        assert!(moments.is_sorted_by(|earlier, later| earlier < later));
    }

    #[tokio::test]
    async fn moving_the_clock_wakes_those_waiting_for_the_moment() {
        let clock = Clock::default();
        let tomorrow = clock.now() + DAY;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reached(tomorrow).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(86_400));
        waiting.await.unwrap();
    }
}

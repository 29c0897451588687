//! Conversions to and from other crates' time types.

use std::time::{Duration, SystemTime};

use super::{InvalidTimestamp, Timestamp};

impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self(time)
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(time: Timestamp) -> Self {
        time.0
    }
}

impl TryFrom<Timestamp> for SystemTime {
    type Error = InvalidTimestamp;
    /// Fails where the platform's clock does not reach (Windows begins in 1601).
    fn try_from(time: Timestamp) -> Result<Self, InvalidTimestamp> {
        let nanos = time.as_nanos();
        let distance = nanos.unsigned_abs();
        let distance = Duration::new(
            (distance / 1_000_000_000) as u64,
            (distance % 1_000_000_000) as u32,
        );
        let found = match nanos < 0 {
            true => Self::UNIX_EPOCH.checked_sub(distance),
            false => Self::UNIX_EPOCH.checked_add(distance),
        };
        found.ok_or_else(InvalidTimestamp::beyond_system_clock)
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use super::{InvalidTimestamp, Timestamp};

    impl From<Timestamp> for ::chrono::DateTime<::chrono::Utc> {
        fn from(time: Timestamp) -> Self {
            let nanos = time.as_nanos();
            let seconds = nanos.div_euclid(1_000_000_000) as i64;
            let rest = nanos.rem_euclid(1_000_000_000) as u32;
            // chrono's range contains ours.
            Self::from_timestamp(seconds, rest).unwrap_or_default()
        }
    }

    impl<Tz: ::chrono::TimeZone> TryFrom<::chrono::DateTime<Tz>> for Timestamp {
        type Error = InvalidTimestamp;
        fn try_from(time: ::chrono::DateTime<Tz>) -> Result<Self, InvalidTimestamp> {
            let nanos = i128::from(time.timestamp()) * 1_000_000_000
                + i128::from(time.timestamp_subsec_nanos());
            Self::from_i128(nanos).ok_or_else(InvalidTimestamp::out_of_range)
        }
    }
}

#[cfg(feature = "time")]
mod time {
    use super::{InvalidTimestamp, Timestamp};

    impl TryFrom<Timestamp> for ::time::OffsetDateTime {
        type Error = InvalidTimestamp;
        fn try_from(time: Timestamp) -> Result<Self, InvalidTimestamp> {
            Self::from_unix_timestamp_nanos(time.as_nanos())
                .map_err(|_| InvalidTimestamp::out_of_range())
        }
    }

    impl TryFrom<::time::OffsetDateTime> for Timestamp {
        type Error = InvalidTimestamp;
        fn try_from(time: ::time::OffsetDateTime) -> Result<Self, InvalidTimestamp> {
            Self::from_i128(time.unix_timestamp_nanos()).ok_or_else(InvalidTimestamp::out_of_range)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [i64; 5] = [i64::MIN, -1_500_000_000, -1, 0, 1_718_896_965_123_456_789];

    #[test]
    fn jiff_and_system_time_lose_nothing() {
        for nanos in SAMPLES {
            let time = Timestamp::from_nanos(nanos);
            assert_eq!(Timestamp::from(jiff::Timestamp::from(time)), time);
            assert_eq!(Timestamp::from(SystemTime::try_from(time).unwrap()), time);
        }
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_loses_nothing() {
        for nanos in SAMPLES {
            let time = Timestamp::from_nanos(nanos);
            let there = ::chrono::DateTime::<::chrono::Utc>::from(time);
            assert_eq!(Timestamp::try_from(there).unwrap(), time);
        }
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_loses_nothing() {
        for nanos in SAMPLES {
            let time = Timestamp::from_nanos(nanos);
            let there = ::time::OffsetDateTime::try_from(time).unwrap();
            assert_eq!(Timestamp::try_from(there).unwrap(), time);
        }
    }
}

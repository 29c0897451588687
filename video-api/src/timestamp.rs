//! Points in time, to the nanosecond, on jiff.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod convert;
mod error;

pub use error::InvalidTimestamp;

/// A point in time with nanosecond precision, in UTC.
///
/// Responses carry integers (nanoseconds since the Unix epoch) or RFC 3339 text, requests
/// carry RFC 3339 text; both are handled here. `Display` and `FromStr` use RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// The current time of this machine.
    pub fn now() -> Self {
        Self(jiff::Timestamp::now())
    }

    /// Whole nanoseconds since the Unix epoch.
    pub fn from_nanos(nanos: i64) -> Self {
        let seconds = nanos.div_euclid(NANOS_PER_SECOND);
        let rest = nanos.rem_euclid(NANOS_PER_SECOND);
        // Every i64 count of nanoseconds lies within the years 1677 to 2262.
        jiff::Timestamp::new(seconds, rest as i32).map_or(Self::UNIX_EPOCH, Self)
    }

    /// Whole seconds since the Unix epoch; fails outside the years -9999 to 9999.
    pub fn from_seconds(seconds: i64) -> Result<Self, InvalidTimestamp> {
        jiff::Timestamp::from_second(seconds)
            .map(Self)
            .map_err(|_| InvalidTimestamp::out_of_range())
    }

    /// Nanoseconds since the Unix epoch.
    pub fn as_nanos(self) -> i128 {
        self.0.as_nanosecond()
    }

    /// Whole seconds since the Unix epoch, rounded towards it.
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// Adds a duration, up to the latest representable time.
    pub fn saturating_add(self, duration: Duration) -> Self {
        let nanos = i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
        Self::from_i128(self.as_nanos().saturating_add(nanos)).unwrap_or(Self(jiff::Timestamp::MAX))
    }

    /// The time from `earlier` to `self`; `None` when `self` is earlier.
    pub fn since(self, earlier: Self) -> Option<Duration> {
        let nanos = u128::try_from(self.as_nanos() - earlier.as_nanos()).ok()?;
        const SECOND: u128 = NANOS_PER_SECOND as u128;
        let seconds = u64::try_from(nanos / SECOND).ok()?;
        Some(Duration::new(seconds, (nanos % SECOND) as u32))
    }

    fn from_i128(nanos: i128) -> Option<Self> {
        match i64::try_from(nanos) {
            Ok(nanos) => Some(Self::from_nanos(nanos)),
            Err(_) => jiff::Timestamp::from_nanosecond(nanos).ok().map(Self),
        }
    }
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// The Unix epoch, which is what a missing time decodes to.
impl Default for Timestamp {
    fn default() -> Self {
        Self::UNIX_EPOCH
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;
    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        text.parse().map(Self).map_err(InvalidTimestamp::malformed)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl TimestampVisitor {
    fn nanos<E: de::Error>(
        self,
        nanos: i128,
        unexpected: de::Unexpected<'_>,
    ) -> Result<Timestamp, E> {
        Timestamp::from_i128(nanos).ok_or_else(|| E::invalid_value(unexpected, &self))
    }
}

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nanoseconds since the Unix epoch or an RFC 3339 time")
    }

    fn visit_i64<E: de::Error>(self, nanos: i64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_nanos(nanos))
    }

    fn visit_u64<E: de::Error>(self, nanos: u64) -> Result<Timestamp, E> {
        self.nanos(nanos.into(), de::Unexpected::Unsigned(nanos))
    }

    fn visit_f64<E: de::Error>(self, nanos: f64) -> Result<Timestamp, E> {
        if !nanos.is_finite() {
            return Err(E::invalid_value(de::Unexpected::Float(nanos), &self));
        }
        // The conversion is exact for every integral float within range.
        self.nanos(nanos.round() as i128, de::Unexpected::Float(nanos))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        let parsed = match text.bytes().next() {
            None => None,
            // Years have four digits and a dash; a plain count has neither.
            Some(_) if !text.as_bytes().contains(&b':') => {
                text.parse().ok().and_then(Timestamp::from_i128)
            }
            Some(_) => text.parse().ok().map(Timestamp),
        };
        parsed.ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        if generator.contract().is_serialize() {
            schemars::json_schema!({"type": "string", "format": "date-time"})
        } else {
            schemars::json_schema!({"type": ["integer", "string"], "format": "date-time"})
        }
    }
}

impl From<SystemTime> for Timestamp {
    /// Times outside the years -9999 to 9999 become the nearest one inside.
    fn from(time: SystemTime) -> Self {
        let bound = if time < SystemTime::UNIX_EPOCH {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        };
        Self(jiff::Timestamp::try_from(time).unwrap_or(bound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Timestamp {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn reads_every_form_the_server_writes() {
        let expected = "2024-06-20T15:22:45.123456789Z"
            .parse::<Timestamp>()
            .unwrap();
        assert_eq!(read("1718896965123456789"), expected);
        assert_eq!(read("\"1718896965123456789\""), expected);
        assert_eq!(read("\"2024-06-20T15:22:45.123456789Z\""), expected);
        assert_eq!(read("\"2024-06-20T17:22:45.123456789+02:00\""), expected);
        // A float has 53 bits: the nearest representable count, not less.
        assert_eq!(
            read("1718896965123456789.0").as_nanos(),
            1718896965123456789_f64 as i128
        );
        assert_eq!(read("1.5e9").as_nanos(), 1_500_000_000);
        assert_eq!(read("-1").as_nanos(), -1);
        assert_eq!(read("0"), Timestamp::UNIX_EPOCH);
        // Go's zero time, long before what 64 bits of nanoseconds reach.
        assert_eq!(
            read("\"0001-01-01T00:00:00Z\"").as_seconds(),
            -62_135_596_800
        );
    }

    #[test]
    fn writes_rfc_3339_with_full_precision() {
        let json = |nanos| serde_json::to_string(&Timestamp::from_nanos(nanos)).unwrap();
        assert_eq!(
            json(1_718_896_965_123_456_789),
            "\"2024-06-20T15:22:45.123456789Z\""
        );
        assert_eq!(json(1_718_896_965_000_000_000), "\"2024-06-20T15:22:45Z\"");
        assert_eq!(json(-1), "\"1969-12-31T23:59:59.999999999Z\"");
    }

    #[test]
    fn round_trips_to_the_nanosecond_at_the_edges() {
        for nanos in [
            i64::MIN,
            i64::MIN + 1,
            -1_000_000_001,
            -1,
            0,
            1,
            999_999_999,
            i64::MAX,
        ] {
            let time = Timestamp::from_nanos(nanos);
            assert_eq!(time.as_nanos(), i128::from(nanos));
            let text = serde_json::to_string(&time).unwrap();
            assert_eq!(
                serde_json::from_str::<Timestamp>(&text).unwrap(),
                time,
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn every_nanosecond_round_trips(nanos: i64) {
            let time = Timestamp::from_nanos(nanos);
            proptest::prop_assert_eq!(read(&nanos.to_string()), time);
            proptest::prop_assert_eq!(read(&format!("\"{nanos}\"")), time);
            proptest::prop_assert_eq!(read(&serde_json::to_string(&time).unwrap()), time);
            proptest::prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }

        #[test]
        fn an_offset_does_not_matter(nanos: i64, hours in -23_i32..=23, minutes in 0_i32..=59) {
            let time = Timestamp::from_nanos(nanos);
            let offset = jiff::tz::Offset::from_seconds(hours * 3600 + hours.signum() * minutes * 60).unwrap();
            let there = time.0.display_with_offset(offset).to_string();
            proptest::prop_assert_eq!(read(&format!("\"{there}\"")), time);
        }

        #[test]
        fn a_float_is_off_by_no_more_than_it_must_be(nanos: i64) {
            let float = nanos as f64;
            let text = format!("{float:e}");
            proptest::prop_assert_eq!(read(&text).as_nanos(), float as i128);
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,40}") {
            let _ = serde_json::from_str::<Timestamp>(&serde_json::to_string(&text).unwrap());
        }
    }

    #[test]
    fn text_that_is_not_a_time_is_refused() {
        for bad in [
            "\"\"",
            "\"soon\"",
            "\"2024-13-01T00:00:00Z\"",
            "true",
            "[]",
            "1e300",
            "\"12:30\"",
        ] {
            assert!(serde_json::from_str::<Timestamp>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn arithmetic_saturates() {
        let epoch = Timestamp::UNIX_EPOCH;
        assert_eq!(epoch.saturating_add(Duration::from_secs(2)).as_seconds(), 2);
        assert!(epoch.saturating_add(Duration::MAX) > Timestamp::now());
        assert_eq!(epoch.since(Timestamp::from_nanos(1)), None);
        assert_eq!(
            Timestamp::from_nanos(5).since(epoch),
            Some(Duration::from_nanos(5))
        );
    }
}

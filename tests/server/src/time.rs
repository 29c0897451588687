//! Timestamps: RFC 3339 in UTC in requests, nanoseconds since the epoch in responses.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::de::{Deserialize, Deserializer, Error};

/// A second in nanoseconds.
pub(crate) const SECOND: i64 = 1_000_000_000;
/// A millisecond in nanoseconds.
pub(crate) const MILLISECOND: i64 = 1_000_000;

/// A moment that comes after another, at most the last there is; a negative `count` goes back.
pub(crate) fn later(moment: i64, count: i64, unit: i64) -> i64 {
    moment.saturating_add(count.saturating_mul(unit))
}

/// The time from one moment to a later one, in nanoseconds; zero if it is not later.
pub(crate) fn elapsed(from: i64, to: i64) -> i64 {
    to.saturating_sub(from).max(0)
}

/// The sum of durations, at most the longest there is.
pub(crate) fn total(durations: impl Iterator<Item = i64>) -> i64 {
    durations.fold(0, i64::saturating_add)
}

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction]Z`, nothing looser, as nanoseconds.
#[cfg(any(test, feature = "validation"))]
pub(crate) fn parse_utc(text: &str) -> Option<i64> {
    let body = text.strip_suffix('Z')?;
    let (seconds, fraction) = match body.split_once('.') {
        Some((seconds, fraction)) => (seconds, Some(fraction)),
        None => (body, None),
    };
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let fits = seconds.len() == SHAPE.len()
        && seconds.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
        && fraction.is_none_or(|digits| {
            (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
    if !fits {
        return None;
    }
    let timestamp: Timestamp = text.parse().ok()?;
    i64::try_from(timestamp.as_nanosecond()).ok()
}

/// Reads an RFC 3339 timestamp with any offset, as nanoseconds.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let timestamp: Timestamp = text.parse().ok()?;
    i64::try_from(timestamp.as_nanosecond()).ok()
}

/// Says why [`parse`] reads nothing from a text.
pub(crate) fn why_unread(text: &str) -> String {
    if is_out_of_range(text) {
        let (first, last) = (format_utc(i64::MIN), format_utc(i64::MAX));
        return format!("{text} is out of range, which is from {first} to {last}");
    }
    format!("{text} is not an RFC 3339 timestamp")
}

/// Returns true for a timestamp whose nanoseconds do not fit into 64 bits.
pub(crate) fn is_out_of_range(text: &str) -> bool {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return i64::try_from(timestamp.as_nanosecond()).is_err();
    }
    // The last hours of the year 9999 are beyond even what the parser knows.
    let local = text.strip_suffix('Z');
    local.is_some_and(|local| local.parse::<DateTime>().is_ok())
}

/// Reads nanoseconds since the epoch. Those before March 1973 are refused, because such a number is
/// more likely one of seconds, milliseconds or microseconds.
pub(crate) fn from_nanoseconds(number: i64) -> Option<i64> {
    const FIRST: i64 = 100_000_000 * SECOND;
    (number >= FIRST).then_some(number)
}

/// Reads a field that may hold an RFC 3339 timestamp, for serde's `deserialize_with`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let moment = parse(&text);
    let invalid = || D::Error::custom(why_unread(&text));
    moment.map(Some).ok_or_else(invalid)
}

/// Writes nanoseconds for the name of a file, in full precision.
pub(crate) fn file_stamp(nanoseconds: i64) -> String {
    let text = format_utc(nanoseconds);
    let digits = text.trim_end_matches('Z').chars();
    digits
        .map(|letter| if ":.".contains(letter) { '-' } else { letter })
        .collect()
}

/// The day of a moment, as `2025-10-09`.
pub(crate) fn day(nanoseconds: i64) -> String {
    format_utc(nanoseconds).chars().take(10).collect()
}

/// Writes nanoseconds as RFC 3339 in UTC with full precision.
pub(crate) fn format_utc(nanoseconds: i64) -> String {
    Timestamp::from_nanosecond(i128::from(nanoseconds))
        .map(|timestamp| timestamp.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{format_utc, from_nanoseconds, parse_utc, why_unread};

    #[test]
    fn full_precision_survives_both_ways() {
        let text = "2025-10-09T08:53:20.123456789Z";
        assert_eq!(parse_utc(text), Some(1_760_000_000_123_456_789));
        assert_eq!(format_utc(1_760_000_000_123_456_789), text);
        assert_eq!(parse_utc("1970-01-01T00:00:00Z"), Some(0));
    }

    #[test]
    fn numbers_of_other_units_are_not_nanoseconds() {
        let nanoseconds = 1_760_000_000_000_000_000;
        assert_eq!(from_nanoseconds(nanoseconds), Some(nanoseconds));
        for unit in [1_000, 1_000_000, 1_000_000_000] {
            assert_eq!(from_nanoseconds(nanoseconds / unit), None);
        }
        assert_eq!(from_nanoseconds(-nanoseconds), None);
    }

    #[test]
    fn moments_that_are_too_far_away_are_out_of_range() {
        for text in [
            "0001-01-01T00:00:00Z",
            "1677-09-21T00:12:43Z",
            "2262-04-11T23:47:17+00:00",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(super::parse(text), None, "{text}");
            assert!(why_unread(text).contains("out of range"), "{text}");
        }
        for text in ["", "yesterday", "2025-10-09", "2025-13-09T08:53:20Z"] {
            assert!(why_unread(text).contains("not an RFC 3339"), "{text}");
        }
    }

    #[test]
    fn everything_looser_is_refused() {
        for text in [
            "",
            "1760000000",
            "2025-10-09",
            "2025-10-09T08:53:20",
            "2025-10-09T08:53:20+00:00",
            "2025-10-09t08:53:20z",
            "2025-10-09 08:53:20Z",
            "2025-10-09T08:53:20.Z",
            "2025-10-09T08:53:20.1234567890Z",
            "2025-13-09T08:53:20Z",
            "\"2025-10-09T08:53:20Z\"",
            "9999-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_utc(text), None, "{text}");
        }
    }
}

//! Rate limits, from the headers of every response.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::Timestamp;

/// The rate limit that applied to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in the current window (`x-ratelimit-limit`).
    pub limit: Option<u64>,
    /// Requests left in it (`x-ratelimit-remaining`).
    pub remaining: Option<u64>,
    /// When the next window begins, by the server's clock (`x-ratelimit-reset`).
    pub reset: Option<Timestamp>,
}

impl RateLimit {
    /// Reads the headers; `None` when the server sent none of them.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let limit = number(headers, "x-ratelimit-limit");
        let remaining = number(headers, "x-ratelimit-remaining");
        let reset = number(headers, "x-ratelimit-reset")
            .and_then(|seconds| Timestamp::from_seconds(seconds.try_into().ok()?).ok());
        if limit.is_none() && remaining.is_none() && reset.is_none() {
            return None;
        }
        Some(Self {
            limit,
            remaining,
            reset,
        })
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// How long `Retry-After` asks to wait, in either of its forms.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = http_date(text)?;
    Some(date.since(server_now(headers, now)).unwrap_or_default())
}

/// How long until the rate limit's window ends.
pub(crate) fn reset_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let reset = RateLimit::from_headers(headers)?.reset?;
    Some(reset.since(server_now(headers, now)).unwrap_or_default())
}

/// The server's own clock where it tells it, so that a skewed local clock does no harm.
fn server_now(headers: &HeaderMap, now: Timestamp) -> Timestamp {
    let date = headers
        .get(DATE)
        .and_then(|date| http_date(date.to_str().ok()?));
    date.unwrap_or(now)
}

/// The three forms a date in a header can have (RFC 9110, 5.6.7).
const HTTP_DATES: [&str; 3] = [
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %e %H:%M:%S %Y",
];

fn http_date(text: &str) -> Option<Timestamp> {
    let mut dates = HTTP_DATES.iter();
    let date = dates.find_map(|form| DateTime::strptime(form, text).ok())?;
    Some(TimeZone::UTC.to_timestamp(date).ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)))
            .collect()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds).unwrap()
    }

    #[test]
    fn headers_are_read_one_by_one() {
        let all = headers(&[
            ("x-ratelimit-limit", "100"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000000"),
        ]);
        let expected = RateLimit {
            limit: Some(100),
            remaining: Some(0),
            reset: Some(at(1_700_000_000)),
        };
        assert_eq!(RateLimit::from_headers(&all), Some(expected));
        let partly = headers(&[
            ("x-ratelimit-remaining", "7"),
            ("x-ratelimit-reset", "soon"),
        ]);
        let expected = RateLimit {
            limit: None,
            remaining: Some(7),
            reset: None,
        };
        assert_eq!(RateLimit::from_headers(&partly), Some(expected));
        assert_eq!(
            RateLimit::from_headers(&headers(&[("x-ratelimit-limit", "-1")])),
            None
        );
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = at(784_111_777 - 30);
        for (text, seconds) in [
            ("7", Some(7)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("later", None),
            ("-1", None),
        ] {
            let got = retry_after(&headers(&[("retry-after", text)]), now);
            assert_eq!(got, seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn the_servers_clock_wins_over_a_skewed_one() {
        let now = at(1_000_000_000); // Years off.
        let both = headers(&[
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("retry-after", "Sun, 06 Nov 1994 08:49:42 GMT"),
            ("x-ratelimit-reset", "784111787"),
        ]);
        assert_eq!(retry_after(&both, now), Some(Duration::from_secs(5)));
        assert_eq!(reset_after(&both, now), Some(Duration::from_secs(10)));
    }
}

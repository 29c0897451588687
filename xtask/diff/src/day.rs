//! Today as text, without a time zone: days are UTC.

use std::time::{SystemTime, UNIX_EPOCH};

/// Today, `YYYY-MM-DD`.
pub(crate) fn today() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    day(since.map_or(0, |time| time.as_secs() / 86_400))
}

/// The day so many days after 1970-01-01, counted in eras of 400 years that start in March.
fn day(days: u64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn days_have_names() {
        assert_eq!(super::day(0), "1970-01-01");
        assert_eq!(super::day(11_016), "2000-02-29");
        assert_eq!(super::day(20_088), "2024-12-31");
        assert_eq!(super::day(20_089), "2025-01-01");
        assert!(super::today().as_str() > "2024-01-01");
    }
}

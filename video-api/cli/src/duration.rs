//! Durations on the command line.

const FORM: &str = "a duration is written like 90s, 15m, 12h or 7d";

/// A duration such as `90`, `90s`, `15m`, `12h` or `7d`, in seconds.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let factor = match text.get(digits.len()..).unwrap_or_default() {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(FORM.to_owned()),
    };
    let count: u64 = digits.parse().map_err(|_| FORM)?;
    count
        .checked_mul(factor)
        .filter(|s| *s > 0)
        .ok_or_else(|| "must be at least a second, and not too large a number".to_owned())
}

/// A duration that may be negative, such as `-5m`, in seconds.
pub(crate) fn signed_seconds(text: &str) -> Result<i64, String> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, text),
    };
    let seconds = i64::try_from(seconds(size)?).map_err(|_| "out of range")?;
    Ok(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let all = ["90", "90s", "15m", "12h", "7d"].map(|text| seconds(text).unwrap());
        assert_eq!(all, [90, 90, 900, 43_200, 604_800]);
        let all = ["-5m", "2h"].map(|text| signed_seconds(text).unwrap());
        assert_eq!(all, [-300, 7200]);
        for bad in [
            "",
            "h",
            "1w",
            "-1",
            "1.5h",
            "0",
            "99999999999999999999",
            "9999999999999999d",
        ] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
        for bad in ["--1", "-", "-0", "18446744073709551615"] {
            assert!(signed_seconds(bad).is_err(), "{bad}");
        }
    }
}

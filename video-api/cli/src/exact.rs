//! Reading JSON without losing anything.
//!
//! Numbers become an i64, a u64 or an f64, and of two fields with the same name one wins. Both
//! change what was written without a word, so both are refused here.

use std::collections::HashSet;

use serde_json::Value;

/// Reads a JSON text. The error says where it is wrong.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    Scan {
        rest: text.as_bytes(),
        path: String::new(),
    }
    .value()?;
    Ok(value)
}

fn not_json(text: &str, error: &serde_json::Error) -> String {
    if text.trim().is_empty() {
        return "empty, JSON expected".to_owned();
    }
    // What serde_json says about syntax quotes nothing of the text.
    format!("not JSON: {error}")
}

/// Whether a number written like this arrives with all its digits.
pub(crate) fn number(text: &str) -> bool {
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return true;
    }
    match text.parse::<f64>() {
        Ok(float) if float.is_finite() => decimal(text) == decimal(&format!("{float:e}")),
        _ => false,
    }
}

/// Sign, digits without zeros around them, and the exponent of the last digit.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut exponent = exponent.parse::<i64>().unwrap_or(i64::MAX / 2) - fraction.len() as i64;
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let trimmed = digits.trim_end_matches('0');
    exponent += (digits.len() - trimmed.len()) as i64;
    if trimmed.is_empty() {
        exponent = 0;
    }
    (negative, trimmed.to_owned(), exponent)
}

/// Walks over a text that is known to be JSON.
struct Scan<'a> {
    rest: &'a [u8],
    path: String,
}

impl<'a> Scan<'a> {
    fn value(&mut self) -> Result<(), String> {
        match self.next() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => {
                self.string();
                Ok(())
            }
            Some(b'-' | b'0'..=b'9') => {
                let end = |b: &u8| matches!(b, b',' | b']' | b'}') || b.is_ascii_whitespace();
                let token = self.until(|rest| rest.iter().position(end).unwrap_or(rest.len()));
                if number(token) {
                    Ok(())
                } else {
                    Err(self.problem("has more digits than can be sent; write it as a string"))
                }
            }
            // true, false, null
            Some(_) => {
                self.until(|rest| {
                    rest.iter()
                        .position(|b| !b.is_ascii_lowercase())
                        .unwrap_or(rest.len())
                });
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn object(&mut self) -> Result<(), String> {
        self.skip(1);
        let mut seen = HashSet::new();
        let parent = self.path.len();
        while self.next() == Some(b'"') {
            let key = self.string();
            // Two spellings of one name are the same name.
            let key: String = serde_json::from_str(key).unwrap_or_default();
            if parent > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            if !seen.insert(key) {
                return Err(self.problem("is there twice"));
            }
            self.next();
            self.skip(1);
            self.value()?;
            self.path.truncate(parent);
            if self.next() == Some(b',') {
                self.skip(1);
            }
        }
        self.skip(1);
        Ok(())
    }

    fn array(&mut self) -> Result<(), String> {
        self.skip(1);
        let parent = self.path.len();
        let mut index = 0;
        while self.next() != Some(b']') && !self.rest.is_empty() {
            self.path.push_str(&format!("[{index}]"));
            index += 1;
            self.value()?;
            self.path.truncate(parent);
            if self.next() == Some(b',') {
                self.skip(1);
            }
        }
        self.skip(1);
        Ok(())
    }

    /// A string with its quotes.
    fn string(&mut self) -> &'a str {
        self.until(|rest| {
            let mut escaped = false;
            let end = rest.iter().skip(1).position(|byte| {
                let found = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                found
            });
            end.map_or(rest.len(), |end| end + 2)
        })
    }

    fn next(&mut self) -> Option<u8> {
        let blank = self
            .rest
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count();
        self.skip(blank);
        self.rest.first().copied()
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn until(&mut self, end: impl Fn(&[u8]) -> usize) -> &'a str {
        let (token, rest) = self
            .rest
            .split_at_checked(end(self.rest))
            .unwrap_or((self.rest, &[]));
        self.rest = rest;
        std::str::from_utf8(token).unwrap_or_default()
    }

    fn problem(&self, reason: &str) -> String {
        if self.path.is_empty() {
            reason.to_owned()
        } else {
            format!("`{}` {reason}", self.path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_keep_their_digits() {
        for yes in [
            "0",
            "-0",
            "1",
            "18446744073709551615",
            "1.50",
            "0.1",
            "1e3",
            "1E-7",
            "100000000000000000000",
            "123456789012345680000",
            "-0.0",
            "0e5",
            "2.2250738585072014e-308",
        ] {
            assert!(number(yes), "{yes}");
        }
        for no in [
            "18446744073709551617",
            "0.1234567890123456789",
            "1e400",
            "9007199254740993.5",
            "100000000000000000001",
        ] {
            assert!(!number(no), "{no}");
        }
    }

    #[test]
    fn nothing_is_lost_in_silence() {
        let deep =
            r#" {"a" : [1, {"b\"}": "x,{", "c": [true,null , -1.5e3]} ,"\\"], "d":{}, "e":[] } "#;
        assert_eq!(
            parse(deep).unwrap(),
            serde_json::from_str::<Value>(deep).unwrap()
        );
        for (text, says) in [
            (r#"{"a":{"b":1,"c":2,"b":3}}"#, "`a.b` is there twice"),
            (r#"{"é":1,"\u00e9":1}"#, "`é` is there twice"),
            (
                r#"{"a":[0,{"n":12345678901234567890123}]}"#,
                "`a[1].n` has more digits",
            ),
            ("0.30000000000000000001", "has more digits"),
            (
                "{",
                "not JSON: EOF while parsing an object at line 1 column 1",
            ),
            ("", "empty"),
            ("{}{}", "not JSON: trailing characters"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}

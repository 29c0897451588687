//! Reading JSON without losing anything.
//!
//! Numbers become an i64, a u64 or an f64, and of two fields with the same name one wins. Both
//! would change what was written without notice, so both are refused here.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Parses a JSON text. The error says where it is wrong.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    let raw = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
    check(raw, &mut String::new())?;
    Ok(value)
}

fn syntax(text: &str, error: &serde_json::Error) -> String {
    if text.trim().is_empty() {
        return "empty, expected JSON".to_owned();
    }
    // serde_json quotes nothing of the text when it describes a syntax error.
    format!("not JSON: {error}")
}

/// Checks a value of which the path is known.
fn check(raw: &RawValue, path: &mut String) -> Result<(), String> {
    let parsed = |error: serde_json::Error| error.to_string();
    let parent = path.len();
    match raw.get().as_bytes().first() {
        Some(b'{') => {
            let mut seen = HashSet::new();
            let Fields(fields) = serde_json::from_str(raw.get()).map_err(parsed)?;
            for (name, value) in fields {
                if parent > 0 {
                    path.push('.');
                }
                path.push_str(&name);
                if !seen.insert(name) {
                    return Err(format!("`{path}` occurs twice"));
                }
                check(value, path)?;
                path.truncate(parent);
            }
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(parsed)?;
            for (index, value) in items.into_iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                check(value, path)?;
                path.truncate(parent);
            }
        }
        Some(b'-' | b'0'..=b'9') if !is_exact(raw.get()) => {
            let reason = "has more digits than can be sent; write it as a string";
            return Err(match path.as_str() {
                "" => reason.to_owned(),
                path => format!("`{path}` {reason}"),
            });
        }
        _ => {}
    }
    Ok(())
}

/// The fields of an object in order, repeated ones included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Returns whether a number written like this arrives with all its digits.
pub(crate) fn is_exact(text: &str) -> bool {
    if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        return true;
    }
    match text.parse::<f64>() {
        Ok(float) if float.is_finite() => decimal(text) == decimal(&format!("{float:e}")),
        _ => false,
    }
}

/// Sign, digits without leading and trailing zeros, and the exponent of the last digit.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_keep_their_digits() {
        for exact in [
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
            assert!(is_exact(exact), "{exact}");
        }
        for inexact in [
            "18446744073709551617",
            "0.1234567890123456789",
            "1e400",
            "9007199254740993.5",
            "100000000000000000001",
        ] {
            assert!(!is_exact(inexact), "{inexact}");
        }
    }

    #[test]
    fn nothing_is_lost_without_notice() {
        let deep =
            r#" {"a" : [1, {"b\"}": "x,{", "c": [true,null , -1.5e3]} ,"\\"], "d":{}, "e":[] } "#;
        assert_eq!(
            parse(deep).unwrap(),
            serde_json::from_str::<Value>(deep).unwrap()
        );
        for (text, says) in [
            (r#"{"a":{"b":1,"c":2,"b":3}}"#, "`a.b` occurs twice"),
            (r#"{"é":1,"\u00e9":1}"#, "`é` occurs twice"),
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
            (&"[".repeat(200), "recursion limit"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}

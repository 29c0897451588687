//! Scalars under the core schema of YAML 1.2: `no`, `on` and `1_000` are text.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// The value of a scalar.
pub(super) fn resolve(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_typed = match tag {
        Some(tag) => match tag.core_suffix() {
            Some(name) => name != "str",
            None => style == ScalarStyle::Plain && tag.original() != "!",
        },
        None => style == ScalarStyle::Plain,
    };
    let typed = is_typed.then(|| plain(&text)).flatten();
    typed.unwrap_or_else(|| Value::String(text.into_owned()))
}

/// The value of a plain scalar; none when it is text.
fn plain(text: &str) -> Option<Value> {
    match text.bytes().next() {
        None => Some(Value::Null),
        Some(b'~' | b'n' | b'N') => {
            matches!(text, "~" | "null" | "Null" | "NULL").then_some(Value::Null)
        }
        Some(b't' | b'T') => matches!(text, "true" | "True" | "TRUE").then_some(true.into()),
        Some(b'f' | b'F') => matches!(text, "false" | "False" | "FALSE").then_some(false.into()),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text).map(Value::Number),
        Some(_) => None,
    }
}

/// A number; `None` for text, infinity and NaN, which JSON lacks.
fn number(text: &str) -> Option<Number> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let is_number = digits.bytes().all(|byte| char::from(byte).is_digit(radix));
            let value = u64::from_str_radix(digits, radix).ok()?;
            return is_number.then(|| value.into());
        }
    }
    let positive = text.strip_prefix('+').unwrap_or(text);
    let digits = positive.strip_prefix('-').unwrap_or(positive);
    if digits.len() + 1 < text.len() || !is_decimal(digits) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let signed = positive.parse::<i64>().map(Number::from);
        if let Ok(number) = signed.or_else(|_| positive.parse::<u64>().map(Number::from)) {
            return Some(number);
        }
    }
    Number::from_f64(positive.parse().ok()?)
}

/// True for digits with or without a point and an exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

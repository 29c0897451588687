//! Compares decoded values with the JSON that was sent.

use serde_json::{Number, Value};
use video_api::Timestamp;

/// The first difference. A time is sent as nanoseconds and written as RFC 3339; a whole number may
/// be written as a float; everything else must be the same.
pub(crate) fn difference(sent: &Value, decoded: &Value, at: &str) -> Option<String> {
    match (sent, decoded) {
        (Value::Object(s), Value::Object(d)) => s
            .keys()
            .chain(d.keys())
            .find_map(|key| difference(&sent[key], &decoded[key], &format!("{at}/{key}"))),
        (Value::Array(s), Value::Array(d)) if s.len() == d.len() => s
            .iter()
            .zip(d)
            .enumerate()
            .find_map(|(index, (s, d))| difference(s, d, &format!("{at}/{index}"))),
        (Value::Number(s), Value::Number(d)) if same(s, d) => None,
        (Value::Number(nanos), Value::String(text)) if is_time(nanos, text) => None,
        _ if sent == decoded => None,
        _ => Some(format!("{at}: {sent} became {decoded}")),
    }
}

fn same(sent: &Number, decoded: &Number) -> bool {
    // Whole numbers beyond what a float holds must not go through one.
    match (sent.as_i128(), decoded.as_i128()) {
        (Some(s), Some(d)) => s == d,
        _ => sent.as_f64() == decoded.as_f64(),
    }
}

fn is_time(nanos: &Number, text: &str) -> bool {
    let moment: Option<Timestamp> = text.parse().ok();
    moment.map(Timestamp::as_nanos) == nanos.as_i128()
}

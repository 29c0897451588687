//! Compares numbers as JSON has them: integers exactly, others as floats.

use std::cmp::Ordering;

use serde_json::Number;

pub(super) fn order(left: &Number, right: &Number) -> Ordering {
    let exact = |number: &Number| {
        let signed = number.as_i64().map(i128::from);
        signed.or_else(|| number.as_u64().map(i128::from))
    };
    if let (Some(left), Some(right)) = (exact(left), exact(right)) {
        return left.cmp(&right);
    }
    let (left, right) = (left.as_f64(), right.as_f64());
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

pub(super) fn is_multiple(value: &Number, of: &Number) -> bool {
    let (Some(value), Some(of)) = (value.as_f64(), of.as_f64()) else {
        return false;
    };
    of != 0.0 && ((value / of).round() - value / of).abs() < 1e-9
}

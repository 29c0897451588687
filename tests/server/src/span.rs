//! Values of a field between two ends.

use serde_json::Value;

/// The values of a field from one end to the other, both included; `None` leaves an end open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span<'a> {
    pub(crate) field: &'a str,
    pub(crate) from: Option<&'a Value>,
    pub(crate) to: Option<&'a Value>,
}

impl<'a> Span<'a> {
    /// One value.
    pub(crate) fn of(field: &'a str, value: &'a Value) -> Self {
        Self {
            field,
            from: Some(value),
            to: Some(value),
        }
    }
}

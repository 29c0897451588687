//! Errors that a builder keeps until its value is used.

/// The first thing that went wrong while a value was built. Setters return the builder, so the
/// error is reported by the call that uses the value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Deferred(Option<Box<str>>);

impl Deferred {
    /// Keeps a reason, unless there is an earlier one.
    pub(crate) fn set(&mut self, reason: impl Into<Box<str>>) {
        self.0.get_or_insert_with(|| reason.into());
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

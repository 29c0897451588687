//! The state of decoding: the current path, and the corrections so far.

use std::fmt::Write as _;

/// One step down into a document. It is copied, because every field takes one.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A documented field of an object.
    Field(&'static str),
    /// An item of a list.
    Index(usize),
    /// An entry of a map; the key is in [`Context::keys`].
    Key,
}

/// Carried along while a document is decoded.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The steps to the current value. An error leaves them as they are.
    path: Vec<Step>,
    /// The keys of the path, in its order.
    keys: Vec<String>,
    /// The paths of documented values that were missing, each once.
    corrected: Vec<String>,
    /// The expected JSON of the innermost value that did not fit.
    expected: Option<&'static str>,
    /// Whether at least one documented field of the outermost object must occur.
    needs_known_field: bool,
}

impl Context {
    /// For the response to an operation.
    pub(super) fn of_response() -> Self {
        Self {
            needs_known_field: true,
            ..Self::default()
        }
    }

    #[inline]
    pub(crate) fn enter_field(&mut self, name: &'static str) {
        self.path.push(Step::Field(name));
    }

    #[inline]
    pub(crate) fn enter_item(&mut self, index: usize) {
        self.path.push(Step::Index(index));
    }

    pub(crate) fn enter_entry(&mut self, key: String) {
        self.path.push(Step::Key);
        self.keys.push(key);
    }

    /// Leaves a field or an item.
    #[inline]
    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// Leaves an entry of a map and returns its key.
    pub(crate) fn leave_entry(&mut self) -> String {
        self.path.pop();
        self.keys.pop().unwrap_or_default()
    }

    /// Notes what the value that does not fit should have been. The first call, which is that of
    /// the innermost value, counts.
    pub(crate) fn expected(&mut self, expected: &'static str) {
        self.expected.get_or_insert(expected);
    }

    /// Notes that the documented field `name` of the current object is missing.
    #[cold]
    pub(crate) fn correct(&mut self, name: &'static str) {
        let mut path = pattern(&self.path);
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        if !self.corrected.contains(&path) {
            self.corrected.push(path);
        }
    }

    /// Whether the current object is a response that must have a documented field.
    pub(crate) fn needs_known_field(&self) -> bool {
        self.needs_known_field && self.path.is_empty()
    }

    /// The path of the current value, `calls[3].call.created_at`; `.` is the whole document.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        let mut keys = self.keys.iter();
        for step in &self.path {
            match step {
                Step::Field(name) => push_name(&mut path, name),
                Step::Key => push_name(&mut path, keys.next().map_or("", String::as_str)),
                // Writing to a string cannot fail.
                Step::Index(index) => drop(write!(path, "[{index}]")),
            }
        }
        if path.is_empty() {
            path.push('.');
        }
        path
    }

    pub(super) fn into_expected(self) -> Option<&'static str> {
        self.expected
    }

    pub(super) fn into_corrected(self) -> Vec<String> {
        self.corrected
    }
}

/// The path without the indices and keys that differ from one item to the next:
/// `calls[].call.created_at`, `grants.*`.
fn pattern(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field(name) => push_name(&mut path, name),
            Step::Key => push_name(&mut path, "*"),
            Step::Index(_) => path.push_str("[]"),
        }
    }
    path
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

//! The path to a value while it is decoded, and the notes about the document.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

/// The place of the current value. Each step lies on the stack of the decoder of an object, list or
/// map and points to the one around it, so a path costs next to nothing unless it is written out.
#[derive(Clone, Copy)]
pub(crate) enum Context<'a> {
    /// The whole document.
    Document(&'a Document),
    /// A documented field of an object; the cell has its name.
    Field(&'a Context<'a>, &'a Cell<&'static str>),
    /// An item of a list; the cell has its index.
    Item(&'a Context<'a>, &'a Cell<usize>),
    /// An entry of a map.
    Entry(&'a Context<'a>, &'a str),
}

/// Notes about a document that is being decoded.
#[derive(Default)]
pub(crate) struct Document {
    /// `true` if at least one documented field of the outermost object must occur.
    pub(super) needs_known_field: bool,
    /// The paths of documented values that were missing, each once.
    pub(super) corrected: RefCell<Vec<String>>,
    /// The path of the innermost value that did not fit, and the JSON expected there.
    pub(super) mismatch: Cell<Option<(String, &'static str)>>,
}

impl Context<'_> {
    /// Notes what the value that does not fit should have been. The first call, which is that of
    /// the innermost value, counts.
    #[cold]
    pub(crate) fn expected(&self, expected: &'static str) {
        let mismatch = &self.document().mismatch;
        let first = mismatch.take();
        mismatch.set(first.or_else(|| Some((self.path(), expected))));
    }

    /// Notes that the documented field `name` of the current object is missing.
    #[cold]
    pub(crate) fn correct(&self, name: &'static str) {
        let mut path = String::new();
        Context::Field(self, &Cell::new(name)).write(&mut path, true);
        let mut corrected = self.document().corrected.borrow_mut();
        if !corrected.contains(&path) {
            corrected.push(path);
        }
    }

    /// Returns true if the current object is a response that must have a documented field.
    pub(crate) fn needs_known_field(&self) -> bool {
        matches!(self, Self::Document(document) if document.needs_known_field)
    }

    fn document(&self) -> &Document {
        match self {
            Self::Document(document) => document,
            Self::Field(outer, _) | Self::Item(outer, _) | Self::Entry(outer, _) => {
                outer.document()
            }
        }
    }

    /// The path of the current value, `calls[3].call.created_at`; `.` is the whole document.
    fn path(&self) -> String {
        let mut path = String::new();
        self.write(&mut path, false);
        if path.is_empty() {
            path.push('.');
        }
        path
    }

    /// Writes the path; as a pattern without the indices and keys that differ from one item to the
    /// next: `calls[].call.created_at`, `grants.*`.
    fn write(&self, path: &mut String, as_pattern: bool) {
        match *self {
            Self::Document(_) => {}
            Self::Field(outer, name) => {
                outer.write(path, as_pattern);
                push_name(path, name.get());
            }
            Self::Item(outer, index) => {
                outer.write(path, as_pattern);
                match as_pattern {
                    true => path.push_str("[]"),
                    // Writing to a string cannot fail.
                    false => drop(write!(path, "[{}]", index.get())),
                }
            }
            Self::Entry(outer, key) => {
                outer.write(path, as_pattern);
                push_name(path, if as_pattern { "*" } else { key });
            }
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

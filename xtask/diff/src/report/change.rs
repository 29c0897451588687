//! One change: its levels, where it is and which operations it reaches.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::level::Level;
use crate::rules::Rule;

/// One change between two documents.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The rule.
    pub id: &'static str,
    /// Effect on callers that are already running: the worse of both directions.
    pub wire: Level,
    /// Effect on code compiled against the generated crate.
    pub rust: Level,
    /// Set when the generated code could not be looked at, with the reason; `rust` is then what
    /// the rule expects, and at least cosmetic.
    pub not_generated: Option<String>,
    /// `METHOD /path` of every operation that it reaches, sorted; the old one as well when the
    /// operation moved.
    pub operations: Arc<[String]>,
    /// `request`, `response`: where it is reached.
    pub directions: Vec<&'static str>,
    /// The effect in each direction, by `request` and `response`.
    pub by_direction: BTreeMap<&'static str, Effect>,
    /// JSON pointer into the new document, or into the old one if the place is gone.
    pub pointer: String,
    /// JSON pointer into the old document; for additions that of the container.
    pub old_pointer: Option<String>,
    /// JSON pointer into the new document; for removals that of the container.
    pub new_pointer: Option<String>,
    /// The property or parameter, with the way to it: `settings.audio`, `members[].role`.
    pub property: Option<String>,
    /// The component schema that it is in.
    pub schema: Option<String>,
    /// The old value.
    pub old: Value,
    /// The new value.
    pub new: Value,
    /// One sentence, complete in itself.
    pub message: String,
    /// The same for the same change in later runs, whatever the message says.
    pub fingerprint: String,
    /// The line in the old file, counted from 1.
    pub old_line: Option<u32>,
    /// The line in the new file, counted from 1.
    pub new_line: Option<u32>,
    /// The reason of the approval, when it was approved.
    pub suppressed: Option<String>,
    /// Lines of the generated API that differ because of this change: gone, then new.
    pub surface: Vec<String>,
    /// Distinguishes it from others of its rule at its place.
    #[serde(skip)]
    pub(crate) subject: String,
}

/// The effect of a change in one direction.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// Effect on callers that are already running.
    pub wire: Level,
    /// The operations that it reaches in this direction, sorted.
    pub operations: Arc<[String]>,
}

impl Change {
    /// A change of the document as a whole, without a place in it.
    pub(crate) fn of_rule(rule: &Rule, subject: &str) -> Self {
        Self {
            id: rule.id,
            wire: rule.wire.request.max(rule.wire.response),
            rust: rule.rust.request.max(rule.rust.response),
            not_generated: None,
            operations: [].into(),
            directions: Vec::new(),
            by_direction: BTreeMap::new(),
            pointer: String::new(),
            old_pointer: None,
            new_pointer: None,
            property: None,
            schema: None,
            old: Value::Null,
            new: Value::Null,
            message: String::new(),
            fingerprint: fingerprint(&[rule.id, subject]),
            old_line: None,
            new_line: None,
            suppressed: None,
            surface: Vec::new(),
            subject: subject.to_owned(),
        }
    }

    /// Says that the generated code was not looked at. No effect on Rust code is then never said.
    pub(crate) fn set_not_generated(&mut self, reason: impl Into<String>) {
        self.not_generated = Some(reason.into());
        self.set_rust(self.rust);
    }

    /// Sets the level for Rust code, at least cosmetic where no generated code was looked at.
    pub(crate) fn set_rust(&mut self, level: Level) {
        let least = match self.not_generated {
            Some(_) => Level::Cosmetic,
            None => Level::None,
        };
        self.rust = level.max(least);
    }

    /// The worse of both levels.
    #[must_use]
    pub fn level(&self) -> Level {
        self.wire.max(self.rust)
    }
}

/// A stable name on one line, whatever is in the parts.
pub(super) fn fingerprint(names: &[&str]) -> String {
    let text = names.join(":");
    text.trim_end_matches(':').replace(char::is_control, " ")
}

//! One rule, and how rules are declared.

use crate::level::Level;

/// A level for what callers send and one for what they receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// When the change is reached from a request.
    pub request: Level,
    /// When the change is reached from a response.
    pub response: Level,
}

/// One kind of change.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Stable name, part of every fingerprint.
    pub id: &'static str,
    /// Effect on callers that are already running.
    pub wire: Levels,
    /// Effect on code compiled against the generated crate.
    pub rust: Levels,
    /// One sentence: what happened and why it matters.
    pub explanation: &'static str,
    /// A change that this rule reports.
    pub example: &'static str,
}

pub(super) const fn both(level: Level) -> Levels {
    each(level, level)
}

pub(super) const fn each(request: Level, response: Level) -> Levels {
    Levels { request, response }
}

/// Declares rules and the list of them.
macro_rules! rules {
    ($($name:ident = $id:literal, $wire:expr, $rust:expr, $explanation:literal, $example:literal;)*) => {
        $(
            pub(crate) static $name: crate::rules::rule::Rule = crate::rules::rule::Rule {
                id: $id,
                wire: $wire,
                rust: $rust,
                explanation: $explanation,
                example: $example,
            };
        )*
        pub(super) static ALL: &[&crate::rules::rule::Rule] = &[$(&$name),*];
    };
}
pub(super) use rules;

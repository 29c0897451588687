//! The rules as data: id, levels, an explanation, an example.

mod bodies;
mod document;
mod operations;
mod parameters;
mod properties;
mod schemas;

pub(crate) use bodies::*;
pub(crate) use document::*;
pub(crate) use operations::*;
pub(crate) use parameters::*;
pub(crate) use properties::*;
pub(crate) use schemas::*;

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
    /// What it does to callers that are already running.
    pub wire: Levels,
    /// What it does to code compiled against the generated crate.
    pub rust: Levels,
    /// One sentence: what happened and why it matters.
    pub explanation: &'static str,
    /// A change that this rule reports.
    pub example: &'static str,
}

/// Every rule, in the order of the listing.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        operations::ALL,
        parameters::ALL,
        bodies::ALL,
        properties::ALL,
        schemas::ALL,
        document::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

const fn both(level: Level) -> Levels {
    each(level, level)
}

const fn each(request: Level, response: Level) -> Levels {
    Levels { request, response }
}

/// Declares rules and the list of them.
macro_rules! rules {
    ($($name:ident = $id:literal, $wire:expr, $rust:expr, $explanation:literal, $example:literal;)*) => {
        $(
            pub(crate) static $name: crate::rules::Rule = crate::rules::Rule {
                id: $id,
                wire: $wire,
                rust: $rust,
                explanation: $explanation,
                example: $example,
            };
        )*
        pub(super) static ALL: &[&crate::rules::Rule] = &[$(&$name),*];
    };
}
use rules;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn ids_are_unique_and_every_rule_is_explained() {
        let mut seen = HashSet::new();
        for rule in super::all() {
            assert!(seen.insert(rule.id), "{} is declared twice", rule.id);
            assert!(rule.explanation.ends_with('.'), "{}", rule.id);
            assert!(!rule.example.is_empty(), "{}", rule.id);
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.id
            );
        }
        assert!(super::find("operation-removed").is_some());
        assert!(super::find("nonsense").is_none());
    }
}

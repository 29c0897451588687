//! The rules as data: id, levels, an explanation, an example.

mod bodies;
mod document;
mod operations;
mod parameters;
mod properties;
mod rule;
mod schemas;

pub(crate) use bodies::*;
pub(crate) use document::*;
pub(crate) use operations::*;
pub(crate) use parameters::*;
pub(crate) use properties::*;
pub use rule::{Levels, Rule};
pub(crate) use schemas::*;

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

//! The levels from which on a report fails.

use std::str::FromStr;

use super::change::Change;
use super::summary::Report;
use crate::level::Level;

/// The lowest levels that fail, for each audience; none never fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// For callers that are already running.
    pub wire: Option<Level>,
    /// For code compiled against the generated crate.
    pub rust: Option<Level>,
}

impl Limits {
    /// The same limit for both audiences.
    #[must_use]
    pub const fn both(level: Option<Level>) -> Self {
        Self {
            wire: level,
            rust: level,
        }
    }

    /// True when a change is as bad as a limit and not approved.
    #[must_use]
    pub fn is_reached(&self, change: &Change) -> bool {
        let reached =
            |level: Level, limit: Option<Level>| limit.is_some_and(|limit| level >= limit);
        change.suppressed.is_none()
            && (reached(change.wire, self.wire) || reached(change.rust, self.rust))
    }
}

impl FromStr for Limits {
    type Err = String;

    /// One level for both audiences, or `wire=LEVEL,rust=LEVEL`; `none` never fails, and an
    /// audience that is not named never does.
    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('=') {
            return Ok(Self::both(level(text)?));
        }
        let mut limits = Self::both(None);
        for part in text.split(',') {
            match part.split_once('=') {
                Some(("wire", value)) => limits.wire = level(value)?,
                Some(("rust", value)) => limits.rust = level(value)?,
                _ => return Err(format!("{part:?} is neither wire=LEVEL nor rust=LEVEL")),
            }
        }
        Ok(limits)
    }
}

fn level(text: &str) -> Result<Option<Level>, String> {
    match text {
        "breaking" => Ok(Some(Level::Breaking)),
        "risky" => Ok(Some(Level::Risky)),
        "additive" => Ok(Some(Level::Additive)),
        "cosmetic" => Ok(Some(Level::Cosmetic)),
        "none" => Ok(None),
        other => Err(format!(
            "{other:?} is not a level; levels are breaking, risky, additive, cosmetic and none"
        )),
    }
}

impl Report {
    /// The changes that reach a limit.
    pub fn failing(&self, limits: Limits) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| limits.is_reached(change))
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Limits};

    #[test]
    fn limits_are_read_for_both_or_each_audience() {
        let read = |text: &str| text.parse::<Limits>();
        assert_eq!(read("risky"), Ok(Limits::both(Some(Level::Risky))));
        assert_eq!(read("none"), Ok(Limits::both(None)));
        let each = read("wire=breaking,rust=none").unwrap();
        assert_eq!((each.wire, each.rust), (Some(Level::Breaking), None));
        assert_eq!(read("rust=risky").unwrap().wire, None);
        for text in ["bad", "wire=bad", "go=risky", ""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

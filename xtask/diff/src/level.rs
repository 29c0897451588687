//! Levels of changes, and the version steps that they ask for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The effect of a change on one audience, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not visible at all.
    None,
    /// Visible, without effect on behaviour.
    Cosmetic,
    /// Something new that nobody has to use.
    Additive,
    /// May break some; look at it.
    Risky,
    /// Breaks those who use it.
    Breaking,
}

impl Level {
    /// Every level, worst first.
    pub const ALL: [Self; 5] = [
        Self::Breaking,
        Self::Risky,
        Self::Additive,
        Self::Cosmetic,
        Self::None,
    ];

    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cosmetic => "cosmetic",
            Self::Additive => "additive",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The smallest version step that is honest about a set of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing but cosmetic changes, or none.
    Patch,
    /// Additive or risky changes.
    Minor,
    /// At least one breaking change.
    Major,
}

impl Verdict {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl From<Level> for Verdict {
    fn from(level: Level) -> Self {
        match level {
            Level::None | Level::Cosmetic => Self::Patch,
            Level::Additive | Level::Risky => Self::Minor,
            Level::Breaking => Self::Major,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

//! Compares two OpenAPI 3.0 documents: what a change does to callers on the wire, and what it
//! does to code compiled against the crate that is generated from them.
//!
//! [`compare`] visits every pair of corresponding places once, following references, and notes
//! facts; which operations reach a fact, and in which direction, comes from one walk over the
//! graph between the pairs. Levels are data of the [rules](rule::Rule). See the README of this
//! package for the formats.

mod change;
mod compare;
mod day;
mod document;
mod fact;
mod folded;
mod graph;
mod input;
mod level;
mod place;
mod pointers;
mod position;
mod report;
mod rules;
mod schema;
mod suppress;
mod surface;
mod unchanged;

pub mod output;

pub use change::Change;
pub use input::{InputError, check, parse};
pub use level::{Level, Verdict};
pub use report::Report;
pub use suppress::{Suppression, SuppressionError, Suppressions};
pub use surface::Surface;

use serde_json::Value;

/// The rules that name and rank changes.
pub mod rule {
    pub use crate::rules::{Levels, Rule, all, find};
}

/// What a comparison depends on besides the documents.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// `YYYY-MM-DD`, to tell whether sunset dates have passed; empty: none has.
    pub today: String,
}

impl Options {
    /// Options for today, by the clock, in UTC.
    #[must_use]
    pub fn today() -> Self {
        Self::on(day::today())
    }

    /// Options for a day, `YYYY-MM-DD`.
    #[must_use]
    pub fn on(today: impl Into<String>) -> Self {
        Self {
            today: today.into(),
        }
    }
}

/// Compares two documents.
///
/// With the API surfaces that are generated from both, levels for Rust code are what the surfaces
/// show; without them they are what the rules expect.
#[must_use]
pub fn compare(old: &Value, new: &Value, surfaces: Option<(&Surface, &Surface)>) -> Report {
    compare_with(old, new, surfaces, &Options::default())
}

/// [`compare`] with options.
#[must_use]
pub fn compare_with(
    old: &Value,
    new: &Value,
    surfaces: Option<(&Surface, &Surface)>,
    options: &Options,
) -> Report {
    let comparison = compare::Comparison::run(old, new, options);
    let mut changes = change::assemble(&comparison);
    if let Some((before, after)) = surfaces {
        surface::judge(&mut changes, (old, new), (before, after));
    }
    Report::new(changes)
}

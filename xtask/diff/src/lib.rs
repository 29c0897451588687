//! Compares two OpenAPI 3.0 documents: what a change does to callers on the wire, and what it
//! does to code compiled against the crate that is generated from them.
//!
//! `read` resolves references and composes schemas; `compare` visits every pair of corresponding
//! places once, returns facts and keeps the graph between the pairs; `report` turns facts into
//! changes with the operations that reach them. Levels are data of the [rules](rule::Rule). See
//! the README of this package for the formats.

mod compare;
mod day;
mod level;
mod read;
mod report;
mod rules;

pub use level::{Level, Verdict};
pub use report::{
    Change, Config, ConfigError, Effect, Filter, GeneratedApi, Limits, Override, Report, Stale,
    Suppression, output,
};

use serde_json::Value;

/// The rules that name and rank changes.
pub mod rule {
    pub use crate::rules::{Levels, Rule, all, find};
}

/// Options of a comparison.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// `YYYY-MM-DD`, to tell whether sunset dates have passed; empty: none has.
    pub today: String,
    /// Prefixes of paths that do not count when operations are paired, such as `/v1`.
    pub strip_prefixes: Vec<String>,
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
            ..Self::default()
        }
    }
}

/// Compares two documents.
///
/// With the APIs that are generated from both, levels for Rust code are what these show; without
/// them they are what the rules expect.
#[must_use]
pub fn compare(
    old: &Value,
    new: &Value,
    generated: Option<(&GeneratedApi, &GeneratedApi)>,
) -> Report {
    compare_with(old, new, || generated, &Options::default())
}

/// [`compare`] with options. `generated` is called once the documents are compared, so that the
/// APIs can be generated at the same time on other threads.
#[must_use]
pub fn compare_with<'g>(
    old: &Value,
    new: &Value,
    generated: impl FnOnce() -> Option<(&'g GeneratedApi, &'g GeneratedApi)>,
    options: &Options,
) -> Report {
    let sides = compare::Sides::read(old, new, options);
    let outcome = compare::run(&sides);
    let mut changes = report::assemble(&sides, &outcome);
    if let Some(pair) = generated() {
        report::surface::attribute(&mut changes, &sides, pair);
    }
    Report::new(changes)
}

//! Differing lines that no change explains, as changes of their own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::difference::{Difference, local};
use crate::level::Level;
use crate::report::change::Change;
use crate::rules::{self, Rule};

/// One entry per type or handle whose lines no change explains.
pub(super) fn unexplained<'d>(all: impl Iterator<Item = &'d Difference<'d>>) -> Vec<Change> {
    let mut by_owner: BTreeMap<(&str, bool), Vec<&Difference<'_>>> = BTreeMap::new();
    for difference in all {
        let owner = difference.line().map_or("", |line| local(&line.owner));
        let breaks = difference.level >= Level::Risky;
        by_owner
            .entry((owner, breaks))
            .or_default()
            .push(difference);
    }
    let entries = by_owner.into_iter();
    entries
        .map(|((owner, breaks), lines)| entry(owner, breaks, &lines))
        .collect()
}

fn entry(owner: &str, breaks: bool, lines: &[&Difference<'_>]) -> Change {
    let rule: &Rule = if breaks {
        &rules::SURFACE_BROKEN
    } else {
        &rules::SURFACE_EXTENDED
    };
    let texts = |side: fn(&Difference<'_>) -> Option<String>| {
        let lines: Vec<String> = lines.iter().filter_map(|line| side(line)).collect();
        Value::from(lines)
    };
    let level = lines.iter().map(|line| line.level).max();
    let first = lines.iter().flat_map(|line| line.texts()).next();
    let more = match lines.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Change {
        rust: level.unwrap_or(rule.rust.request),
        old: texts(|line| line.old.map(ToString::to_string)),
        new: texts(|line| line.new.map(ToString::to_string)),
        message: format!(
            "{owner}: the generated API is different: {}{more}",
            first.unwrap_or_default()
        ),
        surface: lines.iter().flat_map(|line| line.texts()).collect(),
        ..Change::of_rule(rule, owner)
    }
}

//! Gives every differing line to the changes that cause it, and changes their levels for Rust.

use std::collections::HashMap;

use super::api::GeneratedApi;
use super::behind::behind;
use super::causes::{Search, Subject, prefer_effects};
use super::composers::Composers;
use super::coverage::Coverage;
use super::difference::{Index, differences};
use super::reachable::{mentioned, reachable};
use super::unexplained::unexplained;
use crate::compare::Sides;
use crate::level::Level;
use crate::report::change::Change;
use crate::rules;

/// Replaces the levels that the rules expect for Rust code by those that the generated APIs show.
pub(crate) fn attribute(
    changes: &mut Vec<Change>,
    sides: &Sides<'_>,
    (old, new): (&GeneratedApi, &GeneratedApi),
) {
    let indices = (Index::of(&old.surface), Index::of(&new.surface));
    let all = differences(&indices.0, &indices.1);
    let composers = Composers::of(sides);
    let subjects = changes.iter().map(|change| Subject::of(change, &composers));
    let subjects: Vec<Subject> = subjects.collect();
    let search = Search::new(changes, &subjects, sides);
    let mut owners: Vec<Vec<usize>> = all.iter().map(|one| search.direct(one)).collect();
    for causes in &mut owners {
        prefer_effects(causes, changes);
    }
    behind((changes, sides), &all, &mut owners);
    reachable((changes, sides), &all, &mut owners);
    mentioned(&all, &mut owners);
    for (difference, causes) in all.iter().zip(&mut owners) {
        if causes.is_empty() {
            causes.extend(search.of_operation(difference));
        }
    }

    let mut worst: HashMap<usize, Level> = HashMap::new();
    for (difference, causes) in all.iter().zip(&owners) {
        for cause in causes {
            let Some(change) = changes.get_mut(*cause) else {
                continue;
            };
            change.surface.extend(difference.texts());
            let moved = [&rules::OPERATION_MOVED, &rules::PREFIX_MOVED];
            let follows = difference.moved && moved.iter().any(|rule| rule.id == change.id);
            let shown = if follows {
                Level::Cosmetic
            } else {
                difference.level
            };
            let level = worst.entry(*cause).or_insert(Level::None);
            *level = shown.max(*level);
        }
    }
    let coverage = Coverage::new(&indices, (old, new));
    for (number, change) in changes.iter_mut().enumerate() {
        let found = worst.get(&number).copied();
        if let (None, Some(reason)) = (found, coverage.missing(change)) {
            change.set_not_generated(reason);
        }
        change.rust = match found {
            Some(level) if change.id == rules::PREFIX_MOVED.id => level.max(change.rust),
            Some(level) => level,
            None if change.not_generated.is_some() || is_invisible(change.id) => continue,
            // Nothing shows: what warns or changes behaviour keeps its level.
            None if change.rust <= Level::Cosmetic || change.rust == Level::Risky => continue,
            None => Level::None,
        };
    }
    let left = all
        .iter()
        .zip(&owners)
        .filter(|(_, causes)| causes.is_empty());
    changes.extend(unexplained(left.map(|(difference, _)| difference)));
    changes.sort_by_key(|change| std::cmp::Reverse(change.level()));
}

/// True for rules about statuses and addresses, on which code depends that no signature shows.
fn is_invisible(rule: &str) -> bool {
    rule.starts_with("success-status-") || rule == rules::PREFIX_MOVED.id
}

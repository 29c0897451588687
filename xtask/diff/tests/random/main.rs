//! Random specifications: refactorings without meaning are quiet, mutations with meaning are not.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod generate;
mod mutate;
mod refactor;

use fastrand::Rng;
use serde_json::Value;
use spec_diff::Level;

const PAIRS: u64 = 1_000;

/// Changes that callers could notice.
fn noticed(old: &Value, new: &Value) -> Vec<String> {
    let report = spec_diff::compare(old, new, None);
    let changes = report.changes.into_iter();
    changes
        .filter(|change| change.wire > Level::Cosmetic)
        .map(|change| format!("{} {} {}", change.id, change.wire, change.message))
        .collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn refactorings_are_quiet_in_both_directions() {
    for seed in 0..PAIRS {
        let mut rng = Rng::with_seed(seed);
        let old = generate::document(&mut rng);
        let mut new = old.clone();
        let mut done = Vec::new();
        for _ in 0..rng.usize(1..5) {
            done.extend(refactor::any(&mut rng, &mut new));
        }
        for (left, right) in [(&old, &new), (&new, &old)] {
            let noticed = noticed(left, right);
            assert!(
                noticed.is_empty(),
                "seed {seed}, {done:?}: {noticed:#?}\n{}\n{}",
                pretty(left),
                pretty(right)
            );
        }
    }
}

#[test]
fn mutations_are_never_quiet_whatever_was_refactored() {
    for seed in 0..PAIRS {
        let mut rng = Rng::with_seed(seed);
        let old = generate::document(&mut rng);
        let mut new = old.clone();
        let Some(mutation) = mutate::any(&mut rng, &mut new) else {
            continue;
        };
        let mut done = Vec::new();
        for _ in 0..rng.usize(0..4) {
            done.extend(refactor::any(&mut rng, &mut new));
        }
        for (left, right) in [(&old, &new), (&new, &old)] {
            assert!(
                !noticed(left, right).is_empty(),
                "seed {seed}, {mutation}, then {done:?}\n{}\n{}",
                pretty(left),
                pretty(right)
            );
        }
    }
}

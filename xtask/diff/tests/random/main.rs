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

use std::collections::BTreeMap;

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

/// Counts of each kind of edit.
type Made = BTreeMap<&'static str, usize>;

fn assert_all_were_made(made: &Made, kinds: usize) {
    assert_eq!(made.len(), kinds, "{made:?}");
    assert!(made.values().all(|count| *count >= 20), "{made:?}");
}

#[test]
fn refactorings_are_quiet_in_both_directions() {
    let mut made = Made::new();
    for seed in 0..PAIRS {
        let mut rng = Rng::with_seed(seed);
        let old = generate::document(&mut rng);
        let mut new = old.clone();
        let mut done = Vec::new();
        for _ in 0..rng.usize(1..5) {
            done.extend(refactor::any(&mut rng, &mut new));
        }
        for name in done.iter().copied() {
            *made.entry(name).or_default() += 1;
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
    assert_all_were_made(&made, 8);
}

#[test]
fn mutations_are_never_quiet_whatever_was_refactored() {
    let mut made = Made::new();
    let mut composed = 0;
    for seed in 0..PAIRS {
        let mut rng = Rng::with_seed(seed);
        let old = generate::document(&mut rng);
        let mut new = old.clone();
        let (mutation, at) = mutate::any(&mut rng, &mut new).expect("something to change");
        *made.entry(mutation).or_default() += 1;
        composed += usize::from(at.contains("/allOf/"));
        let mut done = Vec::new();
        for _ in 0..rng.usize(0..4) {
            done.extend(refactor::any(&mut rng, &mut new));
        }
        for (left, right) in [(&old, &new), (&new, &old)] {
            assert!(
                !noticed(left, right).is_empty(),
                "seed {seed}, {mutation} at {at}, then {done:?}\n{}\n{}",
                pretty(left),
                pretty(right)
            );
        }
    }
    assert_all_were_made(&made, 11);
    assert!(
        composed > 100,
        "{composed} mutations inside of compositions"
    );
}

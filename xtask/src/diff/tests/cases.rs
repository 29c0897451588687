//! Pairs of documents from the field, each with the levels that are right.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use codegen::surface::Wire;
use regex::Regex;
use serde::Deserialize;
use spec_diff::{Change, Level, Report};

use super::super::{Side, compare};
use crate::workspace;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    quiet: bool,
    at_most: Option<Levels>,
    #[serde(default)]
    expect: Vec<Entry>,
    refused_with: Option<String>,
    /// A pattern that no entry may match.
    never: Option<String>,
    #[serde(rename = "complaint")]
    _complaint: String,
    #[serde(rename = "why")]
    _why: String,
    #[serde(rename = "note")]
    _note: Option<String>,
    #[serde(rename = "debatable")]
    _debatable: Option<String>,
}

#[derive(Deserialize)]
struct Levels {
    wire: Option<Level>,
    rust: Option<Level>,
}

/// An entry that has to be there; `about` is a pattern, `wire` and `rust` levels with `|` between.
#[derive(Deserialize)]
struct Entry {
    wire: String,
    rust: String,
    about: String,
}

fn side(folder: &Path, name: &str) -> Result<Side, String> {
    let candidates = [
        folder.join(format!("{name}.yaml")),
        folder.join(format!("{name}.json")),
        folder.join(name).join("root.yaml"),
    ];
    let path = candidates
        .iter()
        .find(|path| path.exists())
        .expect("a document");
    Side::load(&path.display().to_string()).map_err(|error| error.to_string())
}

fn text(change: &Change) -> String {
    format!(
        "{} {} prop={:?} fp={} ops={} {} {} {}",
        change.id,
        change.message,
        change.property,
        change.fingerprint,
        change.operations.join(","),
        change.old,
        change.new,
        change.pointer
    )
}

/// Differences between a report and what is expected.
fn problems(report: &Report, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let quiet = Levels {
        wire: Some(Level::Cosmetic),
        rust: Some(Level::Cosmetic),
    };
    let cap = expected
        .at_most
        .as_ref()
        .or(expected.quiet.then_some(&quiet));
    for change in &report.changes {
        let above = |level: Level, cap: Option<Level>| cap.is_some_and(|cap| level > cap);
        if cap.is_some_and(|cap| above(change.wire, cap.wire) || above(change.rust, cap.rust)) {
            wrong.push(format!(
                "{} is {}/{}",
                text(change),
                change.wire,
                change.rust
            ));
        }
    }
    if let Some(never) = &expected.never {
        let never = Regex::new(never).expect("a pattern");
        let all = report.changes.iter().map(text);
        wrong.extend(all.filter(|text| never.is_match(text)));
    }
    let fits = |wanted: &str, level: Level| {
        wanted == "*" || wanted.split('|').any(|one| one == level.name())
    };
    for entry in &expected.expect {
        if entry.about == "NOTE" {
            if report.notes.is_empty() && report.changes.is_empty() {
                wrong.push("no note and no entry".to_owned());
            }
            continue;
        }
        let about = Regex::new(&entry.about).expect("a pattern");
        let mut near = report
            .changes
            .iter()
            .filter(|change| about.is_match(&text(change)));
        if !near.any(|change| fits(&entry.wire, change.wire) && fits(&entry.rust, change.rust)) {
            wrong.push(format!(
                "no {}/{} about {}",
                entry.wire, entry.rust, entry.about
            ));
        }
    }
    wrong
}

fn check(folder: &Path) -> Vec<String> {
    let expected = workspace::read(&folder.join("expected.json")).expect("an expectation");
    let expected: Expected = serde_json::from_str(&expected)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let sides = side(folder, "old").and_then(|old| Ok((old, side(folder, "new")?)));
    match (sides, &expected.refused_with) {
        (Err(error), Some(said)) if error.contains(said) => Vec::new(),
        (Err(error), _) => vec![error],
        (Ok(_), Some(_)) => vec!["was not refused".to_owned()],
        (Ok((old, new)), None) => problems(&compare(&old, &new, true), &expected),
    }
}

#[test]
fn cases_from_the_field_have_their_right_levels() {
    let root = workspace::root().join("xtask/diff/tests/cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 40);
    let wrong: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            check(folder)
                .into_iter()
                .map(move |problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The operations that are generated from one of both sides, placeholders without names.
fn generated(sides: [&Side; 2]) -> HashSet<String> {
    let mut all = HashSet::new();
    for side in sides {
        let Ok((surface, _)) = codegen::surface(&side.spec) else {
            continue;
        };
        for line in surface.lines() {
            if let Wire::Operation { method, path, .. } = &line.wire {
                all.insert(shape(&format!("{method} {path}")));
            }
        }
    }
    all
}

fn shape(label: &str) -> String {
    let placeholder = Regex::new(r"\{[^}]*\}").expect("a pattern");
    placeholder.replace_all(label, "{}").into_owned()
}

#[test]
fn no_effect_on_rust_is_only_said_of_operations_that_are_generated() {
    let root = workspace::root().join("xtask/diff/tests/cases");
    let (mut looked_at, mut not_generated) = (0, 0);
    for entry in std::fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let (Ok(old), Ok(new)) = (side(&folder, "old"), side(&folder, "new")) else {
            continue;
        };
        let report = compare(&old, &new, true);
        let generated = generated([&old, &new]);
        for change in &report.changes {
            if let Some(reason) = &change.not_generated {
                assert!(!reason.is_empty());
                not_generated += 1;
            } else if change.rust == Level::None && !change.operations.is_empty() {
                let mut labels = change.operations.iter();
                let known = |label: &String| {
                    label.starts_with("WEBHOOK ") || generated.contains(&shape(label))
                };
                assert!(labels.any(known), "{}: {}", folder.display(), text(change));
                looked_at += 1;
            }
        }
    }
    assert!(
        looked_at > 10 && not_generated > 0,
        "{looked_at}, {not_generated}"
    );
}

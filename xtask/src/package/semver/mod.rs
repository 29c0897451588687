//! `cargo xtask diff` says what a changed specification does to Rust code; here cargo-semver-checks
//! has to agree, on crates staged from a small specification before and after each change.

mod tool;

use std::error::Error;

use json_patch::Patch;
use serde::Deserialize;
use serde_json::Value;
use spec_diff::{Level, Report};

use self::tool::Tool;
use crate::diff::{self, Side};
use crate::workspace;

/// The two lists of `classes.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    /// Additive or less; all of them at once must pass.
    harmless: Vec<Class>,
    /// Breaking; each for itself must fail, or be one of the known blind spots.
    breaking: Vec<Class>,
}

/// A class of changes, by one example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    /// What changes, for people.
    class: String,
    /// The rule of the diff that reports it.
    rule: String,
    /// The change of `spec.json`.
    patch: Patch,
    /// The lint that finds it.
    lint: Option<String>,
    /// What the tool does not look at, where it has no lint.
    blind: Option<String>,
}

impl Class {
    /// The row of the table in the diff's README.
    fn row(&self) -> String {
        let found = match (&self.lint, &self.blind) {
            (Some(lint), None) => format!("`{lint}`"),
            (None, Some(reason)) => format!("nothing: {reason} is not looked at"),
            _ => panic!("{}: has to have either a lint or a reason", self.class),
        };
        format!("| {} | `{}` | {found} |", self.class, self.rule)
    }
}

fn classes() -> Classes {
    serde_json::from_str(include_str!("classes.json")).unwrap()
}

fn before() -> Value {
    serde_json::from_str(include_str!("spec.json")).unwrap()
}

/// The specification after changes; one that does not fit is a failure.
fn after<'c>(classes: impl IntoIterator<Item = &'c Class>) -> Value {
    let mut spec = before();
    for class in classes {
        let patched = json_patch::patch(&mut spec, &class.patch);
        patched.unwrap_or_else(|error| panic!("{}: {error}", class.class));
    }
    spec
}

/// What the diff says, with levels for Rust from both generated APIs.
fn report(old: &Value, new: &Value) -> Report {
    let side = |name: &str, spec: &Value| Side::parse(name, spec.to_string()).unwrap();
    let report = diff::compare(&side("before", old), &side("after", new), true);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    report
}

#[test]
fn the_diff_names_the_class_and_its_level() {
    let Classes { harmless, breaking } = classes();
    for (list, breaks) in [(&harmless, false), (&breaking, true)] {
        assert!(list.len() > 10);
        for class in list {
            let report = report(&before(), &after([class]));
            let own = report.changes.iter().find(|one| one.id == class.rule);
            let own = own.unwrap_or_else(|| panic!("{}: {:#?}", class.class, report.changes));
            assert_eq!(own.rust == Level::Breaking, breaks, "{}", class.class);
            assert_eq!(
                report.rust == Level::Breaking,
                breaks,
                "{}: {:#?}",
                class.class,
                report.changes
            );
            assert!(breaks || report.rust <= Level::Additive, "{}", class.class);
        }
    }
    let all = report(&before(), &after(&harmless));
    assert_eq!(all.rust, Level::Additive, "{:#?}", all.changes);
}

#[test]
fn the_table_in_the_readme_is_this_one() {
    let readme = workspace::read(&workspace::root().join("xtask/diff/README.md")).unwrap();
    for class in classes().breaking {
        let row = class.row();
        assert!(readme.lines().any(|line| line == row), "not there: {row}");
    }
}

#[test]
#[ignore = "needs cargo-semver-checks, and minutes"]
fn semver_checks_finds_what_the_diff_calls_breaking_and_nothing_else() {
    let Classes { harmless, breaking } = classes();
    let mut wrong = Vec::new();
    let mut judge = || -> Result<(), Box<dyn Error>> {
        let tool = Tool::new(&workspace::root())?;
        let old = tool.document("1.0.0", before())?;
        let new = tool.document("1.0.1", after(&harmless))?;
        let found = tool.lints(&old, &new)?;
        println!(
            "| {} harmless changes at once | {found:?} |",
            harmless.len()
        );
        if !found.is_empty() {
            wrong.push(format!("harmless changes: {found:?}"));
        }
        for (class, number) in breaking.iter().zip(2..) {
            let new = tool.document(&format!("1.0.{number}"), after([class]))?;
            let found = tool.lints(&old, &new)?;
            println!("| {} | {found:?} |", class.class);
            let as_known = match &class.lint {
                Some(lint) => found.contains(lint),
                None => found.is_empty(),
            };
            if !as_known {
                wrong.push(format!("{}: {found:?}", class.class));
            }
        }
        Ok(())
    };
    judge().unwrap_or_else(|error| panic!("{error}"));
    assert!(wrong.is_empty(), "not as classes.json says: {wrong:#?}");
}

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
    /// Description of the change.
    class: String,
    /// The rule of the diff that reports it.
    rule: String,
    /// The change of `spec.json`.
    patch: Patch,
    /// The lint that finds it.
    lint: Option<String>,
    /// Reason, if there is no lint for it.
    blind: Option<Blind>,
}

/// A break that the tool does not see; the compiler does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Blind {
    /// Changes that are not examined.
    to: String,
    /// Code that compiles before the change only.
    code: String,
    /// The compiler's error.
    error: String,
}

impl Class {
    /// The row of the table in the diff's README.
    fn row(&self) -> String {
        let found = match (&self.lint, &self.blind) {
            (Some(lint), None) => format!("`{lint}`"),
            (None, Some(blind)) => {
                let Blind { to, error, .. } = blind;
                format!("nothing: {to} is not looked at; the compiler says {error}")
            }
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

/// Report of the diff, with levels for Rust from both generated APIs.
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
    let wrong = hold(&classes()).unwrap_or_else(|error| panic!("{error}"));
    assert!(wrong.is_empty(), "not as classes.json says: {wrong:#?}");
}

/// Asks the tool, and the compiler where the tool sees nothing; returns what is not as expected.
fn hold(Classes { harmless, breaking }: &Classes) -> Result<Vec<String>, Box<dyn Error>> {
    let mut wrong = Vec::new();
    let mut judge = |ok: bool, row: String| {
        println!("| {row} |");
        if !ok {
            wrong.push(row);
        }
    };
    let tool = Tool::new(&workspace::root())?;
    let old = tool.document("1.0.0", before())?;
    let blind = breaking.iter().filter_map(|class| class.blind.as_ref());
    let codes: Vec<&str> = blind.map(|blind| blind.code.as_str()).collect();
    let found = tool.errors(&codes)?;
    judge(found.is_empty(), format!("before | {found:?}"));

    let new = tool.document("1.0.1", after(harmless))?;
    let (lints, found) = (tool.lints(&old, &new)?, tool.errors(&codes)?);
    let row = format!("harmless, {} at once | {lints:?} {found:?}", harmless.len());
    judge(lints.is_empty() && found.is_empty(), row);

    for (class, number) in breaking.iter().zip(2..) {
        let new = tool.document(&format!("1.0.{number}"), after([class]))?;
        let lints = tool.lints(&old, &new)?;
        let (ok, found) = match (&class.lint, &class.blind) {
            (Some(lint), _) => (lints.contains(lint), Vec::new()),
            (None, Some(blind)) => {
                let found = tool.errors(&[&blind.code])?;
                (lints.is_empty() && found == [blind.error.as_str()], found)
            }
            (None, None) => (false, Vec::new()),
        };
        judge(ok, format!("{} | {lints:?} {found:?}", class.class));
    }
    Ok(wrong)
}

//! Proof that the staged package works: published on trial, tested, and the same API.

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;
use similar::TextDiff;

use super::cargo::Cargo;
use super::manifest::Manifest;
use super::place::{self, cannot};
use super::stage::{Files, Staged, tree};
use crate::workspace::{self, Done};

const API_TOOL: &str = "public-api";

/// Lines for the report, said at once too: a later step may fail.
#[derive(Default)]
struct Outcomes(Vec<String>);

impl Outcomes {
    fn push(&mut self, line: String) {
        println!("{line}");
        self.0.push(line);
    }
}

/// Runs everything; returns a line of outcome each.
pub(super) fn verify(root: &Path, staged: &Staged) -> Result<Vec<String>, Box<dyn Error>> {
    let folder = place::folder(root);
    let package = Cargo {
        folder: folder.join("video-api"),
        target: folder.join("build"),
    };
    let mut outcomes = Outcomes::default();
    same_module(root, staged)?;
    outcomes.push("generated module: the same bytes as the workspace build's".to_owned());
    let took = package.run(&["publish", "--dry-run", "--locked"])?;
    outcomes.push(format!(
        "cargo publish --dry-run: passed in {:.1} s",
        took.as_secs_f64()
    ));
    let passed = package.test(&["test", "--locked", "--all-features"])?;
    outcomes.push(format!("its own tests and doctests: {passed} passed"));

    let tests = Cargo {
        folder: folder.join("tests"),
        target: folder.join("build"),
    };
    // Their library compiles the code of the repository's README, from the folder above.
    let readme = folder.join("README.md");
    fs::copy(root.join("README.md"), &readme).map_err(|error| cannot("write", &readme, error))?;
    let left_out = stage_tests(root, &tests)?;
    let passed = tests.test(&["test", "--locked"])?;
    outcomes.push(format!("end-to-end tests against it: {passed} passed"));
    for line in left_out {
        outcomes.push(line);
    }
    outcomes.push(same_api(root, &package)?);
    Ok(outcomes.0)
}

/// Copies the end-to-end tests, with the staged package in place of the workspace's.
fn stage_tests(root: &Path, tests: &Cargo) -> Result<Vec<String>, Box<dyn Error>> {
    let shared = workspace::read(&root.join("Cargo.toml"))?;
    let own = workspace::read(&root.join("tests/Cargo.toml"))?;
    let (files, left_out) = end_to_end(root, &own, &shared)?;
    place::sync(&tests.folder, &files)?;
    tests.lock_as(root)?;
    Ok(left_out)
}

/// The files of that copy, and a line for each test that does not concern the package.
pub(super) fn end_to_end(
    root: &Path,
    own: &str,
    shared: &str,
) -> Result<(Files, Vec<String>), Box<dyn Error>> {
    let mut manifest = Manifest::inherit(own, shared)?;
    manifest.repoint(|name, path| match name {
        "video-api" => "../video-api".to_owned(),
        _ => format!("../../../{path}"),
    })?;
    manifest.without_kind("bench");
    manifest.alone();

    let mut files = Files::new();
    for folder in ["src", "golden"] {
        tree(&root.join("tests").join(folder), folder, &mut files)?;
    }
    let mut tests = Files::new();
    tree(&root.join("tests/tests"), "tests", &mut tests)?;
    let mut left_out = Vec::new();
    let targets = tests.keys().filter_map(|path| {
        let target = path.strip_suffix("/main.rs").or(path.strip_suffix(".rs"))?;
        (target.matches('/').count() == 1).then(|| target.to_owned())
    });
    for target in targets.collect::<Vec<_>>() {
        let of_target = |path: &str| {
            let rest = path.strip_prefix(&target);
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        let uses = |text: &[u8]| String::from_utf8_lossy(text).contains("video_api::");
        let concerns = tests
            .iter()
            .any(|(path, text)| of_target(path) && uses(text));
        if !concerns {
            tests.retain(|path, _| !of_target(path));
            left_out.push(format!("not run: {target}, it does not use video_api"));
            let name = target.trim_start_matches("tests/").to_owned();
            manifest.without_targets("test", &[name]);
        }
    }
    if tests.is_empty() {
        return Err("no end-to-end test uses video_api".into());
    }
    files.extend(tests);
    files.insert("Cargo.toml".to_owned(), manifest.to_string().into_bytes());
    Ok((files, left_out))
}

/// Compares the published module with the one that the workspace's build script wrote.
fn same_module(root: &Path, staged: &Staged) -> Done {
    let workspace = Cargo {
        folder: root.to_path_buf(),
        target: root.join("target"),
    };
    let messages = workspace.output(&[
        "check",
        "--quiet",
        "--package=video-api",
        "--message-format=json-render-diagnostics",
    ])?;
    let output = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|message| {
            let package = message.get("package_id").and_then(Value::as_str);
            package.is_some_and(|id| id.contains("/video-api#")) && message.get("out_dir").is_some()
        });
    let folder = output
        .as_ref()
        .and_then(|message| message.get("out_dir"))
        .and_then(Value::as_str)
        .ok_or("cargo did not say where video-api's build script wrote")?;
    let path = Path::new(folder).join("generated.rs");
    let built = fs::read(&path).map_err(|error| cannot("read", &path, error))?;
    if staged.files.get("src/generated.rs") != Some(&built) {
        return Err("the workspace build's generated.rs is not the staged one".into());
    }
    Ok(())
}

/// Compares the whole public API item by item, where the tool for it is installed.
fn same_api(root: &Path, package: &Cargo) -> Result<String, Box<dyn Error>> {
    if package.output(&[API_TOOL, "--version"]).is_err() {
        return Ok(
            "public API item by item: not compared, cargo-public-api is not installed".into(),
        );
    }
    let target = place::folder(root).join("api");
    let listing = |folder: &Path| {
        let cargo = Cargo {
            folder: folder.to_path_buf(),
            target: target.clone(),
        };
        println!("\n== cargo {API_TOOL} (in {})", folder.display());
        cargo.output(&[API_TOOL, "--all-features", "--color=never"])
    };
    let staged = listing(&package.folder)?;
    let workspace = listing(&root.join("video-api"))?;
    if staged.is_empty() {
        return Err("cargo-public-api lists nothing".into());
    }
    if staged != workspace {
        let diff = TextDiff::from_lines(&workspace, &staged);
        print!("{}", diff.unified_diff().header("workspace", "staged"));
        return Err("the staged package's public API differs, see above".into());
    }
    let count = staged.lines().count();
    Ok(format!("public API: the same {count} items in both forms"))
}

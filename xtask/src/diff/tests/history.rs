//! Versions, revisions and files that a document refers to.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::compare;
use super::super::log::changelog;
use super::super::source::Side;
use super::args;

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("xtask-diff-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn document(version: &str, schema: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '{version}'}}\npaths:\n  /a:\n    get:\n      \
         responses:\n        200:\n          description: ok\n          content:\n            \
         application/json:\n              schema: {schema}\n"
    )
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_changelog_has_an_entry_per_version_newest_first() {
    let folder = folder("log");
    let files = [
        write(&folder, "1.yaml", &document("1.0", "{type: string}")),
        write(&folder, "2.yaml", &document("1.1", "{type: string}")),
        write(&folder, "3.yaml", &document("2.0", "{type: integer}")),
    ];
    let list: Vec<&str> = ["--no-generate", "--log"]
        .into_iter()
        .chain(files.iter().map(String::as_str))
        .collect();
    let text = changelog(&args(&list)).unwrap();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    assert!(
        at("## 2.0") < at("**major**") && at("**major**") < at("## 1.1"),
        "{text}"
    );
    assert!(text.contains("has another type"), "{text}");
    let html = changelog(&args(&[&["--format", "html"][..], &list].concat())).unwrap();
    assert_eq!(html.matches("<section id=\"v").count(), 2);
    let one = changelog(&args(&["--log", &files[0]]))
        .unwrap_err()
        .to_string();
    assert!(one.contains("FROM..TO:path"), "{one}");
}

#[test]
fn files_that_are_referred_to_are_followed_or_named() {
    let folder = folder("files");
    let root = document("1", "{$ref: './types/Thing.yaml#/Thing'}");
    std::fs::create_dir_all(folder.join("types")).unwrap();
    write(
        &folder.join("types"),
        "Thing.yaml",
        "Thing: {type: string}\n",
    );
    let path = write(&folder, "root.yaml", &root);
    let old = Side::load(&path).unwrap();
    write(
        &folder.join("types"),
        "Thing.yaml",
        "Thing: {type: integer}\n",
    );
    let new = Side::load(&path).unwrap();
    let report = compare(&old, &new, false);
    assert!(report.notes.is_empty());
    assert!(
        report
            .changes
            .iter()
            .any(|change| change.id == "type-changed"),
        "{report:#?}"
    );
    std::fs::remove_file(folder.join("types/Thing.yaml")).unwrap();
    let lost = Side::load(&path).unwrap();
    let report = compare(&lost, &lost, false);
    assert_eq!(report.notes.len(), 2, "{:?}", report.notes);
    assert!(
        report.notes[0].contains("types/Thing.yaml"),
        "{:?}",
        report.notes
    );
}

#[test]
fn files_that_are_referred_to_are_followed_at_a_revision() {
    let folder = folder("git");
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(&folder)
            .args(["-c", "user.name=t", "-c", "user.email=t@t.test"]);
        command.args(arguments).env_remove("GIT_DIR").output()
    };
    let Ok(done) = git(&["init", "-q"]) else {
        return; // No git here.
    };
    assert!(done.status.success());
    write(&folder, "Thing.yaml", "Thing: {type: string}\n");
    write(
        &folder,
        "root.yaml",
        &document("1", "{$ref: 'Thing.yaml#/Thing'}"),
    );
    for arguments in [&["add", "-A"][..], &["commit", "-q", "-m", "one"]] {
        assert!(git(arguments).unwrap().status.success());
    }
    let side = Side::at_revision_in(Some(&folder), "HEAD", "root.yaml").unwrap();
    assert!(side.notes.is_empty(), "{:?}", side.notes);
    assert_eq!(
        side.document["components"]["schemas"]["Thing"]["type"],
        "string"
    );
}

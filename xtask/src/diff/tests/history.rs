//! Versions, revisions and files that a document refers to.

use std::path::{Path, PathBuf};
use std::process::Command;

use spec_diff::output::{self, Names};

use super::super::log::changelog;
use super::super::source::Side;
use super::super::{compare, note_outdated};
use super::args;
use crate::workspace;

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
    let text = changelog(&args(&list), None).unwrap();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    assert!(
        at("## 2.0") < at("**major**") && at("**major**") < at("## 1.1"),
        "{text}"
    );
    assert!(text.contains("has another type"), "{text}");
    let html = changelog(&args(&[&["--format", "html"][..], &list].concat()), None).unwrap();
    assert_eq!(html.matches("<section id=\"v").count(), 2);
    let one = changelog(&args(&["--log", &files[0]]), None)
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

/// A new repository; git is needed to develop here, so its absence fails.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let repository = Self(folder(name));
        repository.git(&["init", "-q"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.current_dir(&self.0).env_remove("GIT_DIR");
        command.args(["-c", "user.name=t", "-c", "user.email=t@t.test"]);
        let done = command.args(arguments).output().expect("git is installed");
        assert!(done.status.success(), "{arguments:?}: {done:?}");
    }

    fn commit(&self, subject: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", subject]);
    }
}

#[test]
fn files_that_are_referred_to_are_followed_at_a_revision() {
    let repository = Repository::new("git");
    let folder = &repository.0;
    let root = document("1", "{$ref: 'Thing.yaml#/Thing'}");
    write(folder, "root.yaml", &root);
    write(folder, "Thing.yaml", "Thing: {type: string}\n");
    repository.commit("one");
    write(folder, "Thing.yaml", "Thing: {type: integer}\n");
    let side = Side::at_revision_in(Some(folder), "HEAD", "root.yaml").unwrap();
    assert!(side.notes.is_empty(), "{:?}", side.notes);
    assert_eq!(
        side.spec.document()["components"]["schemas"]["Thing"]["type"],
        "string"
    );
}

#[test]
fn a_range_of_commits_becomes_a_changelog_of_one_file() {
    let repository = Repository::new("range");
    let folder = &repository.0;
    let versions = [
        ("first", "1.0", "{type: string}"),
        ("tagged", "1.1", "{type: string, maxLength: 5}"),
        ("third", "2.0", "{type: integer}"),
    ];
    for (subject, version, schema) in versions {
        write(folder, "api.yaml", &document(version, schema));
        repository.commit(subject);
        if subject == "tagged" {
            repository.git(&["tag", "v1.1"]);
        }
        write(folder, "other.txt", subject);
        repository.commit("another file");
    }
    let range = ["--no-generate", "--log", "HEAD~5..:api.yaml"];
    let text = changelog(&args(&range), Some(folder)).unwrap();
    let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}: {text}"));
    assert!(at("# Changes of api.yaml") < at("third"), "{text}");
    assert!(at("third") < at("has another type"), "{text}");
    assert!(at("has another type") < at("v1.1 tagged"), "{text}");
    assert!(at("v1.1 tagged") < at("maxLength"), "{text}");
    assert_eq!(text.matches("\n## ").count(), 2, "{text}");
    let html = [&["--format", "html"][..], &range].concat();
    let page = changelog(&args(&html), Some(folder)).unwrap();
    assert_eq!(page.matches("<section id=\"v").count(), 2);
    assert!(page.find("third").unwrap() < page.find("v1.1 tagged").unwrap());
    let unknown = ["--log", "nowhere..HEAD:api.yaml"];
    let error = changelog(&args(&unknown), Some(folder)).unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[test]
fn a_specification_that_was_not_composed_again_is_named() {
    let spec = folder("compose");
    let own = workspace::root().join("spec");
    std::fs::create_dir_all(spec.join("amendments")).unwrap();
    for entry in std::fs::read_dir(own.join("amendments")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        std::fs::copy(&path, spec.join("amendments").join(name)).unwrap();
    }
    for name in ["documented.json", "video-api.json"] {
        std::fs::copy(own.join(name), spec.join(name)).unwrap();
    }
    let report = || {
        let side = Side::load(&spec.join("video-api.json").display().to_string()).unwrap();
        let mut report = compare(&side, &side, false);
        let outdated = note_outdated(&mut report, &spec);
        let names = Names {
            old: "old",
            new: "new",
        };
        assert_eq!(
            outdated.as_ref(),
            report.notes.first(),
            "the command fails with it"
        );
        (report.notes.clone(), output::text(&report, names))
    };
    let (notes, text) = report();
    assert!(notes.is_empty(), "{notes:?}");
    assert!(text.contains("no changes"), "{text}");

    let documented = spec.join("documented.json");
    let before = std::fs::read_to_string(&documented).unwrap();
    let edited = before.replacen("\"title\": \"", "\"title\": \"Edited ", 1);
    assert_ne!(before, edited);
    std::fs::write(&documented, edited).unwrap();
    let (notes, text) = report();
    assert!(notes[0].contains("out of date"), "{notes:?}");
    assert!(notes[0].contains("cargo xtask compose"), "{notes:?}");
    assert!(text.contains("see the notes"), "{text}");

    std::fs::write(&documented, before.replace("\"paths\"", "\"moved\"")).unwrap();
    let (notes, _) = report();
    assert!(notes[0].contains("do not compose"), "{notes:?}");
}

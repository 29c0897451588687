//! Which tests, examples and benchmarks can be compiled outside the workspace.

use std::collections::{BTreeMap, BTreeSet};

/// The files of a package by their path in it, in order.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A target that is not staged.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// The target's name.
    pub(super) name: String,
    /// What it needs, for people.
    pub(super) reason: String,
}

/// Removes the targets of `folder` that name one of the crates or read a file that is not there.
/// A module that targets share takes those with it that declare it.
pub(super) fn leave_out(files: &mut Files, folder: &str, crates: &[String]) -> Vec<LeftOut> {
    let groups = groups(files, folder);
    let mut gone: Vec<LeftOut> = Vec::new();
    let mut gone_files: BTreeSet<&str> = BTreeSet::new();
    let reason_of = |paths: &[String]| paths.iter().find_map(|path| reason(files, path, crates));
    let shared = |name: &str| {
        let main = format!("{folder}/{name}/main.rs");
        !files.contains_key(&main) && !files.contains_key(&format!("{folder}/{name}.rs"))
    };
    for (name, paths) in &groups {
        if let Some(reason) = reason_of(paths) {
            gone.push(LeftOut {
                name: name.clone(),
                reason,
            });
            gone_files.extend(paths.iter().map(String::as_str));
        }
    }
    let modules: Vec<String> = gone
        .iter()
        .filter(|left_out| shared(&left_out.name))
        .map(|left_out| left_out.name.clone())
        .collect();
    for (name, paths) in &groups {
        let declared = modules.iter().find(|module| {
            let line = format!("mod {module};");
            let declares = |path: &String| text(files, path).contains(&line);
            paths.iter().any(declares)
        });
        if let Some(module) = declared
            && !gone.iter().any(|left_out| left_out.name == *name)
        {
            gone.push(LeftOut {
                name: name.clone(),
                reason: format!("uses {folder}/{module}, which is left out"),
            });
            gone_files.extend(paths.iter().map(String::as_str));
        }
    }
    files.retain(|path, _| !gone_files.contains(path.as_str()));
    gone.sort_by(|a, b| a.name.cmp(&b.name));
    gone
}

/// Why a file cannot be compiled in the package, if so.
pub(super) fn reason(files: &Files, path: &str, crates: &[String]) -> Option<String> {
    if !path.ends_with(".rs") {
        return None;
    }
    let text = text(files, path);
    let named = crates.iter().find(|name| names_crate(&text, name));
    if let Some(name) = named {
        return Some(format!("{path} uses {name}"));
    }
    let absent = read_files(&text, path)
        .into_iter()
        .find(|read| !files.contains_key(read));
    absent.map(|read| format!("{path} reads {read}, which is not in the package"))
}

/// The files of each target, by its name: `a.rs`, or everything in `a/`.
fn groups(files: &Files, folder: &str) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files.keys() {
        let Some(inside) = path.strip_prefix(folder).and_then(|p| p.strip_prefix('/')) else {
            continue;
        };
        let first = inside.split('/').next().unwrap_or(inside);
        let name = first.strip_suffix(".rs").unwrap_or(first);
        groups
            .entry(name.to_owned())
            .or_default()
            .push(path.clone());
    }
    groups
}

fn text<'a>(files: &'a Files, path: &str) -> std::borrow::Cow<'a, str> {
    String::from_utf8_lossy(files.get(path).map(Vec::as_slice).unwrap_or_default())
}

/// Whether Rust text uses a crate: `name::…`, `use name` or `extern crate name`. Comments count:
/// a documentation example compiles too.
fn names_crate(text: &str, package: &str) -> bool {
    let name = package.replace('-', "_");
    text.match_indices(name.as_str()).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let whole = !before.ends_with(word) && !after.starts_with(word);
        let imported = ["use", "use ::", "crate"]
            .iter()
            .any(|keyword| before.trim_end().ends_with(keyword));
        whole && (after.starts_with("::") || imported)
    })
}

/// What a file includes by a literal path, as paths in the package; `..` stays in those that leave it.
fn read_files(text: &str, path: &str) -> Vec<String> {
    let mut read = Vec::new();
    for opening in [
        "include_str!(\"",
        "include_bytes!(\"",
        "include!(\"",
        "#[path = \"",
    ] {
        for (at, _) in text.match_indices(opening) {
            let rest = text.get(at + opening.len()..).unwrap_or_default();
            if let Some((literal, _)) = rest.split_once('"') {
                read.push(resolve(path, literal));
            }
        }
    }
    read
}

fn resolve(from: &str, relative: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn targets_that_need_the_workspace_go_whole() {
        let mut files = files(&[
            ("examples/app.rs", "use axum::Router;"),
            ("tests/alone.rs", "use video_api::Client;"),
            ("tests/alone/data.json", "{}"),
            ("tests/big/main.rs", "mod part;"),
            ("tests/big/part.rs", "let s = the_server::Server::start();"),
            ("tests/reads.rs", "include_str!(\"../../spec/a.json\")"),
            (
                "tests/example.rs",
                "#[path = \"../examples/app.rs\"] mod app;",
            ),
            ("tests/helped.rs", "mod support;"),
            ("tests/support/mod.rs", "use the_server as server;"),
        ]);
        let gone = leave_out(&mut files, "tests", &["the-server".to_owned()]);
        let lines: Vec<String> = gone
            .iter()
            .map(|left_out| format!("{}: {}", left_out.name, left_out.reason))
            .collect();
        assert_eq!(
            lines,
            [
                "big: tests/big/part.rs uses the-server",
                "helped: uses tests/support, which is left out",
                "reads: tests/reads.rs reads ../spec/a.json, which is not in the package",
                "support: tests/support/mod.rs uses the-server",
            ]
        );
        let kept: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            kept,
            [
                "examples/app.rs",
                "tests/alone.rs",
                "tests/alone/data.json",
                "tests/example.rs"
            ]
        );
    }

    #[test]
    fn a_crate_is_named_by_use_and_by_path_only() {
        for text in [
            "codegen::x()",
            "use codegen;",
            "use ::codegen as c",
            "extern crate codegen;",
        ] {
            assert!(names_crate(text, "codegen"), "{text}");
        }
        for text in [
            "my_codegen::x()",
            "the codegen folder",
            "use codegen_tools;",
            "use super::a; // codegen",
        ] {
            assert!(!names_crate(text, "codegen"), "{text}");
        }
    }
}

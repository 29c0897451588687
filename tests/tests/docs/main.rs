//! The documentation as people read it: prose without slips, and every operation with its request,
//! an example and what it responds with.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, Type};

mod plain_english;
mod prose;
mod slips;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn generated() -> String {
    let json = fs::read(source("spec/video-api.json")).unwrap();
    let spec = codegen::Spec::from_slice(&json).unwrap();
    codegen::generate(&spec).unwrap().code
}

fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_operation_has_its_request_an_example_and_its_response() {
    let file = syn::parse_file(&generated()).unwrap();
    let mut items = file.items;
    let mut methods = Vec::new();
    while let Some(item) = items.pop() {
        match item {
            Item::Mod(module) => {
                items.extend(module.content.into_iter().flat_map(|(_, items)| items))
            }
            Item::Impl(block) => {
                let Type::Path(ty) = &*block.self_ty else {
                    continue;
                };
                let owner = ty.path.segments.last().unwrap().ident.to_string();
                if !matches!(owner.as_str(), "Client" | "Call") || block.trait_.is_some() {
                    continue;
                }
                methods.extend(block.items.into_iter().filter_map(|item| match item {
                    ImplItem::Fn(method) => Some((
                        format!("{owner}::{}", method.sig.ident),
                        docs(&method.attrs),
                    )),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    let of_client = methods
        .iter()
        .filter(|(name, _)| name.starts_with("Client::"));
    assert_eq!(of_client.count(), video_api::operations::ALL.len());
    for (name, docs) in &methods {
        let example = docs.split("```no_run").nth(1);
        let method = name.split("::").nth(1).unwrap();
        assert!(
            example.is_some_and(|code| code.contains(&format!(".{method}("))),
            "{name} has no example: {docs}"
        );
        for part in ["Responds with [`", "/api/v2/"] {
            assert!(
                docs.contains(part),
                "{part:?} is not in the docs of {name}: {docs}"
            );
        }
        let summary = docs.lines().next().unwrap().trim();
        assert!(
            summary.ends_with('.') && summary.len() < 100,
            "{name}: {summary}"
        );
    }
}

/// The rows of the tables in a Markdown text, as cells.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    rows.map(|row| {
        row.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect()
    })
    .collect()
}

/// The row whose first cell begins with these words.
fn row(markdown: &str, begins: &str) -> Vec<String> {
    let found = rows(markdown)
        .into_iter()
        .find(|row| row.first().is_some_and(|cell| cell.starts_with(begins)));
    found.unwrap_or_default()
}

#[test]
fn the_readmes_count_crates_and_cpu_as_the_benchmarks_do() {
    let read = |path: &str| fs::read_to_string(source(path)).unwrap();
    let benchmarks = read("BENCHMARKS.md");
    let building = benchmarks
        .split("<!-- cargo xtask bench building -->")
        .nth(1)
        .unwrap();
    let heading = row(building, "client");
    let column = |row: &[String], name: &str| {
        let place = heading.iter().position(|cell| cell == name).unwrap();
        row.get(place).cloned().unwrap_or_default()
    };
    let [ours, vendor] = ["video-api", "getstream"].map(|client| row(building, client));
    for readme in ["README.md", "video-api/README.md"] {
        let text = read(readme);
        for (begins, name) in [("crates compiled", "crates"), ("CPU of that build", "CPU")] {
            let said = row(&text, begins);
            assert_eq!(
                said.get(1),
                Some(&column(&ours, name)),
                "{readme}: {begins}"
            );
            let of_vendor = said.get(2).and_then(|cell| cell.split(':').next());
            assert_eq!(
                of_vendor,
                Some(column(&vendor, name).as_str()),
                "{readme}: {begins}"
            );
        }
    }
}

#[test]
fn every_amendment_has_a_number_that_contributing_explains() {
    let contributing = fs::read_to_string(source("CONTRIBUTING.md")).unwrap();
    let mut explained = BTreeSet::new();
    for row in rows(&contributing) {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let first = row.first().map(String::as_str).unwrap_or_default();
        match first.split_once(" to ") {
            Some((low, high)) => {
                explained.extend(number(low).unwrap_or(1)..=number(high).unwrap_or(0))
            }
            None => explained.extend(first.split(',').filter_map(number)),
        }
    }
    for entry in fs::read_dir(source("spec/amendments")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let number = name.split('-').next().unwrap().parse().unwrap();
        assert!(
            explained.contains(&number),
            "CONTRIBUTING does not explain {name}"
        );
    }
}

#[test]
fn the_lists_of_operations_by_topic_are_complete() {
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in video_api::operations::ALL {
        expected
            .entry(operation.tag)
            .or_default()
            .push(operation.name);
    }
    expected
        .values_mut()
        .for_each(|names| names.sort_unstable());
    for path in [
        "README.md",
        "video-api/README.md",
        "video-api/src/topics.md",
    ] {
        let text = fs::read_to_string(source(path)).unwrap();
        for (topic, names) in &expected {
            let listed = row(&text, topic).pop().unwrap_or_default();
            // Every other part is between backticks.
            let listed: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
            assert_eq!(&listed, names, "{path}: {topic}");
        }
    }
}

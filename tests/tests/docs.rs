//! The documentation as people read it: prose without slips, and every operation with its request,
//! an example and what it responds with.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta, Type};

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn generated() -> String {
    let json = fs::read(source("spec/video-api.json")).unwrap();
    let spec = codegen::Spec::from_slice(&json).unwrap();
    codegen::generate(&spec).unwrap().code
}

/// Doc comments of a Rust source, one text a comment.
fn doc_comments(rust: &str) -> Vec<String> {
    let mut comments = vec![String::new()];
    for line in rust.lines() {
        let line = line.trim_start();
        let text = line.strip_prefix("///").or(line.strip_prefix("//!"));
        match (text, comments.last_mut()) {
            (Some(text), Some(comment)) => {
                comment.push_str(text.strip_prefix(' ').unwrap_or(text));
                comment.push('\n');
            }
            (None, Some(comment)) if !comment.is_empty() => comments.push(String::new()),
            _ => {}
        }
    }
    comments
}

/// Paragraphs, list items and table rows of Markdown, without code, addresses and link targets.
fn paragraphs(markdown: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut in_code = false;
    for line in markdown.lines() {
        let line = line.trim();
        if line.starts_with("```") {
            in_code = !in_code;
        }
        let begins = line.is_empty() || line.starts_with(['-', '*', '|', '#', '>']);
        let is_numbered = line
            .split_once(". ")
            .is_some_and(|(n, _)| n.parse::<u8>().is_ok());
        if in_code || begins || is_numbered {
            paragraphs.push(String::new());
        }
        if !in_code && !line.starts_with("```") {
            let last = paragraphs.last_mut().unwrap();
            last.push_str(&plain(line));
            last.push(' ');
        }
    }
    paragraphs
}

/// A line with `X` in place of code and addresses.
fn plain(line: &str) -> String {
    let mut text = String::new();
    for (index, part) in line.split('`').enumerate() {
        text.push_str(if index % 2 == 0 { part } else { "X" });
    }
    let words = text.split(' ').map(|word| match word.contains("://") {
        true => "X",
        false => word.split("](").next().unwrap_or(word),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Finds doubled sentences and missing spaces in one paragraph.
fn slips(paragraph: &str) -> Vec<&'static str> {
    let mut slips = BTreeSet::new();
    let letters: Vec<char> = paragraph.chars().collect();
    for part in letters.windows(3) {
        if let [before, '.' | '!' | '?', after] = part
            && (before.is_lowercase() || matches!(before, ')' | 'X'))
            && after.is_uppercase()
        {
            slips.insert("a sentence begins without a space");
        }
    }
    for pair in ["..", ",,", ";;", " .", " ,", ". .", ":."] {
        if paragraph.replace("...", "…").contains(&format!("{pair} ")) {
            slips.insert("punctuation is doubled or stands alone");
        }
    }
    let mut seen = BTreeSet::new();
    for sentence in paragraph.to_lowercase().split(". ") {
        let sentence = sentence.trim_matches([' ', '.']);
        if sentence.len() > 3 && !seen.insert(sentence.to_owned()) {
            slips.insert("a sentence is repeated");
        }
    }
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    for pair in words.windows(2) {
        if let [one, other] = pair
            && one == other
            && one.chars().all(char::is_lowercase)
        {
            slips.insert("a word is repeated");
        }
    }
    slips.into_iter().collect()
}

/// Returns whether a field's own text says a limit that the generator then adds in its words.
fn says_a_limit_twice(paragraph: &str) -> bool {
    const NUMBERS: [&str; 5] = ["one", "two", "three", "four", "five"];
    let paragraph = paragraph.to_lowercase();
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.map(str::to_owned).collect()
    };
    ["at most ", "at least ", "exactly ", "from "]
        .iter()
        .any(|limit| {
            let Some((before, after)) = paragraph.rsplit_once(&format!(". {limit}")) else {
                return false;
            };
            let added = words(after);
            let said = words(before);
            (1..).zip(NUMBERS).any(|(number, word)| {
                let number = number.to_string();
                added.contains(&number)
                    && (said.contains(&number) || said.iter().any(|w| w == word))
            })
        })
}

#[test]
fn slips_are_found() {
    for (text, slip) in [
        ("At most 100. At most 100.", "a sentence is repeated"),
        (
            "Lists calls.Returns a page.",
            "a sentence begins without a space",
        ),
        (
            "Sets `limit`.Returns a page.",
            "a sentence begins without a space",
        ),
        (
            "The page size.. Optional.",
            "punctuation is doubled or stands alone",
        ),
        ("Id of the the call.", "a word is repeated"),
    ] {
        let found: Vec<&str> = paragraphs(text).iter().flat_map(|p| slips(p)).collect();
        assert!(found.contains(&slip), "{text}: {found:?}");
    }
    assert!(says_a_limit_twice("Layers, at least one. At least 1 item."));
    assert!(says_a_limit_twice("Up to 2 keys. At most 2 items."));
    assert!(!says_a_limit_twice("Users of one call. At most 100 items."));
    let fine = "Use `a.B` (see [`x`](y.html)). At most 5 items... e.g. those of https://a.b/C.D.";
    assert_eq!(paragraphs(fine).iter().flat_map(|p| slips(p)).next(), None);
}

#[test]
fn the_documentation_has_no_slips() {
    let mut texts: Vec<(String, String)> = doc_comments(&generated())
        .into_iter()
        .map(|text| ("generated".to_owned(), text))
        .collect();
    let mut folders = vec![source("video-api/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let name = path.display().to_string();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("md") => texts.push((name, text)),
                _ => {
                    // Rustdoc puts such a comment in front of the documentation of what is re-exported.
                    let glued = text
                        .lines()
                        .zip(text.lines().skip(1))
                        .find(|(comment, item)| {
                            comment.starts_with("///") && item.starts_with("pub use")
                        });
                    assert_eq!(glued, None, "{name}");
                    texts.extend(doc_comments(&text).into_iter().map(|t| (name.clone(), t)));
                }
            }
        }
    }
    for readme in [
        "README.md",
        "video-api/README.md",
        "video-api/cli/README.md",
        "tests/server/README.md",
    ] {
        texts.push((
            readme.to_owned(),
            fs::read_to_string(source(readme)).unwrap(),
        ));
    }
    assert!(texts.len() > 3000, "{} texts", texts.len());
    let mut found = Vec::new();
    for (name, text) in &texts {
        for paragraph in paragraphs(text) {
            let twice = name == "generated" && says_a_limit_twice(&paragraph);
            let limit = twice.then_some("a limit is said twice");
            for slip in slips(&paragraph).into_iter().chain(limit) {
                found.push(format!("{name}: {slip}: {paragraph}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
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

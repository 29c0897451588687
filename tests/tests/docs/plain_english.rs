//! Doc comments and messages that have to be read once.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::prose::doc_comments;
use crate::source;

/// First words of a clause that stands where the noun should.
const OPENINGS: [&str; 7] = [
    "What", "Whatever", "Who", "Whoever", "Whose", "Where", "Whether",
];

/// Finds a turn of phrase that makes a riddle of the text.
fn riddle(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(first) = words.first().filter(|word| OPENINGS.contains(word)) {
        return Some(format!("opens with {first:?}"));
    }
    if words.windows(2).any(|pair| pair == ["that", "which"]) {
        return Some("\"that which\"".to_owned());
    }
    words.iter().enumerate().find_map(|(place, verb)| {
        let before = place.checked_sub(1).and_then(|place| words.get(place));
        let before = before.copied().unwrap_or_default();
        match words.get(place + 1..) {
            // "There is no such call" and "is no longer sent" are how it is said.
            Some(["no", after, ..])
                if ["is", "are"].contains(verb)
                    && !before.eq_ignore_ascii_case("there")
                    && *after != "longer" =>
            {
                Some(format!("\"{before} {verb} no {after}\""))
            }
            _ => None,
        }
    })
}

/// The string literals of a line of code, as far as they begin and end in it.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

/// Riddles in the doc comments and string literals of a Rust source, without its tests.
fn riddles(rust: &str) -> Vec<String> {
    let code = rust
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(rust);
    let comments = doc_comments(code);
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let texts = comments
        .iter()
        .map(String::as_str)
        .chain(lines.flat_map(literals));
    texts
        .filter_map(|text| Some(format!("{}: {}", riddle(text)?, text.trim())))
        .collect()
}

/// Returns true for tests among the sources, and for generated text.
fn is_skipped(path: &Path) -> bool {
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    stem == "tests" || stem == "fixtures" || stem.ends_with("_tests")
}

fn sources(folder: PathBuf, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if is_skipped(&path) {
            continue;
        }
        if path.is_dir() {
            sources(path, found);
        } else if path.extension() == Some(OsStr::new("rs")) {
            found.push(path);
        }
    }
}

#[test]
fn riddles_are_found() {
    for (rust, riddle) in [
        (
            "/// Whether it rings.\nring: bool,",
            "opens with \"Whether\"",
        ),
        ("//! What is known about it.", "opens with \"What\""),
        ("/// Words that are no names.", "\"that are no names.\""),
        (
            "/// A value that is no\n/// object.",
            "\"that is no object.\"",
        ),
        ("/// Returns that which was sent first.", "\"that which\""),
        (
            "/// Returns that which\n/// was sent first.",
            "\"that which\"",
        ),
        (
            "fail(\"the body is no JSON at all\")",
            "\"body is no JSON\"",
        ),
        ("fail(\"Where it should be\", 1)", "opens with \"Where\""),
    ] {
        let found = riddles(rust);
        assert!(
            found.iter().any(|text| text.starts_with(riddle)),
            "{rust}: {found:?}"
        );
    }
    for fine in [
        "/// `true` if it rings, whether or not anybody is there.",
        "fail(\"there is no call of this id; it is no longer kept\")",
        "// What a plain comment says is between maintainers.",
        "#[cfg(test)]\nmod tests {\n    \"What tests say\"\n}",
    ] {
        assert_eq!(riddles(fine), [""; 0], "{fine}");
    }
}

#[test]
fn comments_and_messages_are_in_plain_english() {
    let mut files = Vec::new();
    for folder in [
        "video-api/src",
        "video-api/cli/src",
        "video-api/cli/build",
        "codegen/src",
        "codegen/document/src",
        "xtask/src",
        "xtask/diff/src",
        "codegen/tests",
        "tests/server/src",
        "tests/server/tests",
        "tests/server/benches",
        "tests/src",
        "tests/benches",
        "xtask/diff/tests",
        "video-api/tests",
        "video-api/examples",
        "video-api/fuzz/fuzz_targets",
    ] {
        sources(source(folder), &mut files);
    }
    assert!(files.len() > 400, "{} files", files.len());
    let found = files.iter().flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        let found = riddles(&text);
        found
            .into_iter()
            .map(move |riddle| format!("{}: {riddle}", path.display()))
    });
    let found: Vec<String> = found.collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

//! Doubled words, sentences and punctuation.

use std::collections::BTreeSet;
use std::fs;

use crate::prose::{doc_comments, paragraphs};
use crate::{generated, source};

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

//! Prose in Rust sources and Markdown.

/// Doc comments of a Rust source, one text a comment.
pub(crate) fn doc_comments(rust: &str) -> Vec<String> {
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
pub(crate) fn paragraphs(markdown: &str) -> Vec<String> {
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

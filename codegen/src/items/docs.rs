//! Documentation texts: the spec's words, plus the limits it sets.

use serde_json::Value;

use super::html;
use super::inline::{code, inline};
use super::limits::limits;
use crate::schema;

/// Prose from a spec as rustdoc text. Paragraphs, lists, headings, tables and code stay what they
/// are; nothing in it is taken for HTML, for a link into this crate or for a test.
pub(crate) fn prose(text: &str) -> String {
    let mut blocks = Blocks::default();
    let text = html::markdown(text);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(fence) = ["```", "~~~"].into_iter().find(|f| trimmed.starts_with(f)) {
            let code = lines.by_ref().take_while(|l| !l.trim().starts_with(fence));
            blocks.code(code.map(str::trim_end));
        } else if trimmed.starts_with('|') {
            let mut table = vec![trimmed];
            while let Some(row) = lines.next_if(|next| next.trim_start().starts_with('|')) {
                table.push(row.trim());
            }
            blocks.code(table.into_iter());
        } else if trimmed.is_empty() || is_rule(trimmed) {
            blocks.end();
        } else if let Some(heading) = heading(trimmed) {
            blocks.end();
            blocks.begin(&format!("**{}**", inline(heading)));
            blocks.end();
        } else if let Some((marker, item)) = list_item(trimmed) {
            let indent = line.len() - line.trim_start().len();
            blocks.item(indent, marker, &inline(item));
        } else {
            blocks.add(&inline(trimmed));
        }
    }
    blocks.text
}

/// Markdown being put together block by block.
#[derive(Default)]
struct Blocks {
    text: String,
    /// The next line continues the last block.
    open: bool,
    /// Indents of the items that are open, the outermost first.
    items: Vec<usize>,
}

impl Blocks {
    fn end(&mut self) {
        self.open = false;
        self.items.clear();
    }

    fn begin(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(line);
        self.open = true;
    }

    fn add(&mut self, line: &str) {
        match self.open {
            true => self.text.extend([" ", line]),
            false => self.begin(line),
        }
    }

    fn item(&mut self, indent: usize, marker: &str, item: &str) {
        let is_first = self.items.is_empty();
        self.items.retain(|outer| *outer < indent);
        let line = format!("{}{marker} {item}", "    ".repeat(self.items.len()));
        match is_first {
            true => self.begin(&line),
            false => self.text.extend(["\n", &line]),
        }
        self.open = true;
        self.items.push(indent);
    }

    fn code<'a>(&mut self, lines: impl Iterator<Item = &'a str>) {
        self.end();
        self.begin("```text");
        for line in lines {
            self.text.extend(["\n", &line.replace('`', "'")]);
        }
        self.text.push_str("\n```");
        self.end();
    }
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars();
    let first = marks.next();
    line.len() > 2
        && matches!(first, Some('-' | '=' | '*' | '_'))
        && marks.all(|c| Some(c) == first)
}

fn heading(line: &str) -> Option<&str> {
    let words = line.trim_start_matches('#');
    let is_heading = words.len() < line.len() && words.starts_with(' ');
    is_heading.then(|| words.trim().trim_end_matches('#').trim_end())
}

/// The marker of a list item and what follows it.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let (marker, item) = line.split_once(' ')?;
    let number = marker.strip_suffix(['.', ')']);
    let is_number =
        number.is_some_and(|n| (1..=3).contains(&n.len()) && n.chars().all(|c| c.is_ascii_digit()));
    match marker {
        "-" | "*" | "+" | "•" => Some(("-", item.trim())),
        _ if is_number => Some((marker, item.trim())),
        _ => None,
    }
}

/// The first paragraph, for where there is room for no more.
pub(crate) fn first_paragraph(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The text of a field or parameter: its description, or its name where none is given, and limits.
pub(crate) fn field(name: &str, schema: &Value, description: &str) -> String {
    let mut text = if description.is_empty() {
        format!("{}.", code(name))
    } else {
        prose(description)
    };
    let said: Vec<&str> = numbers(description).collect();
    let mut limits = limits(schema);
    limits.retain(|limit| {
        // A pattern and what values mean are more than numbers.
        let is_pattern = limit.starts_with("Matches ") || limit.contains(": matches ");
        if is_pattern || limit.contains('(') {
            return true;
        }
        // The description may say it in its own words; nothing is below 0 anyway.
        let mut numbers = numbers(limit).filter(|number| *number != "0").peekable();
        !(numbers.peek().is_some() && numbers.all(|number| said.contains(&number)))
    });
    if !limits.is_empty() {
        // After a list or code, a sentence needs a paragraph of its own.
        text.push_str(if text.contains('\n') { "\n\n" } else { " " });
        text.push_str(&limits.join(" "));
    }
    text
}

/// The words of a text that are numbers.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The description of a schema.
pub(crate) fn description(json: &Value) -> String {
    schema::text(json, "description")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prose_cannot_become_markup() {
        assert_eq!(
            prose("The cid (<type>:<id>) of [it]"),
            r"The cid (\<type\>:\<id\>) of \[it\]"
        );
        assert_eq!(prose("Use `a_b<T>` here"), "Use `a_b<T>` here");
        assert_eq!(
            prose("See https://example.com/a_b."),
            "See <https://example.com/a_b>."
        );
        assert_eq!(prose("two\n lines"), "two lines");
    }

    #[test]
    fn paragraphs_lists_headings_tables_and_code_stay_what_they_are() {
        assert_eq!(prose("One.\n\nTwo\nmore."), "One.\n\nTwo more.");
        assert_eq!(
            prose("Any of:\n* `fast`: quick\n* `slow`:\n  not [so]\n\n1. first\n2. second"),
            "Any of:\n\n- `fast`: quick\n- `slow`: not \\[so\\]\n\n1. first\n2. second"
        );
        assert_eq!(
            prose("- a\n  * b\n    still b\n      1. c\n  * d\n- e"),
            "- a\n    - b still b\n        1. c\n    - d\n- e"
        );
        assert_eq!(
            prose("<p>One of<ul><li><b>a</b><li>b <x></ul>"),
            "One of\n\n- **a**\n- b \\<x\\>"
        );
        assert_eq!(prose("### Heading ###\ntext\n---"), "**Heading**\n\ntext");
        assert_eq!(
            prose("See\n```rust\npanic!(\"<b>\");\n```\nend"),
            "See\n\n```text\npanic!(\"<b>\");\n```\n\nend"
        );
        assert_eq!(prose("```\nnever closed"), "```text\nnever closed\n```");
        assert_eq!(
            prose("| a | b |\n|---|---|"),
            "```text\n| a | b |\n|---|---|\n```"
        );
    }

    #[test]
    fn limits_become_sentences() {
        let schema = json!({"minimum": 0, "maximum": 100, "default": 25});
        assert_eq!(
            field("limit", &schema, "Page size."),
            "Page size. From 0 to 100. The server's default is `25`."
        );
        assert_eq!(
            field("x", &json!({"maxLength": 64}), ""),
            "`x`. At most 64 characters."
        );
        assert_eq!(
            field(
                "limit",
                &json!({"minimum": 1, "maximum": 100}),
                "From 1 to 100 items."
            ),
            "From 1 to 100 items."
        );
        assert_eq!(
            field(
                "limit",
                &json!({"minimum": 0, "maximum": 100}),
                "At most 100, or 0."
            ),
            "At most 100, or 0."
        );
        assert_eq!(
            field(
                "ids",
                &json!({"items": {"pattern": "^[0-9]{3}$"}}),
                "Of 3 to 9 digits."
            ),
            "Of 3 to 9 digits. Each item: matches `^[0-9]{3}$`."
        );
        assert_eq!(
            field("ring", &json!({"default": true}), "Whether to ring."),
            "Whether to ring. The server's default is `true`."
        );
    }
}

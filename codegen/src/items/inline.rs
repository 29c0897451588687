//! One line of prose as Markdown that rustdoc shows as it was meant.

/// Escapes what Markdown and rustdoc would take for more than words. Code, bold words and links to
/// addresses of the web stay.
pub(super) fn inline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = Escaped::default();
    out.text(&words.join(" "));
    out.markdown
}

/// Text as code on one line, between more backticks than it has in a row.
pub(crate) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let runs = text.split(|letter| letter != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default() + 1);
    // Without the space, a fence around nothing would open another one.
    match text.is_empty() || text.contains('`') {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

#[derive(Default)]
struct Escaped {
    markdown: String,
    in_bold: bool,
}

impl Escaped {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        let mut at_word = true;
        while let Some(character) = rest.chars().next() {
            let taken = match character {
                '`' => self.code(rest),
                '\\' => self.escape(rest),
                '[' => self.link(rest),
                '<' => self.enclosed_address(rest),
                'h' if at_word => self.bare_address(rest),
                '*' => self.bold(rest),
                _ => 0,
            };
            rest = match taken {
                0 => {
                    let next = rest.get(character.len_utf8()..).unwrap_or_default();
                    self.character(character, next);
                    next
                }
                taken => rest.get(taken..).unwrap_or_default(),
            };
            at_word = matches!(character, ' ' | '(');
        }
    }

    fn character(&mut self, character: char, next: &str) {
        match character {
            '<' | '>' | '[' | ']' | '*' | '_' | '#' | '`' => self.markdown.push('\\'),
            // An image would be fetched by whoever reads the page.
            '!' if next.starts_with('[') => self.markdown.push('\\'),
            _ => {}
        }
        self.markdown.push(character);
    }

    /// Code, up to as many backticks as it starts with. A single one that nothing closes goes on to
    /// the end; more of them are text.
    fn code(&mut self, text: &str) -> usize {
        let inside = text.trim_start_matches('`');
        let fence = text.len() - inside.len();
        match (end_of_code(inside, fence), fence) {
            (Some(end), _) => {
                let inside = inside.get(..end).unwrap_or_default();
                self.markdown.push_str(&code(inside));
                fence + end + fence
            }
            (None, 1) if !inside.is_empty() => {
                self.markdown.push_str(&code(inside));
                text.len()
            }
            (None, _) => {
                self.markdown.push_str(&"\\`".repeat(fence));
                fence
            }
        }
    }

    /// A mark that the text escapes itself.
    fn escape(&mut self, text: &str) -> usize {
        let escaped = text.get(.."\\_".len());
        match escaped.filter(|pair| pair.ends_with(|c: char| c.is_ascii_punctuation())) {
            Some(pair) => {
                self.markdown.push_str(pair);
                pair.len()
            }
            None => 0,
        }
    }

    /// `[label](https://…)`; returns how much was taken, as the other methods.
    fn link(&mut self, text: &str) -> usize {
        let parts = text.strip_prefix('[').and_then(|rest| {
            let label = rest.split(['[', ']', '`']).next()?;
            let rest = rest.strip_prefix(label)?.strip_prefix("](")?;
            let (target, _) = rest.split_once(')')?;
            Some((label, target))
        });
        let Some((label, target)) = parts else {
            return 0;
        };
        if !is_address(target) {
            return 0;
        }
        let mut inner = Self::default();
        inner.text(label);
        let label_text = &inner.markdown;
        self.markdown.extend(["[", label_text, "](<", target, ">)"]);
        "[](".len() + label.len() + target.len() + ")".len()
    }

    /// `<https://…>`
    fn enclosed_address(&mut self, text: &str) -> usize {
        let inside = text.strip_prefix('<').and_then(|rest| {
            let target = rest.split(['<', '>']).next()?;
            rest.strip_prefix(target)?
                .starts_with('>')
                .then_some(target)
        });
        match inside {
            Some(target) if is_address(target) => {
                self.markdown.extend(["<", target, ">"]);
                target.len() + "<>".len()
            }
            _ => 0,
        }
    }

    /// A bare address is a lint of rustdoc; between angle brackets it is a link.
    fn bare_address(&mut self, text: &str) -> usize {
        let word = text.split(' ').next().unwrap_or_default();
        let target = word
            .split(['<', '>', '`', '\\', '"'])
            .next()
            .unwrap_or_default();
        let target = target.trim_end_matches(['.', ',', ')', ':', ';', '!', '?', '\'', '*', ']']);
        if !is_address(target) {
            return 0;
        }
        self.markdown.extend(["<", target, ">"]);
        target.len()
    }

    /// `**`, where another one closes it.
    fn bold(&mut self, text: &str) -> usize {
        let Some(rest) = text.strip_prefix("**") else {
            return 0;
        };
        if !self.in_bold && !rest.contains("**") {
            return 0;
        }
        self.in_bold = !self.in_bold;
        self.markdown.push_str("**");
        "**".len()
    }
}

/// Finds the first run of exactly so many backticks.
fn end_of_code(text: &str, fence: usize) -> Option<usize> {
    let mut end = 0;
    for run in text.split_inclusive(|letter| letter != '`') {
        if run.len() - run.trim_start_matches('`').len() == fence {
            return Some(end);
        }
        end += run.len();
    }
    None
}

/// Returns true for an address of the web that cannot end the Markdown around it.
fn is_address(target: &str) -> bool {
    let name = target
        .strip_prefix("https://")
        .or_else(|| target.strip_prefix("http://"));
    name.is_some_and(|name| !name.is_empty())
        && !target.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn words_cannot_become_markup() {
        for (text, markdown) in [
            (
                "The cid (<type>:<id>) of [it]",
                r"The cid (\<type\>:\<id\>) of \[it\]",
            ),
            ("Use `a_b<T>` here", "Use `a_b<T>` here"),
            ("never `closed <T>", "never `closed <T>`"),
            ("a_b * c # d", r"a\_b \* c \# d"),
            (
                "[`Vec`] and [x](crate::Client)",
                r"\[`Vec`\] and \[x\](crate::Client)",
            ),
            ("[x](javascript:alert())", r"\[x\](javascript:alert())"),
            ("a ``` <b>", r"a \`\`\` \<b\>"),
            ("`` ` <b> ``", "`` ` <b> ``"),
            ("`` ` <b>", r"\`\` `<b>`"),
            (r"a\_b \[c\] \<d>", r"a\_b \[c\] \<d\>"),
            (r"\\[c]", r"\\\[c\]"),
            (r"C:\dir", r"C:\dir"),
            ("two  **stars", r"two \*\*stars"),
        ] {
            assert_eq!(inline(text), markdown);
        }
    }

    #[test]
    fn links_and_bold_words_stay() {
        for (text, markdown) in [
            (
                "See https://example.com/a_b.",
                "See <https://example.com/a_b>.",
            ),
            ("(http://a.b/c)", "(<http://a.b/c>)"),
            ("<https://a.b>", "<https://a.b>"),
            (
                "\"[The <docs>](https://a.b/c#d).\"",
                r#""[The \<docs\>](<https://a.b/c#d>).""#,
            ),
            ("![pixel](https://a.b/c)", r"\![pixel](<https://a.b/c>)"),
            ("**not** `**code**`", "**not** `**code**`"),
            ("[a](https://a.b> <b>)", r"\[a\](<https://a.b>\> \<b\>)"),
        ] {
            assert_eq!(inline(text), markdown);
        }
    }
}

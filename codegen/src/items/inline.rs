//! One line of prose as Markdown that rustdoc shows as it was meant.

/// Escapes what Markdown and rustdoc would take for more than words. Code, bold words and links to
/// addresses of the web stay.
pub(super) fn inline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut out = Escaped::default();
    out.text(&words.join(" "));
    if out.in_code {
        out.markdown.push('`');
    }
    out.markdown
}

#[derive(Default)]
struct Escaped {
    markdown: String,
    in_code: bool,
    in_bold: bool,
}

impl Escaped {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        let mut at_word = true;
        while let Some(character) = rest.chars().next() {
            let taken = match character {
                _ if self.in_code && character != '`' => 0,
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
            '`' => self.in_code = !self.in_code,
            '<' | '>' | '[' | ']' | '*' | '_' | '#' if !self.in_code => self.markdown.push('\\'),
            // An image would be fetched by whoever reads the page.
            '!' if next.starts_with('[') && !self.in_code => self.markdown.push('\\'),
            _ => {}
        }
        self.markdown.push(character);
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
            let (label, rest) = rest.split_once("](")?;
            let (target, _) = rest.split_once(')')?;
            Some((label, target))
        });
        let Some((label, target)) = parts else {
            return 0;
        };
        if !is_address(target) || label.contains(['[', ']', '`']) {
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
        let inside = text.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        match inside {
            Some((target, _)) if is_address(target) => {
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

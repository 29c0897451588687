//! The few elements of HTML that descriptions are written with, as Markdown. Whatever else stands
//! between angle brackets stays text, which is escaped later.

/// Replaces known elements outside of code.
pub(super) fn markdown(text: &str) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut in_fence = false;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            in_fence = !in_fence;
            out.push_str(line);
        } else if in_fence {
            out.push_str(line);
        } else {
            replace(line, &mut out);
        }
    }
    out
}

fn replace(line: &str, out: &mut String) {
    let mut rest = line;
    let mut in_code = false;
    let in_table = line.trim_start().starts_with('|');
    // Addresses of links that are open.
    let mut links: Vec<Option<&str>> = Vec::new();
    while let Some(character) = rest.chars().next() {
        let tag = (character == '<' && !in_code).then(|| Tag::read(rest));
        if let Some(Some(tag)) = tag
            && tag.write(out, &mut links, in_table)
        {
            rest = rest.get(tag.length..).unwrap_or_default();
            continue;
        }
        in_code ^= character == '`';
        out.push(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
}

struct Tag<'a> {
    name: String,
    is_end: bool,
    attributes: &'a str,
    length: usize,
}

impl<'a> Tag<'a> {
    /// Reads `<name …>`, `</name>` or `<name/>`.
    fn read(text: &'a str) -> Option<Self> {
        let inside = text.strip_prefix('<')?;
        let end = inside.find(['<', '>'])?;
        let (inside, rest) = inside.split_at_checked(end)?;
        if !rest.starts_with('>') {
            return None;
        }
        let length = inside.len() + "<>".len();
        let is_end = inside.starts_with('/');
        let inside = inside.trim_start_matches('/');
        let inside = inside.trim_end_matches('/').trim_end();
        let (name, attributes) = inside
            .split_once(char::is_whitespace)
            .unwrap_or((inside, ""));
        Some(Self {
            name: name.to_ascii_lowercase(),
            is_end,
            attributes,
            length,
        })
    }

    /// Writes what stands for the element; returns false for one that is not known. A row of a
    /// table stays one line.
    fn write(&self, out: &mut String, links: &mut Vec<Option<&'a str>>, in_table: bool) -> bool {
        let markdown = match (self.name.as_str(), self.is_end) {
            ("p" | "div" | "br" | "ul" | "ol" | "table" | "tr" | "hr", _) => "\n\n",
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) => "\n\n# ",
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", true) => "\n\n",
            ("li", false) => "\n- ",
            ("li" | "td" | "th", true) => " ",
            ("b" | "strong", _) => "**",
            ("code" | "tt", _) => "`",
            (
                "td" | "th" | "tbody" | "thead" | "span" | "i" | "em" | "u" | "small" | "sup"
                | "sub",
                _,
            ) => "",
            ("a", false) => {
                let address = self.href();
                links.push(address);
                address.map_or("", |_| "[")
            }
            ("a", true) => {
                if let Some(Some(address)) = links.pop() {
                    out.extend(["](", address, ")"]);
                }
                ""
            }
            _ => return false,
        };
        let is_broken = in_table && markdown.starts_with('\n');
        out.push_str(if is_broken { " " } else { markdown });
        true
    }

    /// The address of a link into the web.
    fn href(&self) -> Option<&'a str> {
        let (_, value) = self.attributes.split_once("href=")?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let address = value.get(1..)?.split(quote).next()?;
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        is_web.then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_elements_become_markdown_and_others_stay() {
        for (html, text) in [
            ("One<br/>two<BR>three", "One\n\ntwo\n\nthree"),
            ("<ul><li>a</li><li>b</li></ul>", "\n\n\n- a \n- b \n\n"),
            ("<b>bold</b> <code>x < y</code>", "**bold** `x < y`"),
            (
                "See <a class='c' href=\"https://a.b/c\">the docs</a>.",
                "See [the docs](https://a.b/c).",
            ),
            ("<a href=\"javascript:x()\">no</a>", "no"),
            ("<h2>Head</h2>", "\n\n# Head\n\n"),
            (
                "<branch> and `<b>` and <script>x</script>",
                "<branch> and `<b>` and <script>x</script>",
            ),
            ("```\n<p>\n```\n<p>", "```\n<p>\n```\n\n\n"),
            ("| a<br>b |\n", "| a b |\n"),
            ("a < b, never > closed <p", "a < b, never > closed <p"),
        ] {
            assert_eq!(markdown(html), text);
        }
    }
}

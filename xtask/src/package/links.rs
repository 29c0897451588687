//! Links of a README that lead out of the package.

/// `text` in which a relative link to something that is not `there` is only its words. Code blocks
/// stay as they are.
pub(super) fn within(text: &str, there: impl Fn(&str) -> bool) -> String {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        lines.push(if in_code || fence {
            line.to_owned()
        } else {
            within_line(line, &there)
        });
    }
    lines.join("\n")
}

fn within_line(line: &str, there: impl Fn(&str) -> bool) -> String {
    let mut done = String::new();
    let mut rest = line;
    while let Some((before, words, target, after)) = next_link(rest) {
        done.push_str(before);
        let path = target.split(['#', ' ']).next().unwrap_or(target);
        let outside = !path.is_empty() && !path.contains(':') && !there(path);
        if outside {
            done.push_str(words);
        } else {
            done.push_str(&format!("[{words}]({target})"));
        }
        rest = after;
    }
    done + rest
}

/// The first `[words](target)`: what is before it, its parts, and what comes after.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (until, rest) = text.split_once("](")?;
    let (before, words) = until.rsplit_once('[')?;
    let (target, after) = rest.split_once(')')?;
    Some((before, words, target, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_out_of_the_package_become_words() {
        let text = "See [`spec/`](spec/README.md), [log](CHANGELOG.md#new), [site](https://a.example/x) and [up](#top).\n\
                    ```rust\nlet a = [b](c);\n```\nEnd ([x](gone.md))";
        assert_eq!(
            within(text, |path| path == "CHANGELOG.md"),
            "See `spec/`, [log](CHANGELOG.md#new), [site](https://a.example/x) and [up](#top).\n\
             ```rust\nlet a = [b](c);\n```\nEnd (x)"
        );
    }
}

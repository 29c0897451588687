//! The README of the package: that of the workspace, without what needs the repository.

const BEGIN: &str = "<!-- repository only -->";
const END: &str = "<!-- end of repository only -->";

/// `text` without what stands between lines of these markers.
pub(super) fn of_package(text: &str) -> Result<String, String> {
    let mut kept = Vec::new();
    let (mut inside, mut ended) = (false, false);
    for line in text.split('\n') {
        match line.trim() {
            BEGIN if !inside => inside = true,
            END if inside => (inside, ended) = (false, true),
            BEGIN | END => return Err(format!("README.md: {line} where the other marker belongs")),
            _ if inside => {}
            // A blank line before a part that is left out, and one after it, are one.
            "" if ended && kept.last() == Some(&"") => {}
            _ => {
                ended = false;
                kept.push(line);
            }
        }
    }
    if inside {
        return Err(format!("README.md: {BEGIN} without {END}"));
    }
    Ok(kept.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_parts_are_left_out() {
        let text = format!(
            "a\n\n\nb\n\n{BEGIN}\n## Here\n\nb\n{END}\n\nc\n- d\n{BEGIN}\n- e\n{END}\n- f\n"
        );
        assert_eq!(of_package(&text).unwrap(), "a\n\n\nb\n\nc\n- d\n- f\n");
    }

    #[test]
    fn markers_that_do_not_match_are_an_error() {
        for text in [
            BEGIN.to_owned(),
            format!("a\n{END}"),
            format!("{BEGIN}\n{BEGIN}\n{END}"),
        ] {
            assert!(of_package(&text).is_err(), "{text}");
        }
    }
}

//! The block of spec/README.md that the tool writes.

const BEGIN: &str = "<!-- counts: begin -->";
const END: &str = "<!-- counts: end -->";

/// `text` with `table` between the markers.
pub(super) fn with_counts(text: &str, table: &str) -> Result<String, String> {
    let parts = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        return Err(format!("spec/README.md: no {BEGIN} followed by {END}"));
    };
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_block_is_replaced() {
        let text = format!("# Spec\n\n{BEGIN}\nold\n{END}\n\nafter\n");
        let once = with_counts(&text, "| new |\n").unwrap();
        assert_eq!(
            once,
            format!("# Spec\n\n{BEGIN}\n| new |\n{END}\n\nafter\n")
        );
        assert_eq!(with_counts(&once, "| new |\n").unwrap(), once);
    }

    #[test]
    fn missing_markers_are_an_error() {
        for text in ["", BEGIN, END, &format!("{END} {BEGIN}")] {
            assert!(with_counts(text, "x").is_err(), "{text:?}");
        }
    }
}

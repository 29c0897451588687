//! Field lists of operations, where each description is glued to the next field's name:
//! `limit(int): how manynext(string)`.

use std::collections::BTreeSet;

use super::error::{PageError, Parsed};
use super::lines::Line;
use super::model::{Field, Shape, is_field_name, is_name_char};

/// Splits a glued list. `shown` are the names that the operation's examples use: only they can
/// tell where a description ends, so a glued name that no example shows is an error.
pub(crate) fn split(line: Line<'_>, shown: &BTreeSet<String>) -> Parsed<Vec<Field>> {
    let mut fields: Vec<Field> = Vec::new();
    let mut rest = line.text;
    while !rest.is_empty() {
        let (field, after) = field(line, rest)?;
        if fields.iter().any(|known| known.name == field.name) {
            return Err(PageError::new(
                line.number,
                format!("field `{}` is listed twice", field.name),
            ));
        }
        fields.push(field);
        rest = match after.strip_prefix(": ") {
            Some(description) => next_field(line, description, shown)?,
            None => after,
        };
    }
    if let Some(lost) = shown
        .iter()
        .find(|name| fields.iter().all(|field| field.name != **name))
    {
        return Err(PageError::new(
            line.number,
            format!("the examples use `{lost}`, which this list does not have"),
        ));
    }
    Ok(fields)
}

/// Reads `name(type)` and ` (required)` from the front; gives back what follows.
fn field<'a>(line: Line<'_>, text: &'a str) -> Parsed<(Field, &'a str)> {
    let unknown = || Line { text, ..line }.unexpected("a field such as `name(type)`");
    let (name, rest) = text.split_once('(').ok_or_else(unknown)?;
    let (shape, rest) = rest.split_once(')').ok_or_else(unknown)?;
    if !is_field_name(name) {
        return Err(unknown());
    }
    let shape = Shape::of_parameter(shape).ok_or_else(unknown)?;
    let (required, rest) = match rest.strip_prefix(" (required)") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let field = Field {
        name: name.to_owned(),
        shape,
        required: Some(required),
    };
    Ok((field, rest))
}

/// Finds the field that is glued to the end of `description`; empty when there is none.
fn next_field<'a>(
    line: Line<'_>,
    description: &'a str,
    shown: &BTreeSet<String>,
) -> Parsed<&'a str> {
    for (open, _) in description.match_indices('(') {
        let (before, from) = description.split_at(open);
        let words = before.trim_end_matches(is_name_char);
        let run = before.strip_prefix(words).unwrap_or_default();
        let typed = from
            .strip_prefix('(')
            .and_then(|from| from.split_once(')'))
            .is_some_and(|(shape, _)| Shape::of_parameter(shape).is_some());
        if run.is_empty() || !typed {
            continue;
        }
        let longest = shown
            .iter()
            .filter(|name| run.ends_with(name.as_str()))
            .max_by_key(|name| name.len());
        // After a space it would be a name that the prose mentions, not one glued to its end.
        let glued = longest.filter(|name| name.len() < run.len() || !words.ends_with(' '));
        let Some(name) = glued else {
            return Err(PageError::new(
                line.number,
                format!(
                    "cannot tell whether `{run}(…)` ends in a field: no example shows its name"
                ),
            ));
        };
        return Ok(description.get(open - name.len()..).unwrap_or(description));
    }
    Ok("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str, shown: &[&str]) -> Parsed<Vec<String>> {
        let shown = shown.iter().map(|&name| name.to_owned()).collect();
        let fields = split(Line { number: 7, text }, &shown)?;
        Ok(fields
            .into_iter()
            .map(
                |Field {
                     name,
                     shape,
                     required,
                 }| format!("{name} {shape:?} {required:?}"),
            )
            .collect())
    }

    fn names(text: &str, shown: &[&str]) -> Vec<String> {
        let fields = list(text, shown).unwrap();
        fields
            .iter()
            .map(|field| field.split(' ').next().unwrap().to_owned())
            .collect()
    }

    fn error(text: &str, shown: &[&str]) -> String {
        list(text, shown).unwrap_err().to_string()
    }

    #[test]
    fn types_and_requiredness_are_read_without_descriptions() {
        assert_eq!(
            list(
                "a(string) (required)b(int)c([]Thing)d(object)e(float)f(bool)g(Thing)",
                &[]
            )
            .unwrap(),
            [
                "a String Some(true)",
                "b Integer Some(false)",
                "c Array(Named(\"Thing\")) Some(false)",
                "d FreeObject Some(false)",
                "e Number Some(false)",
                "f Boolean Some(false)",
                "g Named(\"Thing\") Some(false)",
            ]
        );
    }

    #[test]
    fn a_name_glued_to_a_description_is_the_one_that_the_examples_show() {
        let text = "filter(object): What to find in the querylimit(int)next(string)";
        assert_eq!(
            names(text, &["filter", "limit"]),
            ["filter", "limit", "next"]
        );
    }

    #[test]
    fn the_longest_shown_name_wins() {
        let text = "by(User): Who does the actionuser_id(string): Whom";
        assert_eq!(names(text, &["user_id"]), ["by", "user_id"]);
        let text = "by(User): The otheruser_id(string)id(string)";
        assert_eq!(names(text, &["id", "user_id"]), ["by", "user_id", "id"]);
    }

    #[test]
    fn parentheses_in_a_description_are_prose() {
        let text = "a(Thing): Set up (required)b(Thing) (required): Set up (required)c([]string): \
                    Many (optional, only when d is set)d(string): Excludes c (10 digits)";
        let expected = ["a", "b", "c", "d"];
        assert_eq!(names(text, &expected), expected);
        assert!(list(text, &expected).unwrap()[1].ends_with("Some(true)"));
        assert!(list(text, &expected).unwrap()[0].ends_with("Some(false)"));
    }

    #[test]
    fn a_glued_name_may_follow_any_character() {
        for end in ["ID", ")", "...", "10", "zh", "e.g. x,"] {
            let text = format!("a(string): Some {end}b_c(int)");
            assert_eq!(names(&text, &["b_c"]), ["a", "b_c"], "{text}");
        }
    }

    #[test]
    fn a_glued_name_that_no_example_shows_is_an_error() {
        let message = error("a(string): The queryb(int)", &["a"]);
        assert_eq!(
            message,
            "line 7: cannot tell whether `queryb(…)` ends in a field: no example shows its name"
        );
    }

    #[test]
    fn a_name_mentioned_in_prose_is_not_split_off() {
        assert!(error("a(string): See b(int) there", &["a", "b"]).contains("cannot tell"));
    }

    #[test]
    fn what_the_examples_show_must_be_listed() {
        assert_eq!(
            error("a(string): All of it", &["a", "b"]),
            "line 7: the examples use `b`, which this list does not have"
        );
    }

    #[test]
    fn nothing_else_passes() {
        for text in [
            "a",
            "a(",
            "a(text)",
            "A(string)",
            "a (string)",
            "(string)",
            "a(string) b(int)",
            "a(string)(required)",
            "a(string):glued",
            "a(string)a(int)",
            "a([]int[])",
        ] {
            assert!(list(text, &[]).is_err(), "{text}");
        }
    }
}

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
        let run = before.trim_start_matches(|_| false);
        let words = run.trim_end_matches(is_name_char);
        let run = run.strip_prefix(words).unwrap_or(run);
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

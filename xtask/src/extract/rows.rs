//! The table of a type, held against the example above it.

use super::error::Parsed;
use super::lines::{Line, Lines};
use super::model::{Field, Shape, is_type_name};

/// Columns of a table. A union writes its values with the column separator, so that they push
/// the other cells out of the row.
const COLUMNS: usize = 4;

/// One line of a type's example: a name and a sample value.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    value: String,
}

/// `"created_at": 0,`
pub(crate) fn example(line: Line<'_>) -> Parsed<Sample> {
    let text = line.text.strip_suffix(',').unwrap_or(line.text);
    text.strip_prefix('"')
        .and_then(|rest| rest.split_once("\": "))
        .filter(|(name, _)| is_column_name(name))
        .map(|(name, value)| Sample {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .ok_or_else(|| line.unexpected("a field of the example such as `\"name\": 0,`"))
}

/// Reads header and rows.
pub(crate) fn table(lines: &mut Lines<'_>, samples: &[Sample]) -> Parsed<Vec<Field>> {
    lines.exact("| Property | Type | Required | Description |")?;
    lines.exact("|---|---|---|---|")?;
    let mut fields: Vec<Field> = Vec::new();
    while let Some(line) = lines.peek().filter(|line| line.text.starts_with('|')) {
        let line = lines.next(line.text)?;
        let mut field = row(line)?;
        if fields.iter().any(|known| known.name == field.name) {
            return Err(line.unexpected("a property that the table does not have yet"));
        }
        let sample = samples
            .iter()
            .find(|sample| sample.name == field.name)
            .ok_or_else(|| line.unexpected("a property that the example shows"))?;
        field.shape = agreed(field.shape, &sample.value)
            .ok_or_else(|| line.unexpected(&format!("a type for the sample {}", sample.value)))?;
        fields.push(field);
    }
    match samples
        .iter()
        .find(|sample| fields.iter().all(|field| field.name != sample.name))
    {
        None => Ok(fields),
        Some(lost) => Err(lines.unexpected(&format!("a row for `{}` of the example", lost.name))),
    }
}

/// `| name | type | Yes | description |`, or a union in the place of the type.
fn row(line: Line<'_>) -> Parsed<Field> {
    let inner = line
        .text
        .strip_prefix("| ")
        .and_then(|rest| rest.strip_suffix('|'))
        .ok_or_else(|| line.unexpected("a table row"))?;
    let mut cells = inner.split('|').map(str::trim).peekable();
    let count = inner.split('|').count();
    let name = cells.next().unwrap_or_default();
    if !is_column_name(name) {
        return Err(line.unexpected("a property's name in the first cell"));
    }
    let mut values = Vec::new();
    while let Some(value) = cells.peek().and_then(|cell| quoted(cell)) {
        values.push(value.to_owned());
        cells.next();
    }
    let cut = values.len() == COLUMNS - 1;
    let shape = if values.is_empty() {
        cells.next().and_then(Shape::of_cell)
    } else {
        Some(Shape::Union {
            values,
            truncated: cut,
        })
    };
    let shape = shape.ok_or_else(|| line.unexpected("a known type in the second cell"))?;
    let required = match (cut, cells.next()) {
        (true, None) => None,
        (false, Some("Yes")) => Some(true),
        (false, Some("No")) => Some(false),
        _ => return Err(line.unexpected("`Yes` or `No` in the cell after the type")),
    };
    // The print drops the last, empty cell of a table; more than four cells are not a row.
    if !(COLUMNS - 1..=COLUMNS).contains(&count) {
        return Err(line.unexpected("a row of four cells"));
    }
    Ok(Field {
        name: name.to_owned(),
        shape,
        required,
    })
}

/// Property names may have capitals.
fn is_column_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn quoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('\'')?.strip_suffix('\'')
}

/// The type that fits both the row and the example's sample. A list of union values is written
/// like a single value in the row; only the sample tells.
fn agreed(shape: Shape, sample: &str) -> Option<Shape> {
    match (shape, sample) {
        (union @ Shape::Union { .. }, "[]") => Some(Shape::array(union)),
        (shape, sample) => fits(&shape, sample).then_some(shape),
    }
}

fn fits(shape: &Shape, sample: &str) -> bool {
    match shape {
        Shape::String => sample == "\"string\"",
        Shape::Number => sample == "0",
        Shape::Integer => false,
        Shape::Boolean => sample == "false",
        Shape::FreeObject => sample == "{}",
        Shape::Named(name) => is_type_name(sample) && name == sample,
        Shape::Array(_) => sample == "[]",
        Shape::Union { values, .. } => values
            .first()
            .is_some_and(|first| sample == format!("\"{first}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Parsed<Field> {
        row(Line { number: 5, text })
    }

    fn fields(rows: &[&str], samples: &[&str]) -> Parsed<Vec<Field>> {
        let head = [
            "| Property | Type | Required | Description |",
            "|---|---|---|---|",
        ];
        let text = [&head[..], rows].concat().join("\n");
        let sample = |text: &&str| example(Line { number: 1, text }).unwrap();
        let samples: Vec<_> = samples.iter().map(sample).collect();
        table(&mut Lines::new(&text), &samples)
    }

    fn union(values: &[&str], truncated: bool) -> Shape {
        let values = values.iter().map(|&value| value.to_owned()).collect();
        Shape::Union { values, truncated }
    }

    #[test]
    fn plain_rows_with_and_without_description() {
        for (text, shape, required) in [
            (
                "| a | string | Yes | Some words (<x>:<y>) |",
                Shape::String,
                true,
            ),
            ("| a | number | No | |", Shape::Number, false),
            ("| a | boolean | No |", Shape::Boolean, false),
            (
                "| a | Record<string, any> | No | |",
                Shape::FreeObject,
                false,
            ),
            (
                "| a | string[] | No | |",
                Shape::array(Shape::String),
                false,
            ),
            (
                "| a | Thing[] | No | |",
                Shape::array(Shape::Named("Thing".into())),
                false,
            ),
            ("| a | 'x' | Yes | Words |", union(&["x"], false), true),
        ] {
            let field = read(text).unwrap();
            assert_eq!(
                (field.shape, field.required),
                (shape, Some(required)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_union_of_two_pushes_out_the_description() {
        let field = read("| a | 'x' | 'y-z' | Yes |").unwrap();
        assert_eq!(field.shape, union(&["x", "y-z"], false));
        assert_eq!(field.required, Some(true));
    }

    #[test]
    fn a_union_of_three_pushes_out_the_required_cell_and_may_be_cut() {
        let field = read("| a | 'x' | 'y' | 'z' |").unwrap();
        assert_eq!(field.shape, union(&["x", "y", "z"], true));
        assert_eq!(field.required, None);
    }

    #[test]
    fn the_sample_tells_a_list_of_union_values() {
        let listed = fields(&["| a | 'x' | 'y' | 'z' |"], &["\"a\": []"]).unwrap();
        assert_eq!(listed[0].shape, Shape::array(union(&["x", "y", "z"], true)));
        let single = fields(&["| a | 'x' | 'y' | 'z' |"], &["\"a\": \"x\""]).unwrap();
        assert_eq!(single[0].shape, union(&["x", "y", "z"], true));
    }

    #[test]
    fn other_rows_are_errors_with_their_line() {
        for text in [
            "| a | 'x' | 'y' | 'z' | Yes |",
            "| a | 'x' | 'y' | 'z' | 'v' |",
            "| a | 'x' | 'y' | Maybe |",
            "| a | string | Maybe | |",
            "| a | string | Yes | one | two |",
            "| a | string |",
            "| a | text | Yes | |",
            "| a b | string | Yes | |",
            "| a | string | Yes | |x",
            "|a | string | Yes | |",
        ] {
            assert_eq!(read(text).unwrap_err().line, 5, "{text}");
        }
    }

    #[test]
    fn table_and_example_must_show_the_same_fields() {
        let row = "| a | string | Yes | |";
        assert!(fields(&[row], &["\"a\": \"string\""]).is_ok());
        assert_eq!(fields(&[row], &[]).unwrap_err().line, 3);
        let lost = fields(&[], &["\"a\": \"string\""]).unwrap_err();
        assert_eq!(
            lost.to_string(),
            "line 3: the page ends, expected a row for `a` of the example"
        );
        assert_eq!(
            fields(&[row, row], &["\"a\": \"string\""])
                .unwrap_err()
                .line,
            4
        );
    }

    #[test]
    fn table_and_example_must_agree_on_types() {
        for (cell, sample) in [
            ("string", "0"),
            ("number", "false"),
            ("boolean", "\"string\""),
            ("Thing", "Other"),
            ("string[]", "{}"),
            ("Record<string, any>", "[]"),
            ("'x'", "\"y\""),
            ("string", "\"x\""),
        ] {
            let row = format!("| a | {cell} | Yes | |");
            let found = fields(&[&row], &[&format!("\"a\": {sample}")]);
            assert_eq!(found.unwrap_err().line, 3, "{cell} {sample}");
        }
    }
}

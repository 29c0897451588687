//! The table of a type, held against the example above it.

use super::error::{PageError, Parsed};
use super::lines::{Line, Lines};
use super::model::{Field, Shape, is_type_name};

/// Columns of a table. A union writes its values with the column separator, so that they push
/// the other cells out of the row.
const COLUMNS: usize = 4;

/// One line of a type's example: a name and a sample value.
#[derive(Debug)]
pub(crate) struct Sample {
    name: String,
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

/// Reads header and rows; `above` is the line that announces them.
pub(crate) fn table(
    lines: &mut Lines<'_>,
    above: Line<'_>,
    samples: &[Sample],
) -> Parsed<Vec<Field>> {
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
        Some(lost) => Err(PageError::new(
            above.number,
            format!("the table lacks `{}`, which the example shows", lost.name),
        )),
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
    // The print drops the last, empty cell of a table; more than four cells are no row.
    if count > COLUMNS || count < COLUMNS - 1 {
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

//! One type's section: heading, perhaps a line of prose, an example object, a table of fields.

use super::error::{PageError, Parsed};
use super::lines::{Line, Lines};
use super::model::{TypeDef, is_prose, is_type_name};
use super::rows;

/// Reads the whole reference. A type without a table glues the next heading to its example.
pub(crate) fn parse(lines: &mut Lines<'_>) -> Parsed<Vec<TypeDef>> {
    let mut types: Vec<TypeDef> = Vec::new();
    let mut glued: Option<Line<'_>> = None;
    while glued.is_some() || lines.peek().is_some() {
        let heading = match glued.take() {
            Some(heading) => heading,
            None => lines.next("the name of a type")?,
        };
        if !is_type_name(heading.text) {
            return Err(heading.unexpected("the name of a type"));
        }
        if types.iter().any(|known| known.name == heading.text) {
            return Err(heading.unexpected("a type that is not defined yet"));
        }
        let (definition, next) = definition(lines, heading)?;
        types.push(definition);
        glued = next;
    }
    Ok(types)
}

/// Reads what follows a heading; gives back the next heading when it is glued to the example.
fn definition<'a>(lines: &mut Lines<'a>, heading: Line<'a>) -> Parsed<(TypeDef, Option<Line<'a>>)> {
    let name = heading.text;
    let title = format!("// {name}");
    let mut line = lines.next(&title)?;
    if line.text != title && is_prose(line.text) {
        line = lines.next(&title)?;
    }
    if line.text != title {
        return Err(line.unexpected(&format!("{title:?}")));
    }
    lines.exact("{")?;
    let mut example = Vec::new();
    let close = loop {
        let line = lines.next("the end of the example")?;
        if line.text.starts_with('}') {
            break line;
        }
        let sample = rows::example(line)?;
        if example
            .iter()
            .any(|known: &rows::Sample| known.name == sample.name)
        {
            return Err(line.unexpected("a field that the example does not show yet"));
        }
        example.push(sample);
    };
    let tail = close.text.strip_prefix('}').unwrap_or_default();
    let named = |fields| TypeDef {
        name: name.to_owned(),
        fields,
    };
    if tail == "Properties:" {
        let fields = rows::table(lines, &example)?;
        return Ok((named(Some(fields)), None));
    }
    if !example.is_empty() {
        return Err(PageError::new(
            close.number,
            format!("`{name}` has an example but no table of properties"),
        ));
    }
    let next = Line {
        text: tail,
        ..close
    };
    Ok((named(None), (!tail.is_empty()).then_some(next)))
}

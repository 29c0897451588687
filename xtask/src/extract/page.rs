//! The page as a whole: front matter, table of contents, operations, types.

use super::error::{PageError, Parsed};
use super::lines::Lines;
use super::model::{Page, is_prose, is_type_name};
use super::{operations, types};

const REFERENCE: &str = "Types Reference";

/// Reads the page; every line is either understood or an error.
pub(crate) fn parse(text: &str) -> Parsed<Page> {
    let lines = &mut Lines::new(text);
    front_matter(lines)?;
    let mut page = Page {
        operations: Vec::new(),
        types: Vec::new(),
    };
    for id in contents(lines)? {
        let operation = operations::parse(lines, &id)?;
        let same = |known: &&super::model::Operation| {
            known.id == operation.id
                || (known.method == operation.method && known.path == operation.path)
        };
        if let Some(known) = page.operations.iter().find(same) {
            return Err(PageError::new(
                operation.line,
                format!("{} repeats {}", operation.id, known.id),
            ));
        }
        page.operations.push(operation);
    }
    lines.exact(REFERENCE)?;
    let prose = lines.next("a sentence about the types")?;
    if !is_prose(prose.text) || !prose.text.ends_with('.') {
        return Err(prose.unexpected("a sentence about the types"));
    }
    page.types = types::parse(lines)?;
    Ok(page)
}

/// Lines that the site prints above the contents.
fn front_matter(lines: &mut Lines<'_>) -> Parsed<()> {
    lines.exact("Appearance")?;
    lines.exact("Video")?;
    let length = lines.next("the length of the page")?;
    if !length.text.starts_with("About ") || !length.text.ends_with(" min") {
        return Err(length.unexpected("the length of the page"));
    }
    lines.exact("Curl SDK - Video API")?;
    lines.exact("Table of Contents")?;
    Ok(())
}

/// The operations, in the order of their sections.
fn contents(lines: &mut Lines<'_>) -> Parsed<Vec<String>> {
    let mut ids = Vec::new();
    loop {
        let line = lines.next("an entry of the table of contents")?;
        match line.text.strip_prefix("- ") {
            Some(REFERENCE) => return Ok(ids),
            Some(id) if is_type_name(id) => ids.push(id.to_owned()),
            _ => return Err(line.unexpected("an entry of the table of contents")),
        }
    }
}

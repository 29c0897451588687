//! One operation's section: heading, one line of prose, examples, parameters.

use super::error::Parsed;
use super::examples::{self, Examples};
use super::fields;
use super::lines::Lines;
use super::model::{Field, Operation, is_prose};
use super::paths;

/// Reads the section of the operation that the table of contents announces.
pub(crate) fn parse(lines: &mut Lines<'_>, id: &str) -> Parsed<Operation> {
    let heading = lines.exact(id)?;
    let prose = lines.next("a sentence about the operation")?;
    if !is_prose(prose.text) || !prose.text.ends_with('.') {
        return Err(prose.unexpected("a sentence about the operation"));
    }
    let examples = examples::parse(lines)?;
    let lists = lists(lines, &examples)?;
    let (path, path_parameters) = paths::template(examples.line, &examples.path, lists.path)?;
    Ok(Operation {
        line: heading.number,
        id: id.to_owned(),
        method: examples.method,
        path,
        path_parameters,
        query_parameters: lists.query,
        body: lists.body,
        response: examples.response,
    })
}

#[derive(Debug, Default)]
struct Lists {
    path: Vec<Field>,
    query: Vec<Field>,
    body: Option<Vec<Field>>,
}

/// The parameter lists, all of them optional, always in the same order.
fn lists(lines: &mut Lines<'_>, examples: &Examples) -> Parsed<Lists> {
    let mut lists = Lists::default();
    let mut any = false;
    let parameters = lines.take_if("Parameters");
    if parameters.is_some() {
        if lines.take_if("Path Parameters:").is_some() {
            let line = lines.next("a list of path parameters")?;
            lists.path = fields::split(line, &Default::default())?;
            any = true;
        }
        if lines.take_if("Query Parameters:").is_some() {
            let line = lines.next("a list of query parameters")?;
            lists.query = fields::split(line, &examples.query)?;
            any = true;
        }
        if lines.take_if("Request Body:").is_some() {
            let line = lines.next("a list of body fields")?;
            let body = fields::split(line, &examples.body)?;
            if !body.is_sorted_by(|a, b| a.name < b.name) {
                return Err(line.unexpected("body fields in alphabetical order"));
            }
            lists.body = Some(body);
            any = true;
        }
    }
    if parameters.is_some() && !any {
        return Err(lines.unexpected("a list of parameters"));
    }
    let values = paths::has_values(&examples.path);
    for (heading, shown, listed) in [
        ("Path Parameters:", values, !lists.path.is_empty()),
        (
            "Query Parameters:",
            examples.has_query,
            !lists.query.is_empty(),
        ),
        (
            "Request Body:",
            !examples.body.is_empty(),
            lists.body.is_some(),
        ),
    ] {
        if shown && !listed {
            return Err(lines.unexpected(&format!("`{heading}`, as in the examples")));
        }
    }
    Ok(lists)
}

//! From an example's URL to a path template: the page prints no templates.

use super::error::{PageError, Parsed};
use super::model::Field;

/// What every example's URL begins with.
pub(crate) const SERVER: &str = "https://video.stream-io-api.com";

/// Values that stand for a path parameter in the examples.
const PLACEHOLDERS: [&str; 4] = ["messaging", "example-id", "call-abc", "example_value"];

/// The value that the page's examples use for a path parameter of this name.
fn placeholder(name: &str) -> &'static str {
    match name {
        "type" => "messaging",
        "id" => "example-id",
        "call_id" => "call-abc",
        _ => "example_value",
    }
}

/// Puts the listed parameters in place of their example values. The list's own order decides
/// only between parameters with the same value, because the page lists `id` before `type` once.
pub(crate) fn template(
    line: usize,
    example: &str,
    listed: Vec<Field>,
) -> Parsed<(String, Vec<Field>)> {
    let mut open = listed;
    let mut placed = Vec::new();
    let mut path = String::new();
    for segment in example.split('/').skip(1) {
        path.push('/');
        if !PLACEHOLDERS.contains(&segment) {
            path.push_str(segment);
            continue;
        }
        let found = open
            .iter()
            .position(|field| placeholder(&field.name) == segment);
        let Some(found) = found else {
            return Err(PageError::new(
                line,
                format!("no path parameter is left for `{segment}` in {example}"),
            ));
        };
        let field = open.remove(found);
        path.push('{');
        path.push_str(&field.name);
        path.push('}');
        placed.push(field);
    }
    match open.first() {
        None => Ok((path, placed)),
        Some(field) => Err(PageError::new(
            line,
            format!("path parameter `{}` has no place in {example}", field.name),
        )),
    }
}

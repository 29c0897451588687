//! From an example's URL to a path template: the page prints no templates.

use super::error::{PageError, Parsed};
use super::model::Field;

/// The beginning of every example's URL.
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

/// Returns true if an example's path has values that stand for parameters.
pub(crate) fn has_values(example: &str) -> bool {
    example
        .split('/')
        .any(|segment| PLACEHOLDERS.contains(&segment))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::model::Shape;

    fn path(example: &str, listed: &[&str]) -> Parsed<(String, Vec<String>)> {
        let field = |name: &&str| Field {
            name: (*name).to_owned(),
            shape: Shape::String,
            required: Some(true),
        };
        let (path, fields) = template(3, example, listed.iter().map(field).collect())?;
        Ok((path, fields.into_iter().map(|field| field.name).collect()))
    }

    #[test]
    fn the_value_decides_before_the_listed_order() {
        let (template, order) = path("/call/messaging/example-id/x", &["id", "type"]).unwrap();
        assert_eq!(template, "/call/{type}/{id}/x");
        assert_eq!(order, ["type", "id"]);
    }

    #[test]
    fn equal_values_follow_the_listed_order() {
        let (template, _) = path(
            "/stats/example_value/call-abc/example_value/of/example_value",
            &["call_type", "call_id", "session", "user"],
        )
        .unwrap();
        assert_eq!(template, "/stats/{call_type}/{call_id}/{session}/of/{user}");
    }

    #[test]
    fn a_path_without_values_stays() {
        assert_eq!(path("/calls", &[]).unwrap().0, "/calls");
    }

    #[test]
    fn values_and_parameters_must_match_one_to_one() {
        assert_eq!(
            path("/call/messaging", &[]).unwrap_err().to_string(),
            "line 3: no path parameter is left for `messaging` in /call/messaging"
        );
        assert_eq!(
            path("/call/messaging", &["type", "id"])
                .unwrap_err()
                .to_string(),
            "line 3: path parameter `id` has no place in /call/messaging"
        );
        assert!(path("/x/example_value", &["type"]).is_err());
    }
}

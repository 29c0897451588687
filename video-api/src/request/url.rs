//! Building URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::{RequestParts, RequestPath};
use crate::error::Error;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Builds the URL of a request.
pub(crate) fn build(parts: &RequestParts) -> Result<Url, Error> {
    let (shared, operation) = (&*parts.shared, parts.operation);
    let base = shared.base.as_str();
    let mut text =
        String::with_capacity(base.len() + operation.path.len() + shared.key_query.len() + 64);
    text.push_str(base);
    match &parts.path {
        RequestPath::Values(values) => {
            let names = operation.path_params.iter().copied();
            let values: Vec<_> = names.zip(values).collect();
            // A fragment is never sent.
            let template = operation.path.split('#').next().unwrap_or_default();
            // Some documents write fixed parameters into their paths.
            let (template, fixed) = template.split_once('?').unwrap_or((template, ""));
            expand(&mut text, template, &values)?;
            text.push_str(&shared.key_query);
            if !fixed.is_empty() {
                text.push('&');
                expand(&mut text, fixed, &values)?;
            }
        }
        RequestPath::Complete(path) => {
            text.push_str(path);
            text.push_str(&shared.key_query);
        }
    }
    for pair in &parts.query {
        text.push('&');
        encode(&mut text, &pair.name);
        text.push('=');
        encode(&mut text, &pair.value);
    }
    Url::parse(&text).map_err(|error| Error::invalid(format!("invalid URL: {error}")))
}

/// Expands the template of a path with values by name.
pub(crate) fn expand(
    text: &mut String,
    template: &str,
    values: &[(&str, &String)],
) -> Result<(), Error> {
    let mut rest = template;
    while let Some((literal, placeholder, tail)) = next_placeholder(rest) {
        text.push_str(literal);
        let found = values.iter().find(|(name, _)| *name == placeholder);
        let Some((name, value)) = found else {
            return Err(Error::invalid(format!(
                "the path parameter `{placeholder}` is missing"
            )));
        };
        if let Some(problem) = removed_by_parsers(value) {
            return Err(Error::invalid(format!(
                "the path parameter `{name}` is {problem}, which would address another resource; use a proper id"
            )));
        }
        encode(text, value);
        rest = tail;
    }
    text.push_str(rest);
    Ok(())
}

/// The text up to the next placeholder, its name, and the rest.
fn next_placeholder(template: &str) -> Option<(&str, &str, &str)> {
    let (literal, after) = template.split_once('{')?;
    let (name, tail) = after.split_once('}')?;
    Some((literal, name, tail))
}

/// Describes values that URL parsers remove from a path, even when percent-encoded.
fn removed_by_parsers(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("empty"),
        "." => Some("`.`"),
        ".." => Some("`..`"),
        _ => None,
    }
}

/// Percent-encodes a value.
pub(crate) fn encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(values: &[&str]) -> Result<String, Error> {
        let mut text = String::from("http://h");
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        let named: Vec<_> = ["type", "id"].into_iter().zip(&values).collect();
        expand(&mut text, "/call/{type}/{id}/end", &named)?;
        Ok(text)
    }

    #[test]
    fn a_placeholder_may_stand_twice_and_a_brace_alone() {
        let mut text = String::new();
        let id = "a b".to_owned();
        expand(&mut text, "/{id}/copy/{id}/{x", &[("id", &id)]).unwrap();
        assert_eq!(text, "/a%20b/copy/a%20b/{x");
    }

    #[test]
    fn any_id_survives() {
        let text = fill(&["default", "a/b?c#d %+ü:$&\\'\""]).unwrap();
        assert_eq!(
            text,
            "http://h/call/default/a%2Fb%3Fc%23d%20%25%2B%C3%BC%3A%24%26%5C%27%22/end"
        );
        assert_eq!(
            Url::parse(&text).unwrap().as_str(),
            text,
            "the parser changes nothing"
        );
        assert_eq!(
            fill(&["-._~aZ9", "%2e%2e"]).unwrap(),
            "http://h/call/-._~aZ9/%252e%252e/end"
        );
        assert_eq!(fill(&["...", ".a"]).unwrap(), "http://h/call/.../.a/end");
    }

    #[test]
    fn ids_that_would_change_the_path_are_refused_by_name() {
        for bad in ["", ".", ".."] {
            let error = fill(&["default", bad]).unwrap_err();
            assert!(
                error.is_invalid_request() && error.to_string().contains("`id`"),
                "{error}"
            );
            assert!(
                fill(&[bad, "x"])
                    .unwrap_err()
                    .to_string()
                    .contains("`type`")
            );
        }
        assert!(fill(&["one"]).is_err());
    }
}

//! From operation and arguments to a URL.

use reqwest::Url;

use crate::Error;
use crate::client::Inner;
use crate::request::Parts;

/// The URL of a request.
pub(super) fn build(client: &Inner, parts: &Parts) -> Result<Url, Error> {
    let base = client.base.as_str();
    let mut text = String::with_capacity(
        base.len() + parts.operation.path.len() + client.key_query.len() + 64,
    );
    text.push_str(base);
    path(
        &mut text,
        parts.operation.path,
        parts.operation.path_params,
        &parts.path,
    )?;
    text.push_str(&client.key_query);
    for (name, value) in &parts.query {
        text.push('&');
        encode(&mut text, name);
        text.push('=');
        encode(&mut text, value);
    }
    Url::parse(&text).map_err(|error| Error::invalid(format!("the address is no URL: {error}")))
}

/// Fills the template, piece by piece between braces.
fn path(text: &mut String, template: &str, names: &[&str], values: &[String]) -> Result<(), Error> {
    if names.len() != values.len() {
        return Err(Error::invalid(format!(
            "{} path values for {} path parameters",
            values.len(),
            names.len()
        )));
    }
    let mut values = names.iter().zip(values);
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        text.push_str(literal);
        let (_, tail) = after.split_once('}').unwrap_or((after, ""));
        if let Some((name, value)) = values.next() {
            if let Some(problem) = refused(value) {
                return Err(Error::invalid(format!(
                    "the path parameter `{name}` is {problem}, which would address another resource; give a proper id"
                )));
            }
            encode(text, value);
        }
        rest = tail;
    }
    text.push_str(rest);
    Ok(())
}

/// Values that URL parsers remove from a path, even when percent-encoded.
fn refused(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("empty"),
        "." => Some("`.`"),
        ".." => Some("`..`"),
        _ => None,
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub(crate) fn encode(out: &mut String, text: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(values: &[&str]) -> Result<String, Error> {
        let mut text = String::from("http://h");
        let values: Vec<String> = values.iter().map(|v| (*v).to_owned()).collect();
        path(&mut text, "/call/{type}/{id}/end", &["type", "id"], &values)?;
        Ok(text)
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

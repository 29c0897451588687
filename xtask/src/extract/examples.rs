//! The curl examples of an operation: method, path, and the names they use.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::{PageError, Parsed};
use super::lines::{Line, Lines};
use super::model::is_type_name;
use super::paths::SERVER;

const AUTHORIZATION: &str = r#"-H "Authorization: Bearer $STREAM_AUTH_TOKEN" \"#;
const CONTENT_TYPE: &str = r#"-H "Content-Type: application/json" \"#;
const AUTH_TYPE: &str = r#"-H "stream-auth-type: jwt""#;
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The facts that an operation's examples agree on.
#[derive(Debug)]
pub(crate) struct Examples {
    /// Line of the first one.
    pub(crate) line: usize,
    /// Lower case.
    pub(crate) method: String,
    /// With example values in place of parameters.
    pub(crate) path: String,
    /// The URLs have a question mark, even if nothing follows.
    pub(crate) has_query: bool,
    /// Query parameters that occur.
    pub(crate) query: BTreeSet<String>,
    /// Body fields that occur.
    pub(crate) body: BTreeSet<String>,
    /// The response type, glued to the last example.
    pub(crate) response: String,
}

/// Reads all examples, up to and including the response.
pub(crate) fn parse(lines: &mut Lines<'_>) -> Parsed<Examples> {
    lines.exact("Example")?;
    let mut all: Option<Examples> = None;
    let mut label: Option<(usize, String)> = None;
    loop {
        let curl = lines.next("a curl line")?;
        let Request {
            method,
            path,
            has_query,
            query,
        } = request_line(curl)?;
        let (body, tail) = headers_and_body(lines)?;
        if let Some((line, label)) = &label {
            check_label(*line, label, &query, &body)?;
        }
        let merged = match all.take() {
            None => Examples {
                line: curl.number,
                method,
                path,
                has_query,
                query,
                body,
                response: String::new(),
            },
            Some(first) if first.method != method || first.path != path => {
                return Err(curl.unexpected("the method and path of the first example"));
            }
            Some(mut first) => {
                first.has_query |= has_query;
                first.query.extend(query);
                first.body.extend(body);
                first
            }
        };
        if let Some(with) = tail.text.strip_prefix("Example: with ") {
            label = Some((tail.number, with.to_owned()));
            all = Some(merged);
        } else {
            let response = tail
                .text
                .strip_prefix("Response: ")
                .filter(|name| is_type_name(name))
                .ok_or_else(|| tail.unexpected("`Example: with …` or `Response: …`"))?;
            return Ok(Examples {
                response: response.to_owned(),
                ..merged
            });
        }
    }
}

struct Request {
    method: String,
    path: String,
    has_query: bool,
    query: BTreeSet<String>,
}

/// `curl -X GET "https://…?a=b" \`
fn request_line(line: Line<'_>) -> Parsed<Request> {
    let expected = || line.unexpected("a curl line with method and URL");
    let (method, url) = line
        .text
        .strip_prefix("curl -X ")
        .and_then(|rest| rest.strip_suffix("\" \\"))
        .and_then(|rest| rest.split_once(" \""))
        .ok_or_else(expected)?;
    let rest = url.strip_prefix(SERVER).ok_or_else(expected)?;
    if !METHODS.contains(&method) || !rest.starts_with('/') {
        return Err(expected());
    }
    let (path, pairs) = rest.split_once('?').unwrap_or((rest, ""));
    let mut query = BTreeSet::new();
    for pair in pairs.split('&').filter(|pair| !pair.is_empty()) {
        let (name, _) = pair.split_once('=').ok_or_else(expected)?;
        query.insert(name.to_owned());
    }
    Ok(Request {
        method: method.to_ascii_lowercase(),
        path: path.to_owned(),
        has_query: rest.contains('?'),
        query,
    })
}

/// The three headers, the body if there is one, and what is glued to the end.
fn headers_and_body<'a>(lines: &mut Lines<'a>) -> Parsed<(BTreeSet<String>, Line<'a>)> {
    lines.exact(AUTHORIZATION)?;
    lines.exact(CONTENT_TYPE)?;
    let last = lines.next(AUTH_TYPE)?;
    let rest = last
        .text
        .strip_prefix(AUTH_TYPE)
        .ok_or_else(|| last.unexpected(AUTH_TYPE))?;
    if rest != r" \" {
        return Ok((BTreeSet::new(), Line { text: rest, ..last }));
    }
    let open = lines.exact("-d '{")?;
    let mut json = String::from("{");
    loop {
        let line = lines.next("the end of the example's body")?;
        json.push('\n');
        if let Some(tail) = line.text.strip_prefix("}'") {
            json.push('}');
            let body = object(open.number, &json)?;
            let names = body.into_iter().map(|(name, _)| name).collect();
            return Ok((names, Line { text: tail, ..line }));
        }
        json.push_str(line.text);
    }
}

/// Parses the body; a mistake is reported at its own line.
fn object(open: usize, json: &str) -> Parsed<Map<String, Value>> {
    serde_json::from_str(json).map_err(|error| {
        PageError::new(
            open + error.line().saturating_sub(1),
            format!("the example's body is not a JSON object: {error}"),
        )
    })
}

/// `Example: with a and b` must name what the example uses.
fn check_label(
    line: usize,
    label: &str,
    query: &BTreeSet<String>,
    body: &BTreeSet<String>,
) -> Parsed<()> {
    match label
        .split(" and ")
        .find(|name| !query.contains(*name) && !body.contains(*name))
    {
        None => Ok(()),
        Some(name) => Err(PageError::new(
            line,
            format!("the example is said to use `{name}`, but does not"),
        )),
    }
}

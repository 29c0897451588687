//! Holds a request against its operation.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::encoding;
use crate::input::Input;
use crate::relax::relax;
use crate::schema;
use crate::spec::{Api, Operation, Parameter};

/// A place in the request and the problem there.
pub(crate) type Problems = Vec<(String, String)>;

/// The parts of a request that are checked.
pub(crate) struct Raw<'a> {
    pub(crate) path_values: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Lets only the forms pass that our own client writes.
    pub(crate) strict: bool,
    pub(crate) refuse_double_encoding: bool,
}

/// Reads a request, or says everything that is wrong with it.
pub(crate) fn validate(api: &Api, operation: &Operation, raw: &Raw<'_>) -> Result<Input, Problems> {
    let mut problems = Problems::new();
    let mut ignored = Vec::new();
    let path = check_path(api, operation, raw, &mut problems);
    let query = check_query(api, operation, raw, &mut problems, &mut ignored);
    let body = check_body(api, operation, raw, &mut problems, &mut ignored);
    if problems.is_empty() {
        let body = match body {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        Ok(Input {
            path,
            query,
            body,
            ignored,
        })
    } else {
        Err(problems)
    }
}

fn check_path(
    api: &Api,
    operation: &Operation,
    raw: &Raw<'_>,
    problems: &mut Problems,
) -> Map<String, Value> {
    let mut values = Map::new();
    for (name, text) in raw.path_values {
        let place = format!("path {name}");
        if text == "." || text == ".." {
            problems.push((place, format!("`{text}` would be removed from the path")));
            continue;
        }
        if raw.refuse_double_encoding && encoding::looks_encoded_twice(text) {
            problems.push((place, format!("`{text}` is percent-encoded twice")));
            continue;
        }
        let parameters = operation.path_parameters();
        match parameters.iter().find(|known| known.name() == name) {
            Some(parameter) => {
                if let Some(value) = check_value(api, parameter, text, &place, problems, true) {
                    values.insert(name.clone(), value);
                }
            }
            None => problems.push((place, "the spec does not describe it".into())),
        }
    }
    values
}

fn check_query(
    api: &Api,
    operation: &Operation,
    raw: &Raw<'_>,
    problems: &mut Problems,
    ignored: &mut Vec<String>,
) -> Map<String, Value> {
    let mut values = Map::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, text) in raw.query {
        let place = format!("query {name}");
        if seen.contains(&name.as_str()) {
            problems.push((place, "is given more than once".into()));
            continue;
        }
        seen.push(name);
        if name == "api_key" {
            continue;
        }
        if raw.refuse_double_encoding && encoding::looks_encoded_twice(text) {
            problems.push((place, format!("`{text}` is percent-encoded twice")));
            continue;
        }
        let parameters = operation.query_parameters();
        match parameters.iter().find(|known| known.name() == name) {
            Some(parameter) if !raw.strict && says_nothing(api, parameter, text) => {}
            Some(parameter) => {
                let value = check_value(api, parameter, text, &place, problems, raw.strict);
                if let Some(value) = value {
                    values.insert(name.clone(), value);
                }
            }
            None if raw.strict => {
                problems.push((place, "is not a parameter of this operation".into()));
            }
            None => ignored.push(place),
        }
    }
    for parameter in operation.query_parameters() {
        if parameter.required() && !seen.contains(&parameter.name()) {
            let place = format!("query {}", parameter.name());
            problems.push((place, "is required".into()));
        }
    }
    values
}

/// Returns true for what clients write in place of a value: nothing, or `null` where JSON is due.
fn says_nothing(api: &Api, parameter: &Parameter, text: &str) -> bool {
    let resolved = schema::resolve(api.document(), parameter.schema());
    let kind = resolved
        .ok()
        .and_then(|schema| schema.get("type")?.as_str());
    match kind {
        Some("string") | None => false,
        Some("object" | "array") => text.is_empty() || text == "null",
        Some(_) => text.is_empty(),
    }
}

fn check_value(
    api: &Api,
    parameter: &Parameter,
    text: &str,
    place: &str,
    problems: &mut Problems,
    strict: bool,
) -> Option<Value> {
    let mut value = match read_value(api.document(), parameter.schema(), text, strict) {
        Ok(value) => value,
        Err(reason) => {
            problems.push((place.to_owned(), reason));
            return None;
        }
    };
    if !strict {
        relax(
            api.document(),
            parameter.schema(),
            &mut value,
            &mut Vec::new(),
        );
    }
    let found = parameter.checker.check(api.document(), &value);
    for problem in &found {
        problems.push((
            format!("{place}{}", problem.pointer),
            problem.message.clone(),
        ));
    }
    found.is_empty().then_some(value)
}

/// Reads the text of a parameter by its schema: JSON for objects and lists of objects,
/// commas for other lists, the plain forms for scalars.
fn read_value(
    document: &Value,
    parameter: &Value,
    text: &str,
    strict: bool,
) -> Result<Value, String> {
    let resolved = schema::resolve(document, parameter)?;
    let kind = resolved.get("type").and_then(Value::as_str);
    let format = resolved.get("format").and_then(Value::as_str);
    match (kind, format) {
        (Some("object"), _) => read_json(text),
        (Some("array"), _) => {
            let items = resolved.get("items").unwrap_or(&Value::Null);
            let items_kind = schema::resolve(document, items)?.get("type").cloned();
            if items_kind == Some("object".into()) {
                return read_json(text);
            }
            let parts = text.split(',');
            parts
                .map(|part| read_value(document, items, part, strict))
                .collect()
        }
        (Some("boolean"), _) => read_boolean(text, strict),
        (Some("number"), Some("date-time")) if strict => Ok(text.into()),
        // Some SDKs write JSON here as they do in bodies: quotes, or a number.
        (Some("number"), Some("date-time")) => {
            Ok(serde_json::from_str(text).unwrap_or_else(|_| text.into()))
        }
        (Some("integer" | "number"), _) => match serde_json::from_str(text) {
            Ok(Value::Number(number)) if text.trim() == text => Ok(Value::Number(number)),
            _ => Err(format!("`{text}` is not a number")),
        },
        _ => Ok(text.into()),
    }
}

/// The SDK for .NET writes `True`, and that for PHP `1`.
fn read_boolean(text: &str, strict: bool) -> Result<Value, String> {
    match text {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        "True" | "1" if !strict => Ok(true.into()),
        "False" | "0" if !strict => Ok(false.into()),
        other => Err(format!("`{other}` is neither true nor false")),
    }
}

fn read_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))
}

fn check_body(
    api: &Api,
    operation: &Operation,
    raw: &Raw<'_>,
    problems: &mut Problems,
    ignored: &mut Vec<String>,
) -> Value {
    let Some(checker) = &operation.body else {
        if raw.strict {
            check_no_body(operation, raw, problems);
        }
        return Value::Null;
    };
    let mut problem = |text: String| problems.push(("body".to_owned(), text));
    if raw.body.is_empty() && raw.strict {
        problem("a JSON body is required, {} when nothing is set".into());
        return Value::Null;
    }
    let content_type = raw.headers.get("content-type");
    let essence = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    let is_json = essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    if raw.strict && !is_json {
        problem("the content-type must be application/json".into());
    }
    let text = if raw.body.is_empty() { b"{}" } else { raw.body };
    let mut value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => {
            problem(format!("is not JSON: {error}"));
            return Value::Null;
        }
    };
    if !raw.strict {
        if value == Value::Null {
            value = Value::Object(Map::new());
        }
        relax(api.document(), checker.schema(), &mut value, ignored);
    }
    for found in checker.check(api.document(), &value) {
        problems.push((format!("body{}", found.pointer), found.message));
    }
    value
}

fn check_no_body(operation: &Operation, raw: &Raw<'_>, problems: &mut Problems) {
    let mut problem = |text: &str| problems.push(("body".to_owned(), text.to_owned()));
    let length = raw.headers.get("content-length");
    let is_zero = length.is_some_and(|length| length == "0");
    let is_bodiless = matches!(operation.method(), "GET" | "DELETE");
    let says_nothing = is_zero || (is_bodiless && length.is_none());
    if !raw.body.is_empty() {
        problem("this operation takes no body");
    } else if raw.headers.contains_key("transfer-encoding") {
        problem("this operation takes no body, not even an empty chunked one");
    } else if !says_nothing {
        problem("this operation takes no body: content-length must be 0");
    }
}

//! Writes the tables that `src/index.rs` declares the types of.

use std::fmt::Write as _;

use serde_json::Value;

use crate::schema::{kebab, kind, resolve, text};

/// Flags that every command or some commands have already.
const TAKEN: [&str; 14] = [
    "all",
    "api-key",
    "api-secret",
    "base-url",
    "body",
    "config",
    "dry-run",
    "help",
    "json",
    "output",
    "resume",
    "timeout",
    "user-token",
    "version",
];

/// The source of `pub(crate) static OPERATIONS: &[Operation]`.
pub(crate) fn write(document: &Value) -> Result<String, String> {
    let mut operations = Vec::new();
    for (path, methods) in entries(document.get("paths")) {
        for (method, operation) in entries(Some(methods)) {
            if operation.get("operationId").is_none() {
                continue;
            }
            let written = write_operation(document, path, method, operation)
                .map_err(|reason| format!("{method} {path}: {reason}"))?;
            operations.push((
                tag(operation).to_owned(),
                kebab(text(operation, "operationId")),
                written,
            ));
        }
    }
    operations.sort();
    let mut code = String::from("/// Every operation, sorted by tag and command.\n");
    code.push_str("pub(crate) static OPERATIONS: &[Operation] = &[\n");
    for (_, _, operation) in operations {
        code.push_str(&operation);
    }
    code.push_str("];\n");
    Ok(code)
}

fn write_operation(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
) -> Result<String, String> {
    let id = text(operation, "operationId");
    let mut path_parameters = String::new();
    let mut query = Vec::new();
    for parameter in list(operation.get("parameters")) {
        let parameter = resolve(document, parameter)?;
        let required = parameter.get("required") == Some(&Value::Bool(true));
        // What travels as JSON text has its schema below a media type.
        let schema = parameter
            .get("schema")
            .or_else(|| parameter.pointer("/content/application~1json/schema"))
            .unwrap_or(&Value::Null);
        let help = match text(parameter, "description") {
            "" => text(schema, "description"),
            description => description,
        };
        let field = Field {
            name: text(parameter, "name"),
            help,
            schema,
            required,
        };
        match text(parameter, "in") {
            "path" => path_parameters += &write_field(document, &field, &[])?,
            "query" => query.push(field),
            other => return Err(format!("a parameter in the {other} is not supported")),
        }
    }
    let body = body(document, operation)?;
    let query_flags: Vec<String> = query.iter().map(|field| kebab(field.name)).collect();
    let query_code = query
        .iter()
        .map(|field| write_field(document, field, &[]))
        .collect::<Result<String, _>>()?;
    let body_code = match &body {
        None => "None".to_owned(),
        Some(fields) => {
            let fields = fields
                .iter()
                .map(|field| write_field(document, field, &query_flags));
            format!("Some(&[{}])", fields.collect::<Result<String, _>>()?)
        }
    };
    let pages = pages(
        document,
        path,
        operation,
        &query,
        body.as_deref().unwrap_or_default(),
    )?;
    let mut code = String::new();
    let _ = writeln!(
        code,
        "Operation {{ id: {id:?}, command: {:?}, tag: {:?}, method: {:?}, path: {path:?}, summary: {:?}, \
         description: {:?}, path_parameters: &[{path_parameters}], query: &[{query_code}], \
         body: {body_code}, pages: {pages} }},",
        kebab(id),
        tag(operation),
        method.to_uppercase(),
        text(operation, "summary"),
        text(operation, "description"),
    );
    Ok(code)
}

struct Field<'a> {
    name: &'a str,
    help: &'a str,
    schema: &'a Value,
    required: bool,
}

fn write_field(document: &Value, field: &Field<'_>, taken: &[String]) -> Result<String, String> {
    let (kind, values) = kind(document, field.schema)?;
    let mut flag = kebab(field.name);
    if taken.contains(&flag) || TAKEN.contains(&flag.as_str()) {
        flag = format!("field-{flag}");
    }
    Ok(format!(
        "Parameter {{ name: {:?}, flag: {flag:?}, help: {:?}, kind: Kind::{kind}, required: {}, values: &{values:?} }}, ",
        field.name, field.help, field.required,
    ))
}

fn body<'a>(document: &'a Value, operation: &'a Value) -> Result<Option<Vec<Field<'a>>>, String> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(None);
    };
    let body = resolve(document, body)?;
    let schema = body
        .pointer("/content/application~1json/schema")
        .ok_or("the body is not JSON")?;
    let schema = resolve(document, schema)?;
    let required = list(schema.get("required"));
    let fields = entries(schema.get("properties")).map(|(name, schema)| Field {
        name,
        help: text(schema, "description"),
        schema,
        required: required.iter().any(|r| r.as_str() == Some(name)),
    });
    Ok(Some(fields.collect()))
}

/// An operation pages when it takes a text `next`, and answers with `next` and one list of items;
/// among several lists, the one that the path ends with.
fn pages(
    document: &Value,
    path: &str,
    operation: &Value,
    query: &[Field<'_>],
    body: &[Field<'_>],
) -> Result<String, String> {
    let takes = |fields: &[Field<'_>]| {
        fields
            .iter()
            .any(|f| f.name == "next" && matches!(kind(document, f.schema), Ok(("Text", _))))
    };
    let place = match (takes(query), takes(body)) {
        (true, _) => "Query",
        (_, true) => "Body",
        _ => return Ok("None".to_owned()),
    };
    let success = entries(operation.get("responses")).find(|(status, _)| status.starts_with('2'));
    let Some((_, response)) = success else {
        return Ok("None".to_owned());
    };
    let schema = resolve(document, response)?.pointer("/content/application~1json/schema");
    let answer = resolve(document, schema.unwrap_or(&Value::Null))?;
    let mut lists = Vec::new();
    let mut next = false;
    for (name, schema) in entries(answer.get("properties")) {
        let schema = resolve(document, schema)?;
        next |= name == "next" && text(schema, "type") == "string";
        if text(schema, "type") == "array" {
            lists.push(name);
        }
    }
    let items = match lists.as_slice() {
        [only] => Some(*only),
        several => several
            .iter()
            .copied()
            .find(|name| path.rsplit('/').next() == Some(name)),
    };
    Ok(match items.filter(|_| next) {
        Some(items) => format!("Some(Pages {{ next: Place::{place}, items: {items:?} }})"),
        None => "None".to_owned(),
    })
}

fn tag(operation: &Value) -> &str {
    list(operation.get("tags"))
        .first()
        .and_then(Value::as_str)
        .unwrap_or("Other")
}

fn list(value: Option<&Value>) -> &[Value] {
    value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

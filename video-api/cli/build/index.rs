//! Writes the tables whose types are declared in `src/index.rs`.

use std::fmt::Write as _;

use openapi_document::{Operation, operations};
use serde_json::Value;

use crate::columns;
use crate::schema::{Body, Document, entries, items, kebab, text};
use crate::shape;

/// Flags that all or some commands have already.
const TAKEN: [&str; 17] = [
    "all",
    "allow-insecure-http",
    "api-key",
    "api-secret",
    "base-url",
    "body",
    "columns",
    "config",
    "dry-run",
    "full",
    "help",
    "json",
    "output",
    "resume",
    "timeout",
    "user-token",
    "version",
];

/// Returns the source of `pub(crate) static OPERATIONS: &[Operation]`.
pub(crate) fn write(document: &Value) -> Result<String, String> {
    let mut found = Vec::new();
    for operation in operations(document) {
        let Some(id) = operation.id() else { continue };
        let code = write_operation(Document(document), &operation, id)
            .map_err(|reason| format!("{}: {reason}", operation.pointer()))?;
        found.push((tag(&operation), kebab(id), code));
    }
    found.sort();
    let mut code = String::from("/// Every operation, sorted by tag and command.\n");
    code.push_str("pub(crate) static OPERATIONS: &[Operation] = &[\n");
    for (_, _, operation) in found {
        code.push_str(&operation);
    }
    code.push_str("];\n");
    Ok(code)
}

fn write_operation<'a>(
    document: Document<'a>,
    operation: &Operation<'a>,
    id: &str,
) -> Result<String, String> {
    let fields = fields(document, operation)?;
    let text_of = |key: &str| {
        let text = operation.operation.get(key).and_then(Value::as_str);
        text.unwrap_or_default()
    };
    let path = operation.path;
    let mut code = format!(
        "Operation {{ id: {id:?}, command: {:?}, tag: {:?}, method: {:?}, path: {path:?}, summary: {:?}, \
         description: {:?}, has_body: {}, raw_body: {}, raw_response: {}, parameters: &[",
        kebab(id),
        tag(operation),
        operation.method.to_uppercase(),
        text_of("summary"),
        text_of("description"),
        operation.operation.contains_key("requestBody"),
        matches!(document.body(operation)?, Some(Body::Raw { .. })),
        document.has_raw_response(operation)?,
    );
    let mut taken: Vec<String> = TAKEN.map(str::to_owned).into();
    for field in &fields {
        let mut flag = kebab(field.name);
        if taken.contains(&flag) {
            flag = format!("field-{flag}");
        }
        code += &write_field(document, field, &flag)?;
        taken.push(flag);
    }
    let response = document.response(operation)?;
    let pages = pages(document, path, &fields, response)?;
    let list = pages.as_ref().map(|(_, items)| *items);
    let view = columns::write(document, response, list.or(path.rsplit('/').next()))?;
    let pages = match pages {
        Some((place, items)) => {
            format!("Some(Pages {{ next: Place::{place}, items: {items:?} }})")
        }
        None => "None".to_owned(),
    };
    let _ = writeln!(code, "], pages: {pages}, {view} }},");
    Ok(code)
}

/// A parameter or a field of the body.
struct Field<'a> {
    name: &'a str,
    help: &'a str,
    schema: &'a Value,
    required: bool,
    place: &'static str,
    /// True if binary content is a file.
    takes_files: bool,
}

/// Required ones come first, in the order of the library's arguments: path parameters in path
/// order, then by name, but the type of a call before its id.
fn fields<'a>(document: Document<'a>, operation: &Operation<'a>) -> Result<Vec<Field<'a>>, String> {
    let mut path = Vec::new();
    let mut rest = Vec::new();
    let parameters = operation.parameters(document.0);
    for parameter in parameters.map_err(|error| error.to_string())? {
        // A parameter that is sent as JSON text has its schema below a media type.
        let schema = parameter
            .get("schema")
            .or_else(|| parameter.pointer("/content/application~1json/schema"))
            .unwrap_or(&Value::Null);
        let field = |place| Field {
            name: text(parameter, "name"),
            help: match text(parameter, "description") {
                "" => text(schema, "description"),
                description => description,
            },
            schema,
            required: parameter.get("required") == Some(&Value::Bool(true)),
            place,
            takes_files: false,
        };
        match text(parameter, "in") {
            "path" => path.push(field("Path")),
            "query" => rest.push(field("Query")),
            "header" if openapi_document::is_ignored_header(text(parameter, "name")) => {}
            "header" => rest.push(field("Header")),
            other => return Err(format!("a parameter in the {other} is not supported")),
        }
    }
    match document.body(operation)? {
        None => {}
        Some(Body::Fields {
            schema,
            required: body,
            takes_files,
        }) => {
            let mut fields = Vec::new();
            document.fields(schema, &mut fields)?;
            for (name, field, is_required) in fields {
                rest.push(Field {
                    name,
                    help: text(field, "description"),
                    schema: field,
                    required: is_required && body,
                    place: "Body",
                    takes_files,
                });
            }
        }
        Some(Body::Raw { any_media: true }) => rest.push(Field {
            name: "Content-Type",
            help: "Media type of the body, such as image/png",
            schema: &Value::Null,
            required: true,
            place: "Header",
            takes_files: false,
        }),
        Some(Body::Raw { .. }) => {}
    }
    let (mut arguments, options): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|field| field.required);
    arguments.sort_by_key(|field| (field.name != "type", field.name));
    Ok(path.into_iter().chain(arguments).chain(options).collect())
}

fn write_field(document: Document<'_>, field: &Field<'_>, flag: &str) -> Result<String, String> {
    let (kind, values) = match (field.place, document.kind(field.schema)?) {
        // A media type.
        ("Header", ("Json", _)) if field.schema.is_null() => ("Text", Vec::new()),
        (_, ("File", _)) if !field.takes_files => ("Text", Vec::new()),
        (_, ("FileList", _)) if !field.takes_files => ("TextList", Vec::new()),
        (_, found) => found,
    };
    let mut inner = Vec::new();
    if kind == "Json" {
        document.fields(field.schema, &mut inner)?;
    }
    let fields: Vec<&str> = inner.into_iter().map(|(name, ..)| name).collect();
    let (shape, example) = match kind {
        "Json" | "Sort" => shape::describe(document, field.name, field.schema)?,
        _ => Default::default(),
    };
    Ok(format!(
        "Parameter {{ name: {:?}, flag: {flag:?}, place: Place::{}, help: {:?}, kind: Kind::{kind}, \
         required: {}, values: &{values:?}, fields: &{fields:?}, shape: {shape:?}, example: {example:?} }}, ",
        field.name, field.place, field.help, field.required,
    ))
}

/// An operation has pages when it takes a text `next`, and its response has `next` and one list;
/// among several lists, the one that the path ends with.
fn pages<'a>(
    document: Document<'a>,
    path: &str,
    fields: &[Field<'_>],
    response: &'a Value,
) -> Result<Option<(&'static str, &'a str)>, String> {
    let mut cursors = fields.iter().filter(|f| f.name == "next");
    let place = cursors
        .find(|f| matches!(document.kind(f.schema), Ok(("Text", _))))
        .map(|field| field.place);
    let Some(place) = place else {
        return Ok(None);
    };
    let mut lists = Vec::new();
    let mut next = false;
    for (name, schema) in entries(response.get("properties")) {
        let schema = document.resolve(schema)?;
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
    Ok(items.filter(|_| next).map(|items| (place, items)))
}

fn tag(operation: &Operation<'_>) -> String {
    let tag = items(operation.operation.get("tags")).first();
    tag.and_then(Value::as_str).unwrap_or("Other").to_owned()
}

//! JSON pointers (RFC 6901), and a walk over every schema of a document.

use serde_json::{Map, Value};

use crate::error::Error;

/// Where types live.
pub(crate) const SCHEMAS: &str = "/components/schemas";

/// Key of a union in a repaired document; see `repair::unions`.
pub(crate) const UNION: &str = "x-union";

/// Appends one reference token and returns the former length, to truncate back to.
pub(crate) fn push(pointer: &mut String, token: &str) -> usize {
    let length = pointer.len();
    pointer.push('/');
    // Hardly any token needs it, and every repair passes by every token.
    if token.contains(['~', '/']) {
        pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(token);
    }
    length
}

/// Joins tokens into a pointer.
pub(crate) fn join(base: &str, tokens: &[&str]) -> String {
    let mut pointer = base.to_owned();
    for token in tokens {
        push(&mut pointer, token);
    }
    pointer
}

/// The component named by `#/components/schemas/Name`.
pub(crate) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

/// The component a schema refers to, if it is nothing but a reference.
pub(crate) fn referenced(schema: &Value) -> Option<&str> {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
}

pub(crate) fn reference_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Whether an object anywhere in the node has one of the keys.
pub(crate) fn mentions(node: &Value, keys: &[&str]) -> bool {
    match node {
        Value::Object(map) => {
            keys.iter().any(|key| map.contains_key(*key))
                || map.values().any(|value| mentions(value, keys))
        }
        Value::Array(items) => items.iter().any(|item| mentions(item, keys)),
        _ => false,
    }
}

/// Called with a schema (children first) and its pointer.
pub(crate) type SchemaVisitor<'a> = dyn FnMut(&mut Value, &str) -> Result<(), Error> + 'a;

/// Visits every schema of the document, children before parents.
pub(crate) fn visit_schemas(
    document: &mut Value,
    visitor: &mut SchemaVisitor<'_>,
) -> Result<(), Error> {
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            visit(schema, &mut join("/components/schemas", &[name]), visitor)?;
        }
    }
    for section in ["parameters", "requestBodies", "responses"] {
        if let Some(Value::Object(entries)) =
            document.pointer_mut(&format!("/components/{section}"))
        {
            for (name, entry) in entries {
                visit_carrier(entry, &join("/components", &[section, name]), visitor)?;
            }
        }
    }
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        for (path, item) in paths {
            let parameters = item.get_mut("parameters");
            visit_parameters(parameters, &join("/paths", &[path]), visitor)?;
        }
    }
    each_operation(document, &mut |operation, at| {
        visit_parameters(operation.get_mut("parameters"), at, visitor)?;
        if let Some(body) = operation.get_mut("requestBody") {
            visit_carrier(body, &join(at, &["requestBody"]), visitor)?;
        }
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            for (status, response) in responses {
                visit_carrier(response, &join(at, &["responses", status]), visitor)?;
            }
        }
        Ok(())
    })
}

fn visit_parameters(
    parameters: Option<&mut Value>,
    at: &str,
    visitor: &mut SchemaVisitor<'_>,
) -> Result<(), Error> {
    if let Some(Value::Array(parameters)) = parameters {
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let at = join(at, &["parameters", &index.to_string()]);
            visit_carrier(parameter, &at, visitor)?;
        }
    }
    Ok(())
}

/// Visits the schemas of a parameter, request body or response.
fn visit_carrier(
    carrier: &mut Value,
    at: &str,
    visitor: &mut SchemaVisitor<'_>,
) -> Result<(), Error> {
    if let Some(schema) = carrier.get_mut("schema") {
        visit(schema, &mut join(at, &["schema"]), visitor)?;
    }
    if let Some(Value::Object(content)) = carrier.get_mut("content") {
        for (media, entry) in content {
            if let Some(schema) = entry.get_mut("schema") {
                let mut at = join(at, &["content", media, "schema"]);
                visit(schema, &mut at, visitor)?;
            }
        }
    }
    Ok(())
}

/// Visits one schema and what is nested in it, children first.
pub(crate) fn visit(
    schema: &mut Value,
    at: &mut String,
    visitor: &mut SchemaVisitor<'_>,
) -> Result<(), Error> {
    if let Value::Object(map) = schema {
        visit_children(map, at, visitor)?;
    }
    visitor(schema, at)
}

fn visit_children(
    map: &mut Map<String, Value>,
    at: &mut String,
    visitor: &mut SchemaVisitor<'_>,
) -> Result<(), Error> {
    for (key, value) in map.iter_mut() {
        if !(value.is_object() || value.is_array()) {
            continue;
        }
        let length = push(at, key);
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    let inner = push(at, name);
                    visit(property, at, visitor)?;
                    at.truncate(inner);
                }
            }
            ("items" | "additionalProperties" | "not", value @ Value::Object(_)) => {
                visit(value, at, visitor)?;
            }
            (UNION, Value::Object(union)) => visit_children(union, at, visitor)?,
            ("allOf" | "anyOf" | "oneOf" | "variants", Value::Array(entries)) => {
                for (index, entry) in entries.iter_mut().enumerate() {
                    let inner = push(at, &index.to_string());
                    visit(entry, at, visitor)?;
                    at.truncate(inner);
                }
            }
            _ => {}
        }
        at.truncate(length);
    }
    Ok(())
}

/// The HTTP methods a path item may hold.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Called with an operation object and its pointer.
pub(crate) type OperationVisitor<'a> =
    dyn FnMut(&mut Map<String, Value>, &str) -> Result<(), Error> + 'a;

/// Visits every operation in path and method order.
pub(crate) fn each_operation(
    document: &mut Value,
    visitor: &mut OperationVisitor<'_>,
) -> Result<(), Error> {
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return Ok(());
    };
    for (path, item) in paths {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                visitor(operation, &join("/paths", &[path, method]))?;
            }
        }
    }
    Ok(())
}

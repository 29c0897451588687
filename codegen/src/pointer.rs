//! Shorthands for references and visits of schemas, on top of `openapi_document`.

use openapi_document::OperationVisitor;
use serde_json::{Value, json};

pub(crate) use openapi_document::pointer::join;
pub(crate) use openapi_document::{METHODS, UNION};

use crate::error::Error;

/// Pointer to the component schemas.
pub(crate) const SCHEMAS: &str = "/components/schemas";

const REFERENCE: &str = "#/components/schemas/";

/// The component named by `#/components/schemas/Name`. Names need no escaping under repair; see
/// `repair::references`.
pub(crate) fn schema_name(reference: &str) -> Option<&str> {
    reference.strip_prefix(REFERENCE)
}

/// The component that a schema refers to, if it is a plain reference.
pub(crate) fn referenced(schema: &Value) -> Option<&str> {
    openapi_document::reference(schema).and_then(schema_name)
}

pub(crate) fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("{REFERENCE}{name}") })
}

/// Visits every schema of the document, children before parents.
pub(crate) fn visit_schemas(
    document: &mut Value,
    visitor: &mut dyn FnMut(&mut Value, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    openapi_document::visit_schemas_mut(document, visitor)
}

/// Visits one schema and what is nested in it, children first.
pub(crate) fn visit(
    schema: &mut Value,
    at: &str,
    visitor: &mut dyn FnMut(&mut Value, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    openapi_document::visit_schema_mut(schema, at, visitor)
}

/// Visits every operation in path and method order.
pub(crate) fn each_operation(
    document: &mut Value,
    visitor: &mut OperationVisitor<'_, Error>,
) -> Result<(), Error> {
    openapi_document::visit_operations_mut(document, visitor)
}
